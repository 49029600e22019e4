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

pub use restore::{Present, Restored, restore};

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::library::image_files::{ImageHash, path_in};
use crate::storage::private_files;

/// How often a library is copied anew because the server swept away what the copy still named.
const TRIES: usize = 3;

const LIST: &str = "backup.json";
const PARTIAL: &str = ".partial";
const READY: &str = ".ready";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// When it was begun, in Unix seconds.
    pub made_at: i64,
    /// The version of the program that made it.
    pub version: String,
    /// How many people have an account.
    pub people: i64,
    /// The libraries, by number.
    pub libraries: Vec<Holdings>,
}

/// What one library in a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// Its number.
    pub id: i64,
    /// Articles, those in the trash too.
    pub articles: i64,
    /// Imports, done or not.
    pub imports: i64,
    /// Pages as they arrived.
    pub snapshots: i64,
    /// Pictures that are in the backup.
    pub pictures: i64,
    /// Pictures that are named but were gone from the library itself.
    pub pictures_missing: i64,
    /// Pages that are named but were gone from the library itself.
    pub snapshots_missing: i64,
}

/// What a backup did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// What is in the backup now.
    pub contents: Contents,
    /// Pictures that were not in it before.
    pub pictures_added: usize,
    /// Pictures that nothing names any more.
    pub pictures_removed: usize,
}

/// Brings the backup in `target` up to date with the data folder, which may be in use.
///
/// # Errors
/// Nothing to back up; the target lies in the data folder, is being written by another backup, or has no room; a
/// database is damaged. The backup that was there before stays as it was.
pub async fn back_up(data: &Path, target: &Path, now: Timestamp) -> anyhow::Result<BackedUp> {
    anyhow::ensure!(data.join("accounts.db").is_file(), "Nothing to back up in {}.", data.display());
    let _lock = prepare(data, target)?;
    let partial = target.join(PARTIAL);
    files::make_folder(&partial)?;
    let mut pictures_added = 0;
    let people = copy_accounts(data, &partial).await?;
    let mut libraries = Vec::new();
    for id in files::numbered_folders(&data.join("libraries"))? {
        let (holdings, added) =
            copy_library(data, target, id).await.with_context(|| format!("backing up library {id}"))?;
        libraries.push(holdings);
        pictures_added += added;
    }
    let contents =
        Contents { made_at: now.as_second(), version: env!("CARGO_PKG_VERSION").to_owned(), people, libraries };
    files::write(&partial.join(LIST), &serde_json::to_vec_pretty(&contents)?)?;
    files::sync_folders(&partial)?;
    files::rename(&partial, &target.join(READY))?;
    settle(target)?;
    let pictures_removed = remove_unnamed(target, &contents).await?;
    Ok(BackedUp { contents, pictures_added, pictures_removed })
}

/// Makes the target fit to be written to: exists, is ours alone, and holds one whole backup or none.
fn prepare(data: &Path, target: &Path) -> anyhow::Result<std::fs::File> {
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
    private_files::restrict_access(target).with_context(|| format!("making {} private", target.display()))?;
    anyhow::ensure!(lock.try_lock().is_ok(), "Another backup to {} is running.", target.display());
    settle(target)?;
    files::remove_folder(&target.join(PARTIAL))?;
    Ok(lock)
}

/// Moves databases that are whole to their places; the list goes last, since until then all is to be found in `.ready`.
fn settle(target: &Path) -> anyhow::Result<()> {
    let ready = target.join(READY);
    if !ready.exists() {
        return Ok(());
    }
    let mut databases = files::list(&ready)?;
    databases.sort_by_key(|file| file.as_path() == Path::new(LIST));
    for file in databases {
        let place = target.join(&file);
        files::make_folder(place.parent().expect("a file of a backup lies in a folder"))?;
        files::rename(&ready.join(&file), &place)?;
    }
    files::remove_folder(&ready)
}

async fn copy_accounts(data: &Path, partial: &Path) -> anyhow::Result<i64> {
    let copied = partial.join("accounts.db");
    store::copy(&data.join("accounts.db"), &copied).await?;
    check(&copied).await?;
    store::people(&copied).await
}

async fn check(copied: &Path) -> anyhow::Result<()> {
    match store::damage(copied).await? {
        Some(damage) => {
            anyhow::bail!("The copy {} is damaged: {damage}. The previous backup is unchanged.", copied.display())
        }
        None => Ok(()),
    }
}

/// Copies a library: the rows first, then what they name, so that it is there unless it was swept away in between; then
/// the rows no longer name it either, and it is done again. Answers with how many pictures were new.
async fn copy_library(data: &Path, target: &Path, id: i64) -> anyhow::Result<(Holdings, usize)> {
    let name = PathBuf::from("libraries").join(id.to_string());
    let (from, to) = (data.join(&name), target.join(PARTIAL).join(&name));
    let mut added = 0;
    for attempt in 1..=TRIES {
        files::remove_folder(&to)?;
        files::make_folder(&to)?;
        store::copy(&from.join("library.db"), &to.join("library.db")).await?;
        store::copy(&from.join("snapshots.db"), &to.join("snapshots.db")).await?;
        check(&to.join("library.db")).await?;
        check(&to.join("snapshots.db")).await?;
        let named = store::pictures(&to.join("library.db")).await?;
        let pictures = add_pictures(&from, &target.join(&name), &named)?;
        added += pictures.added;
        let mut holdings = store::holdings(&to, id).await?;
        holdings.pictures_missing = pictures.missing;
        holdings.pictures -= pictures.missing;
        if attempt == TRIES || holdings.pictures_missing + holdings.snapshots_missing == 0 {
            return Ok((holdings, added));
        }
    }
    unreachable!("the last try returns")
}

struct Pictures {
    added: usize,
    missing: i64,
}

/// Copies the pictures that the backup does not have yet.
fn add_pictures(from: &Path, to: &Path, named: &[ImageHash]) -> anyhow::Result<Pictures> {
    let mut pictures = Pictures { added: 0, missing: 0 };
    for hash in named {
        let (source, place) = (path_in(from, hash), path_in(to, hash));
        if files::is_copied(&source, &place) {
            continue;
        }
        match files::copy_picture(&source, &place, hash)? {
            files::Copied::Whole => pictures.added += 1,
            files::Copied::Gone | files::Copied::Damaged => pictures.missing += 1,
        }
    }
    Ok(pictures)
}

/// Takes away pictures that the new backup does not name; all of them in a library that is not in it any more.
async fn remove_unnamed(target: &Path, contents: &Contents) -> anyhow::Result<usize> {
    let mut removed = 0;
    for id in files::numbered_folders(&target.join("libraries"))? {
        let folder = target.join("libraries").join(id.to_string());
        if !contents.libraries.iter().any(|library| library.id == id) {
            files::remove_folder(&folder)?;
            continue;
        }
        let named: HashSet<ImageHash> = store::pictures(&folder.join("library.db")).await?.into_iter().collect();
        removed += files::remove_other_pictures(&folder.join("images"), &named)?;
    }
    Ok(removed)
}
