//! Records looks, and finds what the next one depends on.

use extract::Selector;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::feeds::looks::{Declared, Document, Look, LookResult};
use crate::library::feeds::row::{write_history, write_rhythm};
use crate::library::feeds::{LookError, TextFrom, merging};
use crate::library::{Library, imports};

/// Records a look. Of a feed that was unfollowed meanwhile, nothing is noted.
///
/// # Errors
/// The database fails.
pub async fn record(library: &Library, feed: i64, look: &Look, now: Timestamp) -> sqlx::Result<()> {
    let (history, next) = (write_history(&look.history), look.next.map(Timestamp::as_second));
    let error = match &look.result {
        LookResult::Nothing(error) => Some(error),
        LookResult::Feed(_) | LookResult::Unchanged | LookResult::NoList => None,
    };
    let (code, message) = error.map(|error| (error.code.as_str(), error.message.as_str())).unzip();
    let has_succeeded = matches!(look.result, LookResult::Feed(_) | LookResult::Unchanged);
    let seconds = now.as_second();
    let (is_unreachable, has_answer) =
        (error.is_some_and(LookError::is_unreachable), error.is_none_or(LookError::has_answer));
    let links = look.links.as_ref().map(Selector::to_string);
    let mut tx = library.begin_write().await?;
    let noted = sqlx::query!(
        "UPDATE feed SET history = ?2, next_look_at = ?3, error_code = ?4, error_message = ?5, looked_at = ?6,
                succeeded_at = iif(?7, ?6, succeeded_at), answered_at = iif(?8, ?6, answered_at),
                unreachable_since = iif(?9, coalesce(unreachable_since, ?6), NULL)
         WHERE id = ?1 AND unfollowed_at IS NULL AND links IS ?10",
        feed,
        history,
        next,
        code,
        message,
        seconds,
        has_succeeded,
        has_answer,
        is_unreachable,
        links
    )
    .execute(&mut *tx)
    .await?;
    // If the reader has chosen another list meanwhile, that is looked for at once.
    let is_current = noted.rows_affected() > 0;
    if is_current && let LookResult::Feed(document) = &look.result {
        record_document(&mut tx, feed, document, seconds).await?;
    }
    if is_current && let Some(declared) = &look.declared {
        record_declared(&mut tx, feed, declared).await?;
    }
    record_host(&mut tx, look, seconds).await?;
    if is_current && let Some(moved_to) = &look.moved_to {
        merging::move_to(&mut tx, feed, moved_to, now).await?;
    }
    tx.commit().await
}

