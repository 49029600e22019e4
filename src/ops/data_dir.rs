//! The data folder: created, checked, and locked while in use.
//!
//! Two file locks, which the operating system releases when the process ends, even after a crash:
//!
//! ```text
//! in-use.lock   shared by every process that uses the folder; exclusive for a restore, which replaces the files
//! server.lock   exclusive for the process that runs the background jobs: a server, or else `broadsheet import`
//! ```
//!
//! Only one process may run the jobs, because they cache counts and delete unused files. Commands may run beside a
//! server.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::accounts;
use crate::library::{self, Libraries};
use crate::storage::database::SchemaMismatch;
use crate::storage::private_files;

/// How long to wait for a lock. A process that a killed server was just starting still has its locks for a moment.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// How often to try.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(20);

const IN_USE_LOCK: &str = "in-use.lock";
const SERVER_LOCK: &str = "server.lock";

/// Exists in the data folder while a restore moves files into place. The folder may then hold only half of them.
pub(crate) const RESTORED_DIR: &str = "restored";

/// Where a restore copies and checks a backup before it replaces any data.
pub(crate) const STAGING_DIR: &str = "restoring";

/// Returns why this program cannot read a data folder, or a backup, which has the same layout. Changes nothing in it.
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

/// Returns whether a folder has a library. One that is being restored has one soon.
#[must_use]
pub fn has_library(path: &Path) -> bool {
    ["accounts.db", "libraries", RESTORED_DIR].iter().any(|name| path.join(name).exists())
}

/// Returns whether a server uses a folder.
#[must_use]
pub fn is_served(path: &Path) -> bool {
    File::open(path.join(SERVER_LOCK)).is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}

/// The data folder, locked until this is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    locks: Vec<File>,
}

impl DataDir {
    /// Opens the folder to use it with or without a running server. Creates it if missing.
    ///
    /// # Errors
    /// The folder cannot be created, read or written to, has an incompatible schema or symbolic links in it, or is being
    /// restored.
    pub async fn open_shared(path: &Path) -> anyhow::Result<Self> {
        for name in ["accounts.db", "libraries"] {
            private_files::refuse_link(&path.join(name))?;
        }
        if let Some(mismatch) = find_mismatch(path).await {
            anyhow::bail!(mismatch.message(path));
        }
        create(path)?;
        anyhow::ensure!(
            !path.join(RESTORED_DIR).exists(),
            "A restore of {} was interrupted. Run it again: broadsheet restore --force BACKUP",
            path.display()
        );
        let lock = open_lock_file(path, IN_USE_LOCK)?;
        match lock.try_lock_shared() {
            Ok(()) => Ok(Self { path: path.to_owned(), locks: vec![lock] }),
            Err(TryLockError::WouldBlock) => {
                anyhow::bail!("{} is being restored. Wait until that has finished.", path.display())
            }
            Err(TryLockError::Error(error)) => Err(lock_error(error, path)),
        }
    }

    /// Opens the folder as the one process that runs jobs in it. Creates it if missing.
    ///
    /// # Errors
    /// As [`DataDir::open_shared`], or another process runs jobs in the folder.
    pub async fn open_for_server(path: &Path) -> anyhow::Result<Self> {
        let mut data_dir = Self::open_shared(path).await?;
        data_dir.lock_exclusive(
            SERVER_LOCK,
            "Another Broadsheet is using this folder. Stop it first, or set BROADSHEET_DATA to another folder.",
        )?;
        Ok(data_dir)
    }

    /// Opens the folder for this process alone, to replace its contents. Creates it if missing.
    ///
    /// # Errors
    /// The folder cannot be created or written to, or another process uses it.
    pub fn open_exclusive(path: &Path) -> anyhow::Result<Self> {
        create(path)?;
        let mut data_dir = Self { path: path.to_owned(), locks: Vec::new() };
        data_dir.lock_exclusive(IN_USE_LOCK, "A server or another command is using this folder. Stop it first.")?;
        Ok(data_dir)
    }

    /// Tries to become the process that runs jobs in the folder. Returns `false` if another process is.
    ///
    /// # Errors
    /// The folder cannot be locked.
    pub fn try_become_server(&mut self) -> anyhow::Result<bool> {
        let lock = open_lock_file(&self.path, SERVER_LOCK)?;
        match lock.try_lock() {
            Ok(()) => self.locks.push(lock),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(lock_error(error, &self.path)),
        }
        Ok(true)
    }

    /// Returns the path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn lock_exclusive(&mut self, name: &str, in_use: &str) -> anyhow::Result<()> {
        let lock = open_lock_file(&self.path, name)?;
        let began = Instant::now();
        let mut locked = lock.try_lock();
        while matches!(locked, Err(TryLockError::WouldBlock)) && began.elapsed() < LOCK_PATIENCE {
            std::thread::sleep(LOCK_POLL_INTERVAL);
            locked = lock.try_lock();
        }
        match locked {
            Ok(()) => self.locks.push(lock),
            Err(TryLockError::WouldBlock) => anyhow::bail!("{}: {in_use}", self.path.display()),
            Err(TryLockError::Error(error)) => return Err(lock_error(error, &self.path)),
        }
        Ok(())
    }
}

fn create(path: &Path) -> anyhow::Result<()> {
    private_files::create_folder(path).and_then(|()| private_files::restrict_access(path)).with_context(|| {
        format!("Can't create the data folder {}. Set BROADSHEET_DATA to another folder", path.display())
    })
}

fn open_lock_file(folder: &Path, name: &str) -> anyhow::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(name)).with_context(|| {
        format!(
            "Can't write to the data folder {}. Give it to the user who runs Broadsheet, or set BROADSHEET_DATA to another folder",
            folder.display()
        )
    })
}

fn lock_error(error: std::io::Error, path: &Path) -> anyhow::Error {
    anyhow::Error::new(error).context(format!("{} is on a file system without file locks", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_server_many_commands_and_restores_only_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/data");
        let server = DataDir::open_for_server(&path).await.unwrap();
        let mut command = DataDir::open_shared(&path).await.unwrap();
        assert!(DataDir::open_for_server(&path).await.unwrap_err().to_string().contains("Another Broadsheet"));
        assert!(!command.try_become_server().unwrap());
        drop(server);
        assert!(command.try_become_server().unwrap());
        assert!(DataDir::open_exclusive(&path).unwrap_err().to_string().contains("is using this folder"));
        drop(command);
        let restore = DataDir::open_exclusive(&path).unwrap();
        assert!(DataDir::open_shared(&path).await.unwrap_err().to_string().contains("being restored"));
        drop(restore);
        assert!(DataDir::open_for_server(&path).await.is_ok());
    }

    #[tokio::test]
    async fn uncreatable_folders_are_explained() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = DataDir::open_shared(&file.join("data")).await.unwrap_err();
        assert!(error.to_string().contains("Set BROADSHEET_DATA to another folder"), "{error}");
    }
}
