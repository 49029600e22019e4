//! Writes what a reader had done with an article in another service.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::exports::{self, SavedState};
use crate::library::lanes;
use crate::library::tags;

/// Gives the article of an import what is known of the links that the import is for.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn apply_for_import(
    tx: &mut SqliteConnection,
    import: i64,
    article: i64,
    now: Timestamp,
) -> sqlx::Result<()> {
    for state in exports::states_of_import(tx, import).await? {
        apply(tx, article, &state, now).await?;
    }
    Ok(())
}

/// Gives an article what is known of it, and keeps it: its link was saved by hand.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn apply(
    tx: &mut SqliteConnection,
    article: i64,
    state: &SavedState,
    now: Timestamp,
) -> sqlx::Result<()> {
    lanes::keep(tx, &[article], now).await?;
    let now = now.as_second();
    let saved_at = state.saved_at.map(Timestamp::as_second);
    // Nobody knows when it was archived or read, but not before it was saved.
    let done_at = saved_at.unwrap_or(now).min(now);
    sqlx::query!(
        "UPDATE article SET archived_at = coalesce(archived_at, iif(?2, ?5, NULL)),
                            starred_at = coalesce(starred_at, iif(?3, ?5, NULL)),
                            read_at = coalesce(read_at, iif(?4, ?5, NULL))
         WHERE id = ?1 AND (?2 OR ?3 OR ?4)",
        article,
        state.is_archived,
        state.is_starred,
        state.is_read,
        done_at
    )
    .execute(&mut *tx)
    .await?;
    if let Some(saved_at) = saved_at {
        sqlx::query!(
            "UPDATE article SET saved_at = ?2, sorted_at = coalesce(published_at, ?2)
             WHERE id = ?1 AND (saved_at IS NULL OR saved_at > ?2)",
            article,
            saved_at
        )
        .execute(&mut *tx)
        .await?;
        tags::update_sort_date(tx, article).await?;
    }
    for tag in &state.tags {
        tags::attach(tx, article, tag).await?;
    }
    for highlight in &state.highlights {
        sqlx::query!(
            "INSERT INTO highlight (article_id, quote, note, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            article,
            highlight.quote,
            highlight.note,
            highlight.created_at
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}
