//! Queries on rules.

use extract::{Action, Rule};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::{Content, versions};
use crate::library::rules::{MAX_RULES, NewRule, PreviewCounts, StoredRule, jobs, parse_rule, reason_code};

/// Lists the rules that apply to an article: those of its source, oldest first, then its own, which win.
///
/// # Errors
/// The database fails.
pub async fn list_for_article(library: &Library, article: i64) -> sqlx::Result<Vec<StoredRule>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, a.title AS "title?", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM article a CROSS JOIN source s ON s.id = a.source_id CROSS JOIN rule r ON r.source_id = a.source_id
         WHERE a.id = ?1 AND (r.article_id IS NULL OR r.article_id = a.id)"#,
        article
    )
    .fetch_all(library.readers())
    .await?;
    let mut stored: Vec<StoredRule> = rows.into_iter().filter_map(Row::into_rule).collect();
    stored.sort_by_key(|stored| (stored.article_id.is_some(), stored.id));
    Ok(stored)
}

/// Loads the same rules in the form that `extract` applies.
///
/// # Errors
/// The database fails.
pub async fn load_for_article(library: &Library, article: i64) -> sqlx::Result<Vec<Rule>> {
    Ok(list_for_article(library, article).await?.into_iter().map(|stored| stored.rule).collect())
}

/// Loads the rules for all articles of a domain, oldest first, in the form that `extract` applies.
///
/// # Errors
/// The database fails.
pub async fn load_for_domain(library: &Library, domain: &str) -> sqlx::Result<Vec<Rule>> {
    Ok(list_for_domain(library, domain).await?.into_iter().map(|stored| stored.rule).collect())
}

/// Lists the rules for all articles of a domain, oldest first.
///
/// # Errors
/// The database fails.
pub async fn list_for_domain(library: &Library, domain: &str) -> sqlx::Result<Vec<StoredRule>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, NULL AS "title?: String", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM source s CROSS JOIN rule r ON r.source_id = s.id
         WHERE s.domain = ?1 AND r.article_id IS NULL
         ORDER BY r.id"#,
        domain
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().filter_map(Row::into_rule).collect())
}

/// Lists the rules for single articles of a domain, newest article first, at most [`MAX_RULES`].
///
/// # Errors
/// The database fails.
pub async fn list_article_rules(library: &Library, domain: &str) -> sqlx::Result<Vec<StoredRule>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, a.title AS "title?", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM source s CROSS JOIN rule r ON r.source_id = s.id CROSS JOIN article a ON a.id = r.article_id
         WHERE s.domain = ?1 AND r.article_id IS NOT NULL
         ORDER BY r.article_id DESC, r.id DESC LIMIT +?2"#,
        domain,
        MAX_RULES
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().filter_map(Row::into_rule).collect())
}

/// Counts the rules of a domain, including those for single articles.
///
/// # Errors
/// The database fails.
pub async fn count(library: &Library, domain: &str) -> sqlx::Result<usize> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM source s CROSS JOIN rule r ON r.source_id = s.id WHERE s.domain = ?1"#,
        domain
    )
    .fetch_one(library.readers())
    .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The columns of a rule.
struct Row {
    id: i64,
    domain: String,
    article_id: Option<i64>,
    title: Option<String>,
    selector: String,
    removal_reason: Option<String>,
    created_at: i64,
    articles_changed: i64,
    articles_tried: i64,
}

impl Row {
    fn into_rule(self) -> Option<StoredRule> {
        Some(StoredRule {
            id: self.id,
            rule: parse_rule(&self.selector, self.removal_reason.as_deref())?,
            domain: self.domain,
            article_id: self.article_id,
            article_title: self.title.filter(|_| self.article_id.is_some()),
            created_at: Timestamp::from_second(self.created_at).unwrap_or_default(),
            articles_changed: self.articles_changed,
            articles_tried: self.articles_tried,
        })
    }
}

/// Finds a rule of a source.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, domain: &str, id: i64) -> sqlx::Result<Option<StoredRule>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, a.title AS "title?", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM source s CROSS JOIN rule r ON r.source_id = s.id LEFT JOIN article a ON a.id = r.article_id
         WHERE s.domain = ?1 AND r.id = ?2"#,
        domain,
        id
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(row.and_then(Row::into_rule))
}

/// Returns whether a rule with the same selector and scope is saved.
///
/// # Errors
/// The database fails.
pub async fn exists(library: &Library, domain: &str, new: &NewRule) -> sqlx::Result<bool> {
    let selector = new.rule.selector.to_string();
    let found = sqlx::query_scalar!(
        r#"SELECT r.id AS "id!: i64" FROM source s CROSS JOIN rule r ON r.source_id = s.id
         WHERE s.domain = ?1 AND r.article_id IS ?2 AND r.selector = ?3"#,
        domain,
        new.article_id,
        selector
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(found.is_some())
}

/// Returns whether the scope of a new rule (the source or the article) has reached its limit, not counting the rule it
/// would replace.
///
/// # Errors
/// The database fails.
pub async fn is_limit_reached(library: &Library, domain: &str, new: &NewRule) -> sqlx::Result<bool> {
    let selector = new.rule.selector.to_string();
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM source s CROSS JOIN rule r ON r.source_id = s.id
         WHERE s.domain = ?1 AND r.article_id IS ?2 AND r.selector <> ?3"#,
        domain,
        new.article_id,
        selector
    )
    .fetch_one(library.readers())
    .await?;
    Ok(count >= MAX_RULES)
}

