//! Puts articles into stories: those that arrive or change, and once, after an update, all that are here, newest first.

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::jobs::RETRY_INTERVAL;
use crate::library::{Library, stories};

/// Batches that a request waits for; the rest follows in the background.
const BATCHES_AT_ONCE: usize = 3;

/// Puts the articles of all libraries into stories until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.open_all_libraries().await {
            if let Err(error) = find_stories(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't find stories");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.stories.notified() => {}
            () = tokio::time::sleep(RETRY_INTERVAL) => {}
        }
    }
}

/// Puts all articles of a library that wait for it into stories. Resumes where it was interrupted.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn find_stories(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let file_next = async || stories::file_next(library).await;
    while !stop.is_cancelled() && app.write_when_there_is_room(stop, file_next).await? {
        // Others that wait to write come first.
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Puts the newest articles that wait into stories, so that the next page shows it, and leaves the rest to the job.
///
/// # Errors
/// The database fails.
pub async fn find_stories_now(app: &App, library: &Library) -> anyhow::Result<()> {
    for _ in 0..BATCHES_AT_ONCE {
        if !stories::file_next(library).await? {
            return Ok(());
        }
    }
    app.wakeups.stories.notify_one();
    Ok(())
}
