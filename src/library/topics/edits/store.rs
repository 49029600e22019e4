//! Statements that change one topic.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::library::tags;
use crate::library::topics::filing;

/// A topic as stored, to bring it back after its deletion or to merge it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::library) struct Row {
    slug: String,
    name: String,
    position: i64,
    is_pinned: bool,
    is_hidden: bool,
    section: Option<String>,
    #[serde(default)]
    merged_into: Option<String>,
    /// The reader's rules for it, which go with it.
    #[serde(default)]
    rules: Vec<Rule>,
}

impl Row {
    /// Returns the topic that it was merged into.
    pub fn merged_into(&self) -> Option<&str> {
        self.merged_into.as_deref()
    }
}

/// A rule of the reader's, without its topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rule {
    source_id: i64,
    section: String,
}

/// Follows a topic that was merged to the one that has its articles.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_root(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<String> {
    let root = sqlx::query_scalar!(
        r#"WITH RECURSIVE root (slug, next) AS (
               SELECT slug, merged_into FROM topic WHERE slug = ?1
               UNION SELECT t.slug, t.merged_into FROM root CROSS JOIN topic t ON t.slug = root.next)
           SELECT slug AS "slug!: String" FROM root WHERE next IS NULL"#,
        slug
    );
    Ok(root.fetch_optional(tx).await?.unwrap_or_else(|| slug.to_owned()))
}

/// Finds the name of a topic that is not merged.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_name(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT name FROM topic WHERE slug = ?1 AND merged_into IS NULL", slug).fetch_optional(tx).await
}

/// Lists the topics that were merged into one, and those merged into these.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_merged(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE merged (slug) AS (
               SELECT ?1 UNION SELECT t.slug FROM merged CROSS JOIN topic t ON t.merged_into = merged.slug)
           SELECT slug AS "slug!: String" FROM merged"#,
        slug
    )
    .fetch_all(tx)
    .await
}

/// Returns whether another topic that is not merged is called so.
async fn is_taken(tx: &mut SqliteConnection, slug: &str, name: &str) -> sqlx::Result<bool> {
    let others = sqlx::query_scalar!("SELECT name FROM topic WHERE slug <> ?1 AND merged_into IS NULL", slug);
    let wanted = tags::slugify(name);
    Ok(others.fetch_all(tx).await?.iter().any(|other| tags::slugify(other) == wanted))
}

/// Gives the name of a topic that was merged a number, if another is called so by now.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn number_name(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<()> {
    let Some(name) = find_name(tx, slug).await? else { return Ok(()) };
    let mut numbered = (2..).map(|number| format!("{name} {number}"));
    let mut free = name.clone();
    while is_taken(tx, slug, &free).await? {
        free = numbered.next().expect("numbers do not end");
    }
    set_name(tx, slug, (&name, &free)).await.map(drop)
}

/// Renames a topic that has this name, unless another is called like that by now. Returns whether it did.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn set_name(
    tx: &mut SqliteConnection,
    slug: &str,
    (from, to): (&str, &str),
) -> sqlx::Result<bool> {
    if is_taken(tx, slug, to).await? {
        return Ok(false);
    }
    let renamed = sqlx::query!("UPDATE topic SET name = ?3 WHERE slug = ?1 AND name = ?2", slug, from, to);
    Ok(renamed.execute(tx).await?.rows_affected() > 0)
}

/// Hides a topic, or shows it again. Returns whether that changed it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn set_hidden(
    tx: &mut SqliteConnection,
    slug: &str,
    is_hidden: bool,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!("UPDATE topic SET is_hidden = ?2 WHERE slug = ?1 AND is_hidden <> ?2", slug, is_hidden);
    Ok(changed.execute(tx).await?.rows_affected() > 0)
}

/// Merges a topic into another, or into none, if it is merged as expected. Returns whether it was.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn set_merged(
    tx: &mut SqliteConnection,
    slug: &str,
    (before, after): (Option<&str>, Option<&str>),
) -> sqlx::Result<bool> {
    let changed =
        sqlx::query!("UPDATE topic SET merged_into = ?3 WHERE slug = ?1 AND merged_into IS ?2", slug, before, after);
    Ok(changed.execute(tx).await?.rows_affected() > 0)
}

/// Has a topic take articles of a section, or of none, if it takes those expected. Returns whether it did.
///
/// # Errors
/// The database fails, or another topic takes that section.
pub(in crate::library) async fn set_section(
    tx: &mut SqliteConnection,
    slug: &str,
    (before, after): (Option<&str>, Option<&str>),
) -> sqlx::Result<bool> {
    let changed = sqlx::query!("UPDATE topic SET section = ?3 WHERE slug = ?1 AND section IS ?2", slug, before, after);
    Ok(changed.execute(tx).await?.rows_affected() > 0)
}

/// Finds a topic, merged or not, with the rules for it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<Option<Row>> {
    let rules = sqlx::query_as!(
        Rule,
        r#"SELECT source_id AS "source_id!", section AS "section!" FROM topic_rule INDEXED BY topic_rule_by_topic
           WHERE topic = ?1"#,
        slug
    );
    let rules = rules.fetch_all(&mut *tx).await?;
    let row = sqlx::query!(
        r#"SELECT slug, name, position, is_pinned AS "is_pinned: bool", is_hidden AS "is_hidden: bool", section, merged_into
           FROM topic WHERE slug = ?1"#,
        slug
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| Row {
        slug: row.slug,
        name: row.name,
        position: row.position,
        is_pinned: row.is_pinned,
        is_hidden: row.is_hidden,
        section: row.section,
        merged_into: row.merged_into,
        rules,
    }))
}

/// Deletes a custom topic that nothing needs, with the rules for it, and returns it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn delete(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<Option<Row>> {
    let row = find(tx, slug).await?;
    let deleted = sqlx::query!(
        "DELETE FROM topic WHERE slug = ?1 AND is_custom = 1 AND merged_into IS NULL
           AND NOT EXISTS (SELECT 1 FROM article a WHERE a.topic = ?1)
           AND NOT EXISTS (SELECT 1 FROM topic m WHERE m.merged_into = ?1)",
        slug
    );
    let deleted = deleted.execute(tx).await?.rows_affected();
    Ok(row.filter(|_| deleted > 0))
}

/// Gives a topic that is merged again its former name and place, as in its row.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn put_back(tx: &mut SqliteConnection, row: &Row) -> sqlx::Result<()> {
    let Row { slug, name, position, is_pinned, is_hidden, .. } = row;
    sqlx::query!(
        "UPDATE topic SET name = ?2, position = ?3, is_pinned = ?4, is_hidden = ?5 WHERE slug = ?1",
        slug,
        name,
        position,
        is_pinned,
        is_hidden
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Brings a deleted topic back, unless another has its slug or name by now. Its rules come back where the reader has made no other,
/// for sources that are still there. Returns whether it did.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn restore(tx: &mut SqliteConnection, row: &Row) -> sqlx::Result<bool> {
    if is_taken(tx, &row.slug, &row.name).await? {
        return Ok(false);
    }
    let restored = sqlx::query!(
        "INSERT INTO topic (slug, name, position, is_custom, is_pinned, is_hidden, section)
         VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        row.slug,
        row.name,
        row.position,
        row.is_pinned,
        row.is_hidden,
        row.section
    );
    if restored.execute(&mut *tx).await?.rows_affected() == 0 {
        return Ok(false);
    }
    for rule in &row.rules {
        filing::restore(tx, (rule.source_id, &rule.section), &row.slug).await?;
    }
    Ok(true)
}
