//! Deletes old previous versions.

use jiff::Timestamp;

use crate::library::Library;

/// Deletes previous versions that were replaced before `before`, at most 500, and returns their number. Rejected ones
/// stay.
///
/// # Errors
/// The database fails.
pub async fn delete_old(library: &Library, before: Timestamp) -> sqlx::Result<u64> {
    let before = before.as_second();
    let mut tx = library.begin_write().await?;
    let deleted = sqlx::query!(
        "DELETE FROM article_previous_version WHERE article_id IN
             (SELECT article_id FROM article_previous_version WHERE is_rejected = 0 AND replaced_at < ?1 LIMIT 500)",
        before
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(deleted)
}

/// Gives previous versions their whole time again, at most 500 at once. Returns how many.
///
/// # Errors
/// The database fails.
pub async fn renew_time(library: &Library, now: Timestamp) -> sqlx::Result<u64> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    let renewed = sqlx::query!(
        "UPDATE article_previous_version SET replaced_at = ?1 WHERE article_id IN
             (SELECT article_id FROM article_previous_version WHERE is_rejected = 0 AND replaced_at <> ?1 LIMIT 500)",
        now
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(renewed)
}
