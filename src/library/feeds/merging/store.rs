//! Queries that give a feed its new address, and make one of two.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::feeds::without_fragment;

/// Gives a feed the address that it has moved to for good. If another feed that is followed has that address, they are one: it has
/// the items of both from then on. One that is not followed any more is only remembered, and gives way.
///
/// # Errors
/// The database fails.
pub(in crate::library::feeds) async fn move_to(
    tx: &mut SqliteConnection,
    feed: i64,
    target: &Url,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (url, seconds) = (without_fragment(target), now.as_second());
    let other = sqlx::query!(
        r#"SELECT o.id AS "id!", o.unfollowed_at IS NULL AS "is_followed!: bool", o.links IS f.links AS "is_alike!: bool"
           FROM feed o, feed f WHERE o.url = ?1 AND o.id <> ?2 AND f.id = ?2"#,
        url,
        feed
    )
    .fetch_optional(&mut *tx)
    .await?;
    match other {
        // The links of a page, and a feed there, are two things.
        Some(other) if !other.is_alike => Ok(()),
        Some(other) if other.is_followed => {
            sqlx::query!(
                "UPDATE feed SET moved_from = (SELECT url FROM feed WHERE id = ?2), moved_at = ?3 WHERE id = ?1",
                other.id,
                feed,
                seconds
            )
            .execute(&mut *tx)
            .await?;
            merge_settings(tx, feed, other.id).await?;
            merge(tx, feed, other.id).await
        }
        other => {
            if let Some(other) = other {
                merge(tx, other.id, feed).await?;
            }
            sqlx::query!("UPDATE feed SET url = ?2, moved_from = url, moved_at = ?3 WHERE id = ?1", feed, url, seconds)
                .execute(tx)
                .await
                .map(|_| ())
        }
    }
}

/// Sees to it that nothing is lost that either of two feeds would bring or keep.
async fn merge_settings(tx: &mut SqliteConnection, from: i64, into: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE feed SET paused_until = NULL WHERE id = ?2 AND (SELECT paused_until FROM feed WHERE id = ?1) IS NULL",
        from,
        into
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE feed AS f SET keep_kind = 'forever', keep_count = NULL FROM feed o
         WHERE f.id = ?2 AND o.id = ?1 AND (f.keep_kind IS NOT o.keep_kind OR f.keep_count IS NOT o.keep_count
             OR f.keep_kind IS NULL AND EXISTS (SELECT 1 FROM folder WHERE keep_kind <> 'forever'))",
        from,
        into
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Gives the items, articles, folders and imports of one feed to another, and forgets it. Links to it lead to the other.
async fn merge(tx: &mut SqliteConnection, from: i64, into: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO feed_folder (folder_id, feed_id) SELECT folder_id, ?2 FROM feed_folder WHERE feed_id = ?1
         ON CONFLICT DO NOTHING",
        from,
        into
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "INSERT INTO article_feed (feed_id, sorted_at, article_id)
         SELECT ?2, g.sorted_at, g.article_id FROM article_feed g WHERE g.feed_id = ?1
         AND NOT EXISTS (SELECT 1 FROM article_feed o WHERE o.article_id = g.article_id AND o.feed_id = ?2)",
        from,
        into
    )
    .execute(&mut *tx)
    .await?;
    // An item that both have is one, unless its page is still to be fetched.
    sqlx::query!(
        "DELETE FROM feed_item WHERE feed_id = ?1 AND (import_id IS NULL OR article_id IS NOT NULL)
         AND (link_key IN (SELECT link_key FROM feed_item INDEXED BY feed_item_newest WHERE feed_id = ?2)
              OR guid IN (SELECT guid FROM feed_item INDEXED BY feed_item_newest WHERE feed_id = ?2))",
        from,
        into
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("UPDATE feed_item SET feed_id = ?2 WHERE feed_id = ?1", from, into).execute(&mut *tx).await?;
    sqlx::query!("UPDATE import SET feed_id = ?2 WHERE feed_id = ?1", from, into).execute(&mut *tx).await?;
    sqlx::query!("UPDATE merged_feed SET feed_id = ?2 WHERE feed_id = ?1", from, into).execute(&mut *tx).await?;
    sqlx::query!("INSERT INTO merged_feed (id, feed_id) VALUES (?1, ?2)", from, into).execute(&mut *tx).await?;
    sqlx::query!("DELETE FROM feed WHERE id = ?1", from).execute(tx).await.map(|_| ())
}

/// Returns the feed that another one turned out to be.
///
/// # Errors
/// The database fails.
pub async fn find_merged(library: &Library, id: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("SELECT feed_id FROM merged_feed WHERE id = ?1", id).fetch_optional(library.readers()).await
}
