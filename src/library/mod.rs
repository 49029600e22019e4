//! A library: one folder with everything a reader has saved. A [`Library`] gives access to all of it, and nothing else
//! does.
//!
//! ```text
//! libraries/1/library.db   articles, sources, topics, tags, the import queue, search
//!             snapshots.db original pages
//!             images/      images, named by the SHA-256 of their bytes
//!             thumbnails/  small copies of them, which can be made again
//! ```

mod libraries;

// Contents of a library, one module each.
pub mod operations;
pub mod articles;
pub mod lanes;
pub mod stories;
pub mod imports;
pub mod feeds;
pub mod exports;
pub mod export_queue;
pub mod rules;
pub mod query_names;
pub mod reading_time;
pub mod search;
pub mod sources;
pub mod tags;
pub mod topics;
pub mod images;
pub mod image_files;
pub mod thumbnails;
pub mod snapshots;
pub mod welcome;
pub mod clock;
pub mod visits;
pub mod consistency;

pub use libraries::Libraries;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Deserialize as _, Deserializer};
use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use tokio::sync::{Mutex, MutexGuard, Notify, RwLock};

use crate::storage::database::{self, Database, SchemaMismatch};
use crate::storage::private_files;
use crate::storage::timed_reads::TimedReaders;
use crate::storage::write_transaction::WriteTransaction;

static LIBRARY_MIGRATIONS: Migrator = sqlx::migrate!("migrations/library");
static SNAPSHOT_MIGRATIONS: Migrator = sqlx::migrate!("migrations/snapshots");

/// Deserialises a `bool` from JSON made by SQLite, which writes 1 and 0.
///
/// # Errors
/// The value is not a small integer.
fn bool_from_integer<'a, D: Deserializer<'a>>(number: D) -> Result<bool, D::Error> {
    u8::deserialize(number).map(|number| number != 0)
}

/// Returns why this program cannot read the library in `folder`, if so. Changes nothing in it.
pub async fn find_mismatch(folder: &Path) -> Option<SchemaMismatch> {
    // Where development versions kept snapshots.
    if folder.join("pages.db").exists() {
        return Some(SchemaMismatch::Incompatible);
    }
    let library = SchemaMismatch::find(&folder.join("library.db"), &LIBRARY_MIGRATIONS).await;
    let snapshots = SchemaMismatch::find(&folder.join("snapshots.db"), &SNAPSHOT_MIGRATIONS).await;
    library.or(snapshots)
}

/// Refuses a library that is reached through a symbolic link, or has one in place of a file or folder. A backup would
/// leave it out, and a link in a folder that was copied from elsewhere may lead anywhere.
///
/// # Errors
/// There is one; the message names it.
pub fn refuse_links(folder: &Path) -> anyhow::Result<()> {
    let files_of_images = ["images", "thumbnails"].map(|name| folder.join(name));
    let in_images = files_of_images.iter().flat_map(|folder| {
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()))
    });
    let databases =
        ["library.db", "snapshots.db"].iter().flat_map(|name| ["", "-wal", "-shm"].map(|end| format!("{name}{end}")));
    let files = databases.map(|name| folder.join(name)).chain(in_images);
    let folders = [folder.to_owned()].into_iter().chain(files_of_images.clone());
    folders.chain(files).try_for_each(|path| private_files::refuse_link(&path))
}

/// Returns whether opening the library in `folder` would change its schema. Changes nothing in it.
pub async fn needs_migration(folder: &Path) -> bool {
    database::needs_migration(&folder.join("library.db"), &LIBRARY_MIGRATIONS).await
        || database::needs_migration(&folder.join("snapshots.db"), &SNAPSHOT_MIGRATIONS).await
}

/// One reader's library. Cheap to clone.
///
/// Its tables are private: only the functions of this module's submodules read and write them, and each takes a
/// `&Library`. There is one way to get one:
///
/// ```
/// # async fn example(folder: &std::path::Path) -> anyhow::Result<()> {
/// use broadsheet::library::{Library, topics};
///
/// let library = Library::open(folder, 1).await?;
/// let topics = topics::list_all(&library).await?;
/// # Ok(()) }
/// ```
///
/// A library cannot be built from its parts:
///
/// ```compile_fail,E0451
/// # use broadsheet::library::Library;
/// fn with_id(library: Library, id: i64) -> Library {
///     Library { id, ..library }
/// }
/// ```
///
/// Its connections cannot be borrowed:
///
/// ```compile_fail,E0624
/// # use broadsheet::library::Library;
/// async fn count_articles(library: &Library) -> sqlx::Result<i64> {
///     sqlx::query_scalar("SELECT count(*) FROM article").fetch_one(library.readers()).await
/// }
/// ```
///
/// ```compile_fail,E0624
/// # use broadsheet::library::Library;
/// async fn delete_all(library: &Library) -> sqlx::Result<()> {
///     let mut tx = library.begin_write().await?;
///     sqlx::query("DELETE FROM article").execute(&mut *tx).await?;
///     tx.commit().await
/// }
/// ```
///
/// Functions that take part in a transaction cannot be called:
///
/// ```compile_fail,E0603
/// # use broadsheet::library::imports;
/// let finish = imports::finish;
/// ```
#[derive(Clone)]
pub struct Library {
    id: i64,
    folder: Arc<PathBuf>,
    database: Database,
    snapshots: Database,
    import_changed: Arc<Notify>,
    image_changed: Arc<Notify>,
    /// Shared while an image file and its row are written, exclusive while a file without a row is deleted.
    image_files_lock: Arc<RwLock<()>>,
    extraction_lock: Arc<Mutex<()>>,
    /// When it was last opened since the start, in Unix seconds; 0: not yet.
    opened_at: Arc<AtomicI64>,
    stories: stories::Memory,
}

