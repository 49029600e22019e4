//! Queries on topics, and the article counts of the menu.

use sqlx::SqliteConnection;

use crate::library::topics::edits;
use crate::library::{Library, bool_from_integer, tags, topics};

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Topic {
    /// Slug, as in URLs.
    pub slug: String,
    /// Name for readers.
    pub name: String,
    /// Whether the reader created it.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_custom: bool,
}

/// A topic with its article counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSummary {
    /// Slug, as in URLs.
    pub slug: String,
    /// Name for readers.
    pub name: String,
    /// Whether it comes before those that are not.
    pub is_pinned: bool,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Articles not deleted.
    pub articles: i64,
    /// Unread articles.
    pub unread: i64,
    /// Date of the newest article that is neither archived nor deleted, in Unix seconds.
    pub newest_at: Option<i64>,
}

/// A topic, as the page that edits it shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditableTopic {
    /// Slug, as in URLs.
    pub slug: String,
    /// Name for readers.
    pub name: String,
    /// Whether the reader created it.
    pub is_custom: bool,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Articles not deleted.
    pub articles: i64,
    /// Whether nothing needs it: it has no articles, in the trash neither, and no topic is merged into it.
    pub is_unused: bool,
}

impl EditableTopic {
    /// Returns it as other functions take it.
    #[must_use]
    pub fn as_topic(&self) -> Topic {
        Topic { slug: self.slug.clone(), name: self.name.clone(), is_custom: self.is_custom }
    }
}

/// Article counts of a library.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not deleted.
    pub articles: i64,
    /// Neither read, archived nor deleted.
    pub unread: i64,
    /// Starred and not deleted.
    pub starred: i64,
    /// Archived and not deleted.
    pub archived: i64,
    /// In the trash.
    pub trash: i64,
}

/// Lists all topics in the reader's order, those that are hidden or merged too: for their names.
///
/// # Errors
/// The database fails.
pub async fn list_all(library: &Library) -> sqlx::Result<Vec<Topic>> {
    sqlx::query_as!(
        Topic,
        r#"SELECT slug, name, is_custom AS "is_custom: bool" FROM topic ORDER BY is_pinned DESC, position, slug"#
    )
    .fetch_all(library.readers())
    .await
}

/// Lists the topics that are neither hidden nor merged, in the reader's order: for menus.
///
/// # Errors
/// The database fails.
pub async fn list_shown(library: &Library) -> sqlx::Result<Vec<Topic>> {
    sqlx::query_as!(
        Topic,
        r#"SELECT slug, name, is_custom AS "is_custom: bool" FROM topic WHERE is_hidden = 0 AND merged_into IS NULL
           ORDER BY is_pinned DESC, position, slug"#
    )
    .fetch_all(library.readers())
    .await
}

/// Lists the topics that are not merged, in the reader's order.
///
/// # Errors
/// The database fails.
pub async fn list_unmerged(library: &Library) -> sqlx::Result<Vec<Topic>> {
    sqlx::query_as!(
        Topic,
        r#"SELECT slug, name, is_custom AS "is_custom: bool" FROM topic WHERE merged_into IS NULL
           ORDER BY is_pinned DESC, position, slug"#
    )
    .fetch_all(library.readers())
    .await
}

/// Finds a topic by slug; for one that was merged, the one that it was merged into.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, slug: &str) -> sqlx::Result<Option<Topic>> {
    sqlx::query_as!(
        Topic,
        r#"WITH RECURSIVE root (slug, next) AS (
               SELECT slug, merged_into FROM topic WHERE slug = ?1
               UNION SELECT t.slug, t.merged_into FROM root CROSS JOIN topic t ON t.slug = root.next)
           SELECT t.slug, t.name, t.is_custom AS "is_custom: bool" FROM root CROSS JOIN topic t ON t.slug = root.slug
           WHERE root.next IS NULL"#,
        slug
    )
    .fetch_optional(library.readers())
    .await
}

/// Returns the slugs of all topics that were merged, each with that of the topic that has the articles.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_roots(tx: &mut SqliteConnection) -> sqlx::Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"WITH RECURSIVE way (slug, root) AS (
               SELECT slug, merged_into FROM topic WHERE merged_into IS NOT NULL
               UNION SELECT way.slug, t.merged_into FROM way CROSS JOIN topic t ON t.slug = way.root
                     WHERE t.merged_into IS NOT NULL)
           SELECT way.slug AS "slug!: String", way.root AS "root!: String"
           FROM way CROSS JOIN topic t ON t.slug = way.root WHERE t.merged_into IS NULL"#
    );
    Ok(rows.fetch_all(tx).await?.into_iter().map(|row| (row.slug, row.root)).collect())
}

