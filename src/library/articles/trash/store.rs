//! Empties the trash.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::articles::changes;
use crate::library::topics::learning;

/// Deletes articles that were moved to the trash before `before`, at most 100, and returns their number.
///
/// # Errors
/// The database fails.
pub async fn purge_trash(library: &Library, before: Timestamp) -> sqlx::Result<usize> {
    let before = before.as_second();
    let mut tx = library.begin_write().await?;
    let ids = sqlx::query_scalar!("SELECT id FROM article WHERE deleted_at < ?1 LIMIT 100", before)
        .fetch_all(&mut *tx)
        .await?;
    changes::delete(&mut tx, &ids).await?;
    learning::learn(&mut tx, &ids).await?;
    tx.commit().await?;
    Ok(ids.len())
}

/// Gives articles in the trash their whole time there again, at most 100 at once. Returns how many.
///
/// # Errors
/// The database fails.
pub async fn renew_trash(library: &Library, now: Timestamp) -> sqlx::Result<u64> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    let renewed = sqlx::query!(
        "UPDATE article SET deleted_at = ?1 WHERE id IN
             (SELECT id FROM article WHERE deleted_at IS NOT NULL AND deleted_at <> ?1 LIMIT 100)",
        now
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(renewed)
}
