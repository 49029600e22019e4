//! Queries that compare whole tables. They belong to a command, never to a page, so they may take a while.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row as _};

use crate::library::Library;
use crate::library::image_files::ImageHash;

/// The rows that `article_count` should have, apart from those with zeros.
const EXPECTED_COUNTS: &str = "
    SELECT * FROM (
        SELECT 'all' AS kind, '' AS key, sum(state < 2) AS articles, sum(is_unread) AS unread FROM article
        UNION ALL SELECT 'topic', topic, sum(state < 2), sum(is_unread) FROM article GROUP BY topic
        UNION ALL SELECT 'source', CAST(source_id AS TEXT), sum(state < 2), sum(is_unread) FROM article GROUP BY source_id
        UNION ALL SELECT 'tag', CAST(t.tag_id AS TEXT), sum(a.state < 2), sum(a.is_unread)
            FROM article_tag t JOIN article a ON a.id = t.article_id GROUP BY t.tag_id
        UNION ALL SELECT 'starred', '', sum(state < 2), sum(is_unread) FROM article WHERE starred_at IS NOT NULL
        UNION ALL SELECT 'archived', '', sum(state = 1), 0 FROM article
        UNION ALL SELECT 'trash', '', sum(state = 2), 0 FROM article
    ) WHERE articles <> 0 OR unread <> 0";

/// The rows that `facet_count` should have, apart from those with zeros.
const EXPECTED_FACET_COUNTS: &str = "
    SELECT 0 AS tag_id, 0 AS source_id, '' AS topic, marks, count(*) AS articles FROM article
        WHERE marks IS NOT NULL GROUP BY marks
    UNION ALL SELECT 0, 0, topic, marks, count(*) FROM article WHERE marks IS NOT NULL GROUP BY topic, marks
    UNION ALL SELECT 0, source_id, '', marks, count(*) FROM article WHERE marks IS NOT NULL GROUP BY source_id, marks
    UNION ALL SELECT 0, source_id, topic, marks, count(*) FROM article WHERE marks IS NOT NULL
        GROUP BY source_id, topic, marks
    UNION ALL SELECT t.tag_id, 0, '', a.marks, count(*) FROM article_tag t JOIN article a ON a.id = t.article_id
        WHERE a.marks IS NOT NULL GROUP BY t.tag_id, a.marks
    UNION ALL SELECT t.tag_id, 0, a.topic, a.marks, count(*) FROM article_tag t JOIN article a ON a.id = t.article_id
        WHERE a.marks IS NOT NULL GROUP BY t.tag_id, a.topic, a.marks";

/// Counts the articles, in the trash too.
///
/// # Errors
/// The database fails.
pub async fn count_articles(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM article").fetch_one(library.readers()).await
}

/// Counts the numbers that triggers keep and that are wrong.
///
/// # Errors
/// The database fails.
pub async fn count_wrong_counts(library: &Library) -> sqlx::Result<i64> {
    let statement = format!(
        "WITH expected AS ({EXPECTED_COUNTS}),
              actual AS (SELECT kind, key, articles, unread FROM article_count WHERE articles <> 0 OR unread <> 0),
              expected_facets AS ({EXPECTED_FACET_COUNTS}),
              facets AS (SELECT tag_id, source_id, topic, marks, articles FROM facet_count WHERE articles <> 0)
         SELECT (SELECT count(*) FROM (SELECT kind, key FROM (SELECT * FROM expected EXCEPT SELECT * FROM actual)
                                       UNION SELECT kind, key FROM (SELECT * FROM actual EXCEPT SELECT * FROM expected)))
              + (SELECT count(*) FROM (
                    SELECT tag_id, source_id, topic, marks FROM (SELECT * FROM expected_facets EXCEPT SELECT * FROM facets)
                    UNION
                    SELECT tag_id, source_id, topic, marks FROM (SELECT * FROM facets EXCEPT SELECT * FROM expected_facets)))
              + (SELECT count(*) <> 1 OR sum(size) <> (SELECT coalesce(sum(size), 0) FROM image) FROM image_total)
              + 4 - (SELECT count(*) FROM article_count WHERE kind IN ('all', 'starred', 'archived', 'trash') AND key = '')"
    );
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(library.readers()).await
}

