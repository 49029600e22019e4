//! Deletes what interrupted writes left in the data folder: temporary files, and the folder of a restore that was killed
//! before it replaced anything.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::ops::data_dir::STAGING_DIR;

/// Temporary files are written within seconds.
const MAX_WRITE_TIME: Duration = Duration::from_secs(60 * 60);

/// How temporary files are named: by `tempfile`, and by our own copies.
fn is_temporary(name: &str) -> bool {
    name.starts_with(".tmp") || name.ends_with(".part")
}

/// Deletes all leftovers, before anything is written. Returns their number. The caller must hold the server's lock on the
/// folder.
///
/// # Errors
/// The folder cannot be read or written to.
pub fn delete_all(data: &Path) -> std::io::Result<usize> {
    let staged = data.join(STAGING_DIR);
    if staged.exists() {
        fs::remove_dir_all(staged)?;
    }
    delete_where(data, &|_| true)
}

/// Deletes temporary files that are too old to be in use. Returns their number.
///
/// # Errors
/// The folder cannot be read or written to.
pub fn delete_old(data: &Path) -> std::io::Result<usize> {
    let now = SystemTime::now();
    let is_old = |file: &DirEntry| {
        let written = file.metadata().and_then(|found| found.modified());
        written.is_ok_and(|written| now.duration_since(written).is_ok_and(|age| age > MAX_WRITE_TIME))
    };
    delete_where(data, &is_old)
}

fn delete_where(folder: &Path, condition: &dyn Fn(&DirEntry) -> bool) -> std::io::Result<usize> {
    let mut deleted = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && is_ours(&entry) {
            deleted += delete_where(&entry.path(), condition)?;
        } else if kind.is_file() && is_temporary(&entry.file_name().to_string_lossy()) && condition(&entry) {
            fs::remove_file(entry.path())?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

/// Returns whether a folder belongs to the data, unlike one that a restore moved aside: `libraries`, `images`, `1`, `ab`.
fn is_ours(folder: &DirEntry) -> bool {
    let name = folder.file_name();
    let name = name.to_string_lossy();
    matches!(&*name, "libraries" | "images" | "thumbnails") || name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_files_are_deleted_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let images = folder.path().join("libraries/1/images/ab");
        let aside = folder.path().join("before-restore");
        let staged = folder.path().join(STAGING_DIR);
        for made in [&images, &aside, &staged] {
            fs::create_dir_all(made).unwrap();
        }
        let kept = [images.join("cdef"), folder.path().join("accounts.db"), aside.join(".tmpA")];
        let left = [images.join(".tmpA1b2C3"), folder.path().join(".tmpX"), folder.path().join("libraries/1/l.part")];
        for file in kept.iter().chain(&left) {
            fs::write(file, "x").unwrap();
        }
        assert_eq!(delete_old(folder.path()).unwrap(), 0, "they may be in use");
        let yesterday = SystemTime::now() - 24 * MAX_WRITE_TIME;
        fs::File::options().write(true).open(&left[0]).unwrap().set_modified(yesterday).unwrap();
        assert_eq!(delete_old(folder.path()).unwrap(), 1);
        assert_eq!(delete_all(folder.path()).unwrap(), 2);
        assert!(kept.iter().all(|file| file.exists()) && !staged.exists());
    }
}
