//! Queries on feeds that come and go.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use url::Url;

use crate::library::Library;
use crate::library::articles::limits::with_untouched;
use crate::library::feeds::without_fragment;

/// Feeds named beside an article; hardly any is in as many.
const MAX_NAMED: i64 = 5;

/// Lists the articles of a feed that go with it: they lie untouched in the stream, and no other feed that is followed
/// lists them. Those in the trash are left there.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_only_in(tx: &mut SqliteConnection, feed: i64) -> sqlx::Result<Vec<i64>> {
    let found = with_untouched!(
        query_scalar,
        [r#"SELECT a.id AS "id!" FROM article_feed g CROSS JOIN article a ON a.id = g.article_id
            WHERE g.feed_id = ?1 AND a.deleted_at IS NULL AND a.lane = 1 AND "#],
        [" AND NOT EXISTS (SELECT 1 FROM article_feed o CROSS JOIN feed f ON f.id = o.feed_id
                           WHERE o.article_id = a.id AND o.feed_id <> ?1 AND f.unfollowed_at IS NULL)"],
        feed
    );
    found.fetch_all(tx).await
}

/// Forgets the items whose pages are still to be fetched for a feed alone, those of other feeds that are not followed too. They
/// are new when one of these is followed again.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn forget_unfinished_items(tx: &mut SqliteConnection, feed: i64) -> sqlx::Result<()> {
    // What was old at the first look arrives read at another first look.
    sqlx::query!(
        "UPDATE feed SET succeeded_at = NULL WHERE id IN
             (SELECT i.feed_id FROM import m CROSS JOIN feed_item i ON i.import_id = m.id
              WHERE m.feed_id = ?1 AND m.state IN ('waiting', 'running') AND i.article_id IS NULL AND i.is_read = 1)",
        feed
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM feed_item WHERE article_id IS NULL AND import_id IN (SELECT id FROM import WHERE feed_id = ?1 AND state IN ('waiting', 'running'))",
        feed
    )
    .execute(&mut *tx)
    .await?;
    // With nothing left, the next look is a first one.
    sqlx::query!(
        "UPDATE feed SET succeeded_at = NULL WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM feed_item WHERE feed_id = ?1)",
        feed
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Ends following a feed, by an operation. Returns the folders that it was in; `None` if it was not followed.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn end(
    tx: &mut SqliteConnection,
    feed: i64,
    operation: i64,
    now: Timestamp,
) -> sqlx::Result<Option<Vec<i64>>> {
    let now = now.as_second();
    let ended = sqlx::query!(
        "UPDATE feed SET unfollowed_at = ?2, unfollowed_by = ?3, refresh_asked_at = NULL
         WHERE id = ?1 AND unfollowed_at IS NULL",
        feed,
        now,
        operation
    )
    .execute(&mut *tx)
    .await?;
    if ended.rows_affected() == 0 {
        return Ok(None);
    }
    sqlx::query_scalar!("DELETE FROM feed_folder WHERE feed_id = ?1 RETURNING folder_id", feed)
        .fetch_all(tx)
        .await
        .map(Some)
}

/// Follows a feed again, if it is not followed, and if this operation has ended that, should one be given. It is read from the
/// beginning as soon as possible, which doubles nothing. Returns `false` if nothing was to be done.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn follow_again(
    tx: &mut SqliteConnection,
    feed: i64,
    unfollowed_by: Option<i64>,
) -> sqlx::Result<bool> {
    let followed = sqlx::query!(
        "UPDATE feed SET unfollowed_at = NULL, unfollowed_by = NULL, next_look_at = coalesce(looked_at, followed_at), etag = NULL,
                last_modified = NULL, validators_url = NULL, body_hash = NULL
         WHERE id = ?1 AND unfollowed_at IS NOT NULL AND (?2 IS NULL OR unfollowed_by = ?2)",
        feed,
        unfollowed_by
    );
    let is_new = followed.execute(&mut *tx).await?.rows_affected() > 0;
    if is_new {
        forget_departed_items(tx, feed).await?;
    }
    Ok(is_new)
}

/// Forgets the items of a feed whose articles went with it and are deleted for good, so that they are new when it is followed
/// again; and the next look is a first one.
async fn forget_departed_items(tx: &mut SqliteConnection, feed: i64) -> sqlx::Result<()> {
    let forgotten = sqlx::query!(
        "DELETE FROM feed_item WHERE feed_id = ?1 AND left_by = 'unfollowing' AND article_id IS NULL",
        feed
    )
    .execute(&mut *tx)
    .await?;
    if forgotten.rows_affected() > 0 {
        sqlx::query!("UPDATE feed SET succeeded_at = NULL WHERE id = ?1", feed).execute(tx).await?;
    }
    Ok(())
}

/// Finds the operation that unfollowed a feed, if it is not followed now.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_unfollowing(library: &Library, url: &Url) -> sqlx::Result<Option<i64>> {
    let url = without_fragment(url);
    let found = sqlx::query_scalar!("SELECT unfollowed_by FROM feed WHERE url = ?1 AND unfollowed_at IS NOT NULL", url);
    Ok(found.fetch_optional(library.readers()).await?.flatten())
}

/// Lists the feeds that an article came by: ids and names.
///
/// # Errors
/// The database fails.
pub async fn list_for_article(library: &Library, article: i64) -> sqlx::Result<Vec<(i64, String)>> {
    let found = sqlx::query_scalar!(
        r#"SELECT json_group_array(json_array(id, name)) AS "feeds!: Json<Vec<(i64, String)>>" FROM
               (SELECT f.id AS id, coalesce(f.name, f.title) AS name
                FROM article_feed g CROSS JOIN feed f ON f.id = g.feed_id WHERE g.article_id = ?1 ORDER BY f.id LIMIT +?2)"#,
        article,
        MAX_NAMED
    );
    found.fetch_one(library.readers()).await.map(|Json(feeds)| feeds)
}
