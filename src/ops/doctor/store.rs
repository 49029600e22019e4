//! Checks and repairs of a database file, whatever its tables.

use std::path::Path;

use anyhow::Context as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

/// Rows of one table that refer to a missing row of another.
pub(super) struct BrokenReference {
    pub(super) table: String,
    pub(super) parent: String,
    pub(super) column: String,
    pub(super) parent_column: String,
    /// What the schema says becomes of them when that row is deleted: `CASCADE`, `SET NULL`, `NO ACTION`.
    pub(super) on_delete: String,
    pub(super) rows: i64,
}

/// Checks every page and index, full-text indexes too. Returns no message if the file is sound.
pub(super) async fn check_integrity(file: &Path) -> anyhow::Result<Vec<String>> {
    let checked = async {
        let mut connection = open(file, "1").await?;
        let mut messages = check(&mut connection, "integrity_check").await?;
        if messages.iter().any(|message| message.starts_with("fts5: ")) {
            // The check may have ended there, before it came to other tables.
            messages.extend(check_tables(&mut connection).await?);
        }
        connection.close().await?;
        Ok(messages)
    };
    match checked.await {
        Err(error) => match damage_message(&error) {
            Some(message) => Ok(vec![message]),
            None => Err(error).with_context(|| format!("checking {}", file.display())),
        },
        Ok(messages) => Ok(messages),
    }
}

async fn check_tables(connection: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut messages = Vec::new();
    for table in tables {
        messages.extend(check(connection, &format!("integrity_check(\"{table}\")")).await?);
    }
    Ok(messages)
}

/// Runs a check. An error about damage counts as its message.
async fn check(connection: &mut SqliteConnection, pragma: &str) -> sqlx::Result<Vec<String>> {
    let messages: sqlx::Result<Vec<String>> =
        sqlx::query_scalar(AssertSqlSafe(format!("PRAGMA {pragma}"))).fetch_all(connection).await;
    match messages {
        Ok(messages) => Ok(messages.into_iter().filter(|message| message != "ok").collect()),
        Err(error) => damage_message(&error).map(|message| vec![message]).ok_or(error),
    }
}

/// Returns SQLite's own message if the file is damaged or no database.
fn damage_message(error: &sqlx::Error) -> Option<String> {
    const SQLITE_CORRUPT: i32 = 11;
    const SQLITE_NOTADB: i32 = 26;
    let error = error.as_database_error()?;
    let code: i32 = error.code()?.parse().ok()?;
    // The low byte of an extended code is the code itself.
    [SQLITE_CORRUPT, SQLITE_NOTADB].contains(&(code & 0xff)).then(|| error.message().to_owned())
}

/// Finds rows that refer to missing ones.
pub(super) async fn find_broken_references(file: &Path) -> anyhow::Result<Vec<BrokenReference>> {
    let mut connection = open(file, "1").await?;
    let rows: Vec<(String, String, String, String, String, i64)> = sqlx::query_as(
        r#"SELECT v."table", v.parent, k."from", k."to", k.on_delete, count(*)
           FROM pragma_foreign_key_check AS v JOIN pragma_foreign_key_list(v."table") AS k ON k.id = v.fkid
           GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"#,
    )
    .fetch_all(&mut connection)
    .await
    .with_context(|| format!("checking the references in {}", file.display()))?;
    connection.close().await?;
    let broken = |(table, parent, column, parent_column, on_delete, rows)| BrokenReference {
        table,
        parent,
        column,
        parent_column,
        on_delete,
        rows,
    };
    Ok(rows.into_iter().map(broken).collect())
}

/// Does what the schema says should have happened when the missing row was deleted. The names come from the schema.
pub(super) async fn repair_reference(file: &Path, broken: &BrokenReference) -> anyhow::Result<()> {
    let BrokenReference { table, parent, column, parent_column, .. } = broken;
    let condition =
        format!(r#"WHERE "{column}" IS NOT NULL AND "{column}" NOT IN (SELECT "{parent_column}" FROM "{parent}")"#);
    let statement = if broken.on_delete == "CASCADE" {
        format!(r#"DELETE FROM "{table}" {condition}"#)
    } else {
        format!(r#"UPDATE "{table}" SET "{column}" = NULL {condition}"#)
    };
    execute(file, statement).await
}

/// Builds all indexes from their tables.
pub(super) async fn rebuild_indexes(file: &Path) -> anyhow::Result<()> {
    execute(file, "REINDEX".to_owned()).await
}

async fn execute(file: &Path, statement: String) -> anyhow::Result<()> {
    let mut connection = open(file, "0").await?;
    sqlx::query(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .with_context(|| format!("repairing {}", file.display()))?;
    Ok(connection.close().await?)
}

/// Opens a file that a server may be using. Not `read_only`: after a crash, the first connection must recover the journal.
async fn open(file: &Path, query_only: &'static str) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(false).foreign_keys(true);
    options.pragma("query_only", query_only).disable_statement_logging().connect().await
}
