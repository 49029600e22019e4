//! Brings articles into line with their source's rules after those have changed: from the snapshots, newest first.

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::ingest::re_extraction;
use crate::library::Library;
use crate::library::articles::lists;
use crate::library::rules;
use crate::storage::database;

/// Articles between two notes of how far the work has come.
const BATCH: i64 = 20;

/// Until told to stop: what has changed in any library.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.open_all_libraries().await {
            if let Err(error) = apply_changed_rules(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't apply rules");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.rules.notified() => {}
        }
    }
}

/// Extracts the articles of every source whose rules have changed. Interrupted, it goes on where it was; done twice, it
/// does the same again.
///
/// # Errors
/// The database fails, or there is no room.
pub async fn apply_changed_rules(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    while let Some(pending) = rules::work(library).await? {
        let articles = lists::extractable(library, pending.source, pending.below, BATCH).await?;
        for article in &articles {
            if stop.is_cancelled() {
                return Ok(());
            }
            if let Err(error) = re_extraction::re_extract(library, *article, app.now()).await {
                if database::is_full(error.as_ref()) {
                    return Err(error);
                }
                // One damaged page keeps no other from being read.
                tracing::error!(article, error = format_args!("{error:#}"), "couldn't apply rules to an article");
            }
        }
        rules::advance(library, &pending, articles.last().copied()).await?;
    }
    app.wakeups.images.notify_one();
    Ok(())
}
