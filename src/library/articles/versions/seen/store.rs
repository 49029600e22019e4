//! Notes and finds what readers have seen.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::articles::timestamp;
use crate::library::articles::versions::seen::History;

/// Notes that the reader has the text of an article before them. Returns `false` if there is no such article.
///
/// # Errors
/// The database fails.
pub async fn mark(library: &Library, id: i64, now: Timestamp) -> sqlx::Result<bool> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    let marked = sqlx::query!("UPDATE article SET seen_at = ?2 WHERE id = ?1", id, now).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(marked.rows_affected() > 0)
}

/// Finds what the publisher has changed of an article; nothing, if there is no such article.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<History> {
    let row = sqlx::query!(
        r#"SELECT a.changed_at, nullif(coalesce(a.seen_at, a.read_at), 0) AS "seen_at: i64",
                  (SELECT v.id FROM article_version v
                   WHERE v.article_id = a.id AND v.replaced_at > nullif(coalesce(a.seen_at, a.read_at), 0)
                   ORDER BY v.id LIMIT 1) AS "seen_version: i64"
           FROM article a WHERE a.id = ?1"#,
        id
    );
    let Some(row) = row.fetch_optional(library.readers()).await? else { return Ok(History::default()) };
    Ok(History {
        changed_at: row.changed_at.and_then(timestamp),
        seen_at: row.seen_at.and_then(timestamp),
        seen_version: row.seen_version,
    })
}
