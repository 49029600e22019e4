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
const MIN_FILE_AGE: SignedDuration = SignedDuration::from_hours(6);

const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Until told to stop: every ten minutes, all libraries.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        let now = app.now();
        for library in app.open_all_libraries().await {
            if let Err(error) = clean_up_library(&library, now).await {
                tracing::error!(
                    library = library.id(),
                    error = format_args!("{error:#}"),
                    "couldn't clean up a library"
                );
            }
        }
        if let Err(error) = app.accounts.sweep_sessions(now).await {
            tracing::error!(error = format_args!("{error:#}"), "couldn't remove expired sessions");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// One library.
///
/// # Errors
/// The database or the disk fails; what was not swept is swept the next time.
pub async fn clean_up_library(library: &Library, now: Timestamp) -> anyhow::Result<()> {
    while articles::purge(library, now - articles::TRASH).await? > 0 {}
    while versions::forget_old(library, now - versions::KEPT).await? > 0 {}
    remove_unreferenced_snapshots(library, now - MIN_FILE_AGE).await?;
    while !images::unnamed(library).await?.is_empty() {}
    remove_unreferenced_images(library, now - MIN_FILE_AGE).await
}

async fn remove_unreferenced_snapshots(library: &Library, before: Timestamp) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let old = snapshots::older_than(library, before, after).await?;
        let Some(last) = old.last() else { return Ok(()) };
        after = *last;
        let referenced = articles::named_snapshots(library, &old).await?;
        let unreferenced: Vec<i64> = old.iter().filter(|id| !referenced.contains(id)).copied().collect();
        if !unreferenced.is_empty() {
            snapshots::remove(library, &unreferenced).await?;
        }
    }
}

async fn remove_unreferenced_images(library: &Library, before: Timestamp) -> anyhow::Result<()> {
    let folder = library.clone();
    let files = tokio::task::spawn_blocking(move || library::image_files::all(&folder)).await??;
    for (hash, written) in files {
        if is_before(written, before) && !images::is_named(library, &hash).await? {
            // Kept once more since the folder was read, it is young again, and its row is on its way.
            let is_still_old = std::fs::metadata(library::image_files::path(library, &hash))
                .and_then(|file| file.modified())
                .is_ok_and(|written| is_before(written, before));
            if is_still_old {
                library::image_files::remove(library, &hash)?;
            }
        }
    }
    Ok(())
}

/// A file from before 1970 or from the far future counts as young: nothing is lost by keeping it.
fn is_before(written: SystemTime, before: Timestamp) -> bool {
    Timestamp::try_from(written).is_ok_and(|written| written < before)
}
