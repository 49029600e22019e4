//! Queues the links of files that other services hand out.

use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::library::{Library, export_queue, exports};
use crate::ops::disk_space::DiskState;

/// How often to look for files without a wake-up: the command line hands in files from another process.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How long nothing of a file is stored until it is taken to be interrupted. Another process may be storing it.
const MAX_PAUSE: SignedDuration = SignedDuration::from_mins(2);

/// Queues links in all libraries until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        for library in app.open_all_libraries().await {
            if let Err(error) = exports::interrupt_unfinished(&library, app.now() - MAX_PAUSE).await {
                let error = format_args!("{error:#}");
                tracing::error!(
                    library = library.id(),
                    error,
                    "couldn't look for files that were not received as a whole"
                );
            }
            if let Err(error) = queue_exported_links(&app, &library, &stop).await {
                let error = format_args!("{error:#}");
                tracing::error!(library = library.id(), error, "couldn't queue the links of a file");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.exports.notified() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
    }
}

/// Queues the links of all files that are to be imported. After `stop`, and while the disk is full, it leaves the rest.
///
/// # Errors
/// The database fails. The next run goes on.
pub async fn queue_exported_links(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    while !stop.is_cancelled() && app.disk_state() != DiskState::Full {
        if !export_queue::queue_next(library, app.now()).await? {
            break;
        }
        app.wakeups.imports.notify_one();
    }
    Ok(())
}
