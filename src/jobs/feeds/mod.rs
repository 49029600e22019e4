//! Looks at feeds when they are due. A feed that several libraries follow is fetched once for all of them.

mod queue;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use feeds::schedule::Answer;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::ingest::feeds as ingest_feeds;
use crate::jobs::feeds::queue::{Group, Key, Queue};
use crate::library::Library;
use crate::library::feeds::looks::{self, Look, LookResult};
use crate::library::feeds::{self as followed, Feed, LookError, refresh};
use crate::library::visits::{self, Visit};
use crate::ops::disk_space::DiskState;
use crate::storage::disk_full;

/// The longest time until feeds that have become due are noticed: the command line works in another process.
const POLL_INTERVAL: Duration = Duration::from_secs(30);

/// Answers whose items are stored at the same time. Extraction and writing take turns anyway, and each takes memory for a batch.
const STORED_AT_ONCE: usize = 1;

/// After an error of our own, a feed is looked at again after this time.
const PAUSE_AFTER_ERROR: SignedDuration = SignedDuration::from_mins(30);

/// Looks at feeds until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match look_at_due_feeds(&app, &stop).await {
            Ok(0) => pause(&app).await,
            // Others may be due by now.
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(error = format_args!("{error:#}"), "couldn't look at feeds");
                POLL_INTERVAL
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.feeds.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Returns how long to wait for the next feed that becomes due.
async fn pause(app: &App) -> Duration {
    let (mut pause, now) = (POLL_INTERVAL, app.now());
    for library in app.open_all_libraries().await {
        if let Ok(Some(due)) = followed::next_due(&library, now, now).await {
            pause = pause.min(Duration::try_from(due.duration_since(now)).unwrap_or_default());
        }
    }
    pause
}

/// Looks at all feeds that are due or become due meanwhile, and returns how many were. After `stop`, and while the disk is
/// full, starts no more.
///
/// # Errors
/// A database cannot be read or written. Looks in progress are finished first.
pub async fn look_at_due_feeds(app: &App, stop: &CancellationToken) -> anyhow::Result<usize> {
    let (mut queue, mut tasks, mut first_error) = (Queue::default(), JoinSet::new(), None);
    if app.disk_state() == DiskState::Full {
        return Ok(0);
    }
    note_visits(app).await?;
    let stores = Arc::new(Semaphore::new(STORED_AT_ONCE));
    queue.fill(app).await?;
    let mut next_fill = Instant::now() + pause(app).await;
    loop {
        if queue.waiting.is_empty() && queue.has_more && first_error.is_none() && !stop.is_cancelled() {
            first_error = queue.fill(app).await.err();
        }
        while queue.has_place(Instant::now()) && !stop.is_cancelled() && first_error.is_none() {
            let Some(group) = queue.take_next() else { break };
            tasks.spawn(look(app.clone(), stop.clone(), group, Arc::clone(&stores)));
        }
        if tasks.is_empty() {
            return first_error.map_or(Ok(queue.looked_at), Err);
        }
        let next_place = queue.next_place(Instant::now());
        let ended = tokio::select! {
            ended = tasks.join_next() => ended,
            () = tokio::time::sleep_until(next_place.unwrap_or(next_fill)), if next_place.is_some() => continue,
            // A slow host does not hold up the feeds of others.
            () = app.wakeups.feeds.notified() => None,
            () = tokio::time::sleep_until(next_fill) => None,
        };
        let result = match ended {
            None => {
                let filled = queue.fill(app).await;
                next_fill = Instant::now() + pause(app).await;
                filled
            }
            Some(Ok((key, result))) => {
                queue.finish(&key);
                match result {
                    Ok(pauses) => queue.put_off(pauses).await.map_err(Into::into),
                    Err(error) => Err(error),
                }
            }
            Some(Err(panic)) => Err(panic.into()),
        };
        first_error = first_error.or(result.err());
    }
}

