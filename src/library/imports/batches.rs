//! Many imports at once, some in each transaction, so that no other writer waits long.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::library::Library;
use crate::library::imports::NewImport;
use crate::library::imports::renewal::{self, Renewable};
use crate::library::imports::store::{self, Accepted};
use crate::library::imports::waiting;

/// Imports in one transaction at most.
const BATCH: usize = 50;

/// When a transaction ends although it has fewer, on a slow machine. Its commit takes some milliseconds more.
const MAX_BATCH_TIME: Duration = Duration::from_millis(10);

/// The database has failed, so only the first imports were accepted.
#[derive(Debug, thiserror::Error)]
#[error("{} of {total} imports were queued", accepted.len())]
pub struct PartlyAccepted {
    /// What became of them, in order. They are on disk.
    pub accepted: Vec<Accepted>,
    /// Number of all imports.
    pub total: usize,
    #[source]
    source: sqlx::Error,
}

/// Accepts many imports, in order. They are on disk when this returns. If the program is killed before, the first ones
/// are; accepting all again doubles none that has a URL.
///
/// # Errors
/// The database fails. Those accepted before stay.
pub async fn accept_all(
    library: &Library,
    inputs: &[NewImport],
    now: Timestamp,
) -> Result<Vec<Accepted>, PartlyAccepted> {
    let mut accepted = Vec::with_capacity(inputs.len());
    while accepted.len() < inputs.len() {
        match accept_batch(library, &inputs[accepted.len()..], now).await {
            Ok(batch) => accepted.extend(batch),
            Err(source) => return Err(PartlyAccepted { accepted, total: inputs.len(), source }),
        }
    }
    Ok(accepted)
}

/// Accepts the first imports, at least one.
async fn accept_batch(library: &Library, inputs: &[NewImport], now: Timestamp) -> sqlx::Result<Vec<Accepted>> {
    let mut tx = library.begin_write().await?;
    let (mut accepted, began) = (Vec::new(), Instant::now());
    for input in inputs.iter().take(BATCH) {
        accepted.push(store::enqueue(&mut tx, input, now).await?);
        if began.elapsed() > MAX_BATCH_TIME {
            break;
        }
    }
    tx.commit().await?;
    Ok(accepted)
}

/// Requeues all failed imports and returns their number. A URL that failed more than once is queued once.
///
/// # Errors
/// The database fails. Those requeued before stay.
pub async fn retry_all(library: &Library, now: Timestamp) -> sqlx::Result<u64> {
    let (mut retried, mut after) = (0, 0);
    while let Some((last, changed)) = waiting::retry_batch(library, after, now).await? {
        after = last;
        retried += changed;
    }
    Ok(retried)
}

