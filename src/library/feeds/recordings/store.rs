//! Stores and finds recordings.

use std::collections::HashMap;

use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::feeds::recordings::{NewRecording, Recording};

/// Replaces the recordings of an item. Those in the same places keep their ids, since addresses of files that are signed change with
/// each look, and a player that is open asks for the next part by the id.
pub(in crate::library::feeds) async fn replace(
    tx: &mut SqliteConnection,
    item: i64,
    recordings: &[NewRecording],
) -> sqlx::Result<()> {
    let count = i64::try_from(recordings.len()).unwrap_or(i64::MAX);
    sqlx::query!("DELETE FROM item_recording WHERE item_id = ?1 AND position >= ?2", item, count)
        .execute(&mut *tx)
        .await?;
    for (position, recording) in (0_i64..).zip(recordings) {
        let url = recording.url.as_str();
        sqlx::query!(
            "INSERT INTO item_recording (item_id, position, url, media_type, seconds, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (item_id, position) DO UPDATE SET url = excluded.url, media_type = excluded.media_type,
                                                           seconds = excluded.seconds, bytes = excluded.bytes",
            item,
            position,
            url,
            recording.media_type,
            recording.seconds,
            recording.bytes
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Notes the recordings that an item comes with now, if they are others.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn note(library: &Library, item: i64, recordings: &[NewRecording]) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    replace(&mut tx, item, recordings).await?;
    tx.commit().await
}

/// Lists the recordings of all items of a feed, by the ids of these.
///
/// # Errors
/// The database fails.
pub async fn list_for_feed(library: &Library, feed: i64) -> sqlx::Result<HashMap<i64, Vec<NewRecording>>> {
    let rows = sqlx::query!(
        r#"SELECT r.item_id AS "item!", r.url AS "url!", r.media_type AS "media_type!", r.seconds, r.bytes
           FROM feed_item i INDEXED BY feed_item_newest CROSS JOIN item_recording r ON r.item_id = i.id
           WHERE i.feed_id = ?1 ORDER BY r.item_id, r.position"#,
        feed
    );
    let mut items: HashMap<i64, Vec<NewRecording>> = HashMap::new();
    for row in rows.fetch_all(library.readers()).await? {
        let Ok(url) = Url::parse(&row.url) else { continue };
        let recording = NewRecording { url, media_type: row.media_type, seconds: row.seconds, bytes: row.bytes };
        items.entry(row.item).or_default().push(recording);
    }
    Ok(items)
}

/// Lists the recordings of an article, in the order of its items. One that several feeds name is listed once.
///
/// # Errors
/// The database fails.
pub async fn list_for_article(library: &Library, article: i64) -> sqlx::Result<Vec<Recording>> {
    sqlx::query_as!(
        Recording,
        r#"SELECT min(r.id) AS "id!: i64", r.url AS "url!", r.media_type AS "media_type!", r.seconds, r.bytes, f.url AS "feed_url!"
           FROM feed_item i CROSS JOIN item_recording r ON r.item_id = i.id CROSS JOIN feed f ON f.id = i.feed_id
           WHERE i.article_id = ?1 GROUP BY r.url ORDER BY min(r.id)"#,
        article
    )
    .fetch_all(library.readers())
    .await
}

/// Finds a recording of an article; `None` if it has no such one.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, article: i64, recording: i64) -> sqlx::Result<Option<Recording>> {
    sqlx::query_as!(
        Recording,
        r#"SELECT r.id AS "id!", r.url AS "url!", r.media_type AS "media_type!", r.seconds, r.bytes, f.url AS "feed_url!"
           FROM item_recording r CROSS JOIN feed_item i ON i.id = r.item_id CROSS JOIN feed f ON f.id = i.feed_id
           WHERE r.id = ?2 AND i.article_id = ?1"#,
        article,
        recording
    )
    .fetch_optional(library.readers())
    .await
}