impl Library {
    /// Opens the library in `folder`, creating what is missing.
    ///
    /// # Errors
    /// There is a symbolic link in it, the folder cannot be created or read, or a database cannot be opened (see
    /// [`Database::open`]).
    pub async fn open(folder: &Path, id: i64) -> anyhow::Result<Self> {
        refuse_links(folder)?;
        if let Some(mismatch) = find_mismatch(folder).await {
            anyhow::bail!(mismatch.message(folder));
        }
        private_files::create_folder(&folder.join("images"))
            .and_then(|()| private_files::create_folder(&folder.join("thumbnails")))
            .and_then(|()| private_files::restrict_access(folder))
            .with_context(|| format!("creating {}", folder.display()))?;
        let database = Database::open(&folder.join("library.db"), &LIBRARY_MIGRATIONS).await?;
        let snapshots = Database::open(&folder.join("snapshots.db"), &SNAPSHOT_MIGRATIONS).await?;
        Ok(Self {
            id,
            folder: Arc::new(folder.to_owned()),
            database,
            snapshots,
            import_changed: Arc::default(),
            image_changed: Arc::default(),
            image_files_lock: Arc::default(),
            extraction_lock: Arc::default(),
            opened_at: Arc::default(),
            stories: stories::Memory::default(),
        })
    }

    /// Notes that its reader opens it.
    pub fn note_opened(&self, now: Timestamp) {
        self.opened_at.fetch_max(now.as_second(), Ordering::Relaxed);
    }

    /// Returns when its reader last opened it, since the start of the program.
    fn last_opened(&self) -> Option<Timestamp> {
        let seconds = Some(self.opened_at.load(Ordering::Relaxed)).filter(|seconds| *seconds > 0);
        seconds.and_then(|seconds| Timestamp::from_second(seconds).ok())
    }

    /// Returns the id, by which accounts refer to it.
    #[must_use]
    pub const fn id(&self) -> i64 {
        self.id
    }

    /// Returns the folder of the library.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the connections for reading library.db.
    const fn readers(&self) -> &SqlitePool {
        self.database.readers()
    }

    /// Returns the connections for reads of library.db that may take long and are stopped then.
    const fn timed_readers(&self) -> &TimedReaders {
        self.database.timed_readers()
    }

    /// Begins a write to library.db. See [`Database::begin_write`].
    ///
    /// # Errors
    /// The database cannot be written to.
    async fn begin_write(&self) -> sqlx::Result<WriteTransaction> {
        self.database.begin_write().await
    }

    /// Returns a number that grows with each write to library.db. See [`Database::generation`].
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.database.generation()
    }

    /// Returns the databases with their file names, for backups and checks.
    #[must_use]
    pub const fn databases(&self) -> [(&'static str, &Database); 2] {
        [("library.db", &self.database), ("snapshots.db", &self.snapshots)]
    }

    /// Held from reading the rules and the text of an article until the text that takes its place is stored, so that no
    /// text replaces one that newer rules or the reader have made. Never held while waiting for the network.
    pub async fn lock_extraction(&self) -> MutexGuard<'_, ()> {
        self.extraction_lock.lock().await
    }

    /// Returns what is kept in memory of its stories.
    const fn stories(&self) -> &stories::Memory {
        &self.stories
    }

    /// Notified when the state of an import changes.
    #[must_use]
    pub fn import_changed(&self) -> &Notify {
        &self.import_changed
    }

    /// Notified when an image has arrived or could not be had.
    #[must_use]
    pub fn image_changed(&self) -> &Notify {
        &self.image_changed
    }

    /// Closes both databases after running statements have finished.
    pub async fn close(&self) {
        self.database.close().await;
        self.snapshots.close().await;
    }
}

/// Creates a library in a temporary folder, for tests.
#[cfg(test)]
pub async fn test_library() -> (Library, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    (library, folder)
}
