//! Files that are still there after the power went: written under another name, synced, renamed, and the folder synced.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::library::image_files::ImageHash;
use crate::storage::private_files;

/// What became of a picture that was to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copied {
    Whole,
    /// There is no such file.
    Gone,
    /// Its bytes are not those it is named after.
    Damaged,
}

pub(super) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    private_files::create_folder(folder).with_context(|| format!("creating the folder {}", folder.display()))
}

/// Removes the folder and all in it; it is no error if it is not there.
pub(super) fn remove_folder(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

pub(super) fn is_empty(folder: &Path) -> anyhow::Result<bool> {
    // What a disk of its own brings along says nothing.
    let mut entries = fs::read_dir(folder)?;
    Ok(entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == "lost+found")))
}

/// Renames, and syncs the folder in which the new name stands.
pub(super) fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::rename(from, to).with_context(|| format!("renaming {} to {}", from.display(), to.display()))?;
    sync_folder(to.parent().expect("what is renamed lies in a folder"))
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_synced(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// Whether the copy of a picture is there: its size is looked at, its bytes when it is restored. What is gone from the
/// library but still in the backup is kept.
pub(super) fn is_copied(from: &Path, to: &Path) -> bool {
    let size = |path: &Path| fs::metadata(path).map(|file| file.len()).ok();
    size(to).is_some_and(|copied| size(from).is_none_or(|original| original == copied))
}

/// Copies a file under its final name or not at all.
pub(super) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let part = to.with_extension("part");
    let copied = fs::copy(from, &part).and_then(|_| sync(&part)).and_then(|()| fs::rename(&part, to));
    copied.with_context(|| format!("copying {} to {}", from.display(), to.display()))
}

/// Copies a picture under its final name or not at all, reading it to see that it is what its name says.
pub(super) fn copy_picture(from: &Path, to: &Path, hash: &ImageHash) -> anyhow::Result<Copied> {
    let bytes = match fs::read(from) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Copied::Gone),
        Err(error) => return Err(error).with_context(|| format!("reading {}", from.display())),
    };
    if ImageHash::compute(&bytes) != *hash {
        return Ok(Copied::Damaged);
    }
    let folder = to.parent().expect("a picture lies in a folder");
    make_folder(folder)?;
    let part = to.with_extension("part");
    write(&part, &bytes)?;
    rename(&part, to)?;
    Ok(Copied::Whole)
}

/// Syncs a file that something else has written.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path)?.sync_all()
}

/// Syncs the folder and all folders in it: the names, not the files.
pub(super) fn sync_folders(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(folder)
}

/// All files in a folder and the folders in it, by their paths below it, in order.
pub(super) fn list(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// The folders that are named by a number, in order; none when the folder is not there.
pub(super) fn numbered_folders(folder: &Path) -> anyhow::Result<Vec<i64>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            numbers.extend(entry.file_name().to_str().and_then(|name| name.parse::<i64>().ok()));
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Removes every picture that is not named, and what an interrupted copy left.
pub(super) fn remove_other_pictures(folder: &Path, named: &HashSet<ImageHash>) -> anyhow::Result<usize> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut removed = 0;
    for file in list(folder)? {
        let digits: String = file.iter().map(|part| part.to_string_lossy()).collect();
        if ImageHash::parse(&digits).is_none_or(|hash| !named.contains(&hash)) {
            fs::remove_file(folder.join(&file)).with_context(|| format!("removing {}", file.display()))?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> anyhow::Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(|| format!("syncing {}", folder.display()))
}
