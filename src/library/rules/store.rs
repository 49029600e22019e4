//! Rules by source, and which sources' articles are to be extracted again because of them.

use extract::{Action, Rule};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::rules::{MOST, New, Stored, Tried, parse, word};

/// The rules an article is read by: those of its source, oldest first, then its own, which have the last word.
///
/// # Errors
/// The database fails.
pub async fn for_article(library: &Library, article: i64) -> sqlx::Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, a.title AS "title?", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM article a CROSS JOIN source s ON s.id = a.source_id CROSS JOIN rule r ON r.source_id = a.source_id
         WHERE a.id = ?1 AND (r.article_id IS NULL OR r.article_id = a.id)"#,
        article
    )
    .fetch_all(library.read())
    .await?;
    let mut stored: Vec<Stored> = rows.into_iter().filter_map(Row::stored).collect();
    stored.sort_by_key(|stored| (stored.only.is_some(), stored.id));
    Ok(stored)
}

/// The same without what else is known of them.
///
/// # Errors
/// The database fails.
pub async fn of_article(library: &Library, article: i64) -> sqlx::Result<Vec<Rule>> {
    Ok(for_article(library, article).await?.into_iter().map(|stored| stored.rule).collect())
}

/// The rules for all pages of a domain, oldest first.
///
/// # Errors
/// The database fails.
pub async fn of_domain(library: &Library, domain: &str) -> sqlx::Result<Vec<Rule>> {
    Ok(for_domain(library, domain).await?.into_iter().map(|stored| stored.rule).collect())
}

/// The same with all that is known of each.
///
/// # Errors
/// The database fails.
pub async fn for_domain(library: &Library, domain: &str) -> sqlx::Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, NULL AS "title?: String", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM source s CROSS JOIN rule r ON r.source_id = s.id
         WHERE s.domain = ?1 AND r.article_id IS NULL
         ORDER BY r.id"#,
        domain
    )
    .fetch_all(library.read())
    .await?;
    Ok(rows.into_iter().filter_map(Row::stored).collect())
}

/// The rules for single articles of a domain, those of the newest article first, and no more than [`MOST`] of them.
///
/// # Errors
/// The database fails.
pub async fn for_single_articles(library: &Library, domain: &str) -> sqlx::Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, a.title AS "title?", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM source s CROSS JOIN rule r ON r.source_id = s.id CROSS JOIN article a ON a.id = r.article_id
         WHERE s.domain = ?1 AND r.article_id IS NOT NULL
         ORDER BY r.article_id DESC, r.id DESC LIMIT +?2"#,
        domain,
        MOST
    )
    .fetch_all(library.read())
    .await?;
    Ok(rows.into_iter().filter_map(Row::stored).collect())
}

/// How many rules there are for a domain, those for single articles included.
///
/// # Errors
/// The database fails.
pub async fn count(library: &Library, domain: &str) -> sqlx::Result<usize> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM source s CROSS JOIN rule r ON r.source_id = s.id WHERE s.domain = ?1"#,
        domain
    )
    .fetch_one(library.read())
    .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// A rule as its columns have it.
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
    fn stored(self) -> Option<Stored> {
        Some(Stored {
            id: self.id,
            rule: parse(&self.selector, self.removal_reason.as_deref())?,
            domain: self.domain,
            only: self.article_id,
            title: self.title.filter(|_| self.article_id.is_some()),
            made: Timestamp::from_second(self.created_at).unwrap_or_default(),
            changed: self.articles_changed,
            tried: self.articles_tried,
        })
    }
}

/// One rule of a source.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, domain: &str, id: i64) -> sqlx::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!", s.domain, r.article_id, a.title AS "title?", r.selector, r.removal_reason,
                  r.created_at, r.articles_changed, r.articles_tried
         FROM source s CROSS JOIN rule r ON r.source_id = s.id LEFT JOIN article a ON a.id = r.article_id
         WHERE s.domain = ?1 AND r.id = ?2"#,
        domain,
        id
    )
    .fetch_optional(library.read())
    .await?;
    Ok(row.and_then(Row::stored))
}

/// Whether there is a rule with this selector for the same: for the source, or for that one article.
///
/// # Errors
/// The database fails.
pub async fn is_made(library: &Library, domain: &str, new: &New) -> sqlx::Result<bool> {
    let selector = new.rule.selector.to_string();
    let found = sqlx::query_scalar!(
        r#"SELECT r.id AS "id!: i64" FROM source s CROSS JOIN rule r ON r.source_id = s.id
         WHERE s.domain = ?1 AND r.article_id IS ?2 AND r.selector = ?3"#,
        domain,
        new.only,
        selector
    )
    .fetch_optional(library.read())
    .await?;
    Ok(found.is_some())
}

