//! Queries on images and the articles that show them.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::image_files::ImageHash;

/// An image to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueImage {
    /// The article that shows it.
    pub article_id: i64,
    /// URL at the publisher.
    pub url: String,
    /// Number of failed attempts.
    pub attempts: i64,
    /// Where the article came from; `None` for a text or file of the reader's.
    pub page_url: Option<String>,
}

/// An image that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImage {
    /// Such as `image/jpeg`, detected from its bytes.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// Pixels.
    pub width: Option<i64>,
    /// Pixels.
    pub height: Option<i64>,
}

/// Sets the images of an article. Those it already has are not fetched again.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn set_for_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    images: &[extract::Image],
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!("UPDATE article_image SET position = -1 WHERE article_id = ?1", article_id).execute(&mut *tx).await?;
    for (position, image) in (0_i64..).zip(images) {
        let url = image.url.as_str();
        // The first image, usually above the text, is fetched before the others.
        let due_at = now.as_second() - i64::from(position == 0);
        sqlx::query!(
            "INSERT INTO article_image (article_id, url, position, next_attempt_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET position = excluded.position",
            article_id,
            url,
            position,
            due_at
        )
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query!("DELETE FROM article_image WHERE article_id = ?1 AND position = -1", article_id)
        .execute(&mut *tx)
        .await?;
    update_lead_image_hash(tx, article_id).await
}

/// Copies the hash of the lead image to the article, so that lists need no join.
async fn update_lead_image_hash(tx: &mut SqliteConnection, article_id: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE article SET lead_image_hash =
             (SELECT i.image_hash FROM article_image i WHERE i.article_id = article.id AND i.url = article.lead_image_url)
         WHERE id = ?1",
        article_id
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Lists images that are due, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn find_due(library: &Library, now: Timestamp, limit: i64) -> sqlx::Result<Vec<DueImage>> {
    let now = now.as_second();
    sqlx::query_as!(
        DueImage,
        r#"SELECT i.article_id AS "article_id!", i.url AS "url!", i.attempts AS "attempts!", a.url AS page_url
           FROM article_image i CROSS JOIN article a ON a.id = i.article_id
           WHERE i.next_attempt_at <= ?1 ORDER BY i.next_attempt_at LIMIT +?2"#,
        now,
        limit
    )
    .fetch_all(library.readers())
    .await
}

/// Counts images that are due.
///
/// # Errors
/// The database fails.
pub async fn count_due(library: &Library, now: Timestamp) -> sqlx::Result<i64> {
    let now = now.as_second();
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM article_image WHERE next_attempt_at <= ?1"#, now)
        .fetch_one(library.readers())
        .await
}

/// Records that an image file has been saved.
///
/// # Errors
/// The database fails.
pub async fn mark_stored(library: &Library, due: &DueImage, hash: &ImageHash, image: &StoredImage) -> sqlx::Result<()> {
    let hash = hash.as_str();
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "INSERT INTO image (hash, media_type, size, width, height) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        hash,
        image.media_type,
        image.size,
        image.width,
        image.height
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE article_image SET image_hash = ?3, error_message = NULL, next_attempt_at = NULL WHERE article_id = ?1 AND url = ?2",
        due.article_id,
        due.url,
        hash
    )
    .execute(&mut *tx)
    .await?;
    update_lead_image_hash(&mut tx, due.article_id).await?;
    tx.commit().await?;
    library.image_changed.notify_waiters();
    Ok(())
}

/// Records a failed attempt, and when to try again, if at all.
///
/// # Errors
/// The database fails.
pub async fn mark_failed(
    library: &Library,
    due: &DueImage,
    error_message: &str,
    next_attempt_at: Option<Timestamp>,
) -> sqlx::Result<()> {
    let next_attempt_at = next_attempt_at.map(Timestamp::as_second);
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "UPDATE article_image SET error_message = ?3, attempts = attempts + 1, next_attempt_at = ?4 WHERE article_id = ?1 AND url = ?2",
        due.article_id,
        due.url,
        error_message,
        next_attempt_at
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    library.image_changed.notify_waiters();
    Ok(())
}

/// Returns whether the lead image of an article is still to be fetched for the first time.
///
/// # Errors
/// The database fails.
pub async fn is_lead_image_expected(library: &Library, article_id: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM article a CROSS JOIN article_image i ON i.article_id = a.id AND i.url = a.lead_image_url
                          WHERE a.id = ?1 AND i.attempts = 0 AND i.next_attempt_at IS NOT NULL) AS "is_expected!: bool""#,
        article_id
    )
    .fetch_one(library.readers())
    .await
}

/// Finds a stored image.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, hash: &ImageHash) -> sqlx::Result<Option<StoredImage>> {
    let hash = hash.as_str();
    sqlx::query_as!(StoredImage, "SELECT media_type, size, width, height FROM image WHERE hash = ?1", hash)
        .fetch_optional(library.readers())
        .await
}

/// Returns the size of all stored images in bytes.
///
/// # Errors
/// The database fails.
pub async fn total_size(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar!("SELECT size FROM image_total WHERE id = 1").fetch_one(library.readers()).await
}

/// Deletes the rows of images that no article shows, at most 500, and returns their hashes.
///
/// # Errors
/// The database fails.
pub async fn delete_unreferenced(library: &Library) -> sqlx::Result<Vec<String>> {
    let mut tx = library.begin_write().await?;
    let hashes = sqlx::query_scalar!(
        "DELETE FROM image WHERE hash IN
             (SELECT i.hash FROM image i WHERE NOT EXISTS (SELECT 1 FROM article_image a WHERE a.image_hash = i.hash) LIMIT 500)
         RETURNING hash"
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(hashes)
}

/// Returns whether a row refers to this image file.
///
/// # Errors
/// The database fails.
pub async fn is_referenced(library: &Library, hash: &ImageHash) -> sqlx::Result<bool> {
    Ok(find(library, hash).await?.is_some())
}