/// Stores who has opened their library, and looks at all feeds of one that was deserted.
async fn note_visits(app: &App) -> anyhow::Result<()> {
    for library in app.open_all_libraries().await {
        if visits::settle(&library, app.now()).await? == Visit::Return {
            refresh::start(&library, app.now()).await?;
        }
    }
    Ok(())
}

/// Hosts that have asked to wait, and until when.
type Pauses = Vec<(String, Timestamp)>;

/// Fetches a feed and stores what came in each library. Returns which it was.
async fn look(
    app: App,
    stop: CancellationToken,
    group: Group,
    stores: Arc<Semaphore>,
) -> (Key, anyhow::Result<Pauses>) {
    let key = group.key.clone();
    (key, look_at_group(&app, &stop, group, &stores).await)
}

async fn look_at_group(
    app: &App,
    stop: &CancellationToken,
    group: Group,
    stores: &Semaphore,
) -> anyhow::Result<Pauses> {
    let (now, mut pauses) = (app.now(), Vec::new());
    let Some((library, feed)) = group.feeds.first() else { return Ok(pauses) };
    if !group.is_due(now).await? {
        return Ok(pauses);
    }
    let mut request = ingest_feeds::plan_request(library, feed, now).await?;
    if group.feeds.iter().any(|(_, other)| other.validators != feed.validators) {
        // One has not seen what another has.
        request.conditions = None;
    }
    let answer = match ingest_feeds::fetch(&app.fetcher, feed, &request, group.feeds.len()).await {
        Ok(answer) => Arc::new(answer),
        Err(error) => {
            for (library, feed) in &group.feeds {
                record_failure(library, feed, &error, now).await?;
            }
            return Ok(pauses);
        }
    };
    group.has_answer.store(true, Ordering::Relaxed);
    let _place = stores.acquire().await?;
    for (library, feed) in &group.feeds {
        let store = || {
            let (app, library, feed) = (app.clone(), library.clone(), feed.clone());
            let (request, answer) = (request.clone(), Arc::clone(&answer));
            let store = async move {
                ingest_feeds::store_answer(&library, &app.extractor, &feed, (&request, &answer), now).await
            };
            // A panic on one feed is that feed's.
            let task = tokio::spawn(store);
            async { task.await.unwrap_or_else(|panic| Err(panic.into())) }
        };
        match app.write_when_there_is_room(stop, store).await {
            Ok(looked) => {
                report(app, library, feed, &looked);
                pauses.extend(looked.host_pause);
            }
            // The program stops. The feed is still due.
            Err(error) if disk_full::is_disk_full(error.as_ref()) => {}
            Err(error) => record_failure(library, feed, &error, now).await?,
        }
    }
    Ok(pauses)
}

fn report(app: &App, library: &Library, feed: &Feed, looked: &ingest_feeds::Looked) {
    app.metrics.count_feed_look(looked.answer, looked.new_items);
    let answer = format_args!("{:?}", looked.answer);
    tracing::info!(
        library = library.id(),
        feed = feed.id,
        host = feed.url.host_str(),
        new = looked.new_items,
        answer,
        "looked at a feed"
    );
    if looked.answer == Answer::Feed && looked.new_items > 0 {
        app.wakeups.imports.notify_one();
        app.wakeups.images.notify_one();
        app.wakeups.stories.notify_one();
    }
}

/// Records an error of our own.
async fn record_failure(library: &Library, feed: &Feed, error: &anyhow::Error, now: Timestamp) -> sqlx::Result<()> {
    tracing::error!(feed = feed.id, error = format_args!("{error:#}"), "couldn't read a feed");
    let message = "Something went wrong in Broadsheet; see the server’s log. The feed is read again later.".into();
    let look = Look {
        history: feed.history.clone(),
        next: Some(now + PAUSE_AFTER_ERROR),
        host_pause: None,
        refused_by: None,
        moved_to: None,
        links: feed.settings.links.clone(),
        declared: None,
        result: LookResult::Nothing(LookError { code: "internal".into(), message }),
    };
    looks::record(library, feed.id, &look, now).await
}
