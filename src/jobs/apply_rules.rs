//! Applies changed rules to the articles of their source: from snapshots, newest first.

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::ingest::re_extraction;
use crate::jobs::RETRY_INTERVAL;
use crate::library::Library;
use crate::library::articles::lists;
use crate::library::rules;
use crate::storage::disk_full;

/// Articles per batch. Progress is saved after each batch.
const BATCH: i64 = 20;

/// Applies changed rules in all libraries until `stop`.
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
            // After an error, the rest is still to be done.
            () = tokio::time::sleep(RETRY_INTERVAL) => {}
        }
    }
}

/// Extracts the articles of every source whose rules have changed. Resumes where it was interrupted; running it twice
/// does no harm.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn apply_changed_rules(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    while let Some(pending) = rules::next_job(library).await? {
        let articles =
            lists::list_ids_with_snapshot(library, pending.source_id, pending.before_article_id, BATCH).await?;
        for article in &articles {
            if stop.is_cancelled() {
                return Ok(());
            }
            let re_extract = || re_extraction::re_extract(library, *article, app.now());
            if let Err(error) = app.write_when_there_is_room(stop, re_extract).await {
                if disk_full::is_temporary(error.as_ref()) {
                    return Err(error);
                }
                // One damaged page does not stop the others.
                tracing::error!(article, error = format_args!("{error:#}"), "couldn't apply rules to an article");
            }
        }
        let advance = async || Ok(rules::advance_job(library, &pending, articles.last().copied()).await?);
        app.write_when_there_is_room(stop, advance).await?;
    }
    app.wakeups.images.notify_one();
    Ok(())
}
