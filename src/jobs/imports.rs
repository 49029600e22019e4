//! Works off the queues of imports.

use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::ingest::{Outcome, ingest};
use crate::library::Library;
use crate::library::articles::Added;
use crate::library::imports::{self, Failure, Import};
use crate::storage::database;

/// Imports under way at the same time: they mostly wait for other people's servers.
const MAX_CONCURRENT: usize = 6;

/// How often the queues are looked at although nobody rang: the command line hands in imports from another process.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// After a full disk, how long until the next try.
const DISK_FULL_RETRY: Duration = Duration::from_secs(5);

/// Until told to stop: takes what waits in any library and ingests it.
pub(super) async fn run(app: App, stop: CancellationToken) {
    for library in app.open_all_libraries().await {
        if let Err(error) = imports::release(&library, app.now()).await {
            tracing::error!(
                library = library.id(),
                error = format_args!("{error:#}"),
                "couldn't requeue interrupted imports"
            );
        }
    }
    loop {
        for library in app.open_all_libraries().await {
            if let Err(error) = process_imports(&app, &library, &stop).await {
                tracing::error!(
                    library = library.id(),
                    error = format_args!("{error:#}"),
                    "couldn't work through the import queue"
                );
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.imports.notified() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
    }
}

/// Ingests all that waits in this library, several at a time. When told to stop it begins nothing new and ends what it has
/// in hand.
///
/// # Errors
/// The queue cannot be read or written. What was in hand has been ended all the same.
pub async fn process_imports(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut tasks = JoinSet::new();
    let mut first_error = None;
    loop {
        while tasks.len() < MAX_CONCURRENT && !stop.is_cancelled() && first_error.is_none() {
            match claim_next(app, library).await {
                Ok(Some(import)) => {
                    tasks.spawn(process_import(app.clone(), library.clone(), import, stop.clone()));
                }
                Ok(None) => break,
                // Leaving at once would break off what is in hand, and it would stay `running` until the next start.
                Err(error) => first_error = Some(error),
            }
        }
        tokio::select! {
            finished = tasks.join_next() => if finished.is_none() { return first_error.map_or(Ok(()), |error| Err(error.into())) },
            () = app.wakeups.imports.notified() => {}
        }
    }
}

async fn claim_next(app: &App, library: &Library) -> sqlx::Result<Option<Import>> {
    if imports::waiting(library).await? { imports::claim(library, app.now()).await } else { Ok(None) }
}

/// One import to its end. What was wrong with the page becomes its failure; what was wrong with us is logged.
async fn process_import(app: App, library: Library, import: Import, stop: CancellationToken) {
    let recorded = match ingest_in_task(&app, &library, &import).await {
        Ok(Outcome::Article(added)) => {
            let outcome = match added {
                Added::New(_) => "imported",
                Added::Already(_) => "already saved",
                Added::Restored(_) => "restored from trash",
            };
            tracing::info!(import = import.id, article = added.id(), "{outcome}");
            app.wakeups.images.notify_one();
            Ok(())
        }
        Ok(Outcome::Failed(failure)) => {
            tracing::info!(import = import.id, host = import_host(&import), code = failure.code, "import failed");
            imports::fail(&library, import.id, &failure, app.now()).await
        }
        Err(error) if database::is_full(error.as_ref()) => wait_for_disk_space(&app, &library, &import, &stop).await,
        Err(error) => {
            tracing::error!(
                import = import.id,
                error = format_args!("{error:#}"),
                "import failed on an internal error"
            );
            imports::fail(&library, import.id, &internal_failure(), app.now()).await
        }
    };
    let recorded = match recorded {
        Err(error) if database::is_full(&error) => wait_for_disk_space(&app, &library, &import, &stop).await,
        recorded => recorded,
    };
    if let Err(error) = recorded {
        // It stays `running` in the database and is taken up again at the next start.
        tracing::error!(
            import = import.id,
            error = format_args!("{error:#}"),
            "couldn't record the outcome of an import"
        );
    }
    library.import_changed().notify_waiters();
}

/// Returns the host that an import is fetched from, for the log; the whole URL may hold secrets.
fn import_host(import: &Import) -> Option<String> {
    Url::parse(import.address.as_deref()?).ok()?.host_str().map(str::to_owned)
}

/// What came of an import. It runs as a task of its own: a page on which our code panics fails like any other that cannot
/// be read, instead of standing there as being read until the next start.
async fn ingest_in_task(app: &App, library: &Library, import: &Import) -> anyhow::Result<Outcome> {
    let (app, library, owned_import) = (app.clone(), library.clone(), import.clone());
    let task = tokio::spawn(async move { ingest(&library, &app.fetcher, &owned_import, app.now()).await });
    task.await
        .unwrap_or_else(|panic| Err(panic.into()))
        .with_context(|| format!("import {} of {}", import.id, import.address.as_deref().unwrap_or("pasted text")))
}

/// A full disk is no failure of the import: it goes back into the queue as soon as that can be written down.
async fn wait_for_disk_space(
    app: &App,
    library: &Library,
    import: &Import,
    stop: &CancellationToken,
) -> sqlx::Result<()> {
    tracing::error!(import = import.id, "disk full, import paused until there is space");
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(DISK_FULL_RETRY) => {}
        }
        match imports::put_back(library, import.id, app.now()).await {
            Err(error) if database::is_full(&error) => {}
            result => return result,
        }
    }
}

fn internal_failure() -> Failure {
    Failure {
        code: "internal".into(),
        problem: "Something went wrong in Broadsheet; see the server’s log. Try again, or paste the text instead."
            .into(),
    }
}
