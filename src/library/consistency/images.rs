//! Image files against their rows. Both are read in the order of their names, one subfolder at a time, so that a large
//! library needs no memory; every file is read, since its name is the hash of its bytes.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;

use crate::library::Library;
use crate::library::consistency::store;
use crate::library::image_files::{ImageHash, path};
use crate::storage::checksum;

/// Rows changed in one transaction.
const BATCH: usize = 500;

/// What does not agree.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ImageProblems {
    /// Number of files read.
    pub files: usize,
    /// Images whose file is missing.
    pub missing: Vec<ImageHash>,
    /// Images whose file has other bytes than it was stored with.
    pub damaged: Vec<ImageHash>,
    /// Rows that name no image.
    pub broken_rows: i64,
    /// Files that no row refers to, relative to the folder of images.
    pub unused: Vec<PathBuf>,
}

/// Compares files and rows. Files written after `started_before` may be waiting for their row, so they count as used.
///
/// # Errors
/// The database fails, or a folder cannot be read.
pub async fn check_images(library: &Library, started_before: Timestamp) -> anyhow::Result<ImageProblems> {
    let mut problems =
        ImageProblems { broken_rows: store::count_broken_image_rows(library).await?, ..ImageProblems::default() };
    let root = library.folder().join("images");
    let is_old = |file: &Path| {
        let written = std::fs::symlink_metadata(file).and_then(|file| file.modified());
        written.is_ok_and(|written| Timestamp::try_from(written).is_ok_and(|written| written < started_before))
    };
    for (name, is_folder) in list_folder(&root)? {
        let is_start = name.len() == 2 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !(is_folder && is_start) && is_old(&root.join(&name)) {
            problems.unused.push(PathBuf::from(name));
        }
    }
    for start in 0..=u8::MAX {
        let start = format!("{start:02x}");
        let mut files: BTreeMap<String, bool> = list_folder(&root.join(&start))?;
        for hash in store::list_images(library, &start).await? {
            let Some(hash) = ImageHash::parse(&hash) else { continue };
            if files.remove(&hash.as_str()[2..]).is_none() {
                // A server may have deleted both in the meantime, the row first.
                if !store::list_images(library, hash.as_str()).await?.is_empty() {
                    problems.missing.push(hash);
                }
                continue;
            }
            problems.files += 1;
            if !checksum::of_file(&path(library, &hash)).is_ok_and(|sum| sum.sha256 == hash.as_str()) {
                problems.damaged.push(hash);
            }
        }
        let others = files.into_keys().map(|name| Path::new(&start).join(name));
        problems.unused.extend(others.filter(|file| is_old(&root.join(file))));
    }
    Ok(problems)
}

/// Lists the names in a folder, and whether each is a folder. A missing folder is empty.
fn list_folder(folder: &Path) -> anyhow::Result<BTreeMap<String, bool>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.with_context(|| format!("reading {}", folder.display()))?,
    };
    let mut names = BTreeMap::new();
    for entry in entries {
        let entry = entry?;
        names.insert(entry.file_name().to_string_lossy().into_owned(), entry.file_type()?.is_dir());
    }
    Ok(names)
}

/// Deletes damaged and unused files, and has lost images fetched again.
///
/// # Errors
/// The database fails, or a file cannot be deleted.
pub async fn repair_images(library: &Library, problems: &ImageProblems, now: Timestamp) -> anyhow::Result<()> {
    let lost: Vec<ImageHash> = problems.missing.iter().chain(&problems.damaged).cloned().collect();
    let mut batches: Vec<&[ImageHash]> = lost.chunks(BATCH).collect();
    if batches.is_empty() {
        batches.push(&[]);
    }
    for batch in batches {
        store::forget_images(library, batch, now).await?;
    }
    let _no_saving = library.image_files_lock.write().await;
    let damaged = problems.damaged.iter().map(|hash| path(library, hash));
    for file in damaged.chain(problems.unused.iter().map(|file| library.folder().join("images").join(file))) {
        let removed = if file.is_dir() { std::fs::remove_dir_all(&file) } else { std::fs::remove_file(&file) };
        match removed {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed.with_context(|| format!("deleting {}", file.display()))?,
        }
    }
    Ok(())
}
