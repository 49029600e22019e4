//! A write transaction that cannot leave a broken connection behind.
//!
//! When a statement finds the disk full, fails to write, runs out of memory or is interrupted, SQLite may roll the whole
//! transaction back by itself. A driver that counts transactions then believes in one that is gone, and so does everyone
//! who gets the connection afterwards. So a connection goes back to its pool only after a successful `COMMIT`. In every
//! other case (an error, an early return, a cancelled request) it is closed, which rolls back, and the pool opens a new
//! one for the next writer.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};

/// A write transaction. Dropping it without a commit rolls it back.
pub(crate) struct WriteTransaction {
    connection: PoolConnection<Sqlite>,
    is_committed: bool,
}

impl WriteTransaction {
    /// Waits for the connection and begins a transaction.
    pub(super) async fn begin(writer: &SqlitePool) -> sqlx::Result<Self> {
        // Before the first statement, so that a caller who stops waiting does not leave it inside a transaction.
        let mut this = Self { connection: writer.acquire().await?, is_committed: false };
        this.execute("BEGIN IMMEDIATE").await?;
        Ok(this)
    }

    /// Makes the changes durable.
    ///
    /// # Errors
    /// The disk is full or fails; nothing is changed then.
    pub(crate) async fn commit(mut self) -> sqlx::Result<()> {
        self.execute("COMMIT").await?;
        self.is_committed = true;
        Ok(())
    }

    async fn execute(&mut self, statement: &'static str) -> sqlx::Result<()> {
        sqlx::raw_sql(statement).execute(&mut *self.connection).await.map(|_| ())
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if !self.is_committed {
            self.connection.close_on_drop();
        }
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use sqlx::AssertSqlSafe;
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

    use super::*;

    /// A pool with one connection to a database of at most 40 pages, with a table.
    async fn small_database(folder: &tempfile::TempDir) -> SqlitePool {
        let options = SqliteConnectOptions::new().filename(folder.path().join("a.db")).create_if_missing(true);
        let options = options.pragma("max_page_count", "40").busy_timeout(Duration::from_secs(20));
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        sqlx::raw_sql("CREATE TABLE note (id INTEGER PRIMARY KEY, text BLOB)").execute(&writer).await.unwrap();
        writer
    }

    async fn insert(writer: &SqlitePool, id: usize, bytes: usize) -> sqlx::Result<()> {
        let mut tx = WriteTransaction::begin(writer).await?;
        for half in [2 * id, 2 * id + 1] {
            let sql = format!("INSERT INTO note (id, text) VALUES ({half}, zeroblob({bytes}))");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
        }
        tx.commit().await
    }

    async fn ids(writer: &SqlitePool) -> Vec<i64> {
        sqlx::query_scalar("SELECT id FROM note ORDER BY id").fetch_all(writer).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_writers_recover_from_a_full_database_and_leave_nothing_half_done() {
        let folder = tempfile::tempdir().unwrap();
        let writer = small_database(&folder).await;
        // In turn: one that fits in part, so that its second statement fails; one that does not fit; one that fits.
        let sizes = |id: usize| [100_000, 1_000_000, 10][id % 3];
        let written = join_all((0..60).map(|id| insert(&writer, id, sizes(id)))).await;
        for (id, result) in written.iter().enumerate() {
            match result {
                Ok(()) => assert_eq!(sizes(id), 10, "{id}"),
                Err(sqlx::Error::Database(error)) => {
                    assert_eq!((error.code().as_deref(), id % 3 < 2), (Some("13"), true), "{id}: {error}");
                }
                Err(other) => panic!("{id}: {other}"),
            }
        }
        let expected: Vec<i64> = (0..60).filter(|id| id % 3 == 2).flat_map(|id| [2 * id, 2 * id + 1]).collect();
        assert_eq!(ids(&writer).await, expected);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whatever_ends_a_transaction_the_next_writer_is_not_affected() {
        let folder = tempfile::tempdir().unwrap();
        let writer = small_database(&folder).await;
        for (id, statement) in [
            "INSERT INTO note VALUES (1, x'00'), (1, x'00')",
            "INSERT INTO missing VALUES (1)",
            "not SQL",
            "ROLLBACK",
            "COMMIT; INSERT INTO missing VALUES (1)",
            "SAVEPOINT inner; INSERT INTO missing VALUES (1)",
        ]
        .iter()
        .enumerate()
        {
            let mut tx = WriteTransaction::begin(&writer).await.unwrap();
            let ended = sqlx::raw_sql(*statement).execute(&mut *tx).await;
            if ended.is_ok() {
                tx.commit().await.unwrap_err();
            } else {
                drop(tx);
            }
            insert(&writer, 10 + id, 1).await.unwrap();
        }
        assert_eq!(ids(&writer).await.len(), 12);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn writers_that_stop_waiting_do_not_affect_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let writer = small_database(&folder).await;
        let cancelled = (0..40).map(|id| tokio::time::timeout(Duration::from_micros(50 * id), insert(&writer, 0, 1)));
        join_all(cancelled).await;
        insert(&writer, 7, 1).await.unwrap();
        assert!(ids(&writer).await.ends_with(&[14, 15]));
    }
}
