//! The full-text index of titles and texts.

use std::time::Duration;

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::search::normalize::normalize;

/// Characters of a text that are indexed at most.
const MAX_INDEXED_CHARS: usize = 200_000;

/// Returns the ids of the newest 1,000 articles that match a query in the syntax of FTS5, as a JSON array.
///
/// # Errors
/// The database fails, or the search takes longer than `limit` (see [`crate::storage::timed_reads::is_timeout`]).
pub(super) async fn newest_matches(library: &Library, fts_query: &str, limit: Duration) -> sqlx::Result<String> {
    let mut reader = library.timed_readers().acquire(limit).await?;
    sqlx::query_scalar!(
        r#"SELECT json_group_array(found.id) AS "ids!: String" FROM (SELECT rowid AS id FROM article_search
             WHERE article_search MATCH ?1 ORDER BY rowid DESC LIMIT 1000) found"#,
        fts_query
    )
    .fetch_one(&mut *reader)
    .await
}

/// Adds an article to the index, replacing its old entry.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn index_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    title: &str,
    text: &str,
) -> sqlx::Result<()> {
    unindex_article(tx, article_id).await?;
    let (title, text) = indexed_words(title, text);
    sqlx::query!("INSERT INTO article_search (rowid, title, text) VALUES (?1, ?2, ?3)", article_id, title, text)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Returns title and text as they are indexed.
pub(in crate::library) fn indexed_words(title: &str, text: &str) -> (String, String) {
    (normalize(title), normalize(&text.chars().take(MAX_INDEXED_CHARS).collect::<String>()))
}

/// Removes all articles from the index.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn clear_index(tx: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO article_search (article_search) VALUES ('delete-all')").execute(tx).await.map(drop)
}

/// Removes an article from the index.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn unindex_article(tx: &mut SqliteConnection, article_id: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM article_search WHERE rowid = ?1", article_id).execute(tx).await.map(|_| ())
}
