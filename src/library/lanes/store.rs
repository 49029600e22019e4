//! The reader's choice of lanes, and moving articles from the stream to the kept ones.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::lanes::{LaneSetting, Lanes};

/// Returns what the reader has chosen to see, and whether there is anything to choose.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library) -> sqlx::Result<LaneSetting> {
    let row = sqlx::query!(
        r#"SELECT (SELECT lanes FROM lane_choice WHERE id = 1) AS "chosen?: String",
                  EXISTS (SELECT 1 FROM facet_count WHERE tag_id = 0 AND source_id = 0 AND topic = '' AND marks >= 8
                          AND articles > 0) AS "has_stream!: bool""#
    )
    .fetch_one(library.readers())
    .await?;
    let chosen = row.chosen.as_deref().and_then(Lanes::parse).unwrap_or_default();
    Ok(LaneSetting { chosen, has_stream: row.has_stream })
}

/// Remembers which lanes the reader wants to see.
///
/// # Errors
/// The database fails.
pub async fn choose(library: &Library, lanes: Lanes) -> sqlx::Result<()> {
    let lanes = lanes.as_str();
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "INSERT INTO lane_choice (id, lanes) VALUES (1, ?1) ON CONFLICT DO UPDATE SET lanes = excluded.lanes",
        lanes
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Keeps those of these articles that are in the stream. Returns their ids.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn keep(
    tx: &mut SqliteConnection,
    articles: &[i64],
    now: Timestamp,
) -> sqlx::Result<Vec<i64>> {
    let (articles, now) = (serde_json::json!(articles).to_string(), now.as_second());
    sqlx::query_scalar!(
        r#"UPDATE article SET kept_at = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND lane = 1 RETURNING id AS "id!""#,
        articles,
        now
    )
    .fetch_all(tx)
    .await
}

/// Keeps an article, if it is in the stream.
///
/// # Errors
/// The database fails.
pub async fn keep_article(library: &Library, article: i64, now: Timestamp) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    keep(&mut tx, &[article], now).await?;
    tx.commit().await
}
