//! Goes on with operations on many articles, and with undoing them, a batch at a time.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::library::Library;
use crate::library::operations::{self, Progress};

/// How often to look for work without a wake-up.
const POLL_INTERVAL: Duration = Duration::from_secs(60);

/// Runs the operations of all libraries until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.open_all_libraries().await {
            if let Err(error) = run_operations(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't run an operation");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.operations.notified() => {}
            // After an error, the rest is still to be done.
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
    }
}

/// Runs all operations of a library that are not finished. Resumes where it was interrupted.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn run_operations(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    while let Some(operation) = operations::find_unfinished(library).await? {
        let run_batch = async || Ok(operations::run_batch(library, operation, app.now()).await?);
        while app.write_when_there_is_room(stop, run_batch).await? == Progress::Unfinished {
            if stop.is_cancelled() {
                return Ok(());
            }
            // Others that wait to write come first.
            tokio::task::yield_now().await;
        }
        app.wakeups.rules.notify_one();
    }
    Ok(())
}
