//! Queries on tags and the articles that have them.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::tags::{TagChanges, normalize_name, slugify};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Tag {
    /// Row id.
    pub id: i64,
    /// Slug, as in URLs.
    pub slug: String,
    /// Name, as first written.
    pub name: String,
}

/// A tag with its article counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSummary {
    /// Slug, as in URLs.
    pub slug: String,
    /// Name, as first written.
    pub name: String,
    /// Articles not deleted.
    pub articles: i64,
    /// Unread articles.
    pub unread: i64,
    /// Date of the newest article that is not deleted, in Unix seconds.
    pub newest_at: Option<i64>,
}

/// Adds a tag to an article. Ignores a name without letters, digits or symbols. Returns whether the article did not have
/// it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn attach(tx: &mut SqliteConnection, article_id: i64, name: &str) -> sqlx::Result<bool> {
    let name = normalize_name(name);
    let slug = slugify(&name);
    if slug.is_empty() {
        return Ok(false);
    }
    let tag_id = sqlx::query_scalar!(
        "INSERT INTO tag (slug, name) VALUES (?1, ?2) ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id",
        slug,
        name
    )
    .fetch_one(&mut *tx)
    .await?;
    let added = sqlx::query!(
        "INSERT INTO article_tag (tag_id, sorted_at, article_id) SELECT ?1, sorted_at, id FROM article WHERE id = ?2
         ON CONFLICT DO NOTHING",
        tag_id,
        article_id
    );
    Ok(added.execute(tx).await?.rows_affected() > 0)
}

/// Removes a tag from an article. Returns whether the article had it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn detach(tx: &mut SqliteConnection, article_id: i64, name: &str) -> sqlx::Result<bool> {
    let slug = slugify(&normalize_name(name));
    let removed = sqlx::query!(
        "DELETE FROM article_tag WHERE article_id = ?1 AND tag_id = (SELECT id FROM tag WHERE slug = ?2)",
        article_id,
        slug
    );
    Ok(removed.execute(tx).await?.rows_affected() > 0)
}

/// Adds and removes tags of an article. A tag that is added takes the spelling it is added with, on all articles.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn change_for_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    changes: &TagChanges,
) -> sqlx::Result<()> {
    for name in &changes.removed {
        detach(tx, article_id, name).await?;
    }
    for name in &changes.added {
        attach(tx, article_id, name).await?;
        let (name, slug) = (normalize_name(name), slugify(name));
        sqlx::query!("UPDATE tag SET name = ?2 WHERE slug = ?1", slug, name).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Adds tags to an article, each in the spelling given. Returns `false` if there is no such article.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn add_to_article(library: &Library, article_id: i64, names: &[String]) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let found =
        sqlx::query_scalar!("SELECT id FROM article WHERE id = ?1", article_id).fetch_optional(&mut *tx).await?;
    if found.is_none() {
        return Ok(false);
    }
    for name in names {
        attach(&mut tx, article_id, name).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Adds the tags of a new article and keeps the publisher's keywords, which become tags if the reader takes those of its
/// source.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn add_for_new_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    tags: &[String],
    keywords: &[String],
) -> sqlx::Result<()> {
    for tag in tags {
        attach(tx, article_id, tag).await?;
    }
    if keywords.is_empty() {
        return Ok(());
    }
    let json = serde_json::json!(keywords).to_string();
    sqlx::query!("INSERT INTO article_keywords (article_id, names) VALUES (?1, ?2)", article_id, json)
        .execute(&mut *tx)
        .await?;
    let takes_keywords = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM article a CROSS JOIN keyword_source k ON k.source_id = a.source_id WHERE a.id = ?1) AS "takes!: bool""#,
        article_id
    )
    .fetch_one(&mut *tx)
    .await?;
    if takes_keywords {
        for keyword in keywords {
            attach(tx, article_id, keyword).await?;
        }
    }
    Ok(())
}

