//! Recognizes a damaged database in errors.

use std::error::Error;

/// SQLite's primary result codes for a file that is damaged, and for one that is no database.
const CODES: [i64; 2] = [11, 26];

/// What to do about a damaged database.
pub const REMEDY: &str = "Stop Broadsheet and run `broadsheet doctor`, which says what is damaged and repairs what it can; or \
                          restore a backup with `broadsheet restore`.";

/// Returns whether the error, or one of its causes, is a damaged database.
#[must_use]
pub fn is_damaged(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (*error).source()).any(|cause| {
        let Some(sqlx::Error::Database(database)) = cause.downcast_ref::<sqlx::Error>() else { return false };
        // The lowest byte of an extended code is its primary code.
        let code = database.code().and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xff);
        code.is_some_and(|code| CODES.contains(&code))
    })
}

#[cfg(test)]
mod tests {
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::*;

    #[tokio::test]
    async fn a_file_that_is_no_database_and_one_with_a_hole_are_damaged_and_others_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("library.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let connect = || options.connect();
        std::fs::write(&path, "This is a letter, and no database at all. ".repeat(200)).unwrap();
        let opened = async { sqlx::query("SELECT * FROM sqlite_schema").execute(&mut connect().await?).await };
        assert!(is_damaged(anyhow::Error::from(opened.await.unwrap_err()).context("opening").as_ref()));

        std::fs::remove_file(&path).unwrap();
        let mut connection = connect().await.unwrap();
        let fill = "CREATE TABLE note (text); INSERT INTO note VALUES (hex(randomblob(20000)));";
        sqlx::raw_sql(fill).execute(&mut connection).await.unwrap();
        assert!(!is_damaged(&sqlx::query("SELECT nothing").execute(&mut connection).await.unwrap_err()));
        connection.close().await.unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[4096..12288].fill(0xff);
        std::fs::write(&path, bytes).unwrap();
        let mut connection = connect().await.unwrap();
        assert!(is_damaged(
            &sqlx::query("SELECT sum(length(text)) FROM note").execute(&mut connection).await.unwrap_err()
        ));
    }
}
