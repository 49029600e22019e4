//! Creates one database with all three schemas, for the query macros: `schema FILE`.
//!
//! A separate program, because the main one doesn't build while its queries are out of date, and because a distribution's
//! SQLite may be older than the bundled one.

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
