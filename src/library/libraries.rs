//! The open libraries. They are opened on first use and closed when idle.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::library::Library;

/// How long a library stays open without a request or a job.
const IDLE_TIMEOUT: SignedDuration = SignedDuration::from_mins(15);

/// All libraries of a data folder.
#[derive(Clone)]
pub struct Libraries {
    data_dir: Arc<PathBuf>,
    open: Arc<Mutex<HashMap<i64, (Library, Timestamp)>>>,
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
    pub async fn get(&self, id: i64, now: Timestamp) -> anyhow::Result<Library> {
        let mut open = self.open.lock().await;
        if let Some((library, used_at)) = open.get_mut(&id) {
            *used_at = now;
            return Ok(library.clone());
        }
        let library = Library::open(&self.folder(id), id).await?;
        open.insert(id, (library.clone(), now));
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

    /// Closes libraries that have been idle for 15 minutes.
    pub async fn close_idle(&self, now: Timestamp) {
        let mut open = self.open.lock().await;
        let idle: Vec<i64> = open
            .iter()
            .filter(|(_, (_, used_at))| now.duration_since(*used_at) > IDLE_TIMEOUT)
            .map(|(id, _)| *id)
            .collect();
        for id in idle {
            if let Some((library, _)) = open.remove(&id) {
                library.close().await;
            }
        }
    }

    /// Closes all libraries, at shutdown.
    pub async fn close(&self) {
        for (_, (library, _)) in self.open.lock().await.drain() {
            library.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_idle_library_is_closed_and_opens_again() {
        let folder = tempfile::tempdir().unwrap();
        let libraries = Libraries::new(folder.path());
        let noon: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let library = libraries.get(1, noon).await.unwrap();
        libraries.close_idle(noon + SignedDuration::from_mins(16)).await;
        assert!(library.readers().is_closed());
        assert!(!libraries.get(1, noon).await.unwrap().readers().is_closed());
        assert_eq!(libraries.list_ids().unwrap(), [1]);
    }
}
