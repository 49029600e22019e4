//! Reads that are stopped when they take too long.
//!
//! SQLite asks a progress handler as it works; the handler says stop after the deadline, and as soon as nobody waits for
//! the result any longer. These reads have connections of their own: the handler of one read is replaced before the next
//! begins, no other read ever has one, and however many slow reads there are, pages that need none do not wait.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Sqlite, SqliteConnection, SqlitePool};

/// Number of connections, and so of slow reads at a time: half a small machine.
const MAX_CONNECTIONS: u32 = 2;

/// Steps of SQLite's virtual machine between two looks at the clock. Full-text search does most of its work outside the
/// machine, in a handful of steps for each page of the index that it reads.
const STEPS_BETWEEN_CHECKS: i32 = 20;

/// Connections for reads with a time limit. Cheap to clone.
#[derive(Clone)]
pub(crate) struct TimedReaders(SqlitePool);

/// A connection whose statements are stopped at a deadline, and when this is dropped.
pub(crate) struct TimedReader {
    connection: PoolConnection<Sqlite>,
    is_dropped: Arc<AtomicBool>,
}

impl TimedReaders {
    /// Opens connections with `options`, which must make them read-only, when they are first needed.
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        let pool = SqlitePoolOptions::new().max_connections(MAX_CONNECTIONS).test_before_acquire(false);
        Self(pool.connect_lazy_with(options))
    }

    /// Returns a connection for reads that may take `limit`, including the wait for a free connection.
    ///
    /// # Errors
    /// None was free in time (see [`is_timeout`]), or it cannot be opened.
    pub(crate) async fn acquire(&self, limit: Duration) -> sqlx::Result<TimedReader> {
        let deadline = Instant::now() + limit;
        let acquired = tokio::time::timeout_at(deadline.into(), self.0.acquire()).await;
        let mut connection = acquired.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        let is_dropped = Arc::new(AtomicBool::new(false));
        let stop = is_dropped.clone();
        connection.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_CHECKS, move || {
            !stop.load(Ordering::Relaxed) && Instant::now() < deadline
        });
        Ok(TimedReader { connection, is_dropped })
    }

    /// Closes the connections after running statements have finished.
    pub(super) async fn close(&self) {
        self.0.close().await;
    }
}

impl Deref for TimedReader {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for TimedReader {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for TimedReader {
    fn drop(&mut self) {
        self.is_dropped.store(true, Ordering::Relaxed);
    }
}

/// Returns whether a read failed because its time was up.
#[must_use]
pub(crate) fn is_timeout(error: &sqlx::Error) -> bool {
    const SQLITE_INTERRUPT: &str = "9";
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(database) => database.code().as_deref() == Some(SQLITE_INTERRUPT),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(600);

    /// Counts up to a number that no test waits for.
    const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000)
        SELECT count(*) FROM n";

    fn readers(folder: &tempfile::TempDir) -> TimedReaders {
        let options = SqliteConnectOptions::new().filename(folder.path().join("a.db")).create_if_missing(true);
        TimedReaders::new(options)
    }

    async fn count_to_hundred(readers: &TimedReaders) -> i64 {
        let mut reader = readers.acquire(LONG).await.unwrap();
        let hundred =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT count(*) FROM n";
        sqlx::query_scalar(hundred).fetch_one(&mut *reader).await.unwrap()
    }

    #[tokio::test]
    async fn a_read_is_stopped_at_its_deadline_and_the_next_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(&folder);
        for _ in 0..MAX_CONNECTIONS * 2 {
            let mut reader = readers.acquire(Duration::from_millis(20)).await.unwrap();
            let stopped = sqlx::query_scalar::<_, i64>(ENDLESS).fetch_one(&mut *reader).await.unwrap_err();
            assert!(is_timeout(&stopped), "{stopped}");
            drop(reader);
            assert_eq!(count_to_hundred(&readers).await, 100);
        }
    }

    #[tokio::test]
    async fn a_read_that_nobody_waits_for_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(&folder);
        for _ in 0..MAX_CONNECTIONS * 2 {
            let mut reader = readers.acquire(LONG).await.unwrap();
            let mut read = Box::pin(async move { sqlx::query_scalar::<_, i64>(ENDLESS).fetch_one(&mut *reader).await });
            let begun = tokio::select! { biased; _ = &mut read => false, () = std::future::ready(()) => true };
            assert!(begun);
        }
        // Each connection is still the same one, and free.
        assert_eq!(count_to_hundred(&readers).await, 100);
        assert!(readers.0.size() <= MAX_CONNECTIONS);
    }

    #[tokio::test]
    async fn a_read_waits_for_a_connection_until_its_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(&folder);
        let mut busy = Vec::new();
        for _ in 0..MAX_CONNECTIONS {
            busy.push(readers.acquire(LONG).await.unwrap());
        }
        let late = readers.acquire(Duration::ZERO).await.err().unwrap();
        assert!(is_timeout(&late), "{late}");
        drop(busy);
        assert_eq!(count_to_hundred(&readers).await, 100);
    }
}
