//! Restoring a backup: checks all of it, copies it into the data folder, checks the copy, then replaces the data by
//! renaming.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::library::image_files::path_in;
use crate::ops::backup::check::Backup;
use crate::ops::backup::{Fault, MANIFEST, Manifest, files, store};
use crate::ops::data_dir::{DataDir, RESTORED_DIR, STAGING_DIR};

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

/// Files named in one message at most.
const MAX_NAMED: usize = 10;

/// What to do with a backup that is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Refuse,
    Salvage,
}

/// Replaces the data in `data` by the backup. An interrupted restore can be run again.
///
/// # Errors
/// There is no backup, or any file of it is damaged; the data folder is in use, full, or has data that may not be moved.
/// The data then stays unchanged, unless the final renaming fails.
pub async fn restore(
    backup: &Path,
    data: &Path,
    on_existing: ExistingData,
    now: Timestamp,
) -> anyhow::Result<RestoreReport> {
    let backup = Backup::open(backup).await?;
    let faults = backup.check().await?;
    anyhow::ensure!(faults.is_empty(), refusal(&faults));
    replace_data(&backup, Damage::Refuse, data, on_existing, now).await
}

/// Restores what is left of a damaged backup: without its damaged images, and with databases that have changed, as long
/// as SQLite can read them.
///
/// # Errors
/// As [`restore`], but only if the manifest or a database cannot be read.
pub async fn salvage(
    backup: &Path,
    data: &Path,
    on_existing: ExistingData,
    now: Timestamp,
) -> anyhow::Result<RestoreReport> {
    replace_data(&Backup::open(backup).await?, Damage::Salvage, data, on_existing, now).await
}

/// Says what is wrong with which files, and what to do.
fn refusal(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().take(MAX_NAMED).map(Fault::to_string).collect();
    if faults.len() > MAX_NAMED {
        lines.push(format!("{} more files have changed.", faults.len() - MAX_NAMED));
    }
    lines.push("Nothing was restored. Use another backup or another copy of this one.".to_owned());
    lines.push("If there is none, --salvage restores what can still be read.".to_owned());
    lines.join("\n")
}

async fn replace_data(
    backup: &Backup,
    damage: Damage,
    data: &Path,
    on_existing: ExistingData,
    now: Timestamp,
) -> anyhow::Result<RestoreReport> {
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
    let images_lost = match copy_and_verify(backup, damage, &staged).await {
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
    Ok(RestoreReport { manifest: backup.manifest().clone(), images_lost, moved_to })
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
async fn copy_and_verify(backup: &Backup, damage: Damage, staged: &Path) -> anyhow::Result<i64> {
    let manifest = backup.manifest();
    files::make_folder(&staged.join("libraries"))?;
    copy_database(backup, damage, staged, Path::new("accounts.db")).await?;
    let people = store::count_people(&staged.join("accounts.db")).await?;
    anyhow::ensure!(
        people == manifest.people || damage == Damage::Salvage,
        "The backup has {people} accounts, but {MANIFEST} says {}.",
        manifest.people
    );
    let mut lost = 0;
    for listed in &manifest.libraries {
        let name = PathBuf::from("libraries").join(listed.id.to_string());
        let folder = staged.join(&name);
        files::make_folder(&folder.join("images"))?;
        copy_database(backup, damage, staged, &name.join("library.db")).await?;
        copy_database(backup, damage, staged, &name.join("snapshots.db")).await?;
        let mut counts = store::count_library(&folder, listed.id).await?;
        counts.images_missing = listed.images_missing;
        counts.images -= listed.images_missing;
        anyhow::ensure!(
            counts == *listed || damage == Damage::Salvage,
            "Library {} doesn't match {MANIFEST}.",
            listed.id
        );
        let mut missing = 0;
        for hash in store::referenced_images(&folder.join("library.db")).await? {
            let copied = files::copy_image(&backup.find(&path_in(&name, &hash)), &path_in(&folder, &hash), &hash)?;
            missing += i64::from(copied != files::ImageCopy::Done);
        }
        lost += missing - listed.images_missing;
    }
    anyhow::ensure!(
        lost == 0 || damage == Damage::Salvage || !manifest.has_checksums(),
        "{lost} images of the backup couldn't be read again. Nothing was restored. Check the disk."
    );
    Ok(lost)
}

/// Copies a database and checks the copy: a disk may answer differently the second time it is asked.
async fn copy_database(backup: &Backup, damage: Damage, staged: &Path, file: &Path) -> anyhow::Result<()> {
    let (original, copied) = (backup.find(file), staged.join(file));
    let sum = files::copy(&original, &copied)?;
    let listed = file.to_str().and_then(|name| backup.manifest().files.get(name));
    let is_as_listed = listed == Some(&sum) || damage == Damage::Salvage || !backup.manifest().has_checksums();
    let damage = match store::find_damage(&copied).await? {
        None if is_as_listed => return Ok(()),
        found => found.unwrap_or_else(|| "it has changed since the backup was made".to_owned()),
    };
    anyhow::bail!(
        "{} is damaged: {damage}. Nothing was restored. Use another backup or another copy of this one.",
        original.display()
    )
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
