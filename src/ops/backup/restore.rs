//! Restoring a backup: copies and checks it inside the data folder, then replaces the data by renaming.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;

use crate::library::image_files::path_in;
use crate::ops::backup::{MANIFEST, Manifest, READY_DIR, files, store};
use crate::ops::data_dir::{self, DataDir, RESTORED_DIR};
use crate::storage::database::SchemaMismatch;

/// Where the backup is copied and checked before any data is replaced.
pub(in crate::ops) const STAGING_DIR: &str = "restoring";

/// What to do with data that exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExistingData {
    /// Restore only into a folder without data.
    Refuse,
    /// Move it to a subfolder of the data folder.
    MoveAside,
}

/// The result of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// The manifest of the backup.
    pub manifest: Manifest,
    /// Number of images damaged or missing in the backup, not counting those missing when it was made.
    pub images_lost: i64,
    /// Where the previous data is now, if there was any.
    pub moved_to: Option<PathBuf>,
}

/// Replaces the data in `data` by the backup. An interrupted restore can be run again.
///
/// # Errors
/// There is no backup, or it is damaged; the data folder is in use, full, or has data that may not be moved. The data
/// then stays unchanged, unless the final renaming fails.
pub async fn restore(
    backup: &Path,
    data: &Path,
    on_existing: ExistingData,
    now: Timestamp,
) -> anyhow::Result<RestoreReport> {
    let manifest = read_manifest(backup).await?;
    let _data_dir = DataDir::open_exclusive(data)?;
    let existing = find_existing_data(data)?;
    anyhow::ensure!(
        existing.is_empty() || on_existing == ExistingData::MoveAside,
        "{} is not empty. Use --force to move its contents aside.",
        data.display()
    );
    let staged = data.join(STAGING_DIR);
    files::remove_folder(&staged)?;
    files::make_folder(&staged)?;
    let images_lost = match copy_and_verify(backup, &staged, &manifest).await {
        Ok(lost) => lost,
        Err(problem) => {
            files::remove_folder(&staged)?;
            return Err(problem);
        }
    };
    files::sync_folders(&staged)?;
    files::remove_folder(&data.join(RESTORED_DIR))?;
    files::rename(&staged, &data.join(RESTORED_DIR))?;
    let moved_to = move_aside(data, &existing, now)?;
    for name in ["libraries", "accounts.db"] {
        files::rename(&data.join(RESTORED_DIR).join(name), &data.join(name))?;
    }
    files::remove_folder(&data.join(RESTORED_DIR))?;
    Ok(RestoreReport { manifest, images_lost, moved_to })
}

async fn read_manifest(backup: &Path) -> anyhow::Result<Manifest> {
    let list = find_file(backup, Path::new(MANIFEST));
    let text = match std::fs::read(&list) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = backup.display();
            anyhow::bail!(
                "No backup in {folder}: {MANIFEST} is missing. Use the folder that the backup was written to."
            )
        }
        read => read.with_context(|| format!("can't read {}", list.display()))?,
    };
    // Before parsing, since an old manifest may have other fields.
    for folder in [backup, &backup.join(READY_DIR)] {
        anyhow::ensure!(
            data_dir::find_mismatch(folder).await != Some(SchemaMismatch::Incompatible),
            "The backup in {} was made by an earlier development version of Broadsheet, and this version cannot read it. \
             Restore another backup.",
            backup.display()
        );
    }
    serde_json::from_slice(&text).with_context(|| format!("can't read {}", list.display()))
}

/// Returns the path of a file in a backup, which an interrupted backup may have left in `.ready`.
fn find_file(backup: &Path, file: &Path) -> PathBuf {
    let ready = backup.join(READY_DIR).join(file);
    if ready.exists() { ready } else { backup.join(file) }
}

/// Lists the entries of a data folder that a restore would replace.
fn find_existing_data(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut existing = Vec::new();
    for entry in std::fs::read_dir(data)? {
        let name = entry?.file_name();
        if name == "libraries" || name.to_string_lossy().starts_with("accounts.") {
            existing.push(PathBuf::from(name));
        }
    }
    Ok(existing)
}

/// Copies and checks everything in the manifest. Returns the number of lost images.
async fn copy_and_verify(backup: &Path, staged: &Path, manifest: &Manifest) -> anyhow::Result<i64> {
    files::make_folder(&staged.join("libraries"))?;
    copy_database(backup, staged, Path::new("accounts.db")).await?;
    let people = store::count_people(&staged.join("accounts.db")).await?;
    anyhow::ensure!(
        people == manifest.people,
        "The backup has {people} accounts, but {MANIFEST} says {}.",
        manifest.people
    );
    let mut lost = 0;
    for listed in &manifest.libraries {
        let name = PathBuf::from("libraries").join(listed.id.to_string());
        let folder = staged.join(&name);
        files::make_folder(&folder.join("images"))?;
        copy_database(backup, staged, &name.join("library.db")).await?;
        copy_database(backup, staged, &name.join("snapshots.db")).await?;
        let mut counts = store::count_library(&folder, listed.id).await?;
        counts.images_missing = listed.images_missing;
        counts.images -= listed.images_missing;
        anyhow::ensure!(counts == *listed, "Library {} doesn't match {MANIFEST}.", listed.id);
        let mut missing = 0;
        for hash in store::referenced_images(&folder.join("library.db")).await? {
            let from = path_in(&backup.join(&name), &hash);
            let copied = files::copy_image(&from, &path_in(&folder, &hash), &hash)?;
            missing += i64::from(copied != files::ImageCopy::Done);
        }
        lost += missing - listed.images_missing;
    }
    Ok(lost)
}

async fn copy_database(backup: &Path, staged: &Path, file: &Path) -> anyhow::Result<()> {
    let (original, copied) = (find_file(backup, file), staged.join(file));
    files::copy(&original, &copied)?;
    match store::find_damage(&copied).await? {
        Some(damage) => anyhow::bail!(
            "{} is damaged: {damage}. Nothing was restored. Use another backup or another copy of this one.",
            original.display()
        ),
        None => Ok(()),
    }
}

/// Moves existing data to a new folder named after the time. Returns its path.
fn move_aside(data: &Path, existing: &[PathBuf], now: Timestamp) -> anyhow::Result<Option<PathBuf>> {
    if existing.is_empty() {
        return Ok(None);
    }
    let stamp = now.strftime("before-restore-%Y-%m-%dT%H%M%SZ").to_string();
    let moved_to = (0..)
        .map(|number| data.join(if number == 0 { stamp.clone() } else { format!("{stamp}-{number}") }))
        .find(|path| !path.exists())
        .expect("some number is free");
    files::make_folder(&moved_to)?;
    for name in existing {
        files::rename(&data.join(name), &moved_to.join(name))?;
    }
    Ok(Some(moved_to))
}
