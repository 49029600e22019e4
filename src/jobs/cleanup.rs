//! Moves what is over the limit of its feed to the trash, and deletes what is no longer needed: articles in the trash, previous versions and operations after thirty days, snapshots and
//! images without a row that refers to them, expired sessions, and temporary files. A clock that is far off deletes nothing
//! (see [`clock`]).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::library::articles::{self, versions};
use crate::library::clock::{self, Belief};
use crate::library::exports;
use crate::library::images;
use crate::library::{Library, operations, snapshots, sources, thumbnails};
use crate::ops::disk_space::DiskState;
use crate::ops::{leftovers, login_reserve};

/// Snapshots are saved before the row that refers to them, so younger ones may still get one.
const MIN_SNAPSHOT_AGE: SignedDuration = SignedDuration::from_hours(6);

const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Cleans up all libraries every ten minutes until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = clean_up_files(&app) {
            tracing::error!(error = format_args!("{error:#}"), "couldn't clean up the data folder");
        }
        // Deleting rows needs room in the journals.
        if !app.wait_for_room(&stop).await {
            return;
        }
        clean_up(&app).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Deletes old temporary files, and keeps room for logins on a full disk.
///
/// # Errors
/// The data folder cannot be read or written to.
pub fn clean_up_files(app: &App) -> anyhow::Result<()> {
    leftovers::delete_old(&app.data_dir)?;
    if app.disk_state() == DiskState::Full { Ok(()) } else { login_reserve::create(&app.data_dir) }
}

/// Cleans up all libraries, then the sessions, unless a library doubts the clock. Logs what fails.
pub async fn clean_up(app: &App) {
    let now = app.now();
    let mut is_doubted = false;
    for library in app.open_all_libraries().await {
        match clean_up_library(&library, now).await {
            Ok(cleaned) => is_doubted |= cleaned == CleanUp::ClockDoubted,
            Err(error) => tracing::error!(
                library = library.id(),
                error = format_args!("{error:#}"),
                "couldn't clean up a library"
            ),
        }
    }
    if is_doubted {
        return;
    }
    if let Err(error) = app.accounts.delete_expired_sessions(now).await {
        tracing::error!(error = format_args!("{error:#}"), "couldn't remove expired sessions");
    }
}

/// Whether a library was cleaned up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CleanUp {
    /// It was.
    Done,
    /// Nothing was deleted, since the computer's clock may be wrong.
    ClockDoubted,
}

/// Cleans up one library, unless the clock may be wrong.
///
/// # Errors
/// The database or the disk fails. The next run cleans up the rest.
pub async fn clean_up_library(library: &Library, now: Timestamp) -> anyhow::Result<CleanUp> {
    // Those of older versions of the program.
    sources::show_letters(library).await?;
    let (clock, belief) = clock::observe(library, now).await?;
    match belief {
        Belief::Right => {}
        Belief::Settled => {
            while articles::renew_trash(library, now).await? > 0 {}
            while versions::renew_time(library, now).await? > 0 {}
            operations::renew(library, now).await?;
            clock::settle(library, now).await?;
            tracing::info!(library = library.id(), "the clock is believed again; the trash has all its days again");
        }
        Belief::Jumped => {
            tracing::warn!(
                library = library.id(),
                seen_at = %clock.seen_at(),
                %now,
                "the clock jumped, so nothing is deleted until it is right again or has gone on for a day"
            );
            return Ok(CleanUp::ClockDoubted);
        }
        Belief::Doubted(_) => return Ok(CleanUp::ClockDoubted),
    }
    delete_unneeded(library, now).await?;
    Ok(CleanUp::Done)
}

async fn delete_unneeded(library: &Library, now: Timestamp) -> anyhow::Result<()> {
    operations::apply_limits(library, now).await?;
    while articles::purge_trash(library, now - articles::TRASH_RETENTION).await? > 0 {}
    while versions::delete_old(library, now - versions::RETENTION).await? > 0 {}
    while operations::delete_old(library, now).await? {}
    exports::interrupt_unfinished(library, now - MIN_SNAPSHOT_AGE).await?;
    remove_unreferenced_snapshots(library, now - MIN_SNAPSHOT_AGE).await?;
    while !images::delete_unreferenced(library).await?.is_empty() {}
    images::delete_files_without_row(library).await?;
    thumbnails::delete_without_image(library).await?;
    Ok(())
}

async fn remove_unreferenced_snapshots(library: &Library, before: Timestamp) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let old = snapshots::list_older_than(library, before, after).await?;
        let Some(last) = old.last() else { return Ok(()) };
        after = *last;
        let referenced = articles::find_referenced_snapshots(library, &old).await?;
        let unreferenced: Vec<i64> = old.iter().filter(|id| !referenced.contains(id)).copied().collect();
        if !unreferenced.is_empty() {
            snapshots::delete(library, &unreferenced).await?;
        }
    }
}
