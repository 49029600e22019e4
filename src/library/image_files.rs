//! Image files, named by the SHA-256 of their bytes: `images/ab/cdef…`. Which article shows which image is known to
//! [`crate::library::images`].

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use crate::library::Library;
use crate::storage::private_files;

/// The SHA-256 that names an image: 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageHash(String);

impl ImageHash {
    /// Computes the hash of an image's bytes.
    #[must_use]
    pub fn compute(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Parses 64 lower-case hex digits; anything else is `None`, so that no name leads out of the folder.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == 64 && is_hex).then(|| Self(text.to_owned()))
    }

    /// Returns the hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the path of an image file, whether it exists or not.
#[must_use]
pub fn path(library: &Library, hash: &ImageHash) -> PathBuf {
    path_in(library.folder(), hash)
}

/// Returns the same path below the folder of a library that is not open, such as a backup.
#[must_use]
pub fn path_in(folder: &Path, hash: &ImageHash) -> PathBuf {
    let (start, name) = hash.0.split_at(2);
    folder.join("images").join(start).join(name)
}

/// Saves an image and returns its hash: writes a temporary file, syncs it and renames it. A file that exists is not
/// written again.
///
/// # Errors
/// The disk is full, or the folder cannot be written to.
pub async fn save(library: &Library, bytes: impl Into<Arc<[u8]>>) -> anyhow::Result<ImageHash> {
    let (library, bytes) = (library.clone(), bytes.into());
    tokio::task::spawn_blocking(move || {
        let hash = ImageHash::compute(&bytes);
        let target = path(&library, &hash);
        if !target.exists() {
            write_atomically(&target, &bytes).with_context(|| format!("saving image {}", hash.as_str()))?;
        }
        Ok(hash)
    })
    .await?
}

pub(super) fn write_atomically(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = target.parent().expect("the path has a parent");
    private_files::create_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(target)?;
    std::fs::File::open(folder)?.sync_all()
}

/// Lists the hashes of all image files.
///
/// # Errors
/// The folder cannot be read.
pub fn list(library: &Library) -> std::io::Result<Vec<ImageHash>> {
    list_in(&library.folder().join("images"))
}

/// Lists the hashes that files below a folder are named by.
pub(super) fn list_in(folder: &Path) -> std::io::Result<Vec<ImageHash>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(folder)? {
        let folder = folder?;
        for entry in std::fs::read_dir(folder.path())? {
            let entry = entry?;
            let name = format!("{}{}", folder.file_name().to_string_lossy(), entry.file_name().to_string_lossy());
            if let Some(hash) = ImageHash::parse(&name) {
                found.push(hash);
            }
        }
    }
    Ok(found)
}

/// Deletes an image file; it is no error if it is missing.
///
/// # Errors
/// The file exists but cannot be deleted.
pub fn delete(library: &Library, hash: &ImageHash) -> std::io::Result<()> {
    match std::fs::remove_file(path(library, hash)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::test_library;

    #[test]
    fn a_name_is_64_lower_case_hex_digits() {
        let hash = ImageHash::compute(b"an image");
        assert_eq!(ImageHash::parse(hash.as_str()), Some(hash.clone()));
        for bad in ["", "../../../etc/passwd", &hash.as_str()[1..], &hash.as_str().to_uppercase()] {
            assert_eq!(ImageHash::parse(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn the_same_bytes_are_saved_once() {
        let (library, _folder) = test_library().await;
        let hash = save(&library, b"bytes".to_vec()).await.unwrap();
        assert_eq!(save(&library, b"bytes".to_vec()).await.unwrap(), hash);
        assert_eq!(std::fs::read(path(&library, &hash)).unwrap(), b"bytes");
        assert_eq!(list(&library).unwrap().len(), 1);
        delete(&library, &hash).unwrap();
        delete(&library, &hash).unwrap();
        assert_eq!(list(&library).unwrap().len(), 0);
    }
}