/// Records the feed that a page declares. One that is followed already is known.
async fn record_declared(tx: &mut SqliteConnection, feed: i64, declared: &Declared) -> sqlx::Result<()> {
    let url = declared.feed.as_ref().map(Url::as_str);
    sqlx::query!(
        "UPDATE feed SET declared_feed = ?2,
                known_feed = iif(?3 OR EXISTS (SELECT 1 FROM feed WHERE url = ?2 AND unfollowed_at IS NULL), ?2, known_feed)
         WHERE id = ?1",
        feed,
        url,
        declared.is_first
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Records what the host of a feed asks for.
async fn record_host(tx: &mut SqliteConnection, look: &Look, now: i64) -> sqlx::Result<()> {
    if let Some((host, until)) = &look.host_pause {
        imports::pause_host(tx, (host.as_str(), *until), now).await?;
    }
    if let Some(host) = &look.refused_by {
        sqlx::query!(
            "INSERT INTO feed_host (host, refused_at) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET refused_at = excluded.refused_at",
            host,
            now
        )
        .execute(tx)
        .await?;
    }
    Ok(())
}

async fn record_document(tx: &mut SqliteConnection, feed: i64, document: &Document, now: i64) -> sqlx::Result<()> {
    let (site_url, self_url) =
        (document.site_url.as_ref().map(Url::as_str), document.self_url.as_ref().map(Url::as_str));
    let (rhythm, problems) = (write_rhythm(&document.rhythm), serde_json::json!(document.problems).to_string());
    let listed_span = document.listed_span.map(|span| i64::try_from(span).unwrap_or(i64::MAX));
    let validators = document.validators.as_ref();
    let etag = validators.and_then(|validators| validators.etag.as_deref());
    let last_modified = validators.and_then(|validators| validators.last_modified.as_deref());
    let validators_url = validators.map(|validators| validators.url.as_str());
    sqlx::query!(
        "UPDATE feed SET title = coalesce(?2, title), site_url = coalesce(?3, site_url), guid = ?4, self_url = ?5, rhythm = ?6,
                problems = ?7, listed_span = ?8, etag = ?9, last_modified = ?10, validators_url = ?11, body_hash = ?12,
                new_item_at = iif(?13, ?14, new_item_at) WHERE id = ?1",
        feed,
        document.title,
        site_url,
        document.guid,
        self_url,
        rhythm,
        problems,
        listed_span,
        etag,
        last_modified,
        validators_url,
        document.body_hash,
        document.has_new_items,
        now
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Looks at a feed later, without asking it.
///
/// # Errors
/// The database fails.
pub async fn postpone(library: &Library, feed: i64, until: Timestamp) -> sqlx::Result<()> {
    let until = until.as_second();
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE feed SET next_look_at = max(next_look_at, ?2) WHERE id = ?1", feed, until)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Returns the dates of the newest items of a feed.
///
/// # Errors
/// The database fails.
pub async fn find_item_times(library: &Library, feed: i64) -> sqlx::Result<Vec<Timestamp>> {
    let times = sqlx::query_scalar!(
        r#"SELECT sorted_at AS "at!" FROM feed_item INDEXED BY feed_item_by_date WHERE feed_id = ?1
           ORDER BY sorted_at DESC LIMIT 12"#,
        feed
    );
    let times = times.fetch_all(library.readers()).await?;
    Ok(times.into_iter().filter_map(|at| Timestamp::from_second(at).ok()).collect())
}

/// Returns the number of words that items have in the feed, and on their pages, for the newest that have come since a time
/// and whose pages were fetched.
///
/// # Errors
/// The database fails.
pub async fn find_word_counts(library: &Library, feed: i64, since: Timestamp) -> sqlx::Result<Vec<(i64, i64)>> {
    let since = since.as_second();
    let rows = sqlx::query!(
        r#"SELECT i.word_count AS "in_feed!", a.word_count AS "on_page!"
           FROM feed_item i INDEXED BY feed_item_newest CROSS JOIN article a ON a.id = i.article_id
           WHERE i.feed_id = ?1 AND i.listed_at >= ?2 AND i.arrived_at >= ?2 AND i.import_id IS NOT NULL AND i.gives_text = 0
           ORDER BY i.listed_at DESC, i.id DESC LIMIT 5"#,
        feed,
        since
    );
    Ok(rows.fetch_all(library.readers()).await?.into_iter().map(|row| (row.in_feed, row.on_page)).collect())
}

/// Records where the text of a feed's articles comes from, after comparing.
///
/// # Errors
/// The database fails.
pub async fn set_measured_text(library: &Library, feed: i64, text: TextFrom, now: Timestamp) -> sqlx::Result<()> {
    let (text, now) = (text.as_str(), now.as_second());
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE feed SET measured_text = ?2, measured_at = ?3 WHERE id = ?1", feed, text, now)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Lists the hosts that nobody asks for now.
///
/// # Errors
/// The database fails.
pub async fn paused_hosts(library: &Library, now: Timestamp) -> sqlx::Result<Vec<(String, Timestamp)>> {
    let now = now.as_second();
    let rows = sqlx::query!(r#"SELECT host AS "host!", until AS "until!" FROM host_pause WHERE until > ?1"#, now)
        .fetch_all(library.readers())
        .await?;
    let pause = |(host, until)| Some((host, Timestamp::from_second(until).ok()?));
    Ok(rows.into_iter().map(|row| (row.host, row.until)).filter_map(pause).collect())
}

/// Returns whether one of these hosts has ever answered that it gets too many requests.
///
/// # Errors
/// The database fails.
pub async fn has_refused(library: &Library, hosts: &[String]) -> sqlx::Result<bool> {
    let hosts = serde_json::json!(hosts).to_string();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM json_each(?1) j CROSS JOIN feed_host h ON h.host = j.value
                          WHERE h.refused_at IS NOT NULL) AS "is_known!: bool""#,
        hosts
    )
    .fetch_one(library.readers())
    .await
}

/// Returns when a host that wants pauses between requests was asked last.
///
/// # Errors
/// The database fails.
pub async fn find_asked(library: &Library, host: &str) -> sqlx::Result<Option<Timestamp>> {
    let at = sqlx::query_scalar!(r#"SELECT asked_at AS "at: i64" FROM feed_host WHERE host = ?1"#, host)
        .fetch_optional(library.readers())
        .await?;
    Ok(at.flatten().and_then(|at| Timestamp::from_second(at).ok()))
}

/// Notes when a host that wants pauses between requests is asked.
///
/// # Errors
/// The database fails.
pub async fn note_asked(library: &Library, host: &str, now: Timestamp) -> sqlx::Result<()> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "INSERT INTO feed_host (host, asked_at) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET asked_at = excluded.asked_at",
        host,
        now
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
