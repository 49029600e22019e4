//! Learns topics from articles that were here before an update, or were added many at a time.

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::jobs::RETRY_INTERVAL;
use crate::library::Library;
use crate::library::topics::learning;

/// Articles in one transaction: few, since other writers wait for it.
const BATCH: i64 = 20;

/// Learns in all libraries until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.open_all_libraries().await {
            if let Err(error) = learn_topics(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't learn topics");
            }
        }
        if stop.run_until_cancelled(tokio::time::sleep(RETRY_INTERVAL)).await.is_none() {
            return;
        }
    }
}

/// Learns from all articles of a library that wait for it. Resumes where it was interrupted.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn learn_topics(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let learn_next = async || Ok(learning::learn_next(library, BATCH).await?);
    while !stop.is_cancelled() && app.write_when_there_is_room(stop, learn_next).await? {
        // Others that wait to write come first.
        tokio::task::yield_now().await;
    }
    Ok(())
}
