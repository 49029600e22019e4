//! Pictures on disk, named by the SHA-256 of their bytes: `images/ab/cdef…`. Bytes only; which article shows which
//! picture is the business of `articles`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use crate::library::Library;
use crate::storage::private_files;

/// The name of a picture: 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageHash(String);

impl ImageHash {
    /// Of these bytes.
    #[must_use]
    pub fn compute(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// `None` unless it is 64 lower-case hex digits, so that no name can lead out of the folder.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == 64 && is_hex).then(|| Self(text.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the bytes of this picture are, whether they are there or not.
#[must_use]
pub fn path(library: &Library, hash: &ImageHash) -> PathBuf {
    path_in(library.folder(), hash)
}

/// The same below the folder of a library that is not open: a backup.
#[must_use]
pub fn path_in(folder: &Path, hash: &ImageHash) -> PathBuf {
    let (start, name) = hash.0.split_at(2);
    folder.join("images").join(start).join(name)
}

/// Keeps the bytes and returns their name: temporary file, fsync, rename. Keeping them twice keeps them once.
///
/// # Errors
/// No room, or the folder cannot be written.
pub async fn save(library: &Library, bytes: Vec<u8>) -> anyhow::Result<ImageHash> {
    let library = library.clone();
    tokio::task::spawn_blocking(move || {
        let hash = ImageHash::compute(&bytes);
        let target = path(&library, &hash);
        let saved = if target.exists() { touch(&target) } else { write_atomically(&target, &bytes) };
        saved.with_context(|| format!("keeping picture {}", hash.as_str()))?;
        Ok(hash)
    })
    .await?
}

/// A file that is kept once more is young again, so that no sweep takes it before the row that names it is there.
fn touch(target: &Path) -> std::io::Result<()> {
    std::fs::File::options().write(true).open(target)?.set_modified(std::time::SystemTime::now())
}

fn write_atomically(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = target.parent().expect("a picture's path has a folder");
    private_files::create_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(target)?;
    std::fs::File::open(folder)?.sync_all()
}

/// The names of all pictures on disk, with when they were last written.
///
/// # Errors
/// The folder cannot be read.
pub fn list(library: &Library) -> std::io::Result<Vec<(ImageHash, std::time::SystemTime)>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(library.folder().join("images"))? {
        let folder = folder?;
        for entry in std::fs::read_dir(folder.path())? {
            let entry = entry?;
            let name = format!("{}{}", folder.file_name().to_string_lossy(), entry.file_name().to_string_lossy());
            if let Some(hash) = ImageHash::parse(&name) {
                found.push((hash, entry.metadata()?.modified()?));
            }
        }
    }
    Ok(found)
}

/// Removes the bytes; it is no error if they are gone.
///
/// # Errors
/// The file is there but cannot be removed.
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
        let hash = ImageHash::compute(b"a picture");
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
