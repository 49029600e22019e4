//! A file that keeps some room for logging in on a full disk: it is deleted to make room for what must be written, such
//! as a session, and created again when there is space.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::storage::private_files;

const FILE_NAME: &str = "room-for-logins";

/// Enough to open all databases (their shared memory and journals) and to write some sessions.
const BYTES: usize = 512 * 1024;

/// Creates the file if it is missing or incomplete. Without room for it, does nothing.
///
/// # Errors
/// The folder cannot be written to for another reason.
pub fn create(data: &Path) -> anyhow::Result<()> {
    let path = path(data);
    if std::fs::metadata(&path).is_ok_and(|found| found.len() == BYTES as u64) {
        return Ok(());
    }
    // Random, since some file systems compress.
    let mut bytes = vec![0; BYTES];
    getrandom::fill(&mut bytes)?;
    release(data);
    let written = private_files::create_file(&path).and_then(|()| {
        let mut file = std::fs::File::options().write(true).open(&path)?;
        file.write_all(&bytes)?;
        file.sync_all()
    });
    match written {
        Err(error) if crate::storage::disk_full::is_disk_full(&error) => {
            release(data);
            Ok(())
        }
        written => Ok(written?),
    }
}

/// Gives the room up. Returns whether there was any.
pub fn release(data: &Path) -> bool {
    std::fs::remove_file(path(data)).is_ok()
}

fn path(data: &Path) -> PathBuf {
    data.join(FILE_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_taken_once_and_kept_again() {
        let folder = tempfile::tempdir().unwrap();
        create(folder.path()).unwrap();
        create(folder.path()).unwrap();
        assert_eq!(std::fs::metadata(path(folder.path())).unwrap().len(), BYTES as u64);
        assert!(release(folder.path()));
        assert!(!release(folder.path()));
        std::fs::write(path(folder.path()), "interrupted").unwrap();
        create(folder.path()).unwrap();
        assert_eq!(std::fs::metadata(path(folder.path())).unwrap().len(), BYTES as u64);
    }
}
