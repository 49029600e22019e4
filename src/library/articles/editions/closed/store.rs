//! Stores, finds and lists editions. They do not change any more.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::library::Library;
use crate::library::articles::editions::closed::{ClosedEdition, ClosedItem, Listed};
use crate::library::articles::editions::{Composition, Item, Place};

/// Stores the edition of a day, unless it is stored already.
///
/// # Errors
/// The database fails; nothing is stored then.
pub async fn close(library: &Library, day: Date, edition: &Composition, now: Timestamp) -> sqlx::Result<()> {
    let (day, closed_at) = (day.to_string(), now.as_second());
    let articles = i64::try_from(edition.items.len()).unwrap_or(i64::MAX);
    let left_out = i64::try_from(edition.left_out).unwrap_or(i64::MAX);
    let rows: Vec<_> = edition
        .items
        .iter()
        .map(|item| {
            let section = match &item.place {
                Place::Section(slug) => Some(slug),
                _ => None,
            };
            (item.article, item.place.as_str(), section)
        })
        .collect();
    let rows = serde_json::json!(rows).to_string();
    let mut tx = library.begin_write().await?;
    let stored = sqlx::query!(
        "INSERT INTO edition (day, closed_at, articles, left_out) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        day,
        closed_at,
        articles,
        left_out
    )
    .execute(&mut *tx)
    .await?;
    if stored.rows_affected() > 0 {
        // An article that was purged meanwhile is left out.
        sqlx::query!(
            "INSERT INTO edition_article (day, position, article_id, place, section, section_name)
             SELECT ?1, j.key, a.id, j.value ->> 1, j.value ->> 2, t.name
             FROM json_each(?2) j CROSS JOIN article a ON a.id = j.value ->> 0 LEFT JOIN topic t ON t.slug = j.value ->> 2",
            day,
            rows
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await
}

/// Finds the edition of a day; `None` if it is not stored.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, day: Date) -> sqlx::Result<Option<ClosedEdition>> {
    let day = day.to_string();
    let mut reader = library.readers().acquire().await?;
    let left_out = sqlx::query_scalar!("SELECT left_out FROM edition WHERE day = ?1", day);
    let Some(left_out) = left_out.fetch_optional(&mut *reader).await? else { return Ok(None) };
    let rows = sqlx::query!(
        "SELECT article_id, place, section, section_name FROM edition_article WHERE day = ?1 ORDER BY position",
        day
    )
    .fetch_all(&mut *reader)
    .await?;
    let items = rows.into_iter().map(|row| ClosedItem {
        item: Item { article: row.article_id, place: Place::parse(&row.place, row.section) },
        section_name: row.section_name,
    });
    Ok(Some(ClosedEdition { items: items.collect(), left_out }))
}

/// Returns the last day whose edition is stored.
///
/// # Errors
/// The database fails.
pub async fn find_last(library: &Library) -> sqlx::Result<Option<Date>> {
    let day = sqlx::query_scalar!("SELECT day FROM edition ORDER BY day DESC LIMIT 1");
    Ok(day.fetch_optional(library.readers()).await?.and_then(|day| day.parse().ok()))
}

/// Returns the stored editions before and after a day that have articles.
///
/// # Errors
/// The database fails.
pub async fn find_neighbors(library: &Library, day: Date) -> sqlx::Result<(Option<Date>, Option<Date>)> {
    let day = day.to_string();
    let row = sqlx::query!(
        r#"SELECT (SELECT day FROM edition WHERE day < ?1 AND articles > 0 ORDER BY day DESC LIMIT 1) AS "before: String",
                  (SELECT day FROM edition WHERE day > ?1 AND articles > 0 ORDER BY day LIMIT 1) AS "after: String""#,
        day
    )
    .fetch_one(library.readers())
    .await?;
    let parse = |day: Option<String>| day.and_then(|day| day.parse().ok());
    Ok((parse(row.before), parse(row.after)))
}

/// Lists stored editions that have articles, the newest first: at most `limit`, of days before `before`.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, before: Date, limit: i64) -> sqlx::Result<Vec<Listed>> {
    let before = before.to_string();
    sqlx::query_as!(
        Listed,
        "SELECT day, articles FROM edition WHERE day < ?1 AND articles > 0 ORDER BY day DESC LIMIT +?2",
        before,
        limit
    )
    .fetch_all(library.readers())
    .await
}
