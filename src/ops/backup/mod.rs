//! Backups: a copy of the data folder that is whole at every moment, made while the server runs.
//!
//! A backup looks like a data folder, with a list of what is in it:
//!
//! ```text
//! backup.json              when it was made, and how much of what it has
//! accounts.db
//! libraries/1/library.db   snapshots.db   images/ab/cdef…
//! .partial/                databases while they are copied and checked
//! .ready/                  databases that are whole and on their way to their places
//! ```
//!
//! The one moment at which the old backup becomes the new one is when `.partial` is renamed to `.ready`. What was
//! interrupted before it leaves the old backup, what was interrupted after it is finished by the next backup, and a
//! restore reads from `.ready` first. Pictures never change under their name, so they are only ever added, and those
//! that nothing names any more are taken away last.
//!
//! Works on files, not on an open [`Library`](crate::library::Library): it must not bring a schema up to date under a
//! running server. The file work blocks; the commands that do it do nothing else.

mod files;
mod restore;
mod store;

pub use restore::{ExistingData, RestoreReport, restore};

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::library::image_files::{Hash, path_in};
use crate::storage::private_files;

/// How often a library is copied anew because the server swept away what the copy still referenced.
const MAX_ATTEMPTS: usize = 3;

const MANIFEST: &str = "backup.json";
const PARTIAL_DIR: &str = ".partial";
const READY_DIR: &str = ".ready";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When it was begun, in Unix seconds.
    pub created_at: i64,
    /// The version of the program that made it.
    pub version: String,
    /// How many people have an account.
    pub people: i64,
    /// The libraries, by number.
    pub libraries: Vec<LibraryCounts>,
}

/// What one library in a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryCounts {
    /// Its number.
    pub id: i64,
    /// Articles, those in the trash too.
    pub articles: i64,
    /// Imports, done or not.
    pub imports: i64,
    /// Pages as they arrived.
    pub snapshots: i64,
    /// Pictures that are in the backup.
    pub images: i64,
    /// Pictures that are referenced but were gone from the library itself.
    pub images_missing: i64,
    /// Pages that are referenced but were gone from the library itself.
    pub snapshots_missing: i64,
}

/// What a backup did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// What is in the backup now.
    pub manifest: Manifest,
    /// Pictures that were not in it before.
    pub images_added: usize,
    /// Pictures that nothing names any more.
    pub images_removed: usize,
}

/// Brings the backup in `target` up to date with the data folder, which may be in use.
///
/// # Errors
/// Nothing to back up; the target lies in the data folder, is being written by another backup, or has no room; a
/// database is damaged. The backup that was there before stays as it was.
pub async fn back_up(data: &Path, target: &Path, now: Timestamp) -> anyhow::Result<BackupReport> {
    anyhow::ensure!(data.join("accounts.db").is_file(), "Nothing to back up in {}.", data.display());
    let _lock = prepare_target(data, target)?;
    let partial = target.join(PARTIAL_DIR);
    files::make_folder(&partial)?;
    let mut images_added = 0;
    let people = copy_accounts(data, &partial).await?;
    let mut libraries = Vec::new();
    for id in files::numbered_folders(&data.join("libraries"))? {
        let (counts, added) =
            copy_library(data, target, id).await.with_context(|| format!("backing up library {id}"))?;
        libraries.push(counts);
        images_added += added;
    }
    let manifest =
        Manifest { created_at: now.as_second(), version: env!("CARGO_PKG_VERSION").to_owned(), people, libraries };
    files::write(&partial.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)?;
    files::sync_folders(&partial)?;
    files::rename(&partial, &target.join(READY_DIR))?;
    move_ready_files(target)?;
    let images_removed = remove_unreferenced_images(target, &manifest).await?;
    Ok(BackupReport { manifest, images_added, images_removed })
}

/// Makes the target fit to be written to: exists, is ours alone, and holds one whole backup or none.
fn prepare_target(data: &Path, target: &Path) -> anyhow::Result<std::fs::File> {
    files::make_folder(target)?;
    let (inside, outside) = (target.canonicalize()?, data.canonicalize()?);
    anyhow::ensure!(
        !inside.starts_with(&outside),
        "A backup inside the data folder would be lost with it. Use a folder outside {}.",
        data.display()
    );
    anyhow::ensure!(
        files::is_empty(target)? || target.join("backup.lock").exists(),
        "{} contains files that aren't a backup. Use an empty folder or a new one.",
        target.display()
    );
    let lock = std::fs::File::create(target.join("backup.lock"))
        .with_context(|| format!("can't write to {}", target.display()))?;
    private_files::tighten(target).with_context(|| format!("making {} private", target.display()))?;
    anyhow::ensure!(lock.try_lock().is_ok(), "Another backup to {} is running.", target.display());
    move_ready_files(target)?;
    files::remove_folder(&target.join(PARTIAL_DIR))?;
    Ok(lock)
}

