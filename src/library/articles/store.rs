//! One article: added, found, changed, purged.

use extract::Direction;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::classify::TopicChoice;
use crate::library::Library;
use crate::library::articles::{ArticleAction, Channel, Content, NewArticle, NextPage};
use crate::library::imports::{self, ImportOutcome};
use crate::library::{images, search, sources, tags, topics};
use crate::urls::UrlKey;

/// What became of an article that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is a new one.
    New(i64),
    /// One of its addresses was known already.
    Existing(i64),
    /// The same, of an article that lay in the trash; it was taken out.
    Restored(i64),
}

impl Added {
    /// The article's number, new or not.
    #[must_use]
    pub const fn id(self) -> i64 {
        match self {
            Self::New(id) | Self::Existing(id) | Self::Restored(id) => id,
        }
    }
}

impl From<Added> for ImportOutcome {
    fn from(added: Added) -> Self {
        match added {
            Added::New(_) => Self::New,
            Added::Existing(_) => Self::Existing,
            Added::Restored(_) => Self::Restored,
        }
    }
}

/// Adds an article and, in the same step, ends the import that brought it: either both are there or neither.
///
/// # Errors
/// The database fails; then nothing was added.
pub async fn add(library: &Library, new: &NewArticle, import: Option<i64>) -> sqlx::Result<Added> {
    let mut write = library.write().await?;
    let added = add_one(&mut write, new).await?;
    if let Some(import) = import {
        imports::finish(&mut write, import, added.id(), added.into(), new.received_at).await?;
    }
    write.commit().await?;
    Ok(added)
}

/// Adds many articles in one step, which is far quicker than one by one: all are there or none.
///
/// # Errors
/// The database fails; then nothing was added.
pub async fn add_many(library: &Library, news: &[NewArticle]) -> sqlx::Result<Vec<Added>> {
    let mut write = library.write().await?;
    let mut added = Vec::with_capacity(news.len());
    for new in news {
        added.push(add_one(&mut write, new).await?);
    }
    write.commit().await?;
    Ok(added)
}

async fn add_one(write: &mut SqliteConnection, new: &NewArticle) -> sqlx::Result<Added> {
    let added = match known(write, &new.url_keys).await? {
        Some(id) if take_from_trash(write, id).await? => Added::Restored(id),
        Some(id) => Added::Existing(id),
        None => Added::New(insert(write, new).await?),
    };
    name_addresses(write, added.id(), &new.url_keys).await?;
    Ok(added)
}

/// The article of this address, in the trash too.
///
/// # Errors
/// The database fails.
pub async fn find_by_url(library: &Library, address: &url::Url) -> sqlx::Result<Option<i64>> {
    known(&mut *library.read().acquire().await?, &[UrlKey::from_url(address)]).await
}

async fn known(write: &mut SqliteConnection, keys: &[UrlKey]) -> sqlx::Result<Option<i64>> {
    for key in keys {
        let key = key.as_str();
        let id = sqlx::query_scalar!("SELECT article_id FROM article_url WHERE url_key = ?1", key)
            .fetch_optional(&mut *write)
            .await?;
        if id.is_some() {
            return Ok(id);
        }
    }
    Ok(None)
}

/// `false`: it was not there.
async fn take_from_trash(write: &mut SqliteConnection, id: i64) -> sqlx::Result<bool> {
    let taken = sqlx::query!("UPDATE article SET deleted_at = NULL WHERE id = ?1 AND deleted_at IS NOT NULL", id)
        .execute(write)
        .await?;
    Ok(taken.rows_affected() > 0)
}

async fn name_addresses(write: &mut SqliteConnection, id: i64, keys: &[UrlKey]) -> sqlx::Result<()> {
    for key in keys {
        let key = key.as_str();
        sqlx::query!("INSERT INTO article_url (url_key, article_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", key, id)
            .execute(&mut *write)
            .await?;
    }
    Ok(())
}

