//! Works through the import queues.

mod turns;

use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::ingest::fetch::{self, NO_ROOM};
use crate::ingest::{NotNow, Outcome, ingest};
use crate::jobs::imports::turns::{Queues, Turns};
use crate::library::Library;
use crate::library::articles::Added;
use crate::library::imports::{self, Failure, Import, Postponement, RunAgain};
use crate::ops::disk_space::DiskState;
use crate::ops::metrics::ImportEnd;
use crate::storage::disk_full;

/// Imports that run at the same time. They mostly wait for other servers.
const MAX_CONCURRENT: usize = 6;

/// How often to look at the queues without a wake-up: the command line adds imports from another process.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// Runs queued imports in all libraries until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = process_all_imports(&app, &stop).await {
            tracing::error!(error = format_args!("{error:#}"), "couldn't work through an import queue");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.imports.notified() => {}
            () = tokio::time::sleep(pause(&app).await) => {}
        }
    }
}

/// Runs all queued imports, several at a time, and those that an earlier run has left unfinished. After `stop`, and while the
/// disk is full, it starts no more and finishes those in progress.
///
/// # Errors
/// A queue cannot be read or written. Imports in progress are finished first; the next run continues with the rest.
pub async fn process_all_imports(app: &App, stop: &CancellationToken) -> anyhow::Result<()> {
    Turns::new(app, Queues::All).run(stop).await
}

/// Runs the queued imports of one library, as [`process_all_imports`].
///
/// # Errors
/// See there.
pub async fn process_imports(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    Turns::new(app, Queues::Of(library)).run(stop).await
}

/// Returns how long to wait for the next import: not beyond the end of a pause.
async fn pause(app: &App) -> Duration {
    let mut pause = POLL_INTERVAL;
    for library in app.open_all_libraries().await {
        if let Ok(Some(due)) = imports::next_due(&library, app.now()).await {
            pause = pause.min(Duration::try_from(due.duration_since(app.now())).unwrap_or_default());
        }
    }
    pause
}

/// Requeues imports whose outcome could not be recorded, and those that wait for room if there is enough again.
async fn resume(app: &App, library: &Library) -> anyhow::Result<()> {
    let state = app.disk_state();
    if state != DiskState::Full {
        imports::requeue_interrupted(library, app.now()).await?;
    }
    if state == DiskState::Enough {
        imports::stop_waiting_for_room(library).await?;
    }
    Ok(())
}

/// Runs one import. A problem of the page becomes the import's failure, a full disk puts it back into the queue, and our
/// own errors are logged.
async fn process_import(app: App, library: Library, import: Import, stop: CancellationToken) -> anyhow::Result<()> {
    let outcome = match ingest_in_task(&app, &library, &import).await {
        Err(error) if needs_room(&error) => Ending::Requeue(RunAgain::WhenThereIsRoom),
        Err(error) if disk_full::is_disk_full(error.as_ref()) => {
            app.report_full_disk(&error);
            Ending::Requeue(RunAgain::InTurn)
        }
        // It stays `running` in the database, and the next run requeues it.
        Err(error) if disk_full::is_temporary(error.as_ref()) => return Err(error),
        Err(error) => {
            tracing::error!(
                import = import.id,
                error = format_args!("{error:#}"),
                "import failed on an internal error"
            );
            Ending::Failed(internal_failure())
        }
        Ok(Outcome::Failed(failure)) if failure.code == NO_ROOM => Ending::Requeue(RunAgain::WhenThereIsRoom),
        Ok(Outcome::Failed(failure)) => {
            tracing::info!(import = import.id, host = import_host(&import), code = failure.code, "import failed");
            Ending::Failed(failure)
        }
        Ok(Outcome::Unwanted) => {
            tracing::info!(import = import.id, host = import_host(&import), "the feed of an import was unfollowed");
            Ending::Recorded(ImportEnd::Unwanted)
        }
        Ok(Outcome::NotNow(reason)) => postpone_or_fail(&app, &import, reason),
        Ok(Outcome::Article(added)) => {
            let (outcome, end) = match added {
                Added::New(_) => ("imported", ImportEnd::Article),
                Added::Existing(_) => ("already saved", ImportEnd::Known),
                Added::Restored(_) => ("restored from trash", ImportEnd::Known),
            };
            tracing::info!(import = import.id, article = added.id(), "{outcome}");
            app.wakeups.images.notify_one();
            app.wakeups.stories.notify_one();
            Ending::Recorded(end)
        }
    };
    app.metrics.count_import(outcome.end());
    let recorded = app.write_when_there_is_room(&stop, || record(&app, &library, import.id, &outcome)).await;
    library.import_changed().notify_waiters();
    recorded.with_context(|| format!("recording the outcome of import {}", import.id))
}

