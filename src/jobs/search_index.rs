//! Indexes the articles of an older version's search index again, at the start.

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::jobs::RETRY_INTERVAL;
use crate::library::{Library, search};

/// Articles in one transaction: few, since other writers wait for it.
const BATCH: i64 = 10;

/// Completes the search index of all libraries, or ends at `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        let mut has_failed = false;
        for library in app.open_all_libraries().await {
            if let Err(error) = complete_search_index(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't index articles");
                has_failed = true;
            }
        }
        if !has_failed || stop.run_until_cancelled(tokio::time::sleep(RETRY_INTERVAL)).await.is_none() {
            return;
        }
    }
}

/// Indexes what the search index of a library lacks. Resumes where it was interrupted.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn complete_search_index(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    while !stop.is_cancelled() {
        let index_next = async || Ok(search::index_next(library, BATCH).await?);
        if !app.write_when_there_is_room(stop, index_next).await? {
            break;
        }
    }
    Ok(())
}
