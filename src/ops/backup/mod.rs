//! Backups: a copy of the data folder that is complete at every moment, made while the server runs.
//!
//! A backup has the layout of a data folder, plus a manifest:
//!
//! ```text
//! backup.json              manifest: creation time, version, counts, size and SHA-256 of every file
//! accounts.db
//! libraries/1/library.db   snapshots.db   images/ab/cdef…
//! .partial/                databases being copied and checked
//! .ready/                  checked databases, to be moved into place
//! ```
//!
//! Renaming `.partial` to `.ready` replaces the old backup by the new one. A backup interrupted before that leaves the
//! old one; one interrupted after it is completed by the next backup, and a restore reads from `.ready` first. Image
//! files are named after their hash and never change, so new ones are added first, and unreferenced ones are deleted
//! last.
//!
//! Works on files, not on an open [`Library`](crate::library::Library), which would migrate the schema under a running
//! server. File operations block: the commands that call them do nothing else.

mod check;
mod files;
mod manifest;
mod restore;
mod store;

pub use check::{Backup, Fault, FaultKind};
pub use manifest::{LibraryCounts, Manifest};
pub use restore::{ExistingData, RestoreReport, restore, salvage};

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;

use crate::library;
use crate::library::image_files::{ImageHash, path_in};
use crate::storage::checksum::{self, Checksum};
use crate::storage::private_files;

/// How often a library is copied if the server deletes files that the copy references.
const MAX_ATTEMPTS: usize = 3;

const MANIFEST: &str = "backup.json";
const LOCK: &str = "backup.lock";
const PARTIAL_DIR: &str = ".partial";
const READY_DIR: &str = ".ready";

/// The result of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The manifest of the backup.
    pub manifest: Manifest,
    /// Number of images added.
    pub images_added: usize,
    /// Number of unreferenced images removed.
    pub images_removed: usize,
}

/// Updates the backup in `target` from the data folder, which may be in use.
///
/// # Errors
/// There is nothing to back up; the target is in the data folder, contains other files, is in use by another backup, or
/// is full; a database is damaged. The previous backup then stays unchanged.
pub async fn back_up(data: &Path, target: &Path, now: Timestamp) -> anyhow::Result<BackupReport> {
    anyhow::ensure!(data.join("accounts.db").is_file(), "Nothing to back up in {}.", data.display());
    let _lock = prepare_target(data, target)?;
    let partial = target.join(PARTIAL_DIR);
    files::make_folder(&partial)?;
    let people = copy_accounts(data, &partial).await?;
    let mut manifest = Manifest::new(now, people);
    let mut images_added = 0;
    for id in files::numbered_folders(&data.join("libraries"))? {
        let (counts, images) =
            copy_library(data, target, id).await.with_context(|| format!("backing up library {id}"))?;
        manifest.libraries.push(counts);
        manifest.files.extend(images.listed);
        images_added += images.added;
    }
    for file in files::list_files(&partial)? {
        let sum = checksum::of_file(&partial.join(&file)).with_context(|| format!("reading {}", file.display()))?;
        manifest.files.insert(name_in_manifest(&file)?, sum);
    }
    files::write(&partial.join(MANIFEST), manifest.to_text()?.as_bytes())?;
    files::sync_folders(&partial)?;
    files::rename(&partial, &target.join(READY_DIR))?;
    move_ready_files(target)?;
    let images_removed = remove_unreferenced_images(target, &manifest).await?;
    Ok(BackupReport { manifest, images_added, images_removed })
}

/// Creates and locks the target folder, and completes or removes what an interrupted backup left. Returns the lock.
fn prepare_target(data: &Path, target: &Path) -> anyhow::Result<std::fs::File> {
    files::make_folder(target)?;
    let (inside, outside) = (target.canonicalize()?, data.canonicalize()?);
    anyhow::ensure!(
        !inside.starts_with(&outside),
        "A backup inside the data folder would be lost with it. Use a folder outside {}.",
        data.display()
    );
    anyhow::ensure!(
        files::is_empty(target)? || target.join(LOCK).exists(),
        "{} contains files that aren't a backup. Use an empty folder or a new one.",
        target.display()
    );
    let lock = private_files::replace_file(&target.join(LOCK))
        .with_context(|| format!("can't write to {}", target.display()))?;
    private_files::restrict_access(target).with_context(|| format!("making {} private", target.display()))?;
    anyhow::ensure!(lock.try_lock().is_ok(), "Another backup to {} is running.", target.display());
    move_ready_files(target)?;
    files::remove_folder(&target.join(PARTIAL_DIR))?;
    Ok(lock)
}