/// How an import ended, as far as the queue is concerned.
enum Ending {
    /// In the transaction that did what it ended with.
    Recorded(ImportEnd),
    Failed(Failure),
    Requeue(RunAgain),
    Postponed(Postponement),
}

impl Ending {
    const fn end(&self) -> ImportEnd {
        match self {
            Self::Recorded(end) => *end,
            Self::Failed(_) => ImportEnd::Failed,
            Self::Requeue(_) | Self::Postponed(_) => ImportEnd::Waits,
        }
    }
}

/// Postpones an import whose site is busy or does not answer, unless it has waited for a day.
fn postpone_or_fail(app: &App, import: &Import, reason: NotNow) -> Ending {
    let (code, host) = (reason.failure.code.clone(), import_host(import));
    let asked_until = reason.retry_after.map(|wait| wait.time(app.now()));
    match Postponement::new(import, reason.failure.clone(), (reason.host, asked_until), app.now()) {
        Some(postponed) => {
            tracing::info!(import = import.id, host, code, until = %postponed.next_attempt, "import waits for its site");
            Ending::Postponed(postponed)
        }
        None => {
            tracing::info!(import = import.id, host, code, "import failed");
            Ending::Failed(reason.failure)
        }
    }
}

async fn record(app: &App, library: &Library, import: i64, ending: &Ending) -> anyhow::Result<()> {
    match ending {
        Ending::Recorded(_) => {}
        Ending::Failed(failure) => imports::fail(library, import, failure, app.now()).await?,
        Ending::Postponed(until) => imports::postpone(library, import, until, app.now()).await?,
        Ending::Requeue(when) => imports::requeue(library, import, *when, app.now()).await?,
    }
    Ok(())
}

/// Returns whether a further page of the article is large and the disk is almost full.
fn needs_room(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(fetch::Error::NoRoom(_)))
}

/// Returns the host that an import is fetched from, for the log; the whole URL may contain secrets.
fn import_host(import: &Import) -> Option<String> {
    Url::parse(import.url.as_deref()?).ok()?.host_str().map(str::to_owned)
}

/// Runs an import in a task of its own: if our code panics on a page, the import fails like any other instead of
/// staying `running` until the next start.
async fn ingest_in_task(app: &App, library: &Library, import: &Import) -> anyhow::Result<Outcome> {
    let (fetcher, now) = (app.fetcher.with_page_room(app.max_page_bytes()), app.now());
    let (app, library, owned_import) = (app.clone(), library.clone(), import.clone());
    let task = tokio::spawn(async move { ingest(&library, (&fetcher, &app.extractor), &owned_import, now).await });
    task.await
        .unwrap_or_else(|panic| Err(panic.into()))
        .with_context(|| format!("import {} of {}", import.id, import.url.as_deref().unwrap_or("pasted text")))
}

fn internal_failure() -> Failure {
    Failure {
        code: "internal".into(),
        message: "Something went wrong in Broadsheet; see the server’s log. Try again, or paste the text instead."
            .into(),
    }
}
