//! Putting a backup in the place of what is kept: copied and checked beside it, then exchanged by renaming.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;

use crate::library::image_files::path_in;
use crate::ops::backup::{Contents, LIST, READY, files, store};
use crate::ops::data_dir::{self, DataFolder, RESTORED};
use crate::storage::database::SchemaMismatch;

/// Where the backup is copied to and checked, before anything is exchanged.
const RESTORING: &str = "restoring";

/// What to do with what is kept already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Present {
    /// Restore only into a folder in which nothing is kept.
    Refuse,
    /// Move it to a folder of its own within the data folder.
    MoveAside,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What is kept now.
    pub contents: Contents,
    /// Pictures whose bytes in the backup were damaged or gone, besides those that were missing when it was made.
    pub pictures_lost: i64,
    /// Where that is which was kept before, if anything was.
    pub aside: Option<PathBuf>,
}

/// Puts the backup in the place of what is kept in `data`. An interrupted restore can be run again.
///
/// # Errors
/// There is no backup; it is damaged; the data folder is in use, or something is kept in it and `present` refuses; no
/// room. Unless the last moment is interrupted, the data folder stays as it was.
pub async fn restore(backup: &Path, data: &Path, present: Present, now: Timestamp) -> anyhow::Result<Restored> {
    let contents = contents(backup)?;
    for folder in [backup, &backup.join(READY)] {
        anyhow::ensure!(
            data_dir::find_mismatch(folder).await != Some(SchemaMismatch::Incompatible),
            "The backup in {} was made by an earlier development version of Broadsheet, and this version cannot read it. \
             Restore another backup.",
            backup.display()
        );
    }
    let _held = DataFolder::alone(data)?;
    let kept = kept(data)?;
    anyhow::ensure!(
        kept.is_empty() || present == Present::MoveAside,
        "{} is not empty. Use --force to move its contents aside.",
        data.display()
    );
    let staged = data.join(RESTORING);
    files::remove_folder(&staged)?;
    files::make_folder(&staged)?;
    let pictures_lost = match copy_back(backup, &staged, &contents).await {
        Ok(lost) => lost,
        Err(problem) => {
            files::remove_folder(&staged)?;
            return Err(problem);
        }
    };
    files::sync_folders(&staged)?;
    files::remove_folder(&data.join(RESTORED))?;
    files::rename(&staged, &data.join(RESTORED))?;
    let aside = move_aside(data, &kept, now)?;
    for name in ["libraries", "accounts.db"] {
        files::rename(&data.join(RESTORED).join(name), &data.join(name))?;
    }
    files::remove_folder(&data.join(RESTORED))?;
    Ok(Restored { contents, pictures_lost, aside })
}

/// What the backup says of itself.
fn contents(backup: &Path) -> anyhow::Result<Contents> {
    let list = place(backup, Path::new(LIST));
    let text = match std::fs::read(&list) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = backup.display();
            anyhow::bail!("No backup in {folder}: {LIST} is missing. Use the folder that the backup was written to.")
        }
        read => read.with_context(|| format!("can't read {}", list.display()))?,
    };
    serde_json::from_slice(&text).with_context(|| format!("can't read {}", list.display()))
}

/// Where a file of a backup is: an interrupted backup may not have moved it to its place yet.
fn place(backup: &Path, file: &Path) -> PathBuf {
    let ready = backup.join(READY).join(file);
    if ready.exists() { ready } else { backup.join(file) }
}

/// What of a data folder would be in the way of a restore.
fn kept(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(data)? {
        let name = entry?.file_name();
        if name == "libraries" || name.to_string_lossy().starts_with("accounts.") {
            kept.push(PathBuf::from(name));
        }
    }
    Ok(kept)
}

/// Copies all that the backup lists, and checks it. Answers with how many pictures could not be had.
async fn copy_back(backup: &Path, staged: &Path, contents: &Contents) -> anyhow::Result<i64> {
    files::make_folder(&staged.join("libraries"))?;
    copy_database(backup, staged, Path::new("accounts.db")).await?;
    let people = store::people(&staged.join("accounts.db")).await?;
    anyhow::ensure!(
        people == contents.people,
        "The backup has {people} accounts, but {LIST} says {}.",
        contents.people
    );
    let mut lost = 0;
    for listed in &contents.libraries {
        let name = PathBuf::from("libraries").join(listed.id.to_string());
        let folder = staged.join(&name);
        files::make_folder(&folder.join("images"))?;
        copy_database(backup, staged, &name.join("library.db")).await?;
        copy_database(backup, staged, &name.join("snapshots.db")).await?;
        let mut holdings = store::holdings(&folder, listed.id).await?;
        holdings.pictures_missing = listed.pictures_missing;
        holdings.pictures -= listed.pictures_missing;
        anyhow::ensure!(holdings == *listed, "Library {} doesn't match {LIST}.", listed.id);
        let mut missing = 0;
        for hash in store::pictures(&folder.join("library.db")).await? {
            let from = path_in(&backup.join(&name), &hash);
            let copied = files::copy_picture(&from, &path_in(&folder, &hash), &hash)?;
            missing += i64::from(copied != files::Copied::Whole);
        }
        lost += missing - listed.pictures_missing;
    }
    Ok(lost)
}

async fn copy_database(backup: &Path, staged: &Path, file: &Path) -> anyhow::Result<()> {
    let (original, copied) = (place(backup, file), staged.join(file));
    files::copy(&original, &copied)?;
    match store::damage(&copied).await? {
        Some(damage) => anyhow::bail!(
            "{} is damaged: {damage}. Nothing was restored. Use another backup or another copy of this one.",
            original.display()
        ),
        None => Ok(()),
    }
}

/// Moves what is kept to a folder that is named after the time.
fn move_aside(data: &Path, kept: &[PathBuf], now: Timestamp) -> anyhow::Result<Option<PathBuf>> {
    if kept.is_empty() {
        return Ok(None);
    }
    let stamp = now.strftime("before-restore-%Y-%m-%dT%H%M%SZ").to_string();
    let aside = (0..)
        .map(|number| data.join(if number == 0 { stamp.clone() } else { format!("{stamp}-{number}") }))
        .find(|path| !path.exists())
        .expect("some number is free");
    files::make_folder(&aside)?;
    for name in kept {
        files::rename(&data.join(name), &aside.join(name))?;
    }
    Ok(Some(aside))
}
