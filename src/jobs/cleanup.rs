//! Clears away what nobody needs any more: the trash and replaced texts after thirty days, snapshots and pictures that no
//! row names, sessions that have ended, libraries that nobody has open.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::library::articles::{self, versions};
use crate::library::images;
use crate::library::{self, Library, snapshots};

/// Files are written before the row that names them, so what is younger than this may still be named.
const SETTLED: SignedDuration = SignedDuration::from_hours(6);

const EVERY: Duration = Duration::from_secs(10 * 60);

/// Until told to stop: every ten minutes, all libraries.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        let now = app.now();
        for library in app.every_library().await {
            if let Err(error) = sweep(&library, now).await {
                tracing::error!(
                    library = library.id(),
                    error = format_args!("{error:#}"),
                    "couldn't clean up a library"
                );
            }
        }
        if let Err(error) = app.accounts.delete_expired_sessions(now).await {
            tracing::error!(error = format_args!("{error:#}"), "couldn't remove expired sessions");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// One library.
///
/// # Errors
/// The database or the disk fails; what was not swept is swept the next time.
pub async fn sweep(library: &Library, now: Timestamp) -> anyhow::Result<()> {
    while articles::purge_trash(library, now - articles::TRASH_RETENTION).await? > 0 {}
    while versions::delete_old(library, now - versions::RETENTION).await? > 0 {}
    sweep_snapshots(library, now - SETTLED).await?;
    while !images::delete_unreferenced(library).await?.is_empty() {}
    sweep_pictures(library, now - SETTLED).await
}

async fn sweep_snapshots(library: &Library, before: Timestamp) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let old = snapshots::list_older_than(library, before, after).await?;
        let Some(last) = old.last() else { return Ok(()) };
        after = *last;
        let named = articles::find_referenced_snapshots(library, &old).await?;
        let unnamed: Vec<i64> = old.iter().filter(|id| !named.contains(id)).copied().collect();
        if !unnamed.is_empty() {
            snapshots::delete(library, &unnamed).await?;
        }
    }
}

async fn sweep_pictures(library: &Library, before: Timestamp) -> anyhow::Result<()> {
    let folder = library.clone();
    let files = tokio::task::spawn_blocking(move || library::image_files::list(&folder)).await??;
    for (hash, written) in files {
        if is_before(written, before) && !images::is_referenced(library, &hash).await? {
            // Kept once more since the folder was read, it is young again, and its row is on its way.
            let is_still_old = std::fs::metadata(library::image_files::path(library, &hash))
                .and_then(|file| file.modified())
                .is_ok_and(|written| is_before(written, before));
            if is_still_old {
                library::image_files::delete(library, &hash)?;
            }
        }
    }
    Ok(())
}

/// A file from before 1970 or from the far future counts as young: nothing is lost by keeping it.
fn is_before(written: SystemTime, before: Timestamp) -> bool {
    Timestamp::try_from(written).is_ok_and(|written| written < before)
}
