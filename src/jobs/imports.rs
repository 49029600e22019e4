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
const AT_ONCE: usize = 6;

/// How often the queues are looked at although nobody rang: the command line hands in imports from another process.
const LOOK: Duration = Duration::from_secs(2);

/// After a full disk, how long until the next try.
const NO_ROOM: Duration = Duration::from_secs(5);

/// Until told to stop: takes what waits in any library and ingests it.
pub(super) async fn run(app: App, stop: CancellationToken) {
    for library in app.every_library().await {
        if let Err(error) = imports::requeue_interrupted(&library, app.now()).await {
            tracing::error!(
                library = library.id(),
                error = format_args!("{error:#}"),
                "couldn't requeue interrupted imports"
            );
        }
    }
    loop {
        for library in app.every_library().await {
            if let Err(error) = work_off(&app, &library, &stop).await {
                tracing::error!(
                    library = library.id(),
                    error = format_args!("{error:#}"),
                    "couldn't work through the import queue"
                );
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.work.imports.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Ingests all that waits in this library, several at a time. When told to stop it begins nothing new and ends what it has
/// in hand.
///
/// # Errors
/// The queue cannot be read or written. What was in hand has been ended all the same.
pub async fn work_off(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut under_way = JoinSet::new();
    let mut trouble = None;
    loop {
        while under_way.len() < AT_ONCE && !stop.is_cancelled() && trouble.is_none() {
            match next(app, library).await {
                Ok(Some(import)) => {
                    under_way.spawn(one(app.clone(), library.clone(), import, stop.clone()));
                }
                Ok(None) => break,
                // Leaving at once would break off what is in hand, and it would stay `running` until the next start.
                Err(error) => trouble = Some(error),
            }
        }
        tokio::select! {
            ended = under_way.join_next() => if ended.is_none() { return trouble.map_or(Ok(()), |error| Err(error.into())) },
            () = app.work.imports.notified() => {}
        }
    }
}

async fn next(app: &App, library: &Library) -> sqlx::Result<Option<Import>> {
    if imports::has_waiting(library).await? { imports::claim_next(library, app.now()).await } else { Ok(None) }
}

/// One import to its end. What was wrong with the page becomes its failure; what was wrong with us is logged.
async fn one(app: App, library: Library, import: Import, stop: CancellationToken) {
    let recorded = match ended(&app, &library, &import).await {
        Ok(Outcome::Article(added)) => {
            let outcome = match added {
                Added::New(_) => "imported",
                Added::Existing(_) => "already saved",
                Added::Restored(_) => "restored from trash",
            };
            tracing::info!(import = import.id, article = added.id(), "{outcome}");
            app.work.pictures.notify_one();
            Ok(())
        }
        Ok(Outcome::Failed(failure)) => {
            tracing::info!(import = import.id, host = host(&import), code = failure.code, "import failed");
            imports::fail(&library, import.id, &failure, app.now()).await
        }
        Err(error) if database::is_disk_full(error.as_ref()) => wait_for_room(&app, &library, &import, &stop).await,
        Err(error) => {
            tracing::error!(
                import = import.id,
                error = format_args!("{error:#}"),
                "import failed on an internal error"
            );
            imports::fail(&library, import.id, &our_fault(), app.now()).await
        }
    };
    let recorded = match recorded {
        Err(error) if database::is_disk_full(&error) => wait_for_room(&app, &library, &import, &stop).await,
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
fn host(import: &Import) -> Option<String> {
    Url::parse(import.url.as_deref()?).ok()?.host_str().map(str::to_owned)
}

/// What came of an import. It runs as a task of its own: a page on which our code panics fails like any other that cannot
/// be read, instead of standing there as being read until the next start.
async fn ended(app: &App, library: &Library, import: &Import) -> anyhow::Result<Outcome> {
    let (app, library, mine) = (app.clone(), library.clone(), import.clone());
    let work = tokio::spawn(async move { ingest(&library, &app.fetcher, &mine, app.now()).await });
    work.await
        .unwrap_or_else(|panic| Err(panic.into()))
        .with_context(|| format!("import {} of {}", import.id, import.url.as_deref().unwrap_or("pasted text")))
}

/// A full disk is no failure of the import: it goes back into the queue as soon as that can be written down.
async fn wait_for_room(app: &App, library: &Library, import: &Import, stop: &CancellationToken) -> sqlx::Result<()> {
    tracing::error!(import = import.id, "disk full, import paused until there is space");
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(NO_ROOM) => {}
        }
        match imports::requeue(library, import.id, app.now()).await {
            Err(error) if database::is_disk_full(&error) => {}
            ended => return ended,
        }
    }
}

fn our_fault() -> Failure {
    Failure {
        code: "internal".into(),
        message: "Something went wrong in Broadsheet; see the server’s log. Try again, or paste the text instead."
            .into(),
    }
}
