//! File operations that survive a power failure: write under a temporary name, sync, rename, sync the folder.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::library::image_files::ImageHash;
use crate::storage::checksum::{self, Checksum};
use crate::storage::private_files;

/// The result of copying an image file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImageCopy {
    Done,
    /// The file does not exist.
    Missing,
    /// The hash of the file is not its name.
    Damaged,
}

pub(super) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    private_files::create_folder(folder).with_context(|| format!("creating the folder {}", folder.display()))
}

/// Removes a folder and its contents, if it exists.
pub(super) fn remove_folder(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

pub(super) fn is_empty(folder: &Path) -> anyhow::Result<bool> {
    // The root of an ext4 disk has this folder.
    let mut entries = fs::read_dir(folder)?;
    Ok(entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == "lost+found")))
}

/// Renames a file or folder, and syncs its new parent folder.
pub(super) fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::rename(from, to).with_context(|| format!("renaming {} to {}", from.display(), to.display()))?;
    sync_folder(to.parent().expect("renamed files are in a folder"))
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_synced(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// Returns whether an image is in the backup already. Compares sizes only; `backup --verify` and a restore
/// check the hash. An image that the
/// library has lost counts as copied, so that the backup keeps it.
pub(super) fn is_image_copied(from: &Path, to: &Path) -> bool {
    let size = |path: &Path| fs::metadata(path).map(|file| file.len()).ok();
    size(to).is_some_and(|copied| size(from).is_none_or(|original| original == copied))
}

/// Copies a file atomically. Returns the checksum of the copied bytes.
pub(super) fn copy(from: &Path, to: &Path) -> anyhow::Result<Checksum> {
    let part = to.with_extension("part");
    let copied = File::open(from).and_then(|mut from| copy_to(&mut from, &part)).and_then(|sum| {
        fs::rename(&part, to)?;
        Ok(sum)
    });
    copied.with_context(|| format!("copying {} to {}", from.display(), to.display()))
}

/// Copies an image file atomically, checking its hash.
pub(super) fn copy_image(from: &Path, to: &Path, hash: &ImageHash) -> anyhow::Result<ImageCopy> {
    let mut original = match File::open(from) {
        Ok(original) => original,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ImageCopy::Missing),
        Err(error) => return Err(error).with_context(|| format!("reading {}", from.display())),
    };
    make_folder(to.parent().expect("images are in a folder"))?;
    let part = to.with_extension("part");
    let copied =
        copy_to(&mut original, &part).with_context(|| format!("copying {} to {}", from.display(), part.display()))?;
    if copied.sha256 != hash.as_str() {
        fs::remove_file(&part).with_context(|| format!("removing {}", part.display()))?;
        return Ok(ImageCopy::Damaged);
    }
    rename(&part, to)?;
    Ok(ImageCopy::Done)
}

fn copy_to(from: &mut File, to: &Path) -> io::Result<Checksum> {
    let mut file = private_files::replace_file(to)?;
    let copied = checksum::copy(from, &mut file)?;
    file.sync_all()?;
    Ok(copied)
}

/// Syncs a file that is already written.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path)?.sync_all()
}

/// Syncs a folder and its subfolders: the entries, not the file contents.
pub(super) fn sync_folders(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(folder)
}

/// Lists all files in a folder and its subfolders, as sorted relative paths.
pub(super) fn list_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
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

/// Lists the subfolders whose names are numbers, and links with such names, sorted. Returns none if the folder is missing.
pub(super) fn numbered_folders(folder: &Path) -> anyhow::Result<Vec<i64>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_file() {
            numbers.extend(entry.file_name().to_str().and_then(|name| name.parse::<i64>().ok()));
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Removes every file that is not a referenced image. Returns how many.
pub(super) fn remove_other_images(folder: &Path, referenced: &HashSet<ImageHash>) -> anyhow::Result<usize> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut removed = 0;
    for file in list_files(folder)? {
        let digits: String = file.iter().map(|part| part.to_string_lossy()).collect();
        if ImageHash::parse(&digits).is_none_or(|hash| !referenced.contains(&hash)) {
            fs::remove_file(folder.join(&file)).with_context(|| format!("removing {}", file.display()))?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private_files::replace_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> anyhow::Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(|| format!("syncing {}", folder.display()))
}
