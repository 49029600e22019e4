//! Follows and finds feeds, and keeps what the reader sets for them.

use extract::Selector;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::feeds::Keep;
use crate::library::feeds::row::{Row, feed_rows, pause_column};
use crate::library::feeds::{Feed, FeedSettings, NamedBy, NewFeed, TextFrom, follow_again};

/// The result of following a feed. Holds its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// It is followed from now on, for the first time.
    New(i64),
    /// It was followed once, and is again.
    Again(i64),
    /// It is followed already.
    Already(i64),
}

impl Followed {
    /// Returns the id of the feed.
    #[must_use]
    pub const fn id(self) -> i64 {
        match self {
            Self::New(id) | Self::Again(id) | Self::Already(id) => id,
        }
    }
}

/// Follows a feed. It is looked at as soon as possible.
///
/// # Errors
/// The database fails; nothing is followed then.
pub async fn follow(library: &Library, new: &NewFeed, now: Timestamp) -> sqlx::Result<Followed> {
    let mut tx = library.begin_write().await?;
    let followed = follow_in(&mut tx, new, now).await?;
    tx.commit().await?;
    Ok(followed)
}

/// Follows a feed in a transaction. One that is known keeps its settings.
pub(super) async fn follow_in(tx: &mut SqliteConnection, new: &NewFeed, now: Timestamp) -> sqlx::Result<Followed> {
    let url = without_fragment(&new.url);
    let now = now.as_second();
    let known = sqlx::query!(
        r#"SELECT id AS "id!", unfollowed_at IS NULL AS "is_followed!: bool" FROM feed WHERE url = ?1"#,
        url
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(feed) = known {
        if new.named_by == NamedBy::Reader {
            // From now on the reader vouches for the address, whoever gave it before.
            let named_by = named_by_column(NamedBy::Reader);
            sqlx::query!("UPDATE feed SET named_by = ?2 WHERE id = ?1 AND named_by <> ?2", feed.id, named_by)
                .execute(&mut *tx)
                .await?;
        }
        if feed.is_followed {
            return Ok(Followed::Already(feed.id));
        }
        follow_again(tx, feed.id, None).await?;
        return Ok(Followed::Again(feed.id));
    }
    let (site_url, named_by) = (new.site_url.as_ref().map(Url::as_str), named_by_column(new.named_by));
    let id = sqlx::query_scalar!(
        r#"INSERT INTO feed (url, site_url, title, named_by, followed_at, next_look_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
           RETURNING id AS "id!""#,
        url,
        site_url,
        new.title,
        named_by,
        now
    )
    .fetch_one(&mut *tx)
    .await?;
    write_settings(tx, id, &new.settings).await?;
    Ok(Followed::New(id))
}

/// Returns an address as the table has it.
pub(super) fn without_fragment(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.into()
}

const fn named_by_column(named_by: NamedBy) -> &'static str {
    match named_by {
        NamedBy::Reader => "reader",
        NamedBy::File => "file",
    }
}

/// Changes what the reader has set. Returns `false` if there is no such feed.
///
/// # Errors
/// The database fails.
pub async fn change_settings(library: &Library, id: i64, settings: &FeedSettings) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let changed = write_settings(&mut tx, id, settings).await?;
    tx.commit().await?;
    Ok(changed)
}

async fn write_settings(tx: &mut SqliteConnection, id: i64, settings: &FeedSettings) -> sqlx::Result<bool> {
    let (paused_until, text_choice) = (pause_column(settings.paused_until), settings.text_from.map(TextFrom::as_str));
    let (keep_kind, keep_count) = Keep::to_columns(settings.keep);
    let links = settings.links.as_ref().map(Selector::to_string);
    let changed = sqlx::query!(
        "UPDATE feed SET name = ?2, paused_until = ?3, newest = ?4, never_unread = ?5, text_choice = ?6, keep_kind = ?7,
                keep_count = ?8, links = ?9 WHERE id = ?1",
        id,
        settings.name,
        paused_until,
        settings.newest,
        settings.never_unread,
        text_choice,
        keep_kind,
        keep_count,
        links
    )
    .execute(tx)
    .await?;
    Ok(changed.rows_affected() > 0)
}