/// Counts everything again.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn recompute_counts(library: &Library) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query("DELETE FROM article_count").execute(&mut *tx).await?;
    sqlx::query("DELETE FROM facet_count").execute(&mut *tx).await?;
    let insert = format!("INSERT INTO facet_count (tag_id, source_id, topic, marks, articles) {EXPECTED_FACET_COUNTS}");
    sqlx::query(AssertSqlSafe(insert)).execute(&mut *tx).await?;
    let insert = format!("INSERT INTO article_count (kind, key, articles, unread) {EXPECTED_COUNTS}");
    sqlx::query(AssertSqlSafe(insert)).execute(&mut *tx).await?;
    sqlx::query(
        "INSERT INTO article_count (kind, key) VALUES ('all', ''), ('starred', ''), ('archived', ''), ('trash', '')
         ON CONFLICT DO NOTHING",
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO image_total (id, size) SELECT 1, coalesce(sum(size), 0) FROM image WHERE true
         ON CONFLICT DO UPDATE SET size = excluded.size",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The hash of the lead image, from the list of the article's images.
const LEAD_IMAGE_HASH: &str =
    "(SELECT i.image_hash FROM article_image i WHERE i.article_id = article.id AND i.url = article.lead_image_url)";

/// Counts values that are copied from another table, so that lists need no join, and differ from the original: dates of
/// tags, hashes of lead images.
///
/// # Errors
/// The database fails.
pub async fn count_wrong_copies(library: &Library) -> sqlx::Result<i64> {
    let statement = format!(
        "SELECT (SELECT count(*) FROM article WHERE lead_image_hash IS NOT {LEAD_IMAGE_HASH})
              + (SELECT count(*) FROM article_tag t JOIN article a ON a.id = t.article_id WHERE t.sorted_at <> a.sorted_at)"
    );
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(library.readers()).await
}

/// Copies those values again.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn repair_copies(library: &Library) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    let lead = format!(
        "UPDATE article SET lead_image_hash = {LEAD_IMAGE_HASH} WHERE lead_image_hash IS NOT {LEAD_IMAGE_HASH}"
    );
    sqlx::query(AssertSqlSafe(lead)).execute(&mut *tx).await?;
    sqlx::query(
        "UPDATE OR REPLACE article_tag SET sorted_at = (SELECT a.sorted_at FROM article a WHERE a.id = article_id)
         WHERE sorted_at <> (SELECT a.sorted_at FROM article a WHERE a.id = article_id)",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Counts topics with other counts than their examples: how many there are, and how often their words stand in them.
///
/// # Errors
/// The database fails.
pub async fn count_wrong_lessons(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "WITH example AS (SELECT topic_id, sum(weight = 1) AS labels, sum(weight > 1) AS corrections,
                                 sum(length(features) / 4) AS words, sum(weight * (length(features) / 4)) AS counted
                          FROM learned_example GROUP BY topic_id),
              word AS (SELECT topic_id, sum(count) AS counted FROM learned_word GROUP BY topic_id)
         SELECT (SELECT count(*) FROM learned_topic l LEFT JOIN example e ON e.topic_id = l.id LEFT JOIN word w ON w.topic_id = l.id
                 WHERE l.labels <> coalesce(e.labels, 0) OR l.corrections <> coalesce(e.corrections, 0)
                    OR l.words <> coalesce(e.words, 0) OR coalesce(w.counted, 0) <> coalesce(e.counted, 0))
              + (SELECT count(*) FROM word w WHERE NOT EXISTS (SELECT 1 FROM learned_topic l WHERE l.id = w.topic_id))",
    )
    .fetch_one(library.readers())
    .await
}

/// Counts articles that have lost their text.
///
/// # Errors
/// The database fails.
pub async fn count_articles_without_text(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM article_content c WHERE c.article_id = a.id)",
    )
    .fetch_one(library.readers())
    .await
}

/// Lists the images whose hash begins with these hex digits, in order.
pub(super) async fn list_images(library: &Library, start: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT hash FROM image WHERE hash >= ?1 AND hash < ?1 || 'g' ORDER BY hash")
        .bind(start)
        .fetch_all(library.readers())
        .await
}

