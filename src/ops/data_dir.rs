//! The data folder: made, checked, and held while it is used.
//!
//! Two locks of the operating system, which fall away when a process ends however it ends:
//!
//! ```text
//! in-use.lock   shared by everything that reads or writes the folder; alone for a restore, which exchanges the files
//! server.lock   held by the one process whose jobs work here: a server, else an import from the command line
//! ```
//!
//! One server per folder: claims of imports are atomic, so two would not do the same work twice, but each remembers
//! counts and open files on the word that nobody else sweeps them. The commands may run beside a server.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::accounts;
use crate::library::{self, Libraries};
use crate::storage::database::SchemaMismatch;
use crate::storage::private_files;

const SERVER: &str = "server.lock";

/// In the data folder while a restore puts files in their places: half of them may be there.
pub(crate) const RESTORED: &str = "restored";

/// Returns why this program cannot read the data folder (or the backup, which looks the same), if so. Changes nothing in it.
pub(crate) async fn find_mismatch(path: &Path) -> Option<SchemaMismatch> {
    let mut found = accounts::find_mismatch(path).await;
    let libraries = Libraries::new(path);
    for id in libraries.list_ids().unwrap_or_default() {
        if found != Some(SchemaMismatch::Incompatible) {
            found = library::find_mismatch(&libraries.folder(id)).await.or(found);
        }
    }
    found
}

/// The data folder, held until this is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    locks: Vec<File>,
}

impl DataFolder {
    /// Holds the folder to use it beside a server or without one; makes it if it is missing.
    ///
    /// # Errors
    /// The folder cannot be made, read or written to, or is being restored.
    pub async fn share(path: &Path) -> anyhow::Result<Self> {
        if let Some(mismatch) = find_mismatch(path).await {
            anyhow::bail!(mismatch.sentence(path));
        }
        make(path)?;
        anyhow::ensure!(
            !path.join(RESTORED).exists(),
            "A restore of {} was interrupted. Run it again: broadsheet restore --force BACKUP",
            path.display()
        );
        let lock = lock_file(path, "in-use.lock")?;
        match lock.try_lock_shared() {
            Ok(()) => Ok(Self { path: path.to_owned(), locks: vec![lock] }),
            Err(TryLockError::WouldBlock) => {
                anyhow::bail!("{} is being restored. Wait until that has finished.", path.display())
            }
            Err(TryLockError::Error(error)) => Err(cannot_lock(error, path)),
        }
    }

    /// Holds the folder as the one process that works in it; makes it if it is missing.
    ///
    /// # Errors
    /// As [`DataFolder::share`], or another server has the folder.
    pub async fn serve(path: &Path) -> anyhow::Result<Self> {
        let mut held = Self::share(path).await?;
        held.hold(
            SERVER,
            "Another Broadsheet is using this folder. Stop it first, or set BROADSHEET_DATA to another folder.",
        )?;
        Ok(held)
    }

    /// Holds the folder alone, to exchange what is in it; makes it if it is missing.
    ///
    /// # Errors
    /// The folder cannot be made or written to, or something has it open.
    pub fn alone(path: &Path) -> anyhow::Result<Self> {
        make(path)?;
        let mut held = Self { path: path.to_owned(), locks: Vec::new() };
        held.hold("in-use.lock", "A server or another command is using this folder. Stop it first.")?;
        Ok(held)
    }

    /// Becomes the one process that works in the folder, unless there is one. `true`: it is this one now.
    ///
    /// # Errors
    /// The folder cannot be locked.
    pub fn take_over(&mut self) -> anyhow::Result<bool> {
        let lock = lock_file(&self.path, SERVER)?;
        match lock.try_lock() {
            Ok(()) => self.locks.push(lock),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(cannot_lock(error, &self.path)),
        }
        Ok(true)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn hold(&mut self, name: &str, refusal: &str) -> anyhow::Result<()> {
        let lock = lock_file(&self.path, name)?;
        match lock.try_lock() {
            Ok(()) => self.locks.push(lock),
            Err(TryLockError::WouldBlock) => anyhow::bail!("{}: {refusal}", self.path.display()),
            Err(TryLockError::Error(error)) => return Err(cannot_lock(error, &self.path)),
        }
        Ok(())
    }
}

fn make(path: &Path) -> anyhow::Result<()> {
    private_files::create_folder(path).and_then(|()| private_files::restrict_access(path)).with_context(|| {
        format!("Can't create the data folder {}. Set BROADSHEET_DATA to another folder", path.display())
    })
}

fn lock_file(folder: &Path, name: &str) -> anyhow::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(name)).with_context(|| {
        format!(
            "Can't write to the data folder {}. Give it to the user who runs Broadsheet, or set BROADSHEET_DATA to another folder",
            folder.display()
        )
    })
}

fn cannot_lock(error: std::io::Error, path: &Path) -> anyhow::Error {
    anyhow::Error::new(error).context(format!("{} is on a file system without file locks", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_server_many_commands_and_a_restore_only_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/data");
        let server = DataFolder::serve(&path).await.unwrap();
        let mut command = DataFolder::share(&path).await.unwrap();
        assert!(DataFolder::serve(&path).await.unwrap_err().to_string().contains("Another Broadsheet"));
        assert!(!command.take_over().unwrap());
        drop(server);
        assert!(command.take_over().unwrap());
        assert!(DataFolder::alone(&path).unwrap_err().to_string().contains("is using this folder"));
        drop(command);
        let restore = DataFolder::alone(&path).unwrap();
        assert!(DataFolder::share(&path).await.unwrap_err().to_string().contains("being restored"));
        drop(restore);
        assert!(DataFolder::serve(&path).await.is_ok());
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let refused = DataFolder::share(&file.join("data")).await.unwrap_err();
        assert!(refused.to_string().contains("Set BROADSHEET_DATA to another folder"), "{refused}");
    }
}
