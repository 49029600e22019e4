//! Queries on tags and the articles that have them.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::tags::{TagChanges, key, normalize_name, slugify};

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

/// Adds a tag to an article: the one that has this as another name, else the one that is called so, which is made if there is
/// none. Ignores a name without letters, digits or symbols. Returns whether the article did not have it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn attach(tx: &mut SqliteConnection, article_id: i64, name: &str) -> sqlx::Result<bool> {
    let name = resolve(tx, name).await?;
    attach_exactly(tx, article_id, &name).await
}

/// Returns the name of the tag that has this as another name; else the name itself, as stored.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn resolve(tx: &mut SqliteConnection, name: &str) -> sqlx::Result<String> {
    let name = normalize_name(name);
    let slug = slugify(&name);
    let tag = sqlx::query_scalar!(
        "SELECT t.name FROM tag_alias l CROSS JOIN tag t ON t.id = l.tag_id WHERE l.slug = ?1",
        slug
    );
    Ok(tag.fetch_optional(tx).await?.unwrap_or(name))
}

/// Adds the tag that is called so to an article, even if another has this as another name: to undo what was done to it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn attach_exactly(
    tx: &mut SqliteConnection,
    article_id: i64,
    name: &str,
) -> sqlx::Result<bool> {
    let name = normalize_name(name);
    let slug = slugify(&name);
    if slug.is_empty() {
        return Ok(false);
    }
    let known = sqlx::query_scalar!("SELECT id FROM tag WHERE slug = ?1", slug).fetch_optional(&mut *tx).await?;
    let tag_id = match known {
        Some(id) => id,
        None => insert(tx, article_id, &name).await?,
    };
    let added = sqlx::query!(
        "INSERT INTO article_tag (tag_id, sorted_at, article_id) SELECT ?1, sorted_at, id FROM article WHERE id = ?2
         ON CONFLICT DO NOTHING",
        tag_id,
        article_id
    );
    Ok(added.execute(tx).await?.rows_affected() > 0)
}

/// Makes a tag. Its key is that of its name in the language of the article it is made for.
async fn insert(tx: &mut SqliteConnection, article_id: i64, name: &str) -> sqlx::Result<i64> {
    let language = find_article_language(tx, article_id).await?.flatten();
    let (slug, key) = (slugify(name), key(name, language.as_deref()));
    sqlx::query_scalar!("INSERT INTO tag (slug, name, key) VALUES (?1, ?2, ?3) RETURNING id", slug, name, key)
        .fetch_one(tx)
        .await
}

/// Returns the language of an article, by which its tags are compared: the one it has, or else the one that its text seems
/// to be in. The outer `None`: there is no such article.
///
/// # Errors
/// The database fails.
pub(super) async fn find_article_language(
    tx: &mut SqliteConnection,
    article_id: i64,
) -> sqlx::Result<Option<Option<String>>> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(p.language, a.language) AS "language?: String"
           FROM article a LEFT JOIN article_phrases p ON p.article_id = a.id WHERE a.id = ?1"#,
        article_id
    )
    .fetch_optional(tx)
    .await
}

/// Returns the language of the newest article with a tag.
///
/// # Errors
/// The database fails.
pub(super) async fn find_language(tx: &mut SqliteConnection, tag: i64) -> sqlx::Result<Option<String>> {
    let article = sqlx::query_scalar!(
        "SELECT article_id FROM article_tag WHERE tag_id = ?1 ORDER BY sorted_at DESC LIMIT 1",
        tag
    );
    match article.fetch_optional(&mut *tx).await? {
        Some(article) => Ok(find_article_language(tx, article).await?.flatten()),
        None => Ok(None),
    }
}

/// Makes the key of a tag again, if it is still there.
///
/// # Errors
/// The database fails.
pub(super) async fn renew_key(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<()> {
    let tag = sqlx::query!(r#"SELECT id AS "id!", name FROM tag WHERE slug = ?1"#, slug).fetch_optional(&mut *tx);
    let Some(tag) = tag.await? else { return Ok(()) };
    let key = key(&tag.name, find_language(tx, tag.id).await?.as_deref());
    sqlx::query!("UPDATE tag SET key = ?2 WHERE id = ?1", tag.id, key).execute(tx).await.map(|_| ())
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
        let tag = resolve(tx, name).await?;
        attach_exactly(tx, article_id, &tag).await?;
        let (name, slug) = (normalize_name(name), slugify(&tag));
        if slugify(&name) == slug {
            sqlx::query!("UPDATE tag SET name = ?2 WHERE slug = ?1", slug, name).execute(&mut *tx).await?;
        }
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

/// Another tag that is called as one is about to be.
#[derive(Debug)]
pub(super) struct Namesake {
    pub id: i64,
    pub name: String,
    /// It has articles.
    pub is_used: bool,
}

/// Finds the other tag with a slug.
///
/// # Errors
/// The database fails.
pub(super) async fn find_namesake(tx: &mut SqliteConnection, slug: &str, tag: i64) -> sqlx::Result<Option<Namesake>> {
    let other = sqlx::query_as!(
        Namesake,
        r#"SELECT id AS "id!", name, EXISTS (SELECT 1 FROM article_tag g WHERE g.tag_id = tag.id) AS "is_used!: bool"
           FROM tag WHERE slug = ?1 AND id <> ?2"#,
        slug,
        tag
    );
    other.fetch_optional(tx).await
}

/// Returns whether a tag has this name.
///
/// # Errors
/// The database fails.
pub(super) async fn is_called(tx: &mut SqliteConnection, tag: i64, name: &str) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!("SELECT id FROM tag WHERE id = ?1 AND name = ?2", tag, name);
    Ok(found.fetch_optional(tx).await?.is_some())
}

/// Gives a tag another name, which no other tag has.
///
/// # Errors
/// The database fails.
pub(super) async fn set_name(tx: &mut SqliteConnection, tag: i64, name: &str) -> sqlx::Result<()> {
    let (slug, key) = (slugify(name), key(name, find_language(tx, tag).await?.as_deref()));
    sqlx::query!("UPDATE tag SET slug = ?2, name = ?3, key = ?4 WHERE id = ?1", tag, slug, name, key)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Deletes a tag without articles.
///
/// # Errors
/// The database fails.
pub(super) async fn delete(tx: &mut SqliteConnection, tag: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM tag WHERE id = ?1", tag).execute(tx).await.map(|_| ())
}

/// Adds a tag without articles. Returns its id; `None` if there is one that is called so.
///
/// # Errors
/// The database fails.
pub(super) async fn add_unused(tx: &mut SqliteConnection, name: &str) -> sqlx::Result<Option<i64>> {
    let (slug, key) = (slugify(name), key(name, None));
    let added = sqlx::query_scalar!(
        r#"INSERT INTO tag (slug, name, key) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING RETURNING id AS "id!""#,
        slug,
        name,
        key
    );
    added.fetch_optional(tx).await
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

/// Finds a tag by its slug or that of another name. A tag that has articles comes first.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, slug: &str) -> sqlx::Result<Option<Tag>> {
    sqlx::query_as!(
        Tag,
        "SELECT id, slug, name FROM tag WHERE id = coalesce(
             (SELECT t.id FROM tag t WHERE t.slug = ?1 AND EXISTS (SELECT 1 FROM article_tag g WHERE g.tag_id = t.id)),
             (SELECT l.tag_id FROM tag_alias l WHERE l.slug = ?1),
             (SELECT t.id FROM tag t WHERE t.slug = ?1))",
        slug
    )
    .fetch_optional(library.readers())
    .await
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
