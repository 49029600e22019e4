//! Finds the key phrases of the articles of older versions, and the keys of names, at the start.

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::jobs::RETRY_INTERVAL;
use crate::library::Library;
use crate::library::tags::{keys, suggestions};

/// Articles in one transaction: about 10 ms.
const BATCH: i64 = 20;

/// Names in one transaction.
const NAME_BATCH: i64 = 200;

/// Finds the key phrases in all libraries, or ends at `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        let mut has_failed = false;
        for library in app.open_all_libraries().await {
            if let Err(error) = find_key_phrases(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't find key phrases");
                has_failed = true;
            }
        }
        if !has_failed || stop.run_until_cancelled(tokio::time::sleep(RETRY_INTERVAL)).await.is_none() {
            return;
        }
    }
}

/// Finds the key phrases that a library lacks. Resumes where it was interrupted.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn find_key_phrases(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let make_keys = async || Ok(keys::make_next_keys(library, NAME_BATCH).await?);
    while !stop.is_cancelled() && app.write_when_there_is_room(stop, make_keys).await? {}
    let find_next = async || suggestions::find_next_phrases(library, BATCH).await;
    while !stop.is_cancelled() && app.write_when_there_is_room(stop, find_next).await? {}
    Ok(())
}
