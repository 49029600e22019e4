//! Statements for the order of topics.

use crate::library::Library;
use crate::library::topics::arrangement::{self, Direction, Place};

/// Moves a topic up or down. Returns whether there was a place to go to.
///
/// # Errors
/// The database fails.
pub async fn move_one(library: &Library, slug: &str, direction: Direction) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let places = sqlx::query_as!(
        Place,
        r#"SELECT slug, is_pinned AS "is_pinned: bool", is_hidden = 0 AND merged_into IS NULL AS "is_shown!: bool"
           FROM topic WHERE slug <> 'unsorted' ORDER BY is_pinned DESC, position, slug"#
    )
    .fetch_all(&mut *tx)
    .await?;
    let Some(order) = arrangement::exchange(places, slug, direction) else { return Ok(false) };
    let order = serde_json::json!(order).to_string();
    sqlx::query!("UPDATE topic SET position = j.key + 1 FROM json_each(?1) j WHERE topic.slug = j.value", order)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Pins a topic before those that are not, or unpins it.
///
/// # Errors
/// The database fails.
pub async fn set_pinned(library: &Library, slug: &str, is_pinned: bool) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE topic SET is_pinned = ?2 WHERE slug = ?1", slug, is_pinned).execute(&mut *tx).await?;
    tx.commit().await
}
