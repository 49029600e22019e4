//! Counts along an index, up to a limit, so that a library of any size is counted in a few milliseconds.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::topics::weeks::{MAX_COUNTED, Weeks};

/// Counts what arrived in each topic, or in one alone, since `this_week`, and between `last_week` and then.
///
/// # Errors
/// The database fails.
pub async fn count_weeks(
    library: &Library,
    slug: Option<&str>,
    (last_week, this_week): (Timestamp, Timestamp),
) -> sqlx::Result<Vec<Weeks>> {
    let (last_week, this_week) = (last_week.as_second(), this_week.as_second());
    sqlx::query_as!(
        Weeks,
        r#"SELECT t.slug,
                  (SELECT count(*) FROM (SELECT 1 FROM article a INDEXED BY article_arrived_in_topic
                   WHERE a.topic = t.slug AND a.received_at >= ?2 AND a.deleted_at IS NULL LIMIT +?3)) AS "this_week!: i64",
                  (SELECT count(*) FROM (SELECT 1 FROM article a INDEXED BY article_arrived_in_topic
                   WHERE a.topic = t.slug AND a.received_at >= ?1 AND a.received_at < ?2 AND a.deleted_at IS NULL
                   LIMIT +?3)) AS "last_week!: i64"
           FROM topic t WHERE t.merged_into IS NULL AND (?4 IS NULL OR t.slug = ?4)"#,
        last_week,
        this_week,
        MAX_COUNTED,
        slug
    )
    .fetch_all(library.readers())
    .await
}
