//! One statement for three lists: each statement is a trip to the database's own thread, which costs more than the lists do.

use super::Around;
use crate::library::Library;

/// What stands around the article of this number.
///
/// # Errors
/// The database fails.
pub async fn of(library: &Library, article: i64) -> sqlx::Result<Around> {
    let row = sqlx::query!(
        r#"SELECT (SELECT json_group_array(json_object('id', t.id, 'slug', t.slug, 'name', t.name) ORDER BY t.slug)
                   FROM article_tag g CROSS JOIN tag t ON t.id = g.tag_id WHERE g.article_id = ?1) AS "tags!: String",
                  (SELECT json_group_array(json_object('address', p.address, 'hash', p.hash, 'width', k.width,
                              'height', k.height, 'waiting', json(iif(p.next_try_at IS NULL, 'false', 'true'))) ORDER BY p.place)
                   FROM article_picture p LEFT JOIN picture k ON k.hash = p.hash WHERE p.article_id = ?1) AS "pictures!: String",
                  (SELECT json_group_array(json_object('slug', slug, 'name', name) ORDER BY place, slug)
                   FROM topic) AS "topics!: String""#,
        article
    )
    .fetch_one(library.read())
    .await?;
    let read = |error: serde_json::Error| sqlx::Error::Decode(error.into());
    Ok(Around {
        tags: serde_json::from_str(&row.tags).map_err(read)?,
        pictures: serde_json::from_str(&row.pictures).map_err(read)?,
        topics: serde_json::from_str(&row.topics).map_err(read)?,
    })
}
