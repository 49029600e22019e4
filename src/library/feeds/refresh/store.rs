//! Queries on a refresh of all feeds. A feed is left to look at while it is due since the reader asked; a look, and a host that
//! asks to wait, set a later time.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::feeds::refresh::Refresh;

/// Makes all feeds due that are followed, neither gone nor paused. Returns how many they are.
///
/// # Errors
/// The database fails.
pub async fn start(library: &Library, now: Timestamp) -> sqlx::Result<u64> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    let due = sqlx::query!(
        "UPDATE feed INDEXED BY feed_by_next_look
         SET planned_look_at = iif(next_look_at <= refresh_asked_at, planned_look_at, next_look_at),
             refresh_asked_at = ?1, next_look_at = ?1
         WHERE unfollowed_at IS NULL AND next_look_at IS NOT NULL AND (paused_until IS NULL OR paused_until <= ?1)",
        now
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("UPDATE feed SET refresh_asked_at = NULL WHERE refresh_asked_at < ?1", now).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(due.rows_affected())
}

/// Stops a refresh: feeds that were not looked at yet are looked at when that was planned.
///
/// # Errors
/// The database fails.
pub async fn stop(library: &Library) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "UPDATE feed SET next_look_at = coalesce(planned_look_at, next_look_at)
         WHERE refresh_asked_at IS NOT NULL AND next_look_at <= refresh_asked_at"
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("UPDATE feed SET refresh_asked_at = NULL WHERE refresh_asked_at IS NOT NULL")
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Returns how far the last refresh is. Feeds that nobody asks any more are left out: paused, unfollowed or gone.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, now: Timestamp) -> sqlx::Result<Refresh> {
    let now = now.as_second();
    let row = sqlx::query!(
        r#"SELECT count(*) AS "feeds!: i64", coalesce(sum(next_look_at <= refresh_asked_at), 0) AS "left!: i64"
           FROM feed INDEXED BY feed_refreshing WHERE refresh_asked_at IS NOT NULL AND unfollowed_at IS NULL
             AND next_look_at IS NOT NULL AND (paused_until IS NULL OR paused_until <= ?1)"#,
        now
    )
    .fetch_one(library.readers())
    .await?;
    Ok(Refresh { feeds: row.feeds, left: row.left })
}

/// Returns whether a feed is to be looked at now: it may have been unfollowed, paused or put off since it was chosen.
///
/// # Errors
/// The database fails.
pub async fn is_due(library: &Library, feed: i64, now: Timestamp) -> sqlx::Result<bool> {
    let now = now.as_second();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM feed WHERE id = ?1 AND unfollowed_at IS NULL AND next_look_at <= ?2
                          AND (paused_until IS NULL OR paused_until <= ?2)) AS "is_due!: bool""#,
        feed,
        now
    )
    .fetch_one(library.readers())
    .await
}
