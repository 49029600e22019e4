//! Checks a backup: every file against the size and SHA-256 in the manifest. Changes nothing.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::library::image_files::ImageHash;
use crate::ops::backup::manifest::{FORMAT, Manifest, Unreadable};
use crate::ops::backup::{LOCK, MANIFEST, PARTIAL_DIR, READY_DIR, files};
use crate::ops::data_dir;
use crate::storage::checksum::{self, Checksum};
use crate::storage::database::SchemaMismatch;

/// A backup that no other process writes to while this exists.
#[derive(Debug)]
pub struct Backup {
    folder: PathBuf,
    manifest: Manifest,
    _lock: Option<File>,
}

/// A file of a backup that is not as the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path in the backup.
    pub file: PathBuf,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong with a file of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not there.
    Missing,
    /// Its size or its contents are not those of the manifest.
    Changed,
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// The manifest does not list it.
    Unlisted,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match &self.kind {
            FaultKind::Missing => write!(formatter, "{file} is missing."),
            FaultKind::Changed => write!(formatter, "{file} is damaged: it has changed since the backup was made."),
            FaultKind::Unreadable(reason) => write!(formatter, "{file} is damaged: it can't be read ({reason})."),
            FaultKind::Unlisted => write!(formatter, "{file} isn't part of the backup. Move it elsewhere."),
        }
    }
}

impl Backup {
    /// Opens a backup and reads its manifest.
    ///
    /// # Errors
    /// There is no backup, its manifest is damaged or newer than this program, or a backup to this folder is running.
    pub async fn open(folder: &Path) -> anyhow::Result<Self> {
        let lock = lock_for_reading(folder)?;
        let manifest = read_manifest(folder).await?;
        Ok(Self { folder: folder.to_owned(), manifest, _lock: lock })
    }

    /// Returns the manifest.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the path of a file, which an interrupted backup may have left in `.ready`.
    pub(super) fn find(&self, file: &Path) -> PathBuf {
        find_file(&self.folder, file)
    }

    /// Reads every file and returns those that are not as the manifest says, in order. What an interrupted backup leaves,
    /// such as images that the manifest does not list, is no fault.
    ///
    /// # Errors
    /// A folder cannot be read, or the files are sound but of a development version that this one cannot read.
    pub async fn check(&self) -> anyhow::Result<Vec<Fault>> {
        let mut faults = Vec::new();
        if !self.manifest.has_checksums() {
            return Ok(faults);
        }
        for (name, listed) in &self.manifest.files {
            let file = PathBuf::from(name);
            if let Some(kind) = find_fault(&self.find(&file), listed) {
                faults.push(Fault { file, kind });
            }
        }
        for file in files::list_files(&self.folder)? {
            let is_listed = file.to_str().is_some_and(|name| self.manifest.files.contains_key(name));
            if !is_listed && !is_expected(&file) {
                faults.push(Fault { file, kind: FaultKind::Unlisted });
            }
        }
        faults.sort_by(|one, other| one.file.cmp(&other.file));
        if faults.is_empty() {
            refuse_development_version(&self.folder).await?;
        }
        Ok(faults)
    }
}

/// Compares a file with the manifest. Its size first, which costs nothing.
fn find_fault(file: &Path, listed: &Checksum) -> Option<FaultKind> {
    let found = fs::symlink_metadata(file).and_then(|found| {
        if !found.is_file() || found.len() != listed.size {
            return Ok(None);
        }
        checksum::of_file(file).map(Some)
    });
    match found {
        Ok(Some(found)) if found == *listed => None,
        Ok(_) => Some(FaultKind::Changed),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(FaultKind::Missing),
        Err(error) => Some(FaultKind::Unreadable(error.to_string())),
    }
}

/// Returns whether a file belongs into a backup folder although no manifest lists it.
fn is_expected(file: &Path) -> bool {
    let steps: Vec<&str> = file.iter().map(|step| step.to_str().unwrap_or_default()).collect();
    match steps.as_slice() {
        [MANIFEST | LOCK] | [PARTIAL_DIR | READY_DIR | "lost+found", ..] => true,
        // Of a library that is gone since; the next backup removes them.
        ["libraries", id, "library.db" | "snapshots.db"] => id.parse::<i64>().is_ok(),
        ["libraries", _, "images", start, name] => {
            let hash = format!("{start}{}", name.strip_suffix(".part").unwrap_or(name));
            start.len() == 2 && ImageHash::parse(&hash).is_some()
        }
        _ => false,
    }
}

/// Locks the backup against one that is being written. `None`: an old backup or a copy has no lock file.
fn lock_for_reading(folder: &Path) -> anyhow::Result<Option<File>> {
    let Ok(lock) = File::open(folder.join(LOCK)) else { return Ok(None) };
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            anyhow::bail!("A backup to {} is running. Wait until it has finished.", folder.display())
        }
        // A file system without locks, such as a share: better unlocked than not at all.
        _ => Ok(Some(lock)),
    }
}

async fn read_manifest(folder: &Path) -> anyhow::Result<Manifest> {
    let file = find_file(folder, Path::new(MANIFEST));
    let display = folder.display();
    let text = match fs::read(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => anyhow::bail!(
            "No backup in {display}: {MANIFEST} is missing. Use the folder that the backup was written to."
        ),
        read => read.with_context(|| format!("can't read {}", file.display()))?,
    };
    let parsed = Manifest::parse(&text);
    if !parsed.as_ref().is_ok_and(Manifest::has_checksums) {
        refuse_development_version(folder).await?;
    }
    match parsed {
        Ok(manifest) => Ok(manifest),
        Err(Unreadable::Newer(found)) => anyhow::bail!(
            "The backup in {display} was made by a newer Broadsheet (format {found}, this one knows {FORMAT}). Use that \
             version."
        ),
        Err(Unreadable::Damaged) => anyhow::bail!(
            "{} is damaged: it has changed since the backup was made, so nothing in this backup can be checked. Use \
             another backup or another copy of this one.",
            file.display()
        ),
    }
}

async fn refuse_development_version(backup: &Path) -> anyhow::Result<()> {
    for folder in [backup, &backup.join(READY_DIR)] {
        anyhow::ensure!(
            data_dir::find_mismatch(folder).await != Some(SchemaMismatch::Incompatible),
            "The backup in {} was made by an earlier development version of Broadsheet, and this version cannot read it. \
             Restore another backup.",
            backup.display()
        );
    }
    Ok(())
}

fn find_file(folder: &Path, file: &Path) -> PathBuf {
    let ready = folder.join(READY_DIR).join(file);
    if ready.exists() { ready } else { folder.join(file) }
}
