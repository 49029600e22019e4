//! The queue of imports. All its state is in the table; nothing is kept in memory.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::imports::lists::is_any_running;
use crate::library::imports::renewal::{self, SavedCopy};
use crate::library::imports::{Failure, ImportOutcome, MAX_ATTEMPTS, NewImport};
use crate::library::{Library, lanes};
use crate::urls::{UrlKey, unwrap};

/// Result of accepting an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It was queued under this id.
    New(i64),
    /// The same URL is queued already, under this id.
    AlreadyQueued(i64),
    /// The article exists already.
    ArticleExists {
        /// Id of the article.
        article_id: i64,
    },
}

/// Accepts an import. It is on disk when this returns.
///
/// # Errors
/// The database fails; nothing is accepted then.
pub async fn accept(library: &Library, input: &NewImport, now: Timestamp) -> sqlx::Result<Accepted> {
    let mut tx = library.begin_write().await?;
    let accepted = enqueue(&mut tx, input, now).await?;
    tx.commit().await?;
    Ok(accepted)
}

/// Accepts an import in a transaction. An article that is here already and came from a feed is kept from now on.
pub(in crate::library) async fn enqueue(
    tx: &mut SqliteConnection,
    input: &NewImport,
    now: Timestamp,
) -> sqlx::Result<Accepted> {
    let key = input.url.as_ref().map(UrlKey::from_url);
    let key = key.as_ref().map(UrlKey::as_str);
    let copy = renewal::find_copy(tx, input, key).await?;
    if let SavedCopy::Good(article) | SavedCopy::Doubtful(article) | SavedCopy::Deleted(article) = copy {
        lanes::keep(tx, &[article], now).await?;
    }
    if let SavedCopy::Good(article_id) = copy {
        if input.replaces_id.is_some()
            && let Some(id) = restart_failed(tx, input, key, now).await?
        {
            finish(tx, id, article_id, ImportOutcome::Existing, now).await?;
        }
        return Ok(Accepted::ArticleExists { article_id });
    }
    let accepted = enqueue_with_key(tx, input, key, now).await?;
    if let (SavedCopy::Doubtful(article) | SavedCopy::Deleted(article), Accepted::New(id)) = (copy, accepted) {
        renewal::mark(tx, id, article).await?;
    }
    Ok(accepted)
}

/// Accepts a new fetch of the page of an article.
pub(in crate::library) async fn enqueue_renewal(
    tx: &mut SqliteConnection,
    article: i64,
    url: url::Url,
    now: Timestamp,
) -> sqlx::Result<Accepted> {
    let key = UrlKey::from_url(&url);
    let input = NewImport { url: Some(url), snapshot_id: None, file_name: None, replaces_id: None };
    let accepted = enqueue_with_key(tx, &input, Some(key.as_str()), now).await?;
    if let Accepted::New(id) | Accepted::AlreadyQueued(id) = accepted {
        renewal::mark(tx, id, article).await?;
    }
    Ok(accepted)
}

async fn enqueue_with_key(
    tx: &mut SqliteConnection,
    input: &NewImport,
    key: Option<&str>,
    now: Timestamp,
) -> sqlx::Result<Accepted> {
    let added = match restart_failed(tx, input, key, now).await? {
        Some(id) => Some(id),
        None => insert(tx, input, key, now).await?,
    };
    match added {
        Some(id) => Ok(Accepted::New(id)),
        None => {
            let id = find_queued(tx, key).await?;
            attach_pasted_snapshot(tx, id, input.snapshot_id).await?;
            // Whoever adds a link again wants it now, whatever becomes of a feed that waits for it too; a host that has asked to
            // wait is still left alone.
            sqlx::query!("UPDATE import SET feed_id = NULL, next_attempt_at = NULL WHERE id = ?1", id)
                .execute(&mut *tx)
                .await?;
            Ok(Accepted::AlreadyQueued(id))
        }
    }
}

/// Returns the host that is asked for the page; `None` if it was pasted.
fn host(input: &NewImport) -> Option<String> {
    host_of(input.url.as_ref().filter(|_| input.snapshot_id.is_none())?)
}

/// Returns the host that is asked for a URL: that of the URL it wraps, if it does.
pub(super) fn host_of(url: &url::Url) -> Option<String> {
    unwrap(url).host_str().map(str::to_owned)
}

