//! Finds and lists imports, and counts those that failed.

use crate::library::Library;
use crate::library::imports::Import;
use crate::library::imports::row::Row;

/// Counts imports that have failed and were not retried.
///
/// # Errors
/// The database fails.
pub async fn count_failed(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM import WHERE state = 'failed'"#)
        .fetch_one(library.readers())
        .await
}

/// Counts imports that wait, run or have failed, by the word for their state.
///
/// # Errors
/// The database fails.
pub async fn count_by_state(library: &Library) -> sqlx::Result<[(&'static str, i64); 3]> {
    let row = sqlx::query!(
        r#"SELECT (SELECT count(*) FROM import WHERE state = 'waiting') AS "waiting!: i64",
                  (SELECT count(*) FROM import WHERE state = 'running') AS "running!: i64",
                  (SELECT count(*) FROM import WHERE state = 'failed') AS "failed!: i64""#
    );
    let row = row.fetch_one(library.readers()).await?;
    Ok([("waiting", row.waiting), ("running", row.running), ("failed", row.failed)])
}

/// Finds an import by id.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<Option<Import>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT i.id, i.url, i.file_name, i.snapshot_id, i.state, i.article_id, a.title AS "title?", i.outcome,
                  i.error_message, i.error_code, i.attempts, i.unfinished_reads, i.accepted_at, i.updated_at,
                  i.waits_for_room AS "waits_for_room: bool", i.postponed_since, i.postponements, i.renewed_article_id,
                  i.renewal, i.has_restored AS "has_restored: bool", i.is_from_archive AS "is_from_archive: bool", i.archived_on,
                  (SELECT f.url FROM feed f WHERE f.id = i.feed_id) AS "feed_url?",
                  max(coalesce(i.next_attempt_at, 0),
                      coalesce((SELECT p.until FROM host_pause p WHERE p.host = i.host), 0)) AS "waits_until!: i64",
                  CASE a.is_notice_dismissed WHEN 0 THEN a.verdict END AS "verdict?: String"
           FROM import i LEFT JOIN article a ON a.id = i.article_id WHERE i.id = ?1"#,
        id
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(row.map(Import::from))
}

/// Lists imports with ids less than `before_id`, newest first.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, before_id: i64, limit: i64) -> sqlx::Result<Vec<Import>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT i.id, i.url, i.file_name, i.snapshot_id, i.state, i.article_id, a.title AS "title?", i.outcome,
                  i.error_message, i.error_code, i.attempts, i.unfinished_reads, i.accepted_at, i.updated_at,
                  i.waits_for_room AS "waits_for_room: bool", i.postponed_since, i.postponements, i.renewed_article_id,
                  i.renewal, i.has_restored AS "has_restored: bool", i.is_from_archive AS "is_from_archive: bool", i.archived_on,
                  (SELECT f.url FROM feed f WHERE f.id = i.feed_id) AS "feed_url?",
                  max(coalesce(i.next_attempt_at, 0),
                      coalesce((SELECT p.until FROM host_pause p WHERE p.host = i.host), 0)) AS "waits_until!: i64",
                  CASE a.is_notice_dismissed WHEN 0 THEN a.verdict END AS "verdict?: String"
           FROM import i LEFT JOIN article a ON a.id = i.article_id WHERE i.id < ?1 ORDER BY i.id DESC LIMIT +?2"#,
        before_id,
        limit
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(Import::from).collect())
}

/// Lists failed imports with ids less than `before_id`, newest first.
///
/// # Errors
/// The database fails.
pub async fn list_failed(library: &Library, before_id: i64, limit: i64) -> sqlx::Result<Vec<Import>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT i.id, i.url, i.file_name, i.snapshot_id, i.state, i.article_id, a.title AS "title?", i.outcome,
                  i.error_message, i.error_code, i.attempts, i.unfinished_reads, i.accepted_at, i.updated_at,
                  i.waits_for_room AS "waits_for_room: bool", i.postponed_since, i.postponements, i.renewed_article_id,
                  i.renewal, i.has_restored AS "has_restored: bool", i.is_from_archive AS "is_from_archive: bool", i.archived_on,
                  (SELECT f.url FROM feed f WHERE f.id = i.feed_id) AS "feed_url?",
                  max(coalesce(i.next_attempt_at, 0),
                      coalesce((SELECT p.until FROM host_pause p WHERE p.host = i.host), 0)) AS "waits_until!: i64",
                  CASE a.is_notice_dismissed WHEN 0 THEN a.verdict END AS "verdict?: String"
           FROM import i LEFT JOIN article a ON a.id = i.article_id
           WHERE i.state = 'failed' AND i.id < ?1 ORDER BY i.id DESC LIMIT +?2"#,
        before_id,
        limit
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(Import::from).collect())
}

/// Returns whether any import is marked as running.
///
/// # Errors
/// The database fails.
pub(in crate::library::imports) async fn is_any_running(library: &Library) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM import WHERE state = 'running') AS "is_any!: bool""#)
        .fetch_one(library.readers())
        .await
}

/// Returns the page that came along from another service, if the page to read is another.
///
/// # Errors
/// The database fails.
pub async fn find_stored_page(library: &Library, id: i64) -> sqlx::Result<Option<i64>> {
    let stored =
        sqlx::query_scalar!("SELECT stored_snapshot_id FROM import WHERE id = ?1 AND pasted_snapshot_id IS NULL", id)
            .fetch_optional(library.readers())
            .await?;
    Ok(stored.flatten())
}

/// Returns why the text of a feed is to be read instead of the page, if it is: the page cannot be had.
///
/// # Errors
/// The database fails.
pub async fn find_feed_text(library: &Library, id: i64) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(error_message, '') AS "reason!: String" FROM import
           WHERE id = ?1 AND feed_id IS NOT NULL AND pasted_snapshot_id = stored_snapshot_id"#,
        id
    )
    .fetch_optional(library.readers())
    .await
}

/// Returns whether the page to read was pasted.
///
/// # Errors
/// The database fails.
pub async fn is_pasted(library: &Library, id: i64) -> sqlx::Result<bool> {
    let is_pasted = sqlx::query_scalar!(
        r#"SELECT pasted_snapshot_id IS NOT NULL AS "is_pasted!: bool" FROM import WHERE id = ?1"#,
        id
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(is_pasted.unwrap_or_default())
}
