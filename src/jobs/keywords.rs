//! Makes tags of the keywords of older articles, for sources whose keywords the reader takes.

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::jobs::RETRY_INTERVAL;
use crate::library::{Library, tags};

/// Articles in one transaction.
const BATCH: i64 = 20;

/// Makes tags in all libraries until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.open_all_libraries().await {
            if let Err(error) = take_keywords(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't take keywords");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.keywords.notified() => {}
            () = tokio::time::sleep(RETRY_INTERVAL) => {}
        }
    }
}

/// Makes the tags of a library that are due. Resumes where it was interrupted.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn take_keywords(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let take_next = async || Ok(tags::take_next_keywords(library, BATCH).await?);
    while !stop.is_cancelled() && app.write_when_there_is_room(stop, take_next).await? {}
    Ok(())
}