/// Restarts a failed import with new input, so that its page shows the outcome: the one given in `replaces_id`, else
/// the latest with the same URL. Returns `None` if there is none, or if the same URL is queued already.
async fn restart_failed(
    tx: &mut SqliteConnection,
    input: &NewImport,
    key: Option<&str>,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    let (url, host, now) = (input.url.as_ref().map(url::Url::as_str), host(input), now.as_second());
    sqlx::query_scalar!(
        r#"UPDATE OR IGNORE import SET url = ?2, url_key = ?3, file_name = ?4, snapshot_id = ?5, pasted_snapshot_id = ?5,
                state = 'waiting', attempts = 0, unfinished_reads = 0, error_message = NULL, error_code = NULL,
                accepted_at = ?6, updated_at = ?6, waits_for_room = 0, host = ?7, next_attempt_at = NULL, postponed_since = NULL,
                postponements = 0, renewed_article_id = NULL, has_restored = 0, is_from_archive = 0, archived_on = NULL, feed_id = NULL
         WHERE state = 'failed' AND id = coalesce(?1, (SELECT max(id) FROM import WHERE url_key = ?3 AND state = 'failed'))
         RETURNING id AS "id!""#,
        input.replaces_id,
        url,
        key,
        input.file_name,
        input.snapshot_id,
        now,
        host
    )
    .fetch_optional(tx)
    .await
}

/// Returns `None` if the same URL is queued already.
pub(super) async fn insert(
    tx: &mut SqliteConnection,
    input: &NewImport,
    key: Option<&str>,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    let (url, host, now) = (input.url.as_ref().map(url::Url::as_str), host(input), now.as_second());
    sqlx::query_scalar!(
        "INSERT INTO import (url, url_key, file_name, snapshot_id, pasted_snapshot_id, state, accepted_at, updated_at, host)
         VALUES (?1, ?2, ?3, ?4, ?4, 'waiting', ?5, ?5, ?6) ON CONFLICT DO NOTHING RETURNING id",
        url,
        key,
        input.file_name,
        input.snapshot_id,
        now,
        host
    )
    .fetch_optional(tx)
    .await
}

/// Adds a pasted page to a queued import of the same URL. It takes precedence over a fetched one, since it is what the
/// reader saw; if the fetch is running, it is used when that ends.
async fn attach_pasted_snapshot(tx: &mut SqliteConnection, id: i64, snapshot_id: Option<i64>) -> sqlx::Result<()> {
    let Some(snapshot_id) = snapshot_id else { return Ok(()) };
    sqlx::query!(
        "UPDATE import SET pasted_snapshot_id = ?2, snapshot_id = iif(state = 'waiting', ?2, snapshot_id), waits_for_room = 0,
                host = NULL, next_attempt_at = NULL WHERE id = ?1",
        id,
        snapshot_id
    )
    .execute(tx)
    .await
    .map(|_| ())
}

pub(super) async fn find_queued(tx: &mut SqliteConnection, key: Option<&str>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT id AS "id!" FROM import WHERE url_key = ?1 AND state IN ('waiting', 'running')"#, key)
        .fetch_one(tx)
        .await
}

