//! Queries on topics, and the article counts of the menu.

use sqlx::SqliteConnection;

use crate::library::tags;
use crate::library::{Library, bool_from_integer};

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
    /// Articles not deleted.
    pub articles: i64,
    /// Unread articles.
    pub unread: i64,
    /// Date of the newest article that is neither archived nor deleted, in Unix seconds.
    pub newest_at: Option<i64>,
}

/// A topic created by the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomTopic {
    /// Slug, as in URLs.
    pub slug: String,
    /// Name for readers.
    pub name: String,
    /// Articles not deleted.
    pub articles: i64,
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

/// Lists all topics in their order.
///
/// # Errors
/// The database fails.
pub async fn list_all(library: &Library) -> sqlx::Result<Vec<Topic>> {
    sqlx::query_as!(Topic, r#"SELECT slug, name, is_custom AS "is_custom: bool" FROM topic ORDER BY position, slug"#)
        .fetch_all(library.readers())
        .await
}

/// Finds a topic by slug.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, slug: &str) -> sqlx::Result<Option<Topic>> {
    sqlx::query_as!(Topic, r#"SELECT slug, name, is_custom AS "is_custom: bool" FROM topic WHERE slug = ?1"#, slug)
        .fetch_optional(library.readers())
        .await
}

/// Adds a custom topic and returns its slug. A topic that has this slug already is used instead. The inner error says
/// why the name is invalid, as [`tags::parse_name`] does.
///
/// # Errors
/// The database fails.
pub async fn add_custom(library: &Library, name: &str) -> sqlx::Result<Result<String, String>> {
    let name = match tags::parse_topic_name(name) {
        Ok(name) => name,
        Err(reason) => return Ok(Err(reason)),
    };
    let slug = slug_for_name(&name);
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "INSERT INTO topic (slug, name, position, is_custom) VALUES (?1, ?2, 100, 1) ON CONFLICT DO NOTHING",
        slug,
        name
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Ok(slug))
}

/// Returns the slug of a topic's name. The built-in topics "Disasters" and "War and conflict" have shorter slugs than
/// their names.
fn slug_for_name(name: &str) -> String {
    let slug = tags::slugify(name);
    let built_in = classify::Topic::ALL.into_iter().find(|topic| tags::slugify(topic.name()) == slug);
    built_in.map_or(slug, |topic| topic.slug().to_owned())
}

/// Finds a custom topic by slug.
///
/// # Errors
/// The database fails.
pub async fn find_custom(library: &Library, slug: &str) -> sqlx::Result<Option<CustomTopic>> {
    sqlx::query_as!(
        CustomTopic,
        r#"SELECT t.slug, t.name, coalesce(n.articles, 0) AS "articles!: i64"
           FROM topic t LEFT JOIN article_count n ON n.kind = 'topic' AND n.key = t.slug
           WHERE t.slug = ?1 AND t.is_custom = 1"#,
        slug
    )
    .fetch_optional(library.readers())
    .await
}

/// Renames a custom topic; its slug stays.
///
/// # Errors
/// The database fails.
pub async fn rename_custom(library: &Library, slug: &str, name: &str) -> sqlx::Result<()> {
    let name = tags::normalize_topic_name(name);
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE topic SET name = ?2 WHERE slug = ?1 AND is_custom = 1", slug, name).execute(&mut *tx).await?;
    tx.commit().await
}

/// Deletes a custom topic, in the transaction that moves its articles elsewhere.
///
/// # Errors
/// The database fails, or the topic still has articles.
pub(in crate::library) async fn delete_custom(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM topic WHERE slug = ?1 AND is_custom = 1", slug).execute(tx).await.map(|_| ())
}

/// Lists all topics in their order, with their article counts.
///
/// # Errors
/// The database fails.
pub async fn list_with_counts(library: &Library) -> sqlx::Result<Vec<TopicSummary>> {
    sqlx::query_as!(
        TopicSummary,
        r#"SELECT t.slug, t.name, coalesce(n.articles, 0) AS "articles!: i64", coalesce(n.unread, 0) AS "unread!: i64",
                  (SELECT a.sorted_at FROM article a WHERE a.state = 0 AND a.topic = t.slug
                   ORDER BY a.sorted_at DESC LIMIT 1) AS "newest_at?: i64"
           FROM topic t LEFT JOIN article_count n ON n.kind = 'topic' AND n.key = t.slug
           ORDER BY t.position, t.slug"#
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