/// Finds a topic by slug, unless it was merged, with what its page needs to edit it.
///
/// # Errors
/// The database fails.
pub async fn find_editable(library: &Library, slug: &str) -> sqlx::Result<Option<EditableTopic>> {
    sqlx::query_as!(
        EditableTopic,
        r#"SELECT t.slug, t.name, t.is_custom AS "is_custom: bool", t.is_hidden AS "is_hidden: bool",
                  coalesce(n.articles, 0) AS "articles!: i64",
                  NOT EXISTS (SELECT 1 FROM article a WHERE a.topic = t.slug)
                  AND NOT EXISTS (SELECT 1 FROM topic m WHERE m.merged_into = t.slug) AS "is_unused!: bool"
           FROM topic t LEFT JOIN article_count n ON n.kind = 'topic' AND n.key = t.slug
           WHERE t.slug = ?1 AND t.merged_into IS NULL"#,
        slug
    )
    .fetch_optional(library.readers())
    .await
}

/// Adds a custom topic and returns its slug. A topic that is called so already is used instead, and one that was merged is
/// there again. The inner error says why the name is invalid, as [`tags::parse_name`] does.
///
/// # Errors
/// The database fails.
pub async fn add_custom(library: &Library, name: &str) -> sqlx::Result<Result<String, String>> {
    let name = match topics::parse_name(name) {
        Ok(name) => name,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut tx = library.begin_write().await?;
    let added = add(&mut tx, &name).await?;
    tx.commit().await?;
    Ok(Ok(added.slug))
}

/// A topic that was asked for.
pub(in crate::library) struct Added {
    pub slug: String,
    /// It was not there before.
    pub is_new: bool,
    /// What it was until now, if it was merged into another.
    pub merged: Option<edits::Row>,
}

/// Adds a topic, in the transaction that needs it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn add(tx: &mut SqliteConnection, name: &str) -> sqlx::Result<Added> {
    let known = sqlx::query_as!(
        Topic,
        r#"SELECT slug, name, is_custom AS "is_custom: bool" FROM topic WHERE merged_into IS NULL"#
    )
    .fetch_all(&mut *tx)
    .await?;
    if let Some(topic) = topics::find_by_name(&known, name) {
        return Ok(Added { slug: topic.slug.clone(), is_new: false, merged: None });
    }
    let wanted = tags::slugify(name);
    // A topic that was renamed keeps its slug.
    let mut numbered = (2..).map(|number| format!("{wanted}-{number}"));
    let mut slug = wanted.clone();
    while known.iter().any(|topic| topic.slug == slug) {
        slug = numbered.next().expect("numbers do not end");
    }
    let merged = edits::find(tx, &slug).await?;
    sqlx::query!(
        "INSERT INTO topic (slug, name, position, is_custom)
         SELECT ?1, ?2, max(position) + 1, 1 FROM topic t WHERE slug <> 'unsorted'
         ON CONFLICT DO UPDATE SET name = excluded.name, merged_into = NULL, is_hidden = 0",
        slug,
        name
    )
    .execute(tx)
    .await?;
    Ok(Added { slug, is_new: merged.is_none(), merged })
}

/// Lists all topics but those that were merged, in the reader's order, with their article counts.
///
/// # Errors
/// The database fails.
pub async fn list_with_counts(library: &Library) -> sqlx::Result<Vec<TopicSummary>> {
    sqlx::query_as!(
        TopicSummary,
        r#"SELECT t.slug, t.name, t.is_pinned AS "is_pinned: bool", t.is_hidden AS "is_hidden: bool",
                  coalesce(n.articles, 0) AS "articles!: i64", coalesce(n.unread, 0) AS "unread!: i64",
                  (SELECT max(newest) FROM (SELECT
                      (SELECT a.sorted_at FROM article a INDEXED BY article_newest_in_topic
                       WHERE a.shelf = l.column1 AND a.topic = t.slug ORDER BY a.sorted_at DESC LIMIT 1) AS newest
                      FROM (VALUES (0), (3)) l)) AS "newest_at?: i64"
           FROM topic t LEFT JOIN article_count n ON n.kind = 'topic' AND n.key = t.slug
           WHERE t.merged_into IS NULL ORDER BY t.is_pinned DESC, t.position, t.slug"#
    )
    .fetch_all(library.readers())
    .await
}

/// Returns the counts shown in the menu.
///
/// # Errors
/// The database fails.
pub async fn article_counts(library: &Library) -> sqlx::Result<Counts> {
    let rows = sqlx::query!(
        "SELECT kind, articles, unread FROM article_count
         WHERE kind IN ('all', 'starred', 'archived', 'trash') AND key = ''"
    )
    .fetch_all(library.readers())
    .await?;
    let mut counts = Counts::default();
    for row in rows {
        match row.kind.as_str() {
            "all" => (counts.articles, counts.unread) = (row.articles, row.unread),
            "starred" => counts.starred = row.articles,
            "archived" => counts.archived = row.articles,
            _ => counts.trash = row.articles,
        }
    }
    Ok(counts)
}
