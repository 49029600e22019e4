//! Creates folders and files that only the user who runs the program can read, since what somebody reads is private.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// The bits of a mode that stay when access is restricted to the owner.
const OWNER_BITS: u32 = 0o700;

/// Creates the folder and its missing parents.
///
/// # Errors
/// It cannot be created.
pub fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)
}

/// Creates an empty file for SQLite to fill, which would itself create one that others can read. The journals take over
/// its mode.
///
/// # Errors
/// The file exists, or cannot be created.
pub fn create_file(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path).map(drop)
}

/// Refuses a symbolic link, wherever it leads.
///
/// # Errors
/// It is one; the message names it and says what to do.
pub fn refuse_link(path: &Path) -> anyhow::Result<()> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    anyhow::ensure!(
        !is_link,
        "{} is a symbolic link, and Broadsheet does not follow links inside its data folder. Move the real file or folder \
         there. To keep your data on another disk, make the whole data folder a link, or set BROADSHEET_DATA.",
        path.display()
    );
    Ok(())
}

/// Opens a file for writing: an empty one, whether it existed or not.
///
/// # Errors
/// It cannot be created.
pub fn replace_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(path)?;
    restrict_access(path)?;
    Ok(file)
}

/// Removes the access of group and others. Ignores paths that do not exist or belong to another user.
///
/// # Errors
/// The disk fails.
pub fn restrict_access(path: &Path) -> io::Result<()> {
    let restricted = fs::metadata(path).and_then(|found| {
        let mode = found.permissions().mode();
        // The sticky bit marks a folder shared by all users, such as /tmp.
        let is_shared = mode & 0o1000 != 0;
        if is_shared || mode & 0o077 == 0 {
            return Ok(());
        }
        // By path: opening and closing a database file would release this process's locks on it.
        fs::set_permissions(path, Permissions::from_mode(mode & OWNER_BITS))
    });
    match restricted {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn new_files_are_private_and_access_to_existing_ones_is_restricted() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        create_folder(&inner).unwrap();
        create_file(&inner.join("c")).unwrap();
        assert_eq!((mode(&folder.path().join("a")), mode(&inner), mode(&inner.join("c"))), (0o700, 0o700, 0o600));
        assert!(create_file(&inner.join("c")).is_err());
        fs::set_permissions(inner.join("c"), Permissions::from_mode(0o644)).unwrap();
        replace_file(&inner.join("c")).unwrap();
        replace_file(&inner.join("d")).unwrap();
        assert_eq!((mode(&inner.join("c")), mode(&inner.join("d"))), (0o600, 0o600));
        for (open, restricted) in [(0o755, 0o700), (0o640, 0o600), (0o1777, 0o1777)] {
            fs::set_permissions(&inner, Permissions::from_mode(open)).unwrap();
            restrict_access(&inner).unwrap();
            assert_eq!(mode(&inner), restricted);
            fs::set_permissions(&inner, Permissions::from_mode(0o700)).unwrap();
        }
        restrict_access(&inner.join("missing")).unwrap();
    }
}
