//! Queries on visits.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::visits::{ABSENCE, STORED_EVERY, Visit};

/// Stores the last visit, if it is later by a day than the one that is stored, and says what that means.
///
/// # Errors
/// The database fails.
pub async fn settle(library: &Library, now: Timestamp) -> sqlx::Result<Visit> {
    let stored = read(library).await?;
    let last = library.last_opened().max(stored);
    match (stored, last) {
        // An older version stored no visits.
        (None, last) => write(library, last.unwrap_or(now)).await.map(|()| Visit::Usual),
        (Some(stored), Some(last)) if last.duration_since(stored) >= ABSENCE => {
            write(library, last).await.map(|()| Visit::Return)
        }
        (Some(stored), Some(last)) if last.duration_since(stored) >= STORED_EVERY => {
            write(library, last).await.map(|()| Visit::Usual)
        }
        (_, last) if is_long_ago(last, now) => Ok(Visit::Deserted),
        _ => Ok(Visit::Usual),
    }
}

/// Returns whether nobody has opened the library for 30 days.
///
/// # Errors
/// The database fails.
pub async fn is_deserted(library: &Library, now: Timestamp) -> sqlx::Result<bool> {
    Ok(is_long_ago(library.last_opened().max(read(library).await?), now))
}

fn is_long_ago(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_some_and(|last| now.duration_since(last) >= ABSENCE)
}

async fn read(library: &Library) -> sqlx::Result<Option<Timestamp>> {
    let at = sqlx::query_scalar!("SELECT at FROM visit WHERE id = 1").fetch_optional(library.readers()).await?;
    Ok(at.and_then(|at| Timestamp::from_second(at).ok()))
}

async fn write(library: &Library, at: Timestamp) -> sqlx::Result<()> {
    let at = at.as_second();
    let mut tx = library.begin_write().await?;
    sqlx::query!("INSERT INTO visit (id, at) VALUES (1, ?1) ON CONFLICT DO UPDATE SET at = excluded.at", at)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