/// Sets whether the keywords of a source's articles become tags: of new ones at once, of others by
/// [`take_next_keywords`]. Returns `false` if there is no such source.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn set_takes_keywords(library: &Library, domain: &str, takes_keywords: bool) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let source =
        sqlx::query_scalar!("SELECT id FROM source WHERE domain = ?1", domain).fetch_optional(&mut *tx).await?;
    let Some(source) = source else { return Ok(false) };
    if takes_keywords {
        sqlx::query!(
            "INSERT INTO keyword_source (source_id, after_article_id) VALUES (?1, 0) ON CONFLICT DO NOTHING",
            source
        )
        .execute(&mut *tx)
        .await?;
    } else {
        end_keywords(&mut tx, source).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Has a source take the keywords of new articles if another does. Returns whether that is new.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn pass_on_keywords(tx: &mut SqliteConnection, from: i64, to: i64) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "INSERT INTO keyword_source (source_id) SELECT ?2 FROM keyword_source WHERE source_id = ?1 ON CONFLICT DO NOTHING",
        from,
        to
    );
    Ok(added.execute(tx).await?.rows_affected() > 0)
}

/// Ends that the keywords of a source become tags.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn end_keywords(tx: &mut SqliteConnection, source: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM keyword_source WHERE source_id = ?1", source).execute(tx).await.map(|_| ())
}

/// Makes tags of the keywords of an article that has moved to a source that takes them, if they were not taken where it
/// was. Returns the names of those that are new.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn take_keywords_after_move(
    tx: &mut SqliteConnection,
    article_id: i64,
    (from, to): (i64, i64),
) -> sqlx::Result<Vec<String>> {
    let keywords = sqlx::query_scalar!(
        "SELECT names FROM article_keywords
         WHERE article_id = ?1 AND EXISTS (SELECT 1 FROM keyword_source WHERE source_id = ?3) AND NOT EXISTS
             (SELECT 1 FROM keyword_source WHERE source_id = ?2 AND coalesce(after_article_id >= ?1, 1))",
        article_id,
        from,
        to
    );
    let Some(keywords) = keywords.fetch_optional(&mut *tx).await? else { return Ok(Vec::new()) };
    let mut taken = Vec::new();
    for keyword in serde_json::from_str::<Vec<String>>(&keywords).unwrap_or_default() {
        if attach(tx, article_id, &keyword).await? {
            taken.push(keyword);
        }
    }
    Ok(taken)
}

/// Makes tags of the keywords of the next articles whose source takes them, at most `limit`. Returns whether some are left.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn take_next_keywords(library: &Library, limit: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let pending = sqlx::query!(
        r#"SELECT source_id, after_article_id AS "after!: i64" FROM keyword_source
           WHERE after_article_id >= 0 ORDER BY after_article_id LIMIT 1"#
    );
    let Some(pending) = pending.fetch_optional(&mut *tx).await? else { return Ok(false) };
    let articles = sqlx::query!(
        "SELECT a.id, k.names FROM article a CROSS JOIN article_keywords k ON k.article_id = a.id
         WHERE a.source_id = ?1 AND a.id > ?2 ORDER BY a.id LIMIT +?3",
        pending.source_id,
        pending.after,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    for article in &articles {
        let keywords: Vec<String> = serde_json::from_str(&article.names).unwrap_or_default();
        for keyword in keywords {
            attach(&mut tx, article.id, &keyword).await?;
        }
    }
    let last = articles.last().map(|article| article.id);
    sqlx::query!("UPDATE keyword_source SET after_article_id = ?2 WHERE source_id = ?1", pending.source_id, last)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Renames a tag, if it is called as it was before and no other tag has the slug; one without articles gives way. Returns
/// whether it was.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn rename(
    tx: &mut SqliteConnection,
    tag: i64,
    before: &str,
    after: &str,
) -> sqlx::Result<bool> {
    let slug = slugify(after);
    sqlx::query!(
        "DELETE FROM tag WHERE slug = ?1 AND id <> ?2 AND NOT EXISTS (SELECT 1 FROM article_tag g WHERE g.tag_id = tag.id)",
        slug,
        tag
    )
    .execute(&mut *tx)
    .await?;
    let renamed = sqlx::query!(
        "UPDATE tag SET slug = ?4, name = ?3
         WHERE id = ?1 AND name = ?2 AND NOT EXISTS (SELECT 1 FROM tag t WHERE t.slug = ?4 AND t.id <> ?1)",
        tag,
        before,
        after,
        slug
    );
    Ok(renamed.execute(tx).await?.rows_affected() > 0)
}

