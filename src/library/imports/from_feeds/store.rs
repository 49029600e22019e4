//! Queries on the imports of feeds.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::imports::from_feeds::Asker;
use crate::library::imports::renewal::{self, SavedCopy};
use crate::library::imports::store::{find_queued, insert};
use crate::library::imports::{Accepted, NewImport};
use crate::urls::UrlKey;

/// Accepts the page of a feed's item. `stored_page` is what the feed has of it. An article that is here, in the trash too, is not
/// fetched again.
pub(in crate::library) async fn enqueue_from_feed(
    tx: &mut SqliteConnection,
    (feed, url): (i64, &url::Url),
    stored_page: Option<i64>,
    now: Timestamp,
) -> sqlx::Result<Accepted> {
    let key = UrlKey::from_url(url);
    let input = NewImport { url: Some(url.clone()), snapshot_id: None, file_name: None, replaces_id: None };
    match renewal::find_copy(tx, &input, Some(key.as_str())).await? {
        SavedCopy::None => {}
        SavedCopy::Good(article_id) | SavedCopy::Doubtful(article_id) | SavedCopy::Deleted(article_id) => {
            return Ok(Accepted::ArticleExists { article_id });
        }
    }
    let Some(id) = insert(tx, &input, Some(key.as_str()), now).await? else {
        let id = find_queued(tx, Some(key.as_str())).await?;
        offer_stored_page(tx, id, stored_page).await?;
        return Ok(Accepted::AlreadyQueued(id));
    };
    sqlx::query!("UPDATE import SET feed_id = ?2, stored_snapshot_id = ?3 WHERE id = ?1", id, feed, stored_page)
        .execute(tx)
        .await?;
    Ok(Accepted::New(id))
}

/// Gives an import that waits already, of the reader or of another feed, what the feed has of the page: it fills in if the page
/// cannot be had.
async fn offer_stored_page(tx: &mut SqliteConnection, import: i64, stored_page: Option<i64>) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE import SET stored_snapshot_id = ?2 WHERE id = ?1 AND stored_snapshot_id IS NULL AND snapshot_id IS NULL",
        import,
        stored_page
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Accepts the page of an article whose item in a feed was changed, not to be fetched before `at`. One that waits already is
/// enough.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn renew_from_feed(
    tx: &mut SqliteConnection,
    (feed, article): (i64, i64),
    (url, at): (&url::Url, Timestamp),
    now: Timestamp,
) -> sqlx::Result<()> {
    let key = UrlKey::from_url(url);
    let input = NewImport { url: Some(url.clone()), snapshot_id: None, file_name: None, replaces_id: None };
    let Some(id) = insert(tx, &input, Some(key.as_str()), now).await? else { return Ok(()) };
    renewal::mark(tx, id, article).await?;
    let next_attempt_at = (at > now).then(|| at.as_second());
    sqlx::query!("UPDATE import SET feed_id = ?2, next_attempt_at = ?3 WHERE id = ?1", id, feed, next_attempt_at)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Hands the imports of a feed that other feeds wait for too, and that are followed, over to one of these.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn hand_over(tx: &mut SqliteConnection, feed: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE import SET feed_id = o.feed_id FROM
             (SELECT m.id, min(i.feed_id) AS feed_id
              FROM import m CROSS JOIN feed_item i ON i.import_id = m.id CROSS JOIN feed f ON f.id = i.feed_id
              WHERE m.feed_id = ?1 AND m.state <> 'done' AND i.feed_id <> ?1 AND f.unfollowed_at IS NULL GROUP BY m.id) o
         WHERE import.id = o.id",
        feed
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Deletes the imports of a feed that are not finished. What runs of them adds nothing.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn delete_unfinished_of_feed(tx: &mut SqliteConnection, feed: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM import WHERE feed_id = ?1 AND state IN ('waiting', 'running')", feed)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Counts the imports of a feed that are not finished and bring new articles.
///
/// # Errors
/// The database fails.
pub async fn count_unfinished_of_feed(library: &Library, feed: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM import
           WHERE feed_id = ?1 AND state IN ('waiting', 'running') AND renewed_article_id IS NULL"#,
        feed
    )
    .fetch_one(library.readers())
    .await
}

/// Finds out who asks for an import.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_asker(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<Asker> {
    let feed = sqlx::query_scalar!("SELECT feed_id FROM import WHERE id = ?1", id).fetch_optional(tx).await?;
    Ok(match feed {
        Some(None) => Asker::Reader,
        Some(Some(_)) => Asker::Feed,
        None => Asker::Nobody,
    })
}
