//! The full-text index of titles and texts.

use std::time::Duration;

use extract::CleanHtml;
use sqlx::SqliteConnection;

use crate::library::Library;
use words::index_form;

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
    html: &CleanHtml,
) -> sqlx::Result<()> {
    unindex_article(tx, article_id).await?;
    add_article(tx, article_id, title, html).await
}

/// Adds an article that is new to the index.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn add_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    title: &str,
    html: &CleanHtml,
) -> sqlx::Result<()> {
    let (title, text) = indexed_words(title, html);
    sqlx::query!("INSERT INTO article_search (rowid, title, text) VALUES (?1, ?2, ?3)", article_id, title, text)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Returns title and text as they are indexed: all that is shown, captions, tables and cards too.
pub(in crate::library) fn indexed_words(title: &str, html: &CleanHtml) -> (String, String) {
    (index_form(title), index_form(&html.visible_text().chars().take(MAX_INDEXED_CHARS).collect::<String>()))
}

/// Indexes the next articles that an older version of the index had, newest first, at most `limit`. Returns whether some
/// are left.
///
/// # Errors
/// The database fails; the same articles come again then.
pub async fn index_next(library: &Library, limit: i64) -> sqlx::Result<bool> {
    if !is_indexing(library).await? {
        return Ok(false);
    }
    let mut tx = library.begin_write().await?;
    let articles = sqlx::query!(
        "SELECT a.id, a.title, c.html
         FROM search_index_job j CROSS JOIN article a ON a.id < j.before_article_id
              CROSS JOIN article_content c ON c.article_id = a.id
         WHERE j.id = 1
         ORDER BY a.id DESC LIMIT +?1",
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    let last = articles.last().map(|article| article.id);
    for article in articles {
        index_article(&mut tx, article.id, &article.title, &CleanHtml::from_trusted(article.html)).await?;
    }
    match last {
        Some(last) => sqlx::query!("UPDATE search_index_job SET before_article_id = ?1 WHERE id = 1", last),
        None => sqlx::query!("DELETE FROM search_index_job"),
    }
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(last.is_some())
}

/// Returns whether older articles are still being indexed.
///
/// # Errors
/// The database fails.
pub async fn is_indexing(library: &Library) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM search_index_job WHERE id = 1) AS "pending!: bool""#)
        .fetch_one(library.readers())
        .await
}

/// Removes all articles from the index, so that [`index_next`] indexes them again.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn clear_index(library: &Library) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query("INSERT INTO article_search (article_search) VALUES ('delete-all')").execute(&mut *tx).await?;
    sqlx::query!(
        "INSERT INTO search_index_job (id, before_article_id) VALUES (1, 9223372036854775807)
         ON CONFLICT DO UPDATE SET before_article_id = excluded.before_article_id"
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Removes an article from the index.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn unindex_article(tx: &mut SqliteConnection, article_id: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM article_search WHERE rowid = ?1", article_id).execute(tx).await.map(|_| ())
}
