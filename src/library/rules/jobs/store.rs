//! Queries on sources whose articles must be extracted again.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::rules::jobs::RuleJob;

/// Queues the articles of a source for re-extraction.
///
/// # Errors
/// The database fails.
pub(in crate::library::rules) async fn queue(tx: &mut SqliteConnection, domain: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO rule_job (source_id, before_article_id, generation)
            SELECT id, 9223372036854775807, 1 FROM source WHERE domain = ?1
         ON CONFLICT (source_id) DO UPDATE SET before_article_id = excluded.before_article_id, generation = rule_job.generation + 1",
        domain
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Queues the articles of a source for re-extraction, by its id.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn queue_for_source(tx: &mut SqliteConnection, source: i64) -> sqlx::Result<()> {
    let domain =
        sqlx::query_scalar!("SELECT domain FROM source WHERE id = ?1", source).fetch_optional(&mut *tx).await?;
    match domain {
        Some(domain) => queue(tx, &domain).await,
        None => Ok(()),
    }
}

/// Ends the job of a source whose rules have moved elsewhere.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn end(tx: &mut SqliteConnection, source: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM rule_job WHERE source_id = ?1", source).execute(tx).await.map(|_| ())
}

/// Returns the next job, if any.
///
/// # Errors
/// The database fails.
pub async fn next_job(library: &Library) -> sqlx::Result<Option<RuleJob>> {
    sqlx::query_as!(RuleJob, "SELECT source_id, before_article_id, generation FROM rule_job ORDER BY source_id LIMIT 1")
        .fetch_optional(library.readers())
        .await
}

/// Records the progress of a job; `None` ends it. Does nothing if the rules have changed since the job was read.
///
/// # Errors
/// The database fails.
pub async fn advance_job(library: &Library, job: &RuleJob, before_article_id: Option<i64>) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    match before_article_id {
        Some(before_article_id) => sqlx::query!(
            "UPDATE rule_job SET before_article_id = ?3 WHERE source_id = ?1 AND generation = ?2",
            job.source_id,
            job.generation,
            before_article_id
        ),
        None => {
            sqlx::query!("DELETE FROM rule_job WHERE source_id = ?1 AND generation = ?2", job.source_id, job.generation)
        }
    }
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