/// Moves databases that are whole to their places; the list goes last, since until then all is to be found in `.ready`.
fn move_ready_files(target: &Path) -> anyhow::Result<()> {
    let ready = target.join(READY_DIR);
    if !ready.exists() {
        return Ok(());
    }
    let mut databases = files::list_files(&ready)?;
    databases.sort_by_key(|file| file.as_path() == Path::new(MANIFEST));
    for file in databases {
        let destination = target.join(&file);
        files::make_folder(destination.parent().expect("a file of a backup lies in a folder"))?;
        files::rename(&ready.join(&file), &destination)?;
    }
    files::remove_folder(&ready)
}

async fn copy_accounts(data: &Path, partial: &Path) -> anyhow::Result<i64> {
    let copied = partial.join("accounts.db");
    store::copy_database(&data.join("accounts.db"), &copied).await?;
    verify(&copied).await?;
    store::count_people(&copied).await
}

async fn verify(copied: &Path) -> anyhow::Result<()> {
    match store::find_damage(copied).await? {
        Some(damage) => {
            anyhow::bail!("The copy {} is damaged: {damage}. The previous backup is unchanged.", copied.display())
        }
        None => Ok(()),
    }
}

/// Copies a library: the rows first, then what they name, so that it is there unless it was swept away in between; then
/// the rows no longer name it either, and it is done again. Answers with how many pictures were new.
async fn copy_library(data: &Path, target: &Path, id: i64) -> anyhow::Result<(LibraryCounts, usize)> {
    let name = PathBuf::from("libraries").join(id.to_string());
    let (from, to) = (data.join(&name), target.join(PARTIAL_DIR).join(&name));
    let mut added = 0;
    for attempt in 1..=MAX_ATTEMPTS {
        files::remove_folder(&to)?;
        files::make_folder(&to)?;
        store::copy_database(&from.join("library.db"), &to.join("library.db")).await?;
        store::copy_database(&from.join("snapshots.db"), &to.join("snapshots.db")).await?;
        verify(&to.join("library.db")).await?;
        verify(&to.join("snapshots.db")).await?;
        let referenced = store::referenced_images(&to.join("library.db")).await?;
        let images = copy_new_images(&from, &target.join(&name), &referenced)?;
        added += images.added;
        let mut counts = store::count_library(&to, id).await?;
        counts.images_missing = images.missing;
        counts.images -= images.missing;
        if attempt == MAX_ATTEMPTS || counts.images_missing + counts.snapshots_missing == 0 {
            return Ok((counts, added));
        }
    }
    unreachable!("the last try returns")
}

struct CopiedImages {
    added: usize,
    missing: i64,
}

/// Copies the pictures that the backup does not have yet.
fn copy_new_images(from: &Path, to: &Path, referenced: &[Hash]) -> anyhow::Result<CopiedImages> {
    let mut images = CopiedImages { added: 0, missing: 0 };
    for hash in referenced {
        let (source, destination) = (path_in(from, hash), path_in(to, hash));
        if files::is_image_copied(&source, &destination) {
            continue;
        }
        match files::copy_image(&source, &destination, hash)? {
            files::ImageCopy::Done => images.added += 1,
            files::ImageCopy::Missing | files::ImageCopy::Damaged => images.missing += 1,
        }
    }
    Ok(images)
}

/// Takes away pictures that the new backup does not name; all of them in a library that is not in it any more.
async fn remove_unreferenced_images(target: &Path, manifest: &Manifest) -> anyhow::Result<usize> {
    let mut removed = 0;
    for id in files::numbered_folders(&target.join("libraries"))? {
        let folder = target.join("libraries").join(id.to_string());
        if !manifest.libraries.iter().any(|library| library.id == id) {
            files::remove_folder(&folder)?;
            continue;
        }
        let referenced: HashSet<Hash> =
            store::referenced_images(&folder.join("library.db")).await?.into_iter().collect();
        removed += files::remove_other_images(&folder.join("images"), &referenced)?;
    }
    Ok(removed)
}
