//! Opens, checks and migrates SQLite files; each has one writing connection and a pool of readers.
//!
//! All databases are opened here, so that each has WAL, foreign keys, readers that cannot write, and one writing
//! connection whose transactions begin with `BEGIN IMMEDIATE` (one that reads first and then writes could fail with
//! `SQLITE_BUSY_SNAPSHOT`, which no busy timeout covers).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool};

use crate::storage::damage;
use crate::storage::private_files;
use crate::storage::timed_reads::TimedReaders;
use crate::storage::write_transaction::WriteTransaction;

/// Number of reading connections; more do not help on a small machine.
const MAX_READERS: u32 = 4;

/// How long a statement waits for another process, such as a backup or the command line.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// The oldest SQLite without a bug that loses committed rows when a write races a checkpoint.
const MIN_SQLITE_VERSION: &str = "3.51.3";

/// Why this program cannot read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaMismatch {
    /// Made by a development version whose migrations have been replaced since.
    Incompatible,
    /// Made by a newer program.
    Newer {
        /// Newest migration of the file.
        found: i64,
        /// Newest migration of this program.
        supported: i64,
    },
}

impl SchemaMismatch {
    /// Compares the migrations of the file with those of the program, without changing the file or writing next to it.
    /// Returns `None` if they match, and if the file cannot be read in this way: it is missing, empty, damaged or being
    /// written. [`Database::open`] compares them again.
    pub async fn find(path: &Path, migrator: &Migrator) -> Option<Self> {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(false).disable_statement_logging();
        let mut connection = options.read_only(true).immutable(true).connect().await.ok()?;
        Self::find_in(&mut connection, migrator).await.ok()?
    }

    async fn find_in(connection: &mut SqliteConnection, migrator: &Migrator) -> sqlx::Result<Option<Self>> {
        let supported = newest_version(migrator);
        let mut newer = None;
        for (version, checksum) in applied_migrations(connection).await? {
            match migrator.iter().find(|migration| migration.version == version) {
                Some(migration) if *migration.checksum == *checksum => {}
                None if version > supported => newer = Some(Self::Newer { found: version, supported }),
                _ => return Ok(Some(Self::Incompatible)),
            }
        }
        Ok(newer)
    }

    /// Returns a sentence for the user about a file or a data folder.
    #[must_use]
    pub fn message(self, path: &Path) -> String {
        let path = path.display();
        match self {
            Self::Incompatible => format!(
                "{path} was made by an earlier development version of Broadsheet, and this version cannot read it. \
                 Choose another data folder, or move it aside."
            ),
            Self::Newer { found, supported } => format!(
                "{path} was written by a newer Broadsheet (schema {found}, this one knows {supported}). \
                 Use that version, or restore a backup."
            ),
        }
    }
}

/// One SQLite file. Cheap to clone.
///
/// Its connections are for this program alone:
///
/// ```compile_fail,E0624
/// # use broadsheet::storage::database::Database;
/// fn readers(database: &Database) -> &sqlx::SqlitePool {
///     database.readers()
/// }
/// ```
///
/// ```compile_fail,E0624
/// # use broadsheet::storage::database::Database;
/// async fn delete_all(database: &Database) -> sqlx::Result<()> {
///     let mut tx = database.begin_write().await?;
///     sqlx::query("DELETE FROM person").execute(&mut *tx).await?;
///     tx.commit().await
/// }
/// ```
#[derive(Clone)]
pub struct Database {
    readers: SqlitePool,
    timed_readers: TimedReaders,
    writer: SqlitePool,
    path: Arc<PathBuf>,
    generation: Arc<AtomicU64>,
}

impl Database {
    /// Opens the file, creating it if it is missing, and applies new migrations.
    ///
    /// # Errors
    /// There is a [`SchemaMismatch`], SQLite is too old, the file is no database, or the disk is full.
    pub async fn open(path: &Path, migrator: &Migrator) -> anyhow::Result<Self> {
        Self::open_sound(path, migrator).await.map_err(|error| {
            if damage::is_damaged(error.as_ref()) {
                error.context(format!("{} is damaged. {}", path.display(), damage::REMEDY))
            } else {
                error
            }
        })
    }