/// Requeues imports that are marked as running although nobody works on them: the program ended, or their outcome could
/// not be recorded. Those that have started too often read what came along instead, such as the text of a feed, or fail, since
/// they have probably crashed the program. Call it only in the process that works on this library, while it runs no import.
///
/// # Errors
/// The database fails.
pub async fn requeue_interrupted(library: &Library, now: Timestamp) -> sqlx::Result<()> {
    if !is_any_running(library).await? {
        return Ok(());
    }
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "UPDATE import SET state = iif(coalesce(pasted_snapshot_id, stored_snapshot_id, snapshot_id) IS snapshot_id, 'failed', 'waiting'),
                attempts = iif(coalesce(pasted_snapshot_id, stored_snapshot_id, snapshot_id) IS snapshot_id, attempts, 0),
                snapshot_id = coalesce(pasted_snapshot_id, stored_snapshot_id, snapshot_id),
                pasted_snapshot_id = coalesce(pasted_snapshot_id, stored_snapshot_id), error_code = 'stopped', updated_at = ?2,
                error_message = 'Broadsheet was stopped each time it read this page. Try again, or paste the page instead.'
         WHERE state = 'running' AND attempts >= ?1",
        MAX_ATTEMPTS,
        now
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE import SET state = 'waiting', snapshot_id = coalesce(pasted_snapshot_id, snapshot_id), updated_at = ?1
         WHERE state = 'running'",
        now
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Records the fetched page, so that a restart does not fetch it again. Returns the page to read: one that was pasted
/// in the meantime takes precedence.
///
/// # Errors
/// The database fails.
pub async fn set_snapshot(library: &Library, id: i64, snapshot_id: i64) -> sqlx::Result<i64> {
    let mut tx = library.begin_write().await?;
    let stored = sqlx::query_scalar!(
        r#"UPDATE import SET snapshot_id = coalesce(pasted_snapshot_id, ?2) WHERE id = ?1 RETURNING snapshot_id AS "snapshot_id!""#,
        id,
        snapshot_id
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(stored.unwrap_or(snapshot_id))
}

/// Notes that the page of a running import is about to be read, until [`note_read`]. A note that is there at the next
/// start tells that reading the page ended the program.
///
/// # Errors
/// The database fails.
pub async fn note_reading(library: &Library, id: i64) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE import SET unfinished_reads = unfinished_reads + 1 WHERE id = ?1", id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Removes the note: the page was read, with whatever result.
///
/// # Errors
/// The database fails.
pub async fn note_read(library: &Library, id: i64) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE import SET unfinished_reads = 0 WHERE id = ?1", id).execute(&mut *tx).await?;
    tx.commit().await
}

/// Finishes an import, in the transaction that adds its article. Returns the day of its page, if that is a copy from a web
/// archive.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn finish(
    tx: &mut SqliteConnection,
    id: i64,
    article: i64,
    outcome: ImportOutcome,
    now: Timestamp,
) -> sqlx::Result<Option<String>> {
    let (outcome, now) = (outcome.as_str(), now.as_second());
    let day = sqlx::query_scalar!(
        "UPDATE import SET state = 'done', article_id = ?2, outcome = ?3, renewal = NULL, snapshot_id = NULL,
                pasted_snapshot_id = NULL, stored_snapshot_id = NULL, error_message = NULL, error_code = NULL, updated_at = ?4 WHERE id = ?1
         RETURNING archived_on",
        id,
        article,
        outcome,
        now
    )
    .fetch_optional(tx)
    .await?;
    Ok(day.flatten())
}

/// Ends an import without an article. If a page was pasted in the meantime, or came along from another service, requeues
/// it to read that. One that a feed alone has asked for, of an article that is here, is forgotten.
///
/// # Errors
/// The database fails.
pub async fn fail(library: &Library, id: i64, failure: &Failure, now: Timestamp) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    end_without_article(&mut tx, id, failure, now).await?;
    tx.commit().await
}

/// Ends an import as [`fail`].
pub(super) async fn end_without_article(
    tx: &mut SqliteConnection,
    id: i64,
    failure: &Failure,
    now: Timestamp,
) -> sqlx::Result<()> {
    let now = now.as_second();
    sqlx::query!(
        "DELETE FROM import WHERE id = ?1 AND feed_id IS NOT NULL AND renewed_article_id IS NOT NULL
            AND pasted_snapshot_id IS NULL AND stored_snapshot_id IS NULL",
        id
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE import SET state = iif(coalesce(pasted_snapshot_id, stored_snapshot_id, snapshot_id) IS snapshot_id, 'failed', 'waiting'),
                error_message = ?2, error_code = ?3, updated_at = ?4, next_attempt_at = NULL,
                snapshot_id = coalesce(pasted_snapshot_id, stored_snapshot_id, snapshot_id),
                pasted_snapshot_id = coalesce(pasted_snapshot_id, stored_snapshot_id),
                host = iif(coalesce(pasted_snapshot_id, stored_snapshot_id) IS NULL, host, NULL)
         WHERE id = ?1",
        id,
        failure.message,
        failure.code,
        now
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Deletes an ended import from the list; its article stays.
///
/// # Errors
/// The database fails.
pub async fn delete(library: &Library, id: i64) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("DELETE FROM import WHERE id = ?1 AND state IN ('done', 'failed')", id).execute(&mut *tx).await?;
    tx.commit().await
}

/// Deletes imports that had failed by `until` from the list, at most 100 at once. Returns how many.
///
/// # Errors
/// The database fails.
pub async fn delete_failed(library: &Library, until: Timestamp) -> sqlx::Result<u64> {
    let until = until.as_second();
    let mut tx = library.begin_write().await?;
    let deleted = sqlx::query!(
        "DELETE FROM import WHERE id IN (SELECT id FROM import WHERE state = 'failed' AND updated_at <= ?1 LIMIT 100)",
        until
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(deleted)
}