/// Whether the source, or one article for itself, has as many rules as it may have, apart from the one that this takes the place of.
///
/// # Errors
/// The database fails.
pub async fn most(library: &Library, domain: &str, new: &New) -> sqlx::Result<bool> {
    let selector = new.rule.selector.to_string();
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM source s CROSS JOIN rule r ON r.source_id = s.id
         WHERE s.domain = ?1 AND r.article_id IS ?2 AND r.selector <> ?3"#,
        domain,
        new.only,
        selector
    )
    .fetch_one(library.read())
    .await?;
    Ok(count >= MOST)
}

/// Makes a rule, and in the same step orders the source's articles to be extracted again, unless it is for one alone. One with the
/// same selector is replaced, and counts as made last. `None`: there is no such source.
///
/// # Errors
/// The database fails; then nothing was changed.
pub async fn put(
    library: &Library,
    domain: &str,
    new: &New,
    tried: Tried,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    let selector = new.rule.selector.to_string();
    let reason = match new.rule.action {
        Action::Keep => None,
        Action::Remove(reason) => Some(word(reason)),
    };
    let made = now.as_second();
    let mut write = library.write().await?;
    sqlx::query!(
        "DELETE FROM rule
         WHERE source_id = (SELECT id FROM source WHERE domain = ?1) AND selector = ?2 AND article_id IS ?3",
        domain,
        selector,
        new.only
    )
    .execute(&mut *write)
    .await?;
    let id = sqlx::query_scalar!(
        r#"INSERT INTO rule (source_id, article_id, selector, removal_reason, articles_changed, articles_tried, created_at)
           SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM source WHERE domain = ?1 RETURNING id AS "id!: i64""#,
        domain,
        new.only,
        selector,
        reason,
        tried.changed,
        tried.tried,
        made
    )
    .fetch_optional(&mut *write)
    .await?;
    if new.only.is_none() {
        order(&mut write, domain).await?;
    }
    write.commit().await?;
    Ok(id)
}

/// Removes a rule of a source, and orders the source's articles to be extracted again, unless it was for one alone. The rule, if there
/// was one.
///
/// # Errors
/// The database fails; then nothing was changed.
pub async fn remove(library: &Library, domain: &str, id: i64) -> sqlx::Result<Option<Stored>> {
    let Some(stored) = find(library, domain, id).await? else { return Ok(None) };
    let mut write = library.write().await?;
    sqlx::query!("DELETE FROM rule WHERE id = ?1", id).execute(&mut *write).await?;
    if stored.only.is_none() {
        order(&mut write, domain).await?;
    }
    write.commit().await?;
    Ok(Some(stored))
}

async fn order(write: &mut SqliteConnection, domain: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO rule_job (source_id, before_article_id, generation)
            SELECT id, 9223372036854775807, 1 FROM source WHERE domain = ?1
         ON CONFLICT (source_id) DO UPDATE SET before_article_id = excluded.before_article_id, generation = rule_job.generation + 1",
        domain
    )
    .execute(write)
    .await
    .map(|_| ())
}

/// A source whose articles are being extracted again, and how far that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// The source.
    pub source: i64,
    /// Articles with this number and above are done.
    pub below: i64,
    generation: i64,
}

/// What is to be done next, if anything.
///
/// # Errors
/// The database fails.
pub async fn work(library: &Library) -> sqlx::Result<Option<Work>> {
    sqlx::query_as!(
        Work,
        "SELECT source_id AS source, before_article_id AS below, generation FROM rule_job ORDER BY source_id LIMIT 1"
    )
    .fetch_optional(library.read())
    .await
}

/// Notes how far the work on a source has come; `None` when all is done. Of no effect when the rules have changed since.
///
/// # Errors
/// The database fails.
pub async fn advance(library: &Library, work: &Work, below: Option<i64>) -> sqlx::Result<()> {
    let mut write = library.write().await?;
    match below {
        Some(below) => sqlx::query!(
            "UPDATE rule_job SET before_article_id = ?3 WHERE source_id = ?1 AND generation = ?2",
            work.source,
            work.generation,
            below
        ),
        None => {
            sqlx::query!("DELETE FROM rule_job WHERE source_id = ?1 AND generation = ?2", work.source, work.generation)
        }
    }
    .execute(&mut *write)
    .await?;
    write.commit().await
}
