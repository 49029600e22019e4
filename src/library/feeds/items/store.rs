//! Adds items, and finds those that are known.

use std::collections::HashMap;

use feeds::identity::Identity;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::articles::{departures, from_feed};
use crate::library::feeds::items::{Arrival, KnownItem, NewItem};
use crate::library::feeds::recordings;
use crate::library::tags::suggestions::FoundPhrases;
use crate::library::topics::learning;
use crate::library::{Library, articles, imports};

/// Known items that are compared with a document, the last listed ones.
const MAX_KNOWN: i64 = 5_000;

/// Lists the items of a feed that were listed last.
///
/// # Errors
/// The database fails.
pub async fn list_known(library: &Library, feed: i64) -> sqlx::Result<Vec<KnownItem>> {
    let rows = sqlx::query!(
        r#"SELECT id, guid, link, title, published_at, text_hash, article_id, gives_text AS "gives_text!: bool", teaser
           FROM feed_item INDEXED BY feed_item_newest WHERE feed_id = ?1 ORDER BY listed_at DESC, id DESC LIMIT +?2"#,
        feed,
        MAX_KNOWN
    );
    let rows = rows.fetch_all(library.readers()).await?;
    Ok(rows
        .into_iter()
        .map(|row| KnownItem {
            id: row.id,
            identity: Identity {
                guid: row.guid,
                link: row.link.and_then(|link| Url::parse(&link).ok()),
                title: row.title,
                published: row.published_at.and_then(|at| Timestamp::from_second(at).ok()),
                text_hash: row.text_hash,
            },
            article_id: row.article_id,
            gives_text: row.gives_text,
            teaser: row.teaser,
        })
        .collect())
}

/// What is known of a link from any feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownLink {
    /// Its article; `None` if that was deleted for good, or is not here yet.
    pub article_id: Option<i64>,
    /// Whether its page is not read yet, or could not be.
    pub is_waiting: bool,
}

/// Finds what is known of these links, from any feed. Of what went with a feed or by a limit, and is deleted for good, nothing is
/// known: the reader has not removed it.
///
/// # Errors
/// The database fails.
pub async fn find_by_links(library: &Library, keys: &[String]) -> sqlx::Result<HashMap<String, KnownLink>> {
    let keys = serde_json::json!(keys).to_string();
    let rows = sqlx::query!(
        r#"SELECT i.link_key AS "key!", max(i.article_id) AS "article_id: i64",
                  max(m.state <> 'done') AS "is_waiting: bool"
           FROM json_each(?1) j CROSS JOIN feed_item i ON i.link_key = j.value AND i.is_skipped = 0
                AND (i.left_by IS NULL OR i.article_id IS NOT NULL) LEFT JOIN import m ON m.id = i.import_id
           GROUP BY i.link_key"#,
        keys
    );
    let rows = rows.fetch_all(library.readers()).await?;
    let known = |article_id, is_waiting: Option<bool>| KnownLink { article_id, is_waiting: is_waiting == Some(true) };
    Ok(rows.into_iter().map(|row| (row.key, known(row.article_id, row.is_waiting))).collect())
}

/// Notes that a document lists known items, with what they are known by now.
///
/// # Errors
/// The database fails.
pub async fn note_listed(library: &Library, items: &[(i64, Identity)], now: Timestamp) -> sqlx::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let now = now.as_second();
    let rows: Vec<_> = items
        .iter()
        .map(|(id, item)| {
            let published = item.published.map(Timestamp::as_second);
            (id, &item.guid, item.link.as_ref().map(Url::as_str), &item.title, published, item.text_hash)
        })
        .collect();
    let rows = serde_json::json!(rows).to_string();
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "UPDATE feed_item SET listed_at = ?2, guid = j.value ->> 1, link = j.value ->> 2, title = j.value ->> 3,
                published_at = j.value ->> 4, text_hash = j.value ->> 5
         FROM json_each(?1) j WHERE feed_item.id = j.value ->> 0",
        rows,
        now
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Notes what the feed says of an item now, and has the page of its article fetched again if that was changed. `None`: it was not
/// known what it said.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn renew_page(
    library: &Library,
    (feed, item): (i64, &KnownItem),
    teaser: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE feed_item SET teaser = ?2 WHERE id = ?1", item.id, teaser).execute(&mut *tx).await?;
    if let Some(article) = item.article_id.filter(|_| item.teaser.is_some())
        && let Some((url, at)) = from_feed::plan_refetch(&mut tx, article, now).await?
    {
        imports::renew_from_feed(&mut tx, (feed, article), (&url, at), now).await?;
    }
    tx.commit().await
}