/// Queues a new fetch of the page of an article, in the trash or not. Returns `None` if there is no such article, or if it
/// has no URL.
///
/// # Errors
/// The database fails.
pub async fn renew(library: &Library, article: i64, now: Timestamp) -> sqlx::Result<Option<Accepted>> {
    let mut tx = library.begin_write().await?;
    let accepted = match renewal::find_url(&mut tx, article).await? {
        Some(url) => Some(store::enqueue_renewal(&mut tx, article, url, now).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(accepted)
}

/// Queues a new fetch of many articles, some in each transaction. Returns the ids of their imports.
///
/// # Errors
/// The database fails. Those queued before stay.
pub async fn renew_all(library: &Library, which: Renewable, now: Timestamp) -> sqlx::Result<Vec<i64>> {
    let (mut queued, mut after) = (Vec::new(), 0);
    loop {
        let articles = renewal::list(library, which, after, BATCH).await?;
        let Some((last, _)) = articles.last() else { return Ok(queued) };
        after = *last;
        let mut tx = library.begin_write().await?;
        for (article, url) in articles {
            if let Ok(url) = url::Url::parse(&url)
                && let Accepted::New(id) | Accepted::AlreadyQueued(id) =
                    store::enqueue_renewal(&mut tx, article, url, now).await?
            {
                queued.push(id);
            }
        }
        tx.commit().await?;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::library::imports::{self, Failure};
    use crate::library::test_library;

    const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);

    fn list(count: usize) -> Vec<NewImport> {
        let url = |number| url::Url::parse(&format!("https://harbour.example/{number}")).unwrap();
        (0..count)
            .map(|number| NewImport { url: Some(url(number)), snapshot_id: None, file_name: None, replaces_id: None })
            .collect()
    }

    async fn count(library: &Library) -> usize {
        imports::list(library, i64::MAX, i64::MAX).await.unwrap().len()
    }

    /// Writes until `stop`. Returns how often, and the longest wait.
    async fn write_until(library: Library, stop: Arc<AtomicBool>) -> (usize, Duration) {
        let (mut writes, mut longest) = (0, Duration::ZERO);
        while !stop.load(Ordering::Acquire) {
            let began = Instant::now();
            library.begin_write().await.unwrap().commit().await.unwrap();
            longest = longest.max(began.elapsed());
            writes += 1;
        }
        (writes, longest)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn other_writers_have_their_turn_while_a_long_list_is_accepted() {
        let (library, _folder) = test_library().await;
        let stop = Arc::new(AtomicBool::new(false));
        let writer = tokio::spawn(write_until(library.clone(), stop.clone()));
        let inputs = list(5_000);
        let accepted = accept_all(&library, &inputs, NOON).await.unwrap();
        stop.store(true, Ordering::Release);
        let (writes, longest) = writer.await.unwrap();
        assert_eq!((accepted.len(), count(&library).await), (5_000, 5_000));
        // One between two batches, since the connection goes to whoever waits longest.
        assert!(writes >= inputs.len() / BATCH - 1, "only {writes} writes");
        println!("{} imports beside {writes} writes, which waited {longest:?} at most", accepted.len());
    }

    #[tokio::test]
    async fn a_list_that_is_added_again_after_an_interruption_doubles_nothing() {
        let (library, _folder) = test_library().await;
        let inputs = list(1_000);
        let (sender, interrupted) = tokio::sync::oneshot::channel::<()>();
        let watcher = library.clone();
        let accepting = tokio::spawn({
            let (library, inputs) = (library.clone(), inputs.clone());
            async move {
                tokio::select! {
                    biased;
                    _ = interrupted => {}
                    _ = accept_all(&library, &inputs, NOON) => {}
                }
            }
        });
        while count(&watcher).await == 0 {
            tokio::task::yield_now().await;
        }
        sender.send(()).unwrap();
        accepting.await.unwrap();
        // A batch that was being committed is still written; another writer waits for it.
        library.begin_write().await.unwrap().commit().await.unwrap();
        let before = count(&library).await;
        assert!(before > 0 && before < 1_000, "{before} were accepted when it was interrupted");
        let accepted = accept_all(&library, &inputs, NOON).await.unwrap();
        let new = accepted.iter().filter(|accepted| matches!(accepted, Accepted::New(_))).count();
        assert_eq!((accepted.len(), new, count(&library).await), (1_000, 1_000 - before, 1_000));
    }

    #[tokio::test]
    async fn thousands_of_failed_imports_are_tried_again_and_each_url_once() {
        let (library, _folder) = test_library().await;
        accept_all(&library, &list(1_200), NOON).await.unwrap();
        let failure = Failure { code: "timeout".into(), message: "It does not answer.".into() };
        while let Some(import) = imports::claim_next(&library, &[], NOON).await.unwrap() {
            imports::fail(&library, import.id, &failure, NOON).await.unwrap();
        }
        // The same URL is in the queue already, so this one stays failed.
        let mut tx = library.begin_write().await.unwrap();
        sqlx::query("UPDATE import SET url_key = 'harbour.example/7' WHERE id = 600").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(retry_all(&library, NOON).await.unwrap(), 1_199);
        assert_eq!(imports::count_failed(&library).await.unwrap(), 1);
        assert_eq!(retry_all(&library, NOON).await.unwrap(), 0);
    }
}