/// Counts images whose name is no hash, and references to images that are not listed.
pub(super) async fn count_broken_image_rows(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM image WHERE length(hash) <> 64 OR hash GLOB '*[^0-9a-f]*')
              + (SELECT count(*) FROM article_image a
                 WHERE image_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM image i WHERE i.hash = a.image_hash))",
    )
    .fetch_one(library.readers())
    .await
}

/// Forgets stored images, so that they are fetched again: these, and all whose rows are broken.
pub(super) async fn forget_images(library: &Library, lost: &[ImageHash], now: Timestamp) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    for hash in lost {
        due_again(&mut tx, "image_hash = ?2", now, hash.as_str()).await?;
        sqlx::query("DELETE FROM image WHERE hash = ?1").bind(hash.as_str()).execute(&mut *tx).await?;
    }
    due_again(
        &mut tx,
        "image_hash IS NOT NULL AND (length(image_hash) <> 64 OR image_hash GLOB ?2)",
        now,
        "*[^0-9a-f]*",
    )
    .await?;
    sqlx::query("DELETE FROM image WHERE length(hash) <> 64 OR hash GLOB '*[^0-9a-f]*'").execute(&mut *tx).await?;
    due_again(&mut tx, "image_hash IS NOT NULL AND image_hash NOT IN (SELECT hash FROM image) AND ?2 = ''", now, "")
        .await?;
    tx.commit().await
}

/// Makes the images of articles that a condition selects due again.
async fn due_again(
    tx: &mut sqlx::SqliteConnection,
    condition: &'static str,
    now: Timestamp,
    value: &str,
) -> sqlx::Result<()> {
    let update = "UPDATE article_image SET image_hash = NULL, attempts = 0, error_message = NULL, next_attempt_at = ?1";
    sqlx::query(AssertSqlSafe(format!("{update} WHERE {condition}")))
        .bind(now.as_second())
        .bind(value)
        .execute(tx)
        .await
        .map(drop)
}

/// Lists snapshots that articles and their previous versions refer to, with ids greater than `after`, in order.
pub(super) async fn list_snapshot_references(library: &Library, after: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "SELECT snapshot_id FROM article WHERE snapshot_id > ?1
         UNION SELECT snapshot_id FROM article_previous_version WHERE snapshot_id > ?1 ORDER BY snapshot_id LIMIT 1000",
    )
    .bind(after)
    .fetch_all(library.readers())
    .await
}

/// Removes the references of articles and their previous versions to snapshots that are gone.
pub(super) async fn forget_snapshots(library: &Library, lost: &[i64]) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    for table in ["article", "article_previous_version"] {
        let forget = format!("UPDATE {table} SET snapshot_id = NULL WHERE snapshot_id = ?1");
        for id in lost {
            sqlx::query(AssertSqlSafe(forget.as_str())).bind(id).execute(&mut *tx).await?;
        }
    }
    tx.commit().await
}

/// A stored page, still compressed.
pub(super) struct CompressedPage {
    pub(super) id: i64,
    /// The first page, if this is a further one.
    pub(super) first_id: Option<i64>,
    pub(super) stored_at: i64,
    pub(super) uncompressed_size: i64,
    pub(super) content: Vec<u8>,
}

/// Finds the stored page with the next id after `after`.
pub(super) async fn next_snapshot(library: &Library, after: i64) -> sqlx::Result<Option<CompressedPage>> {
    let row = sqlx::query(
        "SELECT id, first_snapshot_id, stored_at, uncompressed_size, content FROM snapshot WHERE id > ?1 ORDER BY id LIMIT 1",
    )
    .bind(after)
    .fetch_optional(library.snapshots.readers())
    .await?;
    row.map(|row| {
        Ok(CompressedPage {
            id: row.try_get("id")?,
            first_id: row.try_get("first_snapshot_id")?,
            stored_at: row.try_get("stored_at")?,
            uncompressed_size: row.try_get("uncompressed_size")?,
            content: row.try_get("content")?,
        })
    })
    .transpose()
}

/// Returns whether a page is stored.
pub(super) async fn has_snapshot(library: &Library, id: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM snapshot WHERE id = ?1)")
        .bind(id)
        .fetch_one(library.snapshots.readers())
        .await
}
