//! Works through the import queues.

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

/// Imports that run at the same time. They mostly wait for other servers.
const MAX_CONCURRENT: usize = 6;

/// How often to look at the queues without a wake-up: the command line adds imports from another process.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How long to wait when the disk is full.
const DISK_FULL_RETRY: Duration = Duration::from_secs(5);

/// Runs queued imports in all libraries until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    for library in app.open_all_libraries().await {
        if let Err(error) = imports::requeue_interrupted(&library, app.now()).await {
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

/// Runs all queued imports of this library, several at a time. After `stop` it starts no more and finishes those in
/// progress.
///
/// # Errors
/// The queue cannot be read or written. Imports in progress are finished first.
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
                // Returning now would abort running imports, which would stay `running` until the next start.
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
    if imports::has_waiting(library).await? { imports::claim_next(library, app.now()).await } else { Ok(None) }
}

/// Runs one import. A problem of the page becomes the import's failure; our own errors are logged.
async fn process_import(app: App, library: Library, import: Import, stop: CancellationToken) {
    let recorded = match ingest_in_task(&app, &library, &import).await {
        Ok(Outcome::Article(added)) => {
            let outcome = match added {
                Added::New(_) => "imported",
                Added::Existing(_) => "already saved",
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
        Err(error) if database::is_disk_full(error.as_ref()) => {
            wait_for_disk_space(&app, &library, &import, &stop).await
        }
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
        Err(error) if database::is_disk_full(&error) => wait_for_disk_space(&app, &library, &import, &stop).await,
        recorded => recorded,
    };
    if let Err(error) = recorded {
        // It stays `running` in the database and resumes at the next start.
        tracing::error!(
            import = import.id,
            error = format_args!("{error:#}"),
            "couldn't record the outcome of an import"
        );
    }
    library.import_changed().notify_waiters();
}

/// Returns the host that an import is fetched from, for the log; the whole URL may contain secrets.
fn import_host(import: &Import) -> Option<String> {
    Url::parse(import.url.as_deref()?).ok()?.host_str().map(str::to_owned)
}

/// Runs an import in a task of its own: if our code panics on a page, the import fails like any other instead of
/// staying `running` until the next start.
async fn ingest_in_task(app: &App, library: &Library, import: &Import) -> anyhow::Result<Outcome> {
    let (app, library, owned_import) = (app.clone(), library.clone(), import.clone());
    let task =
        tokio::spawn(async move { ingest(&library, (&app.fetcher, &app.extractor), &owned_import, app.now()).await });
    task.await
        .unwrap_or_else(|panic| Err(panic.into()))
        .with_context(|| format!("import {} of {}", import.id, import.url.as_deref().unwrap_or("pasted text")))
}

/// Waits until the import can go back into the queue: a full disk is not its failure.
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
        match imports::requeue(library, import.id, app.now()).await {
            Err(error) if database::is_disk_full(&error) => {}
            result => return result,
        }
    }
}

fn internal_failure() -> Failure {
    Failure {
        code: "internal".into(),
        message: "Something went wrong in Broadsheet; see the server’s log. Try again, or paste the text instead."
            .into(),
    }
}