/// Adds new items with what becomes of them, in one transaction. Returns the articles that were added: none if the feed was
/// unfollowed while it was looked at.
///
/// # Errors
/// The database fails; nothing is added then.
pub async fn add(library: &Library, feed: i64, items: &[NewItem], now: Timestamp) -> sqlx::Result<Vec<i64>> {
    let phrases: Vec<_> = items.iter().map(find_phrases).collect();
    let mut tx = library.begin_write().await?;
    let mut added = Vec::new();
    if !is_followed(&mut tx, feed).await? {
        return Ok(added);
    }
    for (item, phrases) in items.iter().zip(&phrases) {
        let mut gives_text = false;
        let (article, import) = match &item.arrival {
            Arrival::Article(new) => match articles::add_in(&mut tx, new, phrases).await? {
                articles::Added::New(id) => {
                    added.push(id);
                    gives_text = true;
                    (Some(id), None)
                }
                known => (Some(bring_back(&mut tx, known.id(), feed).await?), None),
            },
            Arrival::Page { url, stored_page } => {
                match imports::enqueue_from_feed(&mut tx, (feed, url), *stored_page, now).await? {
                    imports::Accepted::New(id) | imports::Accepted::AlreadyQueued(id) => (None, Some(id)),
                    imports::Accepted::ArticleExists { article_id } => {
                        (Some(bring_back(&mut tx, article_id, feed).await?), None)
                    }
                }
            }
            Arrival::Known(Some(article)) => (Some(bring_back(&mut tx, *article, feed).await?), None),
            Arrival::Known(None) => (None, None),
            Arrival::Skipped => (None, None),
        };
        let outcome = Outcome { article, import, gives_text };
        insert(&mut tx, (feed, item), &outcome, now.as_second()).await?;
    }
    learning::learn(&mut tx, &added).await?;
    tx.commit().await?;
    Ok(added)
}

/// Brings an article back that went with another feed, or by its limit. Returns its id.
async fn bring_back(tx: &mut SqliteConnection, article: i64, feed: i64) -> sqlx::Result<i64> {
    departures::bring_back(tx, article, feed).await?;
    Ok(article)
}

async fn is_followed(tx: &mut SqliteConnection, feed: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM feed WHERE id = ?1 AND unfollowed_at IS NULL) AS "is_followed!: bool""#,
        feed
    )
    .fetch_one(tx)
    .await
}

fn find_phrases(item: &NewItem) -> FoundPhrases {
    match &item.arrival {
        Arrival::Article(new) => articles::find_phrases(new),
        Arrival::Page { .. } | Arrival::Known(_) | Arrival::Skipped => FoundPhrases::default(),
    }
}

/// What has become of an item.
struct Outcome {
    article: Option<i64>,
    import: Option<i64>,
    gives_text: bool,
}

async fn insert(
    tx: &mut SqliteConnection,
    (feed, item): (i64, &NewItem),
    outcome: &Outcome,
    now: i64,
) -> sqlx::Result<()> {
    let (identity, sorted_at) = (&item.identity, item.sorted_at.as_second());
    let (link, published) = (identity.link.as_ref().map(Url::as_str), identity.published.map(Timestamp::as_second));
    let is_skipped = matches!(item.arrival, Arrival::Skipped);
    let word_count = i64::try_from(item.word_count).unwrap_or(i64::MAX);
    let id = sqlx::query!(
        "INSERT INTO feed_item (feed_id, guid, link, link_key, title, published_at, text_hash, sorted_at, arrived_at, listed_at,
                                is_read, word_count, article_id, import_id, gives_text, is_skipped, teaser)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        feed,
        identity.guid,
        link,
        item.link_key,
        identity.title,
        published,
        identity.text_hash,
        sorted_at,
        now,
        item.is_read,
        word_count,
        outcome.article,
        outcome.import,
        outcome.gives_text,
        is_skipped,
        item.teaser
    )
    .execute(&mut *tx)
    .await?
    .last_insert_rowid();
    if item.recordings.is_empty() { Ok(()) } else { recordings::replace(tx, id, &item.recordings).await }
}
