//! Keeps, lists and loads earlier texts.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::versions::earlier::{Arrival, KEPT, Version};
use crate::library::articles::versions::{StoredContent, TextOrigin};
use crate::library::articles::{Content, timestamp, to_json};

/// zstd's default level.
const COMPRESSION_LEVEL: i32 = 3;

/// Keeps what an article says now, before the publisher's next text takes its place.
///
/// # Errors
/// The database fails.
pub(in crate::library::articles::versions) async fn keep(
    tx: &mut SqliteConnection,
    id: i64,
    content: &Content,
    now: Timestamp,
) -> anyhow::Result<()> {
    let content = zstd::encode_all(to_json(&StoredContent::from(content)).as_bytes(), COMPRESSION_LEVEL)?;
    let now = now.as_second();
    sqlx::query!(
        "INSERT INTO article_version (article_id, content, replaced_at, came_from, came_at, is_seen)
         SELECT id, ?2, ?3, text_from, coalesce(text_at, received_at),
                coalesce(seen_at, read_at, 0) >= coalesce(changed_at, 1)
         FROM article WHERE id = ?1",
        id,
        content,
        now
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("UPDATE article SET changed_at = ?2 WHERE id = ?1", id, now).execute(&mut *tx).await?;
    sqlx::query!(
        "DELETE FROM article_version WHERE article_id = ?1
            AND id <> (SELECT min(id) FROM article_version WHERE article_id = ?1)
            AND id NOT IN (SELECT id FROM article_version WHERE article_id = ?1 ORDER BY id DESC LIMIT +?2)
            AND id NOT IN (SELECT id FROM article_version WHERE article_id = ?1 AND is_seen = 1 ORDER BY id DESC LIMIT +?2)",
        id,
        KEPT
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists the earlier texts of an article, the oldest first.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, article: i64) -> sqlx::Result<Vec<Version>> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!", replaced_at AS "replaced_at!", came_from, came_at, is_seen AS "is_seen!: bool"
           FROM article_version WHERE article_id = ?1 ORDER BY id"#,
        article
    );
    let rows = rows.fetch_all(library.readers()).await?.into_iter();
    Ok(rows
        .map(|row| Version {
            id: row.id,
            came: arrival(row.came_from.as_deref(), row.came_at),
            replaced_at: timestamp(row.replaced_at).unwrap_or_default(),
            is_seen: row.is_seen,
        })
        .collect())
}

/// Finds how the text that an article has now came; `None` if there is no such article.
///
/// # Errors
/// The database fails.
pub async fn find_current(library: &Library, article: i64) -> sqlx::Result<Option<Arrival>> {
    let row = sqlx::query!(
        r#"SELECT text_from, coalesce(text_at, received_at) AS "at!: i64" FROM article WHERE id = ?1"#,
        article
    );
    let row = row.fetch_optional(library.readers()).await?;
    Ok(row.map(|row| arrival(row.text_from.as_deref(), Some(row.at))))
}

/// Notes how the text of an article came.
pub(in crate::library::articles::versions) async fn note_origin(
    tx: &mut SqliteConnection,
    id: i64,
    origin: TextOrigin,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (origin, now) = (origin.as_str(), now.as_second());
    sqlx::query!("UPDATE article SET text_from = ?2, text_at = ?3 WHERE id = ?1", id, origin, now)
        .execute(tx)
        .await
        .map(drop)
}

/// Notes that a text was revised where it is. One that the reader has pasted, restored or fetched again stays the reader's.
pub(in crate::library::articles::versions) async fn note_revision(
    tx: &mut SqliteConnection,
    id: i64,
    origin: TextOrigin,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (origin, now) = (origin.as_str(), now.as_second());
    sqlx::query!(
        "UPDATE article SET text_from = iif(text_from IN ('pasted', 'restored', 'fetched'), text_from, ?2), text_at = ?3 WHERE id = ?1",
        id,
        origin,
        now
    )
    .execute(tx)
    .await
    .map(drop)
}

fn arrival(from: Option<&str>, at: Option<i64>) -> Arrival {
    Arrival { from: from.and_then(TextOrigin::parse), at: at.and_then(timestamp) }
}

/// Loads an earlier text of an article; `None` if it has no such one. So any two can be compared.
///
/// # Errors
/// The database fails, or the text is damaged.
pub async fn load(library: &Library, article: i64, version: i64) -> anyhow::Result<Option<Content>> {
    let content = sqlx::query_scalar!(
        r#"SELECT content AS "content!" FROM article_version WHERE id = ?1 AND article_id = ?2"#,
        version,
        article
    );
    let Some(content) = content.fetch_optional(library.readers()).await? else { return Ok(None) };
    let stored: StoredContent = serde_json::from_slice(&zstd::decode_all(content.as_slice())?)?;
    Ok(Some(stored.into()))
}
