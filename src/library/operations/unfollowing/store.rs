//! Ends the undo of an earlier operation that unfollowed the same feed.

use jiff::Timestamp;
use sqlx::SqliteConnection;

/// Ends the undo of earlier operations that unfollowed a feed, if one is not through yet. The articles that it had not brought back
/// go with the operation that unfollows the feed now: they stay in the trash, and come back with its undo.
///
/// # Errors
/// The database fails.
pub(super) async fn take_over_undo(
    tx: &mut SqliteConnection,
    feed: i64,
    operation: i64,
    now: Timestamp,
) -> sqlx::Result<()> {
    let unfinished = sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM operation
           WHERE finished_at IS NULL AND id < ?2 AND kind = 'unfollow' AND is_undoing = 1 AND value ->> 'feed' = ?1"#,
        feed,
        operation
    );
    let now = now.as_second();
    for earlier in unfinished.fetch_all(&mut *tx).await? {
        let taken = sqlx::query!(
            "UPDATE operation_change SET operation_id = ?2 WHERE operation_id = ?1 AND article_id > 0",
            earlier,
            operation
        );
        // Each has one change: it was deleted.
        let taken = i64::try_from(taken.execute(&mut *tx).await?.rows_affected()).unwrap_or(i64::MAX);
        sqlx::query!("UPDATE operation SET articles = articles + ?2 WHERE id = ?1", operation, taken)
            .execute(&mut *tx)
            .await?;
        sqlx::query!(
            "UPDATE operation SET finished_at = ?2, articles = max(0, articles - ?3) WHERE id = ?1",
            earlier,
            now,
            taken
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}