async fn insert(write: &mut SqliteConnection, new: &NewArticle) -> sqlx::Result<i64> {
    let source_id = sources::find_or_add(write, &new.source).await?;
    let content = &new.content;
    let topic = new.topic_choice.topic_slug();
    let choice = json(&new.topic_choice);
    let (published, received) = (content.published_at.map(Timestamp::as_second), new.received_at.as_second());
    let sorted = published.unwrap_or(received);
    let rtl = content.direction == Direction::Rtl;
    let words = i64::try_from(content.word_count).unwrap_or(i64::MAX);
    let (lead, lead_text) = lead(content);
    let canonical = new.canonical_url_key.as_ref().map(UrlKey::as_str);
    let (day, verdict) = (content.published_date.map(|day| day.to_string()), content.verdict.as_str());
    let (next_page, next_problem) = NextPage::columns(content.next_page.as_ref());
    let channel = match new.channel {
        Channel::Saved => "saved",
        Channel::Feed => "feed",
    };
    let id = sqlx::query_scalar!(
        "INSERT INTO article (url, source_id, topic, topic_choice, title, byline, excerpt, language, is_right_to_left,
                              published_at, received_at, sorted_at, word_count, lead_image_url, lead_image_alt, channel, snapshot_id,
                              canonical_url_key, published_date, verdict, next_page_url, next_page_error)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
         RETURNING id AS \"id!\"",
        new.url,
        source_id,
        topic,
        choice,
        content.title,
        content.byline,
        content.excerpt,
        content.language,
        rtl,
        published,
        received,
        sorted,
        words,
        lead,
        lead_text,
        channel,
        new.snapshot_id,
        canonical,
        day,
        verdict,
        next_page,
        next_problem
    )
    .fetch_one(&mut *write)
    .await?;
    write_text(write, id, content, new.received_at).await?;
    for tag in &new.tags {
        tags::attach(write, id, tag).await?;
    }
    Ok(id)
}

pub(super) fn lead(content: &Content) -> (Option<&str>, Option<&str>) {
    let lead = content.lead_image.as_ref();
    (lead.map(|picture| picture.url.as_str()), lead.map(|picture| picture.description.as_str()))
}

/// The long columns, the search words and the list of pictures: all that hangs on the text.
pub(super) async fn write_text(
    write: &mut SqliteConnection,
    id: i64,
    content: &Content,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (body, removed) = (content.html.as_str(), json(&content.removed_blocks));
    sqlx::query!(
        "INSERT INTO article_content (article_id, html, text, removed_blocks) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET html = excluded.html, text = excluded.text, removed_blocks = excluded.removed_blocks",
        id,
        body,
        content.text,
        removed
    )
    .execute(&mut *write)
    .await?;
    search::index_article(write, id, &content.title, &content.text).await?;
    images::set_for_article(write, id, &content.images, now).await
}

/// Articles that a canonical link, theirs or the new one's, says to be the new one, each with an address it is known by.
/// At most five: more than one is rare.
///
/// # Errors
/// The database fails.
pub async fn find_by_canonical_url(library: &Library, new: &NewArticle) -> sqlx::Result<Vec<(i64, UrlKey)>> {
    let mut found = Vec::new();
    for key in new.url_keys.iter().chain(&new.canonical_url_key) {
        let key = key.as_str();
        let rows = sqlx::query!(
            r#"SELECT u.article_id AS id, u.url_key AS "url_key!" FROM article_url u WHERE u.url_key = ?1
               UNION SELECT a.id, u.url_key FROM article a CROSS JOIN article_url u ON u.article_id = a.id
               WHERE a.canonical_url_key = ?1 LIMIT 5"#,
            key
        )
        .fetch_all(library.read())
        .await?;
        found.extend(rows.into_iter().map(|row| (row.id, UrlKey::from_stored(row.url_key))));
    }
    Ok(found)
}

/// The text alone, to compare with another.
///
/// # Errors
/// The database fails.
pub async fn find_text(library: &Library, id: i64) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT text FROM article_content WHERE article_id = ?1", id)
        .fetch_optional(library.read())
        .await
}

/// The snapshot it was extracted from.
///
/// # Errors
/// The database fails.
pub async fn find_snapshot_id(library: &Library, id: i64) -> sqlx::Result<Option<i64>> {
    let found =
        sqlx::query_scalar!("SELECT snapshot_id FROM article WHERE id = ?1", id).fetch_optional(library.read()).await?;
    Ok(found.flatten())
}

