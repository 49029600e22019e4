//! Keeps, lists and loads earlier texts.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::versions::StoredContent;
use crate::library::articles::versions::earlier::Version;
use crate::library::articles::{Content, timestamp, to_json};

/// zstd's default level.
const COMPRESSION_LEVEL: i32 = 3;

/// Keeps the text that an article has now, before another takes its place.
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
        "INSERT INTO article_version (article_id, content, replaced_at) VALUES (?1, ?2, ?3)",
        id,
        content,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Does so if the article came from a feed.
pub(in crate::library::articles::versions) async fn keep_if_from_feed(
    tx: &mut SqliteConnection,
    id: i64,
    content: &Content,
    now: Timestamp,
) -> anyhow::Result<()> {
    let is_from_feed = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM article WHERE id = ?1 AND channel = 'feed') AS "is_from_feed!: bool""#,
        id
    );
    if is_from_feed.fetch_one(&mut *tx).await? { keep(tx, id, content, now).await } else { Ok(()) }
}

/// Lists the earlier texts of an article, the oldest first.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, article: i64) -> sqlx::Result<Vec<Version>> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!", replaced_at AS "replaced_at!" FROM article_version WHERE article_id = ?1 ORDER BY id"#,
        article
    );
    let rows = rows.fetch_all(library.readers()).await?.into_iter();
    Ok(rows.map(|row| Version { id: row.id, replaced_at: timestamp(row.replaced_at).unwrap_or_default() }).collect())
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