/// Chooses the list of links that is followed on a page; `None` makes it a feed. The next look, as soon as possible, is a
/// first one. Returns `false` if there is no such feed.
///
/// # Errors
/// The database fails.
pub async fn choose_links(library: &Library, id: i64, links: Option<&Selector>, now: Timestamp) -> sqlx::Result<bool> {
    let (links, now) = (links.map(Selector::to_string), now.as_second());
    let mut tx = library.begin_write().await?;
    let changed = sqlx::query!(
        "UPDATE feed SET links = ?2, next_look_at = ?3, succeeded_at = NULL, etag = NULL, last_modified = NULL,
                validators_url = NULL, body_hash = NULL, history = '{}' WHERE id = ?1",
        id,
        links,
        now
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(changed.rows_affected() > 0)
}

/// Makes a feed due now. One that is gone is asked again, too.
///
/// # Errors
/// The database fails.
pub async fn look_now(library: &Library, id: i64, now: Timestamp) -> sqlx::Result<()> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE feed SET next_look_at = ?2 WHERE id = ?1 AND unfollowed_at IS NULL", id, now)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Finds a feed, followed or not.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<Option<Feed>> {
    let row = feed_rows!("FROM feed f WHERE f.id = ?1", id).fetch_optional(library.readers()).await?;
    Ok(row.and_then(Into::into))
}

/// Finds a feed by its address, followed or not.
///
/// # Errors
/// The database fails.
pub async fn find_by_url(library: &Library, url: &Url) -> sqlx::Result<Option<Feed>> {
    let url = without_fragment(url);
    let row = feed_rows!("FROM feed f WHERE f.url = ?1", url).fetch_optional(library.readers()).await?;
    Ok(row.and_then(Into::into))
}

/// Lists the feeds that are followed, by name.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library) -> sqlx::Result<Vec<Feed>> {
    let rows =
        feed_rows!("FROM feed f WHERE f.unfollowed_at IS NULL ORDER BY coalesce(f.name, f.title) COLLATE NOCASE, f.id");
    Ok(rows.fetch_all(library.readers()).await?.into_iter().filter_map(Into::into).collect())
}

/// Lists feeds that are due, the longest due first.
///
/// # Errors
/// The database fails.
pub async fn list_due(library: &Library, now: Timestamp, limit: i64) -> sqlx::Result<Vec<Feed>> {
    let now = now.as_second();
    let rows = feed_rows!(
        "FROM feed f INDEXED BY feed_by_next_look WHERE f.unfollowed_at IS NULL AND f.next_look_at <= ?1
         AND (f.paused_until IS NULL OR f.paused_until <= ?1) ORDER BY f.next_look_at, f.id LIMIT +?2",
        now,
        limit
    );
    Ok(rows.fetch_all(library.readers()).await?.into_iter().filter_map(Into::into).collect())
}

/// Returns when the next feed is due, of those that are due after a time; `None` if none is.
///
/// # Errors
/// The database fails.
pub async fn next_due(library: &Library, after: Timestamp, now: Timestamp) -> sqlx::Result<Option<Timestamp>> {
    let (after, now) = (after.as_second(), now.as_second());
    let due = sqlx::query_scalar!(
        r#"SELECT next_look_at AS "at!" FROM feed INDEXED BY feed_by_next_look WHERE unfollowed_at IS NULL
           AND next_look_at > ?1 AND (paused_until IS NULL OR paused_until <= ?2) ORDER BY next_look_at LIMIT 1"#,
        after,
        now
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(due.and_then(|at| Timestamp::from_second(at).ok()))
}