/// Of these snapshots, those that an article or an import still names.
///
/// # Errors
/// The database fails.
pub async fn find_referenced_snapshots(library: &Library, ids: &[i64]) -> sqlx::Result<Vec<i64>> {
    let mut named = Vec::new();
    for id in ids {
        let count = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM article WHERE snapshot_id = ?1)
                   OR EXISTS (SELECT 1 FROM import WHERE snapshot_id = ?1)
                   OR EXISTS (SELECT 1 FROM import WHERE pasted_snapshot_id = ?1) AS "named!: bool""#,
            id
        )
        .fetch_one(library.read())
        .await?;
        if count {
            named.push(*id);
        }
    }
    Ok(named)
}

/// Sets a mark. Setting it twice is setting it once. `false`: there is no such article.
///
/// # Errors
/// The database fails.
pub async fn apply_action(library: &Library, id: i64, mark: ArticleAction, now: Timestamp) -> sqlx::Result<bool> {
    let now = now.as_second();
    let statement = match mark {
        ArticleAction::Read => {
            sqlx::query!("UPDATE article SET read_at = coalesce(read_at, ?2) WHERE id = ?1", id, now)
        }
        ArticleAction::Unread => sqlx::query!("UPDATE article SET read_at = NULL WHERE id = ?1", id),
        ArticleAction::Star => {
            sqlx::query!("UPDATE article SET starred_at = coalesce(starred_at, ?2) WHERE id = ?1", id, now)
        }
        ArticleAction::Unstar => sqlx::query!("UPDATE article SET starred_at = NULL WHERE id = ?1", id),
        ArticleAction::Archive => {
            sqlx::query!("UPDATE article SET archived_at = coalesce(archived_at, ?2) WHERE id = ?1", id, now)
        }
        ArticleAction::Unarchive => sqlx::query!("UPDATE article SET archived_at = NULL WHERE id = ?1", id),
        ArticleAction::Delete => {
            sqlx::query!("UPDATE article SET deleted_at = coalesce(deleted_at, ?2) WHERE id = ?1", id, now)
        }
        ArticleAction::Restore => sqlx::query!("UPDATE article SET deleted_at = NULL WHERE id = ?1", id),
    };
    let mut write = library.write().await?;
    let changed = statement.execute(&mut *write).await?.rows_affected();
    write.commit().await?;
    Ok(changed > 0)
}

/// Files the article under a topic the library knows. `false`: there is no such article or topic.
///
/// # Errors
/// The database fails.
pub async fn set_topic(library: &Library, id: i64, topic: &str, choice: &TopicChoice) -> sqlx::Result<bool> {
    let choice = json(choice);
    let mut write = library.write().await?;
    let changed = sqlx::query!(
        "UPDATE article SET topic = ?2, topic_choice = ?3 WHERE id = ?1 AND EXISTS (SELECT 1 FROM topic WHERE slug = ?2)",
        id,
        topic,
        choice
    )
    .execute(&mut *write)
    .await?
    .rows_affected();
    write.commit().await?;
    Ok(changed > 0)
}

/// Files all articles of a reader's own topic under another one, and ends it. Each keeps its choice if none is given.
///
/// # Errors
/// The database fails; then all stays as it was.
pub async fn merge_custom_topic(
    library: &Library,
    own: &str,
    to: &str,
    choice: Option<&TopicChoice>,
) -> sqlx::Result<()> {
    let choice = choice.map(json);
    let mut write = library.write().await?;
    sqlx::query!(
        "UPDATE article SET topic = ?2, topic_choice = coalesce(?3, topic_choice)
         WHERE topic = ?1 AND EXISTS (SELECT 1 FROM topic WHERE slug = ?1 AND is_custom = 1)",
        own,
        to,
        choice
    )
    .execute(&mut *write)
    .await?;
    topics::delete_custom(&mut write, own).await?;
    write.commit().await
}

/// Ends what has been in the trash since before `before`, at most 100 articles; the number of those that went.
///
/// # Errors
/// The database fails.
pub async fn purge_trash(library: &Library, before: Timestamp) -> sqlx::Result<usize> {
    let before = before.as_second();
    let mut write = library.write().await?;
    let ids = sqlx::query_scalar!("SELECT id FROM article WHERE deleted_at < ?1 LIMIT 100", before)
        .fetch_all(&mut *write)
        .await?;
    for id in &ids {
        search::unindex_article(&mut write, *id).await?;
        sqlx::query!("DELETE FROM article WHERE id = ?1", id).execute(&mut *write).await?;
    }
    write.commit().await?;
    Ok(ids.len())
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types have only string keys")
}