/// Lists the articles with a tag, in the trash too.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_articles(tx: &mut SqliteConnection, tag: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!("SELECT article_id FROM article_tag WHERE tag_id = ?1", tag).fetch_all(tx).await
}

/// Counts the articles with a tag, in the trash too.
///
/// # Errors
/// The database fails.
pub async fn count_articles(library: &Library, tag: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM article_tag WHERE tag_id = ?1"#, tag)
        .fetch_one(library.readers())
        .await
}

/// Updates the article's date in its tags.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn update_sort_date(tx: &mut SqliteConnection, article_id: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE article_tag SET sorted_at = (SELECT sorted_at FROM article WHERE id = ?1) WHERE article_id = ?1",
        article_id
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Lists the tags of an article by slug.
///
/// # Errors
/// The database fails.
pub async fn list_for_article(library: &Library, article_id: i64) -> sqlx::Result<Vec<Tag>> {
    sqlx::query_as!(
        Tag,
        "SELECT t.id, t.slug, t.name FROM article_tag g CROSS JOIN tag t ON t.id = g.tag_id WHERE g.article_id = ?1 ORDER BY t.slug",
        article_id
    )
    .fetch_all(library.readers())
    .await
}

/// Finds a tag by slug.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, slug: &str) -> sqlx::Result<Option<Tag>> {
    sqlx::query_as!(Tag, "SELECT id, slug, name FROM tag WHERE slug = ?1", slug).fetch_optional(library.readers()).await
}

/// Returns the tags with most articles, and the one with id `also`.
///
/// # Errors
/// The database fails.
pub async fn largest(library: &Library, limit: i64, also: Option<i64>) -> sqlx::Result<Vec<Tag>> {
    sqlx::query_as!(
        Tag,
        "SELECT t.id, t.slug, t.name
         FROM article_count n CROSS JOIN tag t ON t.id = CAST(n.key AS INTEGER)
         WHERE n.kind = 'tag' AND n.key IN
               (SELECT key FROM article_count WHERE kind = 'tag' AND articles > 0 ORDER BY articles DESC, key DESC LIMIT +?1)
            OR n.kind = 'tag' AND n.key = CAST(?2 AS TEXT)
         ORDER BY n.articles DESC, n.key DESC",
        limit,
        also
    )
    .fetch_all(library.readers())
    .await
}

/// Lists tags that have articles, largest first: at most `limit` after the position (`articles`, `slug`).
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, after: (i64, &str), limit: i64) -> sqlx::Result<Vec<TagSummary>> {
    let (articles, slug) = after;
    sqlx::query_as!(
        TagSummary,
        r#"SELECT t.slug, t.name, n.articles, n.unread,
                  (SELECT g.sorted_at FROM article_tag g CROSS JOIN article a ON a.id = g.article_id
                   WHERE g.tag_id = t.id AND a.state < 2 ORDER BY g.sorted_at DESC LIMIT 1) AS "newest_at?: i64"
           FROM article_count n CROSS JOIN tag t ON t.id = CAST(n.key AS INTEGER)
           WHERE n.kind = 'tag' AND n.articles > 0
             AND (n.articles < ?1 OR (n.articles = ?1 AND t.slug > ?2))
           ORDER BY n.articles DESC, t.slug LIMIT +?3"#,
        articles,
        slug,
        limit
    )
    .fetch_all(library.readers())
    .await
}

/// Lists the tags of these articles, largest first, counting only these articles.
///
/// # Errors
/// The database fails.
pub async fn list_for_articles(library: &Library, articles: &[i64], limit: i64) -> sqlx::Result<Vec<TagSummary>> {
    let articles = serde_json::json!(articles).to_string();
    sqlx::query_as!(
        TagSummary,
        r#"SELECT t.slug AS "slug!", t.name AS "name!", count(*) AS "articles!: i64", sum(a.is_unread) AS "unread!: i64",
                  max(a.sorted_at) AS "newest_at?: i64"
           FROM json_each(?1) j CROSS JOIN article a ON a.id = j.value
                CROSS JOIN article_tag g ON g.article_id = a.id CROSS JOIN tag t ON t.id = g.tag_id
           GROUP BY t.id ORDER BY count(*) DESC, t.slug LIMIT +?2"#,
        articles,
        limit
    )
    .fetch_all(library.readers())
    .await
}