/// Moves the files in `.ready` into place. The manifest goes last: until then, a restore reads from `.ready`.
fn move_ready_files(target: &Path) -> anyhow::Result<()> {
    let ready = target.join(READY_DIR);
    if !ready.exists() {
        return Ok(());
    }
    let mut databases = files::list_files(&ready)?;
    databases.sort_by_key(|file| file.as_path() == Path::new(MANIFEST));
    for file in databases {
        let destination = target.join(&file);
        files::make_folder(destination.parent().expect("files of a backup are in a folder"))?;
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

/// Copies the databases of a library, then the image files they reference. Starts again if the server deleted some of
/// those in between, since the rows are then gone too. Returns the counts and the images.
async fn copy_library(data: &Path, target: &Path, id: i64) -> anyhow::Result<(LibraryCounts, CopiedImages)> {
    let name = PathBuf::from("libraries").join(id.to_string());
    let (from, to) = (data.join(&name), target.join(PARTIAL_DIR).join(&name));
    library::refuse_links(&from)?;
    let mut added = 0;
    for attempt in 1..=MAX_ATTEMPTS {
        files::remove_folder(&to)?;
        files::make_folder(&to)?;
        store::copy_database(&from.join("library.db"), &to.join("library.db")).await?;
        store::copy_database(&from.join("snapshots.db"), &to.join("snapshots.db")).await?;
        verify(&to.join("library.db")).await?;
        verify(&to.join("snapshots.db")).await?;
        let referenced = store::referenced_images(&to.join("library.db")).await?;
        let mut images = copy_new_images(target, &from, &name, &referenced)?;
        added += images.added;
        images.added = added;
        let mut counts = store::count_library(&to, id).await?;
        counts.images_missing = images.missing;
        counts.images -= images.missing;
        if attempt == MAX_ATTEMPTS || counts.images_missing + counts.snapshots_missing == 0 {
            return Ok((counts, images));
        }
    }
    unreachable!("the last attempt returns")
}

/// The images of a library in the backup.
struct CopiedImages {
    added: usize,
    missing: i64,
    /// Their entries in the manifest.
    listed: BTreeMap<String, Checksum>,
}

/// Copies the images that the backup does not have yet, from the folder `from` to `name` in the backup.
fn copy_new_images(target: &Path, from: &Path, name: &Path, referenced: &[ImageHash]) -> anyhow::Result<CopiedImages> {
    let mut images = CopiedImages { added: 0, missing: 0, listed: BTreeMap::new() };
    for hash in referenced {
        let file = path_in(name, hash);
        let (source, destination) = (path_in(from, hash), target.join(&file));
        if !files::is_image_copied(&source, &destination) {
            match files::copy_image(&source, &destination, hash)? {
                files::ImageCopy::Done => images.added += 1,
                files::ImageCopy::Missing | files::ImageCopy::Damaged => {
                    images.missing += 1;
                    continue;
                }
            }
        }
        let size = std::fs::metadata(&destination)?.len();
        images.listed.insert(name_in_manifest(&file)?, Checksum { size, sha256: hash.as_str().to_owned() });
    }
    Ok(images)
}

fn name_in_manifest(file: &Path) -> anyhow::Result<String> {
    file.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", file.display()))
}

/// Removes images that the new backup does not reference, and libraries that it does not contain. Returns the number of
/// images removed.
async fn remove_unreferenced_images(target: &Path, manifest: &Manifest) -> anyhow::Result<usize> {
    let mut removed = 0;
    for id in files::numbered_folders(&target.join("libraries"))? {
        let folder = target.join("libraries").join(id.to_string());
        if !manifest.libraries.iter().any(|library| library.id == id) {
            files::remove_folder(&folder)?;
            continue;
        }
        let referenced: HashSet<ImageHash> =
            store::referenced_images(&folder.join("library.db")).await?.into_iter().collect();
        removed += files::remove_other_images(&folder.join("images"), &referenced)?;
    }
    Ok(removed)
}