    async fn open_sound(path: &Path, migrator: &Migrator) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("journal_size_limit", "67108864")
            .disable_statement_logging();
        restrict_access(path).with_context(|| format!("creating {}", path.display()))?;
        let mut connection = options.clone().connect().await?;
        check_sqlite_version(&mut connection).await?;
        migrate(&mut connection, path, migrator).await?;
        connection.close().await?;
        // Closing the last connection deletes the journals. On a full disk they could not be created again, and nothing
        // could be read, so connections do not end by themselves. They do not break either: sqlx tests them on release.
        let pool = SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let writer = pool.clone().max_connections(1).connect_with(options.clone()).await?;
        let readers = pool.max_connections(MAX_READERS);
        // Sorting in memory, since temporary files may be on the same disk.
        let reading = options.pragma("query_only", "1").pragma("mmap_size", "268435456").pragma("temp_store", "MEMORY");
        let timed_readers = TimedReaders::new(reading.clone());
        let readers = readers.connect_with(reading).await?;
        Ok(Self { readers, timed_readers, writer, path: Arc::new(path.to_owned()), generation: Arc::default() })
    }

    /// Begins a write transaction; dropping it without a commit rolls it back. Keep it short, and never wait for the
    /// network inside.
    ///
    /// # Errors
    /// The database cannot be written to (full or read-only disk).
    pub(crate) async fn begin_write(&self) -> sqlx::Result<WriteTransaction> {
        let transaction = WriteTransaction::begin(&self.writer).await?;
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(transaction)
    }

    /// Returns the connections for reading.
    pub(crate) const fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Returns the connections for reads that may take long and are stopped then.
    pub(crate) const fn timed_readers(&self) -> &TimedReaders {
        &self.timed_readers
    }

    /// Returns a number that grows with each write: what was computed from an older generation may be outdated.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Writes a complete, compact copy to `target`, while reading and writing continue.
    ///
    /// # Errors
    /// The target exists or cannot be written.
    pub async fn copy_to(&self, target: &Path) -> sqlx::Result<()> {
        let mut connection = self.writer.acquire().await?;
        let copied = vacuum_into(&mut connection, target).await;
        if copied.is_err() {
            connection.close_on_drop();
        }
        copied
    }

    /// Closes the file after running statements have finished.
    pub async fn close(&self) {
        self.readers.close().await;
        self.timed_readers.close().await;
        self.writer.close().await;
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Returns whether opening the file would apply migrations. Changes nothing; `false` if the file cannot be read.
pub async fn needs_migration(path: &Path, migrator: &Migrator) -> bool {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(false).disable_statement_logging();
    let Ok(mut connection) = options.pragma("query_only", "1").connect().await else { return false };
    let applied = applied_migrations(&mut connection).await;
    applied.is_ok_and(|applied| applied.last().is_none_or(|(version, _)| *version < newest_version(migrator)))
}

/// Creates the file if it is missing, and makes it and its journals private.
fn restrict_access(path: &Path) -> std::io::Result<()> {
    if !path.exists() {
        match private_files::create_file(path) {
            // Another process has just created it.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
    }
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        private_files::restrict_access(Path::new(&file))?;
    }
    Ok(())
}

async fn check_sqlite_version(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
    anyhow::ensure!(
        is_at_least(&version, MIN_SQLITE_VERSION),
        "This program was built with SQLite {version}, which can lose committed rows. Build it with {MIN_SQLITE_VERSION} or newer."
    );
    Ok(())
}

fn is_at_least(version: &str, oldest: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    numbers(version) >= numbers(oldest)
}

/// Applies new migrations, after making a copy of an older file.
async fn migrate(connection: &mut SqliteConnection, path: &Path, migrator: &Migrator) -> anyhow::Result<()> {
    if let Some(mismatch) = SchemaMismatch::find_in(connection, migrator).await? {
        anyhow::bail!(mismatch.message(path));
    }
    let supported = newest_version(migrator);
    let found = applied_migrations(connection).await?.last().map_or(0, |(version, _)| *version);
    if (1..supported).contains(&found) {
        let backup = path.with_extension(format!("before-{supported:04}.db"));
        if !backup.exists() {
            back_up(connection, &backup)
                .await
                .with_context(|| format!("backing up the database to {}", backup.display()))?;
        }
    }
    // `run` would do, but its future is not `Send` ("Acquire is not general enough").
    migrator.run_direct(None, connection, false).await.with_context(|| format!("migrating {}", path.display()))
}

/// Copies the database. A copy that is interrupted is not taken for a complete one.
async fn back_up(connection: &mut SqliteConnection, target: &Path) -> anyhow::Result<()> {
    let part = target.with_extension("part");
    if part.exists() {
        std::fs::remove_file(&part)?;
    }
    vacuum_into(connection, &part).await?;
    Ok(std::fs::rename(&part, target)?)
}

fn newest_version(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Returns version and checksum of each migration applied to the file, oldest first; none for a new file.
async fn applied_migrations(connection: &mut SqliteConnection) -> sqlx::Result<Vec<(i64, Vec<u8>)>> {
    let table_count: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await?;
    if table_count == 0 {
        return Ok(Vec::new());
    }
    sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version").fetch_all(connection).await
}

async fn vacuum_into(connection: &mut SqliteConnection, target: &Path) -> sqlx::Result<()> {
    let name = target.to_str().ok_or_else(|| sqlx::Error::Protocol("the path is not UTF-8".into()))?;
    private_files::create_file(target)?;
    let copied = sqlx::query(AssertSqlSafe("VACUUM INTO ?1")).bind(name).execute(connection).await;
    if copied.is_err() {
        // A partial copy must not be taken for a complete one.
        std::fs::remove_file(target)?;
    }
    copied.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    static MIGRATIONS: Migrator = sqlx::migrate!("migrations/snapshots");

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_at_least("3.51.3", "3.51.3"));
        assert!(is_at_least("3.100.0", "3.51.3"));
        assert!(!is_at_least("3.51.2", "3.51.3"));
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("a.db"), &MIGRATIONS).await.unwrap();
        let refused = sqlx::query("DELETE FROM snapshot").execute(database.readers()).await.unwrap_err();
        assert!(refused.to_string().contains("readonly"), "{refused}");
    }

    #[tokio::test]
    async fn a_newer_schema_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let database = Database::open(&path, &MIGRATIONS).await.unwrap();
        let mut tx = database.begin_write().await.unwrap();
        sqlx::query("UPDATE _sqlx_migrations SET version = 999 WHERE version = 1").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        database.close().await;
        let refused = Database::open(&path, &MIGRATIONS).await.err().unwrap();
        assert!(refused.to_string().contains("newer Broadsheet"), "{refused}");
        assert_eq!(
            SchemaMismatch::find(&path, &MIGRATIONS).await,
            Some(SchemaMismatch::Newer { found: 999, supported: 1 })
        );
    }

    #[tokio::test]
    async fn replaced_migrations_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        assert_eq!(SchemaMismatch::find(&path, &MIGRATIONS).await, None);
        assert!(!path.exists());
        let database = Database::open(&path, &MIGRATIONS).await.unwrap();
        assert_eq!(SchemaMismatch::find(&path, &MIGRATIONS).await, None);
        let mut tx = database.begin_write().await.unwrap();
        sqlx::query("UPDATE _sqlx_migrations SET checksum = x'00'").execute(&mut *tx).await.unwrap();
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (2, 'parts', 1, x'00', 1)",
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        database.close().await;
        assert_eq!(SchemaMismatch::find(&path, &MIGRATIONS).await, Some(SchemaMismatch::Incompatible));
        let refused = Database::open(&path, &MIGRATIONS).await.err().unwrap();
        assert!(refused.to_string().contains("earlier development version"), "{refused}");
    }

    #[tokio::test]
    async fn an_uncommitted_write_is_rolled_back_and_a_copy_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("a.db"), &MIGRATIONS).await.unwrap();
        let insert =
            "INSERT INTO snapshot (format, content, uncompressed_size, stored_at) VALUES ('text', x'00', 1, 1)";
        let before = database.generation();
        let mut tx = database.begin_write().await.unwrap();
        sqlx::query(insert).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let mut dropped = database.begin_write().await.unwrap();
        sqlx::query(insert).execute(&mut *dropped).await.unwrap();
        drop(dropped);
        assert!(database.generation() > before);
        database.copy_to(&folder.path().join("b.db")).await.unwrap();
        let copy = Database::open(&folder.path().join("b.db"), &MIGRATIONS).await.unwrap();
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM snapshot").fetch_one(copy.readers()).await.unwrap();
        assert_eq!(count, 1);
        database.copy_to(&folder.path().join("b.db")).await.unwrap_err();
        assert!(folder.path().join("b.db").exists(), "an existing file is not overwritten");
    }
}
