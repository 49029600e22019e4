//! Queries on the reader's rules for topics.

use sqlx::SqliteConnection;

use crate::library::Library;

/// A rule, and the source it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRule {
    /// Id of the source.
    pub source_id: i64,
    /// Domain of the source.
    pub source_domain: String,
    /// Name of the source.
    pub source_name: String,
    /// The section, such as `/sport/`; empty for all articles of the source.
    pub section: String,
    /// Slug of the topic.
    pub topic: String,
}

/// Finds the rule for an article of a source: that for its section, else that for the whole source.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, source_id: i64, section: Option<&str>) -> sqlx::Result<Option<TopicRule>> {
    sqlx::query_as!(
        TopicRule,
        r#"SELECT r.source_id AS "source_id!", s.domain AS source_domain, s.name AS source_name, r.section AS "section!",
                  r.topic AS "topic!"
           FROM topic_rule r CROSS JOIN source s ON s.id = r.source_id
           WHERE r.source_id = ?1 AND r.section IN ('', ?2) ORDER BY r.section DESC LIMIT 1"#,
        source_id,
        section
    )
    .fetch_optional(library.readers())
    .await
}

/// Lists the rules of a topic, and of those that were merged into it.
///
/// # Errors
/// The database fails.
pub async fn list_for_topic(library: &Library, topic: &str) -> sqlx::Result<Vec<TopicRule>> {
    sqlx::query_as!(
        TopicRule,
        r#"WITH RECURSIVE merged (slug) AS (
               SELECT ?1 UNION SELECT t.slug FROM merged CROSS JOIN topic t ON t.merged_into = merged.slug)
           SELECT r.source_id AS "source_id!", s.domain AS source_domain, s.name AS source_name, r.section AS "section!",
                  r.topic AS "topic!"
           FROM merged CROSS JOIN topic_rule r INDEXED BY topic_rule_by_topic ON r.topic = merged.slug
                CROSS JOIN source s ON s.id = r.source_id ORDER BY s.name, r.section"#,
        topic
    )
    .fetch_all(library.readers())
    .await
}

/// Saves a rule; it replaces another for the same articles. Does nothing if the topic is gone.
///
/// # Errors
/// The database fails.
pub async fn save(library: &Library, source_id: i64, section: &str, topic: &str) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "INSERT INTO topic_rule (source_id, section, topic) SELECT ?1, ?2, slug FROM topic WHERE slug = ?3
         ON CONFLICT DO UPDATE SET topic = excluded.topic",
        source_id,
        section,
        topic
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Brings a rule back, in the transaction that brings its topic back, unless another has its place or its source is gone.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn restore(
    tx: &mut SqliteConnection,
    (source_id, section): (i64, &str),
    topic: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO topic_rule (source_id, section, topic) SELECT id, ?2, ?3 FROM source WHERE id = ?1
             ON CONFLICT DO NOTHING",
        source_id,
        section,
        topic
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Deletes a rule.
///
/// # Errors
/// The database fails.
pub async fn delete(library: &Library, source_id: i64, section: &str) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("DELETE FROM topic_rule WHERE source_id = ?1 AND section = ?2", source_id, section)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
