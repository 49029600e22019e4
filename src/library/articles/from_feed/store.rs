//! What the items of feeds say of their articles. It stands here, since articles know nothing of feeds.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::articles::from_feed::{MAX_REFETCH_AGE, REFETCH_PAUSE};
use crate::library::tags;

/// Notes that an import gives an article the text that stands in the feed, if its page is that which came along.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn note_feed_text(
    tx: &mut SqliteConnection,
    import: i64,
    snapshot: Option<i64>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE feed_item SET gives_text = 1 WHERE id = (SELECT min(id) FROM feed_item WHERE import_id = ?1)
         AND EXISTS (SELECT 1 FROM import WHERE id = ?1 AND stored_snapshot_id = ?2)",
        import,
        snapshot
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Gives the new article of an import what its item says: the date that lists sort by, and whether it arrives read.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn apply_to_article(
    tx: &mut SqliteConnection,
    import: i64,
    article: i64,
    now: Timestamp,
) -> sqlx::Result<()> {
    let item = sqlx::query!(
        r#"SELECT min(sorted_at) AS "sorted_at: i64", min(is_read) AS "is_read: bool" FROM feed_item WHERE import_id = ?1"#,
        import
    )
    .fetch_one(&mut *tx)
    .await?;
    match item.sorted_at {
        Some(sorted_at) => set_date_and_read(tx, article, sorted_at, item.is_read == Some(true), now).await,
        None => Ok(()),
    }
}

/// Gives an article the date that lists sort by, and whether it arrives read.
async fn set_date_and_read(
    tx: &mut SqliteConnection,
    article: i64,
    sorted_at: i64,
    is_read: bool,
    now: Timestamp,
) -> sqlx::Result<()> {
    let now = now.as_second();
    sqlx::query!(
        "UPDATE article SET sorted_at = ?2, read_at = iif(?3, ?4, read_at), seen_at = iif(?3, 0, seen_at) WHERE id = ?1 AND (sorted_at <> ?2 OR ?3)",
        article,
        sorted_at,
        is_read,
        now
    )
    .execute(&mut *tx)
    .await?;
    tags::update_sort_date(tx, article).await
}

/// Plans to fetch the page of an article again, since its item was changed. Returns its URL, and when: never more often than every
/// 6 hours. `None` if it is older than 14 days, deleted, saved or replaced by the reader, has the text of a feed, or waits already.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn plan_refetch(
    tx: &mut SqliteConnection,
    article: i64,
    now: Timestamp,
) -> sqlx::Result<Option<(Url, Timestamp)>> {
    let now = now.as_second();
    let (pause, since) = (REFETCH_PAUSE.as_secs(), now - MAX_REFETCH_AGE.as_secs());
    let row = sqlx::query!(
        r#"UPDATE article SET refetched_at = max(?2, coalesce(refetched_at + ?3, 0))
           WHERE id = ?1 AND url IS NOT NULL AND deleted_at IS NULL AND channel = 'feed' AND sorted_at >= ?4
             AND coalesce(refetched_at, 0) <= ?2 AND coalesce(text_from, '') NOT IN ('pasted', 'restored')
             AND NOT EXISTS (SELECT 1 FROM feed_item i WHERE i.article_id = ?1 AND i.gives_text = 1)
           RETURNING url AS "url!", refetched_at AS "at!: i64""#,
        article,
        now,
        pause,
        since
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.and_then(|row| Some((Url::parse(&row.url).ok()?, Timestamp::from_second(row.at).ok()?))))
}
