//! Queries on rare tags and on those that may mean the same.

use sqlx::types::Json;

use crate::library::Library;
use crate::library::tags::TagSummary;
use crate::library::tags::similar::AllTags;

/// Loads all tags that have articles. One row for all, since each row is a message from the database's thread.
///
/// # Errors
/// The database fails.
pub async fn load(library: &Library) -> sqlx::Result<AllTags> {
    let row = sqlx::query!(
        r#"SELECT json_object(
             'tags', (SELECT json_group_array(json_object('slug', t.slug, 'name', t.name, 'key', t.key, 'articles', n.articles))
                      FROM article_count n CROSS JOIN tag t ON t.id = CAST(n.key AS INTEGER)
                      WHERE n.kind = 'tag' AND n.articles > 0),
             'aliases', (SELECT json_group_array(json_array(l.slug, t.slug))
                         FROM tag_alias l CROSS JOIN tag t ON t.id = l.tag_id WHERE l.slug > ''),
             'distinct', (SELECT json_group_array(json_array(d.slug, d.other)) FROM distinct_tags d WHERE d.slug > ''))
           AS "all!: Json<AllTags>""#
    );
    let Json(all) = row.fetch_one(library.readers()).await?.all;
    Ok(all)
}

/// Lists tags with at most `most` articles, rarest first: at most `limit` after the position (`articles`, `slug`).
///
/// # Errors
/// The database fails.
pub async fn list_rare(
    library: &Library,
    most: i64,
    (articles, slug): (i64, &str),
    limit: i64,
) -> sqlx::Result<Vec<TagSummary>> {
    sqlx::query_as!(
        TagSummary,
        r#"SELECT t.slug, t.name, n.articles, n.unread,
                  (SELECT g.sorted_at FROM article_tag g CROSS JOIN article a ON a.id = g.article_id
                   WHERE g.tag_id = t.id AND a.state < 2 ORDER BY g.sorted_at DESC LIMIT 1) AS "newest_at?: i64"
           FROM article_count n CROSS JOIN tag t ON t.id = CAST(n.key AS INTEGER)
           WHERE n.kind = 'tag' AND n.articles > 0 AND n.articles <= ?1
             AND (n.articles > ?2 OR (n.articles = ?2 AND t.slug > ?3))
           ORDER BY n.articles, t.slug LIMIT +?4"#,
        most,
        articles,
        slug,
        limit
    )
    .fetch_all(library.readers())
    .await
}

/// Remembers that tags mean different things, by their slugs.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn keep_apart(library: &Library, slugs: &[String]) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    for (slug, other) in pairs(slugs) {
        sqlx::query!("INSERT INTO distinct_tags (slug, other) VALUES (?1, ?2) ON CONFLICT DO NOTHING", slug, other)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await
}

/// Forgets that tags mean different things.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn delete_distinct(library: &Library, slugs: &[String]) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    for (slug, other) in pairs(slugs) {
        sqlx::query!("DELETE FROM distinct_tags WHERE slug = ?1 AND other = ?2", slug, other).execute(&mut *tx).await?;
    }
    tx.commit().await
}

fn pairs(slugs: &[String]) -> impl Iterator<Item = (&String, &String)> {
    slugs.iter().flat_map(|slug| slugs.iter().filter(move |other| *other > slug).map(move |other| (slug, other)))
}
