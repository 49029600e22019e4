//! Keeps, lists and loads earlier texts.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::versions::earlier::{Change, ChangedArticle, Version};
use crate::library::articles::versions::store::{
    COMPRESSION_LEVEL, find_page, load_content, overwrite_content, replace_content_of, set_page,
};
use crate::library::articles::versions::{StoredContent, TextPage};
use crate::library::articles::{Content, timestamp, to_json};

/// Gives an article what its item in the feed says now. Topic, tags and state, which are the reader's, stay. Returns `false`
/// if there is no such article.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn change(library: &Library, changed: &ChangedArticle, now: Timestamp) -> anyhow::Result<bool> {
    let id = changed.article;
    let mut tx = library.begin_write().await?;
    if load_content(&mut tx, id).await?.is_none() {
        return Ok(false);
    }
    match changed.change {
        Change::Title => overwrite_content(&mut tx, id, &changed.content, now).await?,
        Change::Text => {
            keep(&mut tx, id, now).await?;
            let old_page = find_page(&mut tx, id).await?;
            replace_content_of(&mut tx, id, old_page, &changed.content, now).await?;
        }
    }
    if let Some(snapshot_id) = changed.snapshot_id {
        set_page(&mut tx, id, TextPage { snapshot_id, archived_on: None }).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Keeps the text that an article has now, before another takes its place.
async fn keep(tx: &mut SqliteConnection, id: i64, now: Timestamp) -> anyhow::Result<()> {
    let Some(content) = load_content(tx, id).await? else { return Ok(()) };
    let content = zstd::encode_all(to_json(&StoredContent::from(&content)).as_bytes(), COMPRESSION_LEVEL)?;
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
    now: Timestamp,
) -> anyhow::Result<()> {
    let is_from_feed = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM article WHERE id = ?1 AND channel = 'feed') AS "is_from_feed!: bool""#,
        id
    );
    if is_from_feed.fetch_one(&mut *tx).await? { keep(tx, id, now).await } else { Ok(()) }
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
