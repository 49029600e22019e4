//! The open libraries. They are opened on first use and closed at shutdown.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::library::Library;

/// All libraries of a data folder.
#[derive(Clone)]
pub struct Libraries {
    data_dir: Arc<PathBuf>,
    open: Arc<Mutex<HashMap<i64, Library>>>,
}

impl Libraries {
    /// Returns the libraries below the data folder, none of them open yet.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { data_dir: Arc::new(data_dir.to_owned()), open: Arc::default() }
    }

    /// Returns the folder of library `id`.
    #[must_use]
    pub fn folder(&self, id: i64) -> PathBuf {
        self.data_dir.join("libraries").join(id.to_string())
    }

    /// Returns the library, opening it if necessary.
    ///
    /// # Errors
    /// See [`Library::open`].
    pub async fn get(&self, id: i64) -> anyhow::Result<Library> {
        let mut open = self.open.lock().await;
        if let Some(library) = open.get(&id) {
            return Ok(library.clone());
        }
        let library = Library::open(&self.folder(id), id).await?;
        open.insert(id, library.clone());
        Ok(library)
    }

    /// Lists the ids of all libraries on disk, open or not.
    ///
    /// # Errors
    /// The data folder cannot be read.
    pub fn list_ids(&self) -> std::io::Result<Vec<i64>> {
        let entries = match std::fs::read_dir(self.data_dir.join("libraries")) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut ids: Vec<i64> = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Closes all libraries, at shutdown.
    pub async fn close(&self) {
        for (_, library) in self.open.lock().await.drain() {
            library.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_library_that_was_closed_opens_again() {
        let folder = tempfile::tempdir().unwrap();
        let libraries = Libraries::new(folder.path());
        let library = libraries.get(1).await.unwrap();
        libraries.close().await;
        assert!(library.readers().is_closed());
        assert!(!libraries.get(1).await.unwrap().readers().is_closed());
        assert_eq!(libraries.list_ids().unwrap(), [1]);
    }
}
