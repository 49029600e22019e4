//! Makes books one after the other, off the threads that answer requests, in files without a name.

use std::fs::File;
use std::io::{BufWriter, Seek as _, SeekFrom};
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::epub::{Book, Picture};

/// Books that are made at the same time: each takes a core and the memory of an image.
const MAX_CONCURRENT: usize = 1;

/// Makes books. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Binder {
    turns: Arc<Semaphore>,
}

impl Default for Binder {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(MAX_CONCURRENT)) }
    }
}

impl Binder {
    /// Makes a book, and returns the file, from its beginning. `make_cover` and `read_image` may take their time.
    ///
    /// # Errors
    /// The disk is full.
    pub async fn bind(
        &self,
        book: Book,
        make_cover: impl FnOnce() -> Option<Picture> + Send + 'static,
        read_image: impl FnMut(&str) -> Option<Picture> + Send + 'static,
    ) -> anyhow::Result<File> {
        let turn = Arc::clone(&self.turns).acquire_owned().await?;
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let out = BufWriter::new(tempfile::tempfile()?);
            let mut file = super::write(&book, make_cover().as_ref(), read_image, out)?.into_inner()?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        })
        .await?
    }

    /// Runs other work for books, such as drawing a cover alone.
    ///
    /// # Errors
    /// The work fails.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        Ok(done.await?)
    }
}
