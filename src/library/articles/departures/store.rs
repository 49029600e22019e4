//! Queries on articles that went with their feed, or by a limit.

use sqlx::SqliteConnection;

/// Notes that these articles went to the trash since their feed was unfollowed.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn note_unfollowed(tx: &mut SqliteConnection, articles: &[i64]) -> sqlx::Result<()> {
    let articles = serde_json::json!(articles).to_string();
    sqlx::query!(
        "UPDATE article SET left_by = 'unfollowing' WHERE id IN (SELECT value FROM json_each(?1)) AND deleted_at IS NOT NULL",
        articles
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Restores an article that a feed lists, if it went with another feed, or by the limit of another one. What the reader deleted
/// stays deleted.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn bring_back(tx: &mut SqliteConnection, article: i64, feed: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE article SET deleted_at = NULL, limited_at = NULL WHERE id = ?1 AND deleted_at IS NOT NULL
         AND (left_by = 'unfollowing'
              OR left_by = 'limit' AND NOT EXISTS (SELECT 1 FROM article_feed WHERE article_id = ?1 AND feed_id = ?2))",
        article,
        feed
    )
    .execute(tx)
    .await
    .map(|_| ())
}
