//! Lays all three schemas into one scratch file, for the query macros to look at: `schema FILE`.
//!
//! A program of its own, since the main one does not build while its queries are out of date, and since the SQLite of a
//! distribution may be older than the one we bundle.

use anyhow::Context as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _};

const SCHEMAS: [&str; 3] = ["migrations/accounts", "migrations/library", "migrations/snapshots"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let file = std::env::args().nth(1).context("usage: schema FILE")?;
    let mut connection = SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await?;
    for folder in SCHEMAS {
        let mut files =
            std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        files.sort();
        for migration in files {
            let sql = std::fs::read_to_string(&migration)?;
            connection.execute(AssertSqlSafe(sql)).await.with_context(|| migration.display().to_string())?;
        }
    }
    Ok(())
}
