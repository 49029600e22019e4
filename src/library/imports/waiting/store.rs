//! Claims, postpones, stops and requeues imports.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::imports::lists::find;
use crate::library::imports::store::{end_without_article, host_of};
use crate::library::imports::waiting::{Postponement, QueuedBy};
use crate::library::imports::{Failure, Import, RunAgain};

/// Takes the oldest import from the queue that need not wait: neither for room, nor for its site, nor for other imports of
/// its host, nor for hosts that are busy elsewhere. No other caller gets it.
///
/// # Errors
/// The database fails.
pub async fn claim_next(library: &Library, busy_hosts: &[String], now: Timestamp) -> sqlx::Result<Option<Import>> {
    let (busy_hosts, now) = (serde_json::Value::from(busy_hosts.to_vec()).to_string(), now.as_second());
    let mut tx = library.begin_write().await?;
    let id = sqlx::query_scalar!(
        "UPDATE import SET state = 'running', attempts = attempts + 1, updated_at = ?1, next_attempt_at = NULL
         WHERE id = (SELECT id FROM import WHERE state = 'waiting' AND waits_for_room = 0
                     AND (next_attempt_at IS NULL OR next_attempt_at <= ?1)
                     AND (host IS NULL OR host NOT IN
                          (SELECT host FROM host_pause WHERE until > ?1
                           UNION ALL SELECT value FROM json_each(?2)
                           UNION ALL SELECT host FROM import WHERE state = 'running' AND host IS NOT NULL
                                     GROUP BY host HAVING count(*) >= 2))
                     ORDER BY feed_id IS NOT NULL, id LIMIT 1) RETURNING id",
        now,
        busy_hosts
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(id) = id else { return Ok(None) };
    find(library, id).await
}

/// Returns whose import [`claim_next`] would take; `None` if there is none.
///
/// # Errors
/// The database fails.
pub async fn find_next(library: &Library, busy_hosts: &[String], now: Timestamp) -> sqlx::Result<Option<QueuedBy>> {
    let (busy_hosts, now) = (serde_json::Value::from(busy_hosts.to_vec()).to_string(), now.as_second());
    let is_of_feed = sqlx::query_scalar!(
        r#"SELECT feed_id IS NOT NULL AS "is_of_feed!: bool" FROM import WHERE state = 'waiting' AND waits_for_room = 0
           AND (next_attempt_at IS NULL OR next_attempt_at <= ?1)
           AND (host IS NULL OR host NOT IN
                (SELECT host FROM host_pause WHERE until > ?1
                 UNION ALL SELECT value FROM json_each(?2)
                 UNION ALL SELECT host FROM import WHERE state = 'running' AND host IS NOT NULL
                           GROUP BY host HAVING count(*) >= 2))
           ORDER BY feed_id IS NOT NULL, id LIMIT 1"#,
        now,
        busy_hosts
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(is_of_feed.map(|is_of_feed| if is_of_feed { QueuedBy::Feed } else { QueuedBy::Reader }))
}

/// Returns when the next pause of a host or of an import ends; `None` if there is none.
///
/// # Errors
/// The database fails.
pub async fn next_due(library: &Library, now: Timestamp) -> sqlx::Result<Option<Timestamp>> {
    let now = now.as_second();
    let due = sqlx::query_scalar!(
        r#"SELECT min(at) AS "at: i64" FROM (SELECT min(next_attempt_at) AS at FROM import
               WHERE state = 'waiting' AND waits_for_room = 0 AND next_attempt_at > ?1
           UNION ALL SELECT min(until) FROM host_pause WHERE until > ?1)"#,
        now
    )
    .fetch_one(library.readers())
    .await?;
    Ok(due.and_then(|at| Timestamp::from_second(at).ok()))
}

/// Requeues a running import that was interrupted for a reason of our own, such as a full disk. Does not count as an
/// attempt.
///
/// # Errors
/// The database fails.
pub async fn requeue(library: &Library, id: i64, when: RunAgain, now: Timestamp) -> sqlx::Result<()> {
    let (now, waits_for_room) = (now.as_second(), when == RunAgain::WhenThereIsRoom);
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "UPDATE import SET state = 'waiting', attempts = attempts - 1, unfinished_reads = 0, updated_at = ?2,
                snapshot_id = coalesce(pasted_snapshot_id, snapshot_id),
                waits_for_room = ?3 AND pasted_snapshot_id IS NULL WHERE id = ?1 AND state = 'running'",
        id,
        now,
        waits_for_room
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Requeues a running import until its site may be asked again, and pauses the host. A page that was pasted meanwhile is
/// read in its turn.
///
/// # Errors
/// The database fails.
pub async fn postpone(library: &Library, id: i64, until: &Postponement, now: Timestamp) -> sqlx::Result<()> {
    let (now, next_attempt) = (now.as_second(), until.next_attempt.as_second());
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "UPDATE import SET state = 'waiting', attempts = attempts - 1, unfinished_reads = 0, updated_at = ?2,
                snapshot_id = pasted_snapshot_id, next_attempt_at = iif(pasted_snapshot_id IS NULL, ?3, NULL),
                postponed_since = coalesce(postponed_since, ?2), postponements = postponements + 1,
                error_message = ?4, error_code = ?5
         WHERE id = ?1 AND state = 'running'",
        id,
        now,
        next_attempt,
        until.failure.message,
        until.failure.code
    )
    .execute(&mut *tx)
    .await?;
    if let Some((host, pause)) = &until.pause {
        pause_host(&mut tx, (host.as_str(), *pause), now).await?;
    }
    tx.commit().await
}

/// Lets nobody ask a host until a time, and forgets the pauses that are over.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn pause_host(
    tx: &mut SqliteConnection,
    (host, until): (&str, Timestamp),
    now: i64,
) -> sqlx::Result<()> {
    let until = until.as_second();
    sqlx::query!("DELETE FROM host_pause WHERE until <= ?1", now).execute(&mut *tx).await?;
    sqlx::query!(
        "INSERT INTO host_pause (host, until) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
        host,
        until
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Takes an import out of the queue, at the reader's wish; it can be tried again like any that failed. A page that came
/// along is read instead. Returns `false` if it isn't waiting.
///
/// # Errors
/// The database fails.
pub async fn stop(library: &Library, id: i64, now: Timestamp) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let is_stopped = end_wait(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(is_stopped)
}

/// Ends the wait of an import as [`stop`].
async fn end_wait(tx: &mut SqliteConnection, id: i64, now: Timestamp) -> sqlx::Result<bool> {
    let reason = sqlx::query_scalar!(
        r#"SELECT coalesce(error_message, '') AS "reason!: String" FROM import WHERE id = ?1 AND state = 'waiting'"#,
        id
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(reason) = reason else { return Ok(false) };
    let message = format!("You stopped this import. {reason}").trim_end().to_owned();
    end_without_article(tx, id, &Failure { code: "stopped-by-reader".into(), message }, now).await?;
    Ok(true)
}

/// Imports that one transaction stops.
const STOPPED_AT_ONCE: i64 = 100;

/// Stops all imports whose site has not answered or has asked to wait, as [`stop`], and returns their number.
///
/// # Errors
/// The database fails. What was stopped before stays so.
pub async fn stop_all_postponed(library: &Library, now: Timestamp) -> sqlx::Result<u64> {
    let mut stopped = 0;
    loop {
        // The next transaction comes after others that wait to write.
        let batch = stop_next_postponed(library, now).await?;
        if batch == 0 {
            return Ok(stopped);
        }
        stopped += batch;
    }
}

async fn stop_next_postponed(library: &Library, now: Timestamp) -> sqlx::Result<u64> {
    let at = now.as_second();
    let mut tx = library.begin_write().await?;
    let ids = sqlx::query_scalar!(
        "SELECT id FROM import WHERE state = 'waiting' AND waits_for_room = 0
            AND (next_attempt_at > ?1 OR host IN (SELECT host FROM host_pause WHERE until > ?1)) LIMIT +?2",
        at,
        STOPPED_AT_ONCE
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut stopped = 0;
    for id in ids {
        stopped += u64::from(end_wait(&mut tx, id, now).await?);
    }
    tx.commit().await?;
    Ok(stopped)
}

/// Lets the imports continue that wait for room.
///
/// # Errors
/// The database fails.
pub async fn stop_waiting_for_room(library: &Library) -> sqlx::Result<()> {
    let is_any_waiting = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM import WHERE state = 'waiting' AND waits_for_room = 1) AS "is_any!: bool""#
    )
    .fetch_one(library.readers())
    .await?;
    if !is_any_waiting {
        return Ok(());
    }
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE import SET waits_for_room = 0 WHERE state = 'waiting'").execute(&mut *tx).await?;
    tx.commit().await
}

/// Takes the page of a failed import, or of one that waits for its site, from the web archive at this host. Returns as
/// [`retry`].
///
/// # Errors
/// The database fails.
pub async fn fetch_from_archive(library: &Library, id: i64, archive: &str, now: Timestamp) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let changed = requeue_failed(&mut tx, id, PageFrom::Archive(archive), now).await?;
    end_pause(&mut tx, id).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Requeues an import that has failed or that waits for its site: fetches its page again at once, or reads the pasted one
/// again. Returns `false` for any other, and if its URL is queued already.
///
/// # Errors
/// The database fails.
pub async fn retry(library: &Library, id: i64, now: Timestamp) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let changed = requeue_failed(&mut tx, id, PageFrom::Site, now).await?;
    end_pause(&mut tx, id).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Where a page is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageFrom<'a> {
    Site,
    /// The archive at this host.
    Archive(&'a str),
}

/// Requeues an import as [`retry`]. A page that came along is read only if the site fails again.
async fn requeue_failed(tx: &mut SqliteConnection, id: i64, from: PageFrom<'_>, now: Timestamp) -> sqlx::Result<bool> {
    let url = sqlx::query_scalar!("SELECT url FROM import WHERE id = ?1", id).fetch_optional(&mut *tx).await?.flatten();
    let (from_archive, host) = match from {
        PageFrom::Site => (false, url.and_then(|url| host_of(&Url::parse(&url).ok()?))),
        PageFrom::Archive(host) => (true, Some(host.to_owned())),
    };
    let now = now.as_second();
    let changed = sqlx::query!(
        "UPDATE OR IGNORE import SET state = 'waiting', attempts = 0, unfinished_reads = 0, error_message = NULL,
                error_code = NULL, updated_at = ?2, snapshot_id = nullif(pasted_snapshot_id, stored_snapshot_id),
                pasted_snapshot_id = nullif(pasted_snapshot_id, stored_snapshot_id), next_attempt_at = NULL,
                host = iif(nullif(pasted_snapshot_id, stored_snapshot_id) IS NULL, ?4, NULL),
                postponed_since = NULL, postponements = 0, is_from_archive = ?3, archived_on = NULL
         WHERE id = ?1 AND (state = 'failed' OR state = 'waiting' AND postponements > 0)",
        id,
        now,
        from_archive,
        host
    )
    .execute(tx)
    .await?
    .rows_affected();
    Ok(changed > 0)
}

/// Lets the host of an import be asked at once, whatever it has said.
async fn end_pause(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM host_pause WHERE host = (SELECT host FROM import WHERE id = ?1)", id)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Requeues the next failed imports with ids greater than `after`. Returns the last id and how many were requeued: a URL
/// that is queued already is not. `None` if no failed import is left.
pub(in crate::library::imports) async fn retry_batch(
    library: &Library,
    after: i64,
    now: Timestamp,
) -> sqlx::Result<Option<(i64, u64)>> {
    let mut tx = library.begin_write().await?;
    let ids =
        sqlx::query_scalar!("SELECT id FROM import WHERE state = 'failed' AND id > ?1 ORDER BY id LIMIT 100", after)
            .fetch_all(&mut *tx)
            .await?;
    let Some(last) = ids.last().copied() else { return Ok(None) };
    let mut changed = 0;
    for id in ids {
        changed += u64::from(requeue_failed(&mut tx, id, PageFrom::Site, now).await?);
    }
    tx.commit().await?;
    Ok(Some((last, changed)))
}
