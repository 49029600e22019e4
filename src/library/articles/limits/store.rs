//! Queries on articles that are over a limit.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::limits::Boundary;

/// Adds the condition that a limit, or unfollowing its feed, may take the article `a`: the reader has done nothing with it but read it.
macro_rules! with_untouched {
    ($query:ident, [$($before:tt)*], [$($after:tt)*] $(, $argument:expr)*) => {
        sqlx::$query!($($before)* + " +a.shelf = 3 AND a.starred_at IS NULL AND a.limited_at IS NULL AND +a.reason IS NOT 'reader'
            AND NOT EXISTS (SELECT 1 FROM highlight h WHERE h.article_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM article_edit e WHERE e.article_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM article_tag x CROSS JOIN tag y ON y.id = x.tag_id WHERE x.article_id = a.id
                            AND NOT EXISTS (SELECT 1 FROM article_keywords w CROSS JOIN json_each(w.names) v
                                            WHERE w.article_id = a.id AND v.value = y.name COLLATE NOCASE))" + $($after)* $(, $argument)*)
    };
}
pub(in crate::library) use with_untouched;

/// Returns the date and the id of the last article that a limit to this many leaves to a feed; `None` if there are fewer. Articles
/// that are out of reach of limits do not count.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_end(
    library: &Library,
    feed: i64,
    newest: u32,
) -> sqlx::Result<Option<(i64, i64)>> {
    let skipped = newest.saturating_sub(1);
    let found = with_untouched!(
        query,
        [
            r#"SELECT g.sorted_at AS "sorted_at!", g.article_id AS "id!" FROM article_feed g CROSS JOIN article a ON a.id = g.article_id
            WHERE g.feed_id = ?1 AND "#
        ],
        [" ORDER BY g.sorted_at DESC, g.article_id DESC LIMIT 1 OFFSET +?2"],
        feed,
        skipped
    );
    Ok(found.fetch_optional(library.readers()).await?.map(|row| (row.sorted_at, row.id)))
}

/// Lists articles over the limits of all followed feeds that list them, at most `limit`.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_over(
    library: &Library,
    boundaries: &[Boundary],
    limit: i64,
) -> sqlx::Result<Vec<i64>> {
    let boundaries = serde_json::json!(boundaries).to_string();
    let found = with_untouched!(
        query_scalar,
        [r#"SELECT DISTINCT a.id AS "id!" FROM json_each(?1) l
            CROSS JOIN article_feed g ON g.feed_id = l.value ->> 'feed' AND g.sorted_at <= l.value ->> 'sorted_at'
            CROSS JOIN article a ON a.id = g.article_id
            WHERE l.value ->> 'is_asked' AND (g.sorted_at, g.article_id) < (l.value ->> 'sorted_at', l.value ->> 'id')
              AND a.received_at < l.value ->> 'received_before'
              AND "#],
        [" AND NOT EXISTS (
               SELECT 1 FROM article_feed o CROSS JOIN feed f ON f.id = o.feed_id
               WHERE o.article_id = a.id AND o.feed_id <> g.feed_id AND f.unfollowed_at IS NULL AND NOT EXISTS (
                   SELECT 1 FROM json_each(?1) k WHERE k.value ->> 'feed' = o.feed_id
                     AND (o.sorted_at, o.article_id) < (k.value ->> 'sorted_at', k.value ->> 'id')
                     AND a.received_at < k.value ->> 'received_before'))
           LIMIT +?2"],
        boundaries,
        limit
    );
    found.fetch_all(library.readers()).await
}

/// Moves those of these articles to the trash that a limit may still take. Returns their ids.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn move_to_trash(
    tx: &mut SqliteConnection,
    articles: &[i64],
    now: Timestamp,
) -> sqlx::Result<Vec<i64>> {
    let (articles, now) = (serde_json::json!(articles).to_string(), now.as_second());
    let moved = with_untouched!(
        query_scalar,
        [
            "UPDATE article AS a SET deleted_at = ?2, limited_at = ?2, left_by = 'limit' WHERE a.id IN (SELECT value FROM json_each(?1)) AND "
        ],
        [r#" RETURNING id AS "id!""#],
        articles,
        now
    );
    moved.fetch_all(tx).await
}

/// Returns those of these articles that are in the trash because of a limit.
///
/// # Errors
/// The database fails.
pub async fn retain_limited(library: &Library, articles: &[i64]) -> sqlx::Result<Vec<i64>> {
    let articles = serde_json::json!(articles).to_string();
    sqlx::query_scalar!(
        r#"SELECT a.id AS "id!" FROM json_each(?1) j CROSS JOIN article a ON a.id = j.value
           WHERE a.limited_at IS NOT NULL AND a.deleted_at >= a.limited_at"#,
        articles
    )
    .fetch_all(library.readers())
    .await
}
