//! Queries on how feeds are doing.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::feeds::health::{OUTAGE, RECENT};

/// How a feed publishes and answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Id of the feed.
    pub feed: i64,
    /// Its items of the last four weeks.
    pub recent: i64,
    /// Date of its newest item, in Unix seconds.
    pub newest: Option<i64>,
    /// Since when each look had no feed, in Unix seconds.
    pub failing_since: Option<i64>,
}

/// Lists how the feeds are doing that are followed.
///
/// # Errors
/// The database fails.
pub async fn list_pulses(library: &Library, now: Timestamp) -> sqlx::Result<Vec<Pulse>> {
    let since = (now - RECENT).as_second();
    sqlx::query_as!(
        Pulse,
        r#"SELECT f.id AS "feed!", f.failing_since,
                  (SELECT count(*) FROM feed_item i WHERE i.feed_id = f.id AND i.sorted_at > ?1) AS "recent!: i64",
                  (SELECT max(i.sorted_at) FROM feed_item i WHERE i.feed_id = f.id) AS "newest?: i64"
           FROM feed f INDEXED BY feed_followed WHERE f.unfollowed_at IS NULL"#,
        since
    )
    .fetch_all(library.readers())
    .await
}

/// Lists how some feeds are doing.
///
/// # Errors
/// The database fails.
pub async fn list_pulses_of(library: &Library, feeds: &[i64], now: Timestamp) -> sqlx::Result<Vec<Pulse>> {
    let (feeds, since) = (serde_json::json!(feeds).to_string(), (now - RECENT).as_second());
    sqlx::query_as!(
        Pulse,
        r#"SELECT f.id AS "feed!", f.failing_since,
                  (SELECT count(*) FROM feed_item i WHERE i.feed_id = f.id AND i.sorted_at > ?2) AS "recent!: i64",
                  (SELECT max(i.sorted_at) FROM feed_item i WHERE i.feed_id = f.id) AS "newest?: i64"
           FROM json_each(?1) wanted CROSS JOIN feed f ON f.id = wanted.value"#,
        feeds,
        since
    )
    .fetch_all(library.readers())
    .await
}

/// Finds how a feed is doing, followed or not.
///
/// # Errors
/// The database fails.
pub async fn find_pulse(library: &Library, feed: i64, now: Timestamp) -> sqlx::Result<Pulse> {
    let since = (now - RECENT).as_second();
    let found = sqlx::query_as!(
        Pulse,
        r#"SELECT f.id AS "feed!", f.failing_since,
                  (SELECT count(*) FROM feed_item i WHERE i.feed_id = f.id AND i.sorted_at > ?2) AS "recent!: i64",
                  (SELECT max(i.sorted_at) FROM feed_item i WHERE i.feed_id = f.id) AS "newest?: i64"
           FROM feed f WHERE f.id = ?1"#,
        feed,
        since
    );
    Ok(found.fetch_optional(library.readers()).await?.unwrap_or_default())
}

/// Returns since when no site could be reached, if that is a while although feeds were due: the first look without an answer
/// after the last answer. A site that answers with an error is reached.
///
/// # Errors
/// The database fails.
pub async fn find_outage(library: &Library, now: Timestamp) -> sqlx::Result<Option<Timestamp>> {
    let (now, limit) = (now.as_second(), (now - OUTAGE).as_second());
    let since = sqlx::query_scalar!(
        r#"SELECT min(unreachable_since) AS "since?: i64" FROM feed INDEXED BY feed_unreachable
           WHERE unfollowed_at IS NULL AND (paused_until IS NULL OR paused_until <= ?1)
             AND unreachable_since > coalesce((SELECT max(answered_at) FROM feed), 0)"#,
        now
    );
    let since = since.fetch_one(library.readers()).await?.filter(|since| *since <= limit);
    Ok(since.and_then(|seconds| Timestamp::from_second(seconds).ok()))
}
