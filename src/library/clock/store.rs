//! Queries on what is known of the clock.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::clock::{Belief, Clock, WRITTEN};

/// Reads what is known of a clock that shows `now`. Changes nothing.
///
/// # Errors
/// The database fails.
pub async fn read(library: &Library, now: Timestamp) -> sqlx::Result<Clock> {
    let time = |seconds: i64| Timestamp::from_second(seconds).unwrap_or_default();
    let known =
        sqlx::query!("SELECT seen_at, jumped_at FROM clock WHERE id = 1").fetch_optional(library.readers()).await?;
    if let Some(known) = known {
        return Ok(Clock { now, seen_at: time(known.seen_at).max(WRITTEN), jumped_at: known.jumped_at.map(time) });
    }
    let newest = sqlx::query_scalar!(
        r#"SELECT max(coalesce((SELECT received_at FROM article WHERE id = (SELECT max(id) FROM article)), 0),
                      coalesce((SELECT updated_at FROM import WHERE id = (SELECT max(id) FROM import)), 0)) AS "newest!: i64""#
    )
    .fetch_one(library.readers())
    .await?;
    Ok(Clock { now, seen_at: time(newest).max(WRITTEN), jumped_at: None })
}

/// Judges the clock, and stores what is seen of it. Nothing may be deleted unless it is right. If it has settled, the
/// caller renews what it would delete and then calls [`settle`].
///
/// # Errors
/// The database fails.
pub async fn observe(library: &Library, now: Timestamp) -> sqlx::Result<(Clock, Belief)> {
    let clock = read(library, now).await?;
    let belief = clock.judge();
    match belief {
        Belief::Right if clock.is_due() => settle(library, now).await?,
        Belief::Jumped => write(library, clock.seen_at, Some(now)).await?,
        Belief::Right | Belief::Doubted(_) | Belief::Settled => {}
    }
    Ok((clock, belief))
}

/// Stores that the clock is right.
///
/// # Errors
/// The database fails.
pub async fn settle(library: &Library, now: Timestamp) -> sqlx::Result<()> {
    write(library, now, None).await
}

async fn write(library: &Library, seen_at: Timestamp, jumped_at: Option<Timestamp>) -> sqlx::Result<()> {
    let (seen_at, jumped_at) = (seen_at.as_second(), jumped_at.map(Timestamp::as_second));
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "INSERT INTO clock (id, seen_at, jumped_at) VALUES (1, ?1, ?2)
         ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at, jumped_at = excluded.jumped_at",
        seen_at,
        jumped_at
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