/// Saves a rule for all articles of a source and queues them for re-extraction in the same transaction. It replaces one
/// with the same selector, and moves to the end of the order. Returns `None` if there is no such source.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn save(
    library: &Library,
    domain: &str,
    new: &NewRule,
    counts: PreviewCounts,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    let mut tx = library.begin_write().await?;
    let id = insert(&mut tx, domain, new, counts, now).await?;
    jobs::queue(&mut tx, domain).await?;
    tx.commit().await?;
    Ok(id)
}

/// Saves a rule for one article and the content that follows from it, if that differs, in one transaction. It replaces
/// one with the same selector. Returns `None` if there is no such source.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn save_for_article(
    library: &Library,
    domain: &str,
    new: &NewRule,
    content: Option<&Content>,
    now: Timestamp,
) -> anyhow::Result<Option<i64>> {
    let counts = PreviewCounts { articles_changed: i64::from(content.is_some()), articles_tried: 1 };
    let mut tx = library.begin_write().await?;
    let id = insert(&mut tx, domain, new, counts, now).await?;
    if let (Some(article), Some(content)) = (new.article_id, content) {
        versions::replace_content(&mut tx, article, content, now).await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn insert(
    tx: &mut SqliteConnection,
    domain: &str,
    new: &NewRule,
    counts: PreviewCounts,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    let selector = new.rule.selector.to_string();
    let reason = match new.rule.action {
        Action::Keep => None,
        Action::Remove(reason) => Some(reason_code(reason)),
    };
    let created_at = now.as_second();
    sqlx::query!(
        "DELETE FROM rule
         WHERE source_id = (SELECT id FROM source WHERE domain = ?1)
           AND ((selector = ?2 AND article_id IS ?3) OR (id = ?4 AND article_id IS NOT NULL))",
        domain,
        selector,
        new.article_id,
        new.replaces_id
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query_scalar!(
        r#"INSERT INTO rule (source_id, article_id, selector, removal_reason, articles_changed, articles_tried, created_at)
           SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM source WHERE domain = ?1 RETURNING id AS "id!: i64""#,
        domain,
        new.article_id,
        selector,
        reason,
        counts.articles_changed,
        counts.articles_tried,
        created_at
    )
    .fetch_optional(&mut *tx)
    .await
}

/// Deletes a rule for all articles of a source and queues them for re-extraction.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn delete(library: &Library, rule: &StoredRule) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("DELETE FROM rule WHERE id = ?1", rule.id).execute(&mut *tx).await?;
    jobs::queue(&mut tx, &rule.domain).await?;
    tx.commit().await
}

/// Deletes a rule for one article and stores the content that follows, if it differs, in one transaction.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn delete_for_article(
    library: &Library,
    rule: &StoredRule,
    content: Option<&Content>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("DELETE FROM rule WHERE id = ?1", rule.id).execute(&mut *tx).await?;
    if let (Some(article), Some(content)) = (rule.article_id, content) {
        versions::replace_content(&mut tx, article, content, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Counts the rules for all articles of a source, by its id.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn count_for_source(tx: &mut SqliteConnection, source: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM rule WHERE source_id = ?1 AND article_id IS NULL"#,
        source
    )
    .fetch_one(tx)
    .await
}

/// Gives rules for all articles of one source to another, unless that has one with the same selector. Returns their ids.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn move_to_source(
    tx: &mut SqliteConnection,
    (from, only): (i64, Option<&[i64]>),
    to: i64,
) -> sqlx::Result<Vec<i64>> {
    let only = only.map(|ids| serde_json::json!(ids).to_string());
    sqlx::query_scalar!(
        r#"UPDATE rule SET source_id = ?2
           WHERE source_id = ?1 AND article_id IS NULL AND (?3 IS NULL OR id IN (SELECT value FROM json_each(?3)))
             AND selector NOT IN (SELECT selector FROM rule WHERE source_id = ?2 AND article_id IS NULL)
           RETURNING id AS "id!: i64""#,
        from,
        to,
        only
    )
    .fetch_all(tx)
    .await
}

/// Copies the rules for all articles of a source to another, unless that has one with the same selector. Returns the ids of
/// the copies.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn copy_to_source(
    tx: &mut SqliteConnection,
    from: i64,
    to: i64,
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"INSERT INTO rule (source_id, selector, removal_reason, articles_changed, articles_tried, created_at)
           SELECT ?2, selector, removal_reason, articles_changed, articles_tried, created_at
           FROM rule WHERE source_id = ?1 AND article_id IS NULL ORDER BY id
           ON CONFLICT DO NOTHING RETURNING id AS "id!: i64""#,
        from,
        to
    )
    .fetch_all(tx)
    .await
}

/// Deletes some rules for all articles of a source, by their ids.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn delete_from_source(
    tx: &mut SqliteConnection,
    source: i64,
    ids: &[i64],
) -> sqlx::Result<()> {
    let ids = serde_json::json!(ids).to_string();
    sqlx::query!(
        "DELETE FROM rule WHERE id IN (SELECT value FROM json_each(?2)) AND source_id = ?1 AND article_id IS NULL",
        source,
        ids
    )
    .execute(tx)
    .await
    .map(|_| ())
}
