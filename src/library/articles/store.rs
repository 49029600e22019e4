//! Adds, finds, changes and purges articles.

use classify::TopicChoice;
use extract::Direction;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::articles::{ArticleAction, Channel, Content, NewArticle, NextPage, to_json};
use crate::library::imports::ImportOutcome;
use crate::library::lanes;
use crate::library::tags::TagChanges;
use crate::library::tags::suggestions::{self, FoundPhrases};
use crate::library::topics::learning;
use crate::library::{images, search, sources, tags, topics};
use crate::urls::UrlKey;

/// Result of adding an article. Holds its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It was added.
    New(i64),
    /// One of its URLs belongs to an article already stored.
    Existing(i64),
    /// The same, but that article was in the trash and has been restored.
    Restored(i64),
}

impl Added {
    /// Returns the id of the article.
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

/// Adds an article.
///
/// # Errors
/// The database fails; nothing is added then.
pub async fn add(library: &Library, new: &NewArticle) -> sqlx::Result<Added> {
    let phrases = find_phrases(new);
    let mut tx = library.begin_write().await?;
    let added = add_in(&mut tx, new, &phrases).await?;
    learning::learn(&mut tx, &[added.id()]).await?;
    tx.commit().await?;
    Ok(added)
}

/// Adds many articles in one transaction, which is much faster than one by one. What they teach is learned by a job.
///
/// # Errors
/// The database fails; nothing is added then.
pub async fn add_many(library: &Library, articles: &[NewArticle]) -> sqlx::Result<Vec<Added>> {
    let phrases: Vec<FoundPhrases> = articles.iter().map(find_phrases).collect();
    let mut tx = library.begin_write().await?;
    let mut added = Vec::with_capacity(articles.len());
    for (new, phrases) in articles.iter().zip(&phrases) {
        added.push(add_in(&mut tx, new, phrases).await?);
    }
    tx.commit().await?;
    Ok(added)
}

/// Finds the phrases of a new article, before the transaction that adds it.
pub(in crate::library) fn find_phrases(new: &NewArticle) -> FoundPhrases {
    let content = &new.content;
    suggestions::find_phrases((&content.title, &content.text), content.language.as_deref(), &new.keywords)
}

/// Adds an article in a transaction.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn add_in(
    tx: &mut SqliteConnection,
    new: &NewArticle,
    phrases: &FoundPhrases,
) -> sqlx::Result<Added> {
    let added = match find_by_keys(tx, &new.url_keys).await? {
        // What the reader deleted does not come back because a feed lists it.
        Some(id) if new.channel == Channel::Saved && restore_from_trash(tx, id).await? => Added::Restored(id),
        Some(id) => Added::Existing(id),
        None => Added::New(insert(tx, new, phrases).await?),
    };
    if new.channel == Channel::Saved && !matches!(added, Added::New(_)) {
        lanes::keep(tx, &[added.id()], new.received_at).await?;
    }
    add_url_keys(tx, added.id(), &new.url_keys).await?;
    Ok(added)
}

/// Finds the article with this URL, in the trash too.
///
/// # Errors
/// The database fails.
pub async fn find_by_url(library: &Library, url: &Url) -> sqlx::Result<Option<i64>> {
    find_by_keys(&mut *library.readers().acquire().await?, &[UrlKey::from_url(url)]).await
}

async fn find_by_keys(tx: &mut SqliteConnection, keys: &[UrlKey]) -> sqlx::Result<Option<i64>> {
    for key in keys {
        let key = key.as_str();
        let id = sqlx::query_scalar!("SELECT article_id FROM article_url WHERE url_key = ?1", key)
            .fetch_optional(&mut *tx)
            .await?;
        if id.is_some() {
            return Ok(id);
        }
    }
    Ok(None)
}

/// Finds the article with this key, and whether it is in the trash.
pub(in crate::library) async fn find_with_state(
    tx: &mut SqliteConnection,
    key: &UrlKey,
) -> sqlx::Result<Option<(i64, bool)>> {
    let key = key.as_str();
    let found = sqlx::query!(
        r#"SELECT a.id AS "id!", a.state = 2 AS "is_deleted!: bool"
           FROM article_url u CROSS JOIN article a ON a.id = u.article_id WHERE u.url_key = ?1"#,
        key
    )
    .fetch_optional(tx)
    .await?;
    Ok(found.map(|row| (row.id, row.is_deleted)))
}

/// Returns `false` if the article was not in the trash.
async fn restore_from_trash(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<bool> {
    let restored = sqlx::query!("UPDATE article SET deleted_at = NULL WHERE id = ?1 AND deleted_at IS NOT NULL", id)
        .execute(tx)
        .await?;
    Ok(restored.rows_affected() > 0)
}

async fn add_url_keys(tx: &mut SqliteConnection, id: i64, keys: &[UrlKey]) -> sqlx::Result<()> {
    for key in keys {
        let key = key.as_str();
        sqlx::query!("INSERT INTO article_url (url_key, article_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", key, id)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

async fn insert(tx: &mut SqliteConnection, new: &NewArticle, phrases: &FoundPhrases) -> sqlx::Result<i64> {
    let source_id = sources::find_or_add(tx, &new.source, new.url.as_deref()).await?;
    let content = &new.content;
    let (topic, choice) = choose_topic(tx, new).await?;
    let (published_at, received_at) = (content.published_at.map(Timestamp::as_second), new.received_at.as_second());
    let sorted_at = new.sorted_at.map(Timestamp::as_second).or(published_at).unwrap_or(received_at);
    // What arrives read was never seen.
    let read_at = new.is_read.then_some(received_at);
    let is_right_to_left = content.direction == Direction::Rtl;
    let word_count = i64::try_from(content.word_count).unwrap_or(i64::MAX);
    let (lead_image_url, lead_image_alt) = lead_image_columns(content);
    let canonical_url_key = new.canonical_url_key.as_ref().map(UrlKey::as_str);
    let (published_date, verdict) = (content.published_date.map(|day| day.to_string()), content.verdict.as_str());
    let (next_page_url, next_page_error) = NextPage::columns(content.next_page.as_ref());
    let section_choice = new.section.as_ref().map(to_json);
    let channel = match new.channel {
        Channel::Saved => "saved",
        Channel::Feed => "feed",
    };
    let id = sqlx::query_scalar!(
        "INSERT INTO article (url, source_id, topic, topic_choice, title, byline, excerpt, language, is_right_to_left,
                              published_at, received_at, sorted_at, word_count, lead_image_url, lead_image_alt, channel, snapshot_id,
                              canonical_url_key, published_date, verdict, next_page_url, next_page_error, claimed_url, section_choice, read_at, seen_at)
         VALUES (?1, ?2, coalesce((SELECT slug FROM topic WHERE slug = ?3), 'unsorted'), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, iif(?25 IS NULL, NULL, 0))
         RETURNING id AS \"id!\"",
        new.url,
        source_id,
        topic,
        choice,
        content.title,
        content.byline,
        content.excerpt,
        content.language,
        is_right_to_left,
        published_at,
        received_at,
        sorted_at,
        word_count,
        lead_image_url,
        lead_image_alt,
        channel,
        new.snapshot_id,
        canonical_url_key,
        published_date,
        verdict,
        next_page_url,
        next_page_error,
        new.claimed_url,
        section_choice,
        read_at
    )
    .fetch_one(&mut *tx)
    .await?;
    add_what_belongs_to_it(tx, id, new, phrases).await?;
    Ok(id)
}

/// Adds the phrases, tags, text and images of a new article, and adds it to the search index.
async fn add_what_belongs_to_it(
    tx: &mut SqliteConnection,
    id: i64,
    new: &NewArticle,
    phrases: &FoundPhrases,
) -> sqlx::Result<()> {
    let content = &new.content;
    // First: names of tags are compared in the language that the phrases were found in.
    suggestions::write_phrases(tx, id, phrases).await?;
    tags::add_for_new_article(tx, id, &new.tags, &new.keywords).await?;
    write_text(tx, id, content).await?;
    search::add_article(tx, id, &content.title, &content.html).await?;
    if !content.images.is_empty() {
        images::set_for_article(tx, id, &content.images, new.received_at).await?;
    }
    Ok(())
}

/// Returns the topic that a new article gets, and why, as JSON: by a wide section that a topic takes, unless the classifier
/// knows better, else the classifier's. A topic that was merged leads to the one that has its
/// articles now, and `meant_for` says which it was, so that the article goes back with it.
async fn choose_topic(tx: &mut SqliteConnection, new: &NewArticle) -> sqlx::Result<(String, String)> {
    let by_section = topics::sections::choose(tx, &new.topic_choice, new.section.as_ref()).await?;
    let (meant_for, choice) =
        by_section.unwrap_or_else(|| (new.topic_choice.topic_slug().to_owned(), new.topic_choice.clone()));
    let topic = topics::edits::find_root(tx, &meant_for).await?;
    let mut choice = serde_json::json!(choice);
    if topic != meant_for {
        choice["meant_for"] = meant_for.into();
    }
    Ok((topic, choice.to_string()))
}

pub(super) fn lead_image_columns(content: &Content) -> (Option<&str>, Option<&str>) {
    let lead = content.lead_image.as_ref();
    (lead.map(|image| image.url.as_str()), lead.map(|image| image.description.as_str()))
}

/// Writes what depends on the changed text of an article: HTML and text, the search index, and the list of images.
pub(super) async fn write_content(
    tx: &mut SqliteConnection,
    id: i64,
    content: &Content,
    now: Timestamp,
) -> sqlx::Result<()> {
    write_text(tx, id, content).await?;
    search::index_article(tx, id, &content.title, &content.html).await?;
    images::set_for_article(tx, id, &content.images, now).await
}

async fn write_text(tx: &mut SqliteConnection, id: i64, content: &Content) -> sqlx::Result<()> {
    let (html, removed_blocks) = (content.html.as_str(), to_json(&content.removed_blocks));
    sqlx::query!(
        "INSERT INTO article_content (article_id, html, text, removed_blocks) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET html = excluded.html, text = excluded.text, removed_blocks = excluded.removed_blocks",
        id,
        html,
        content.text,
        removed_blocks
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Finds articles that may be the new one, since a canonical link or a claim, theirs or the new one's, says so; each with
/// one of its URLs. At most five: more than one is rare.
///
/// # Errors
/// The database fails.
pub async fn find_by_canonical_url(library: &Library, new: &NewArticle) -> sqlx::Result<Vec<(i64, UrlKey)>> {
    let mut found = Vec::new();
    let claimed = new.claimed_url.as_deref().and_then(|url| Url::parse(url).ok()).map(|url| UrlKey::from_url(&url));
    for key in new.url_keys.iter().chain(&new.canonical_url_key).chain(&claimed) {
        let key = key.as_str();
        let rows = sqlx::query!(
            r#"SELECT u.article_id AS id, u.url_key AS "url_key!" FROM article_url u WHERE u.url_key = ?1
               UNION SELECT a.id, u.url_key FROM article a CROSS JOIN article_url u ON u.article_id = a.id
               WHERE a.canonical_url_key = ?1 LIMIT 5"#,
            key
        )
        .fetch_all(library.readers())
        .await?;
        found.extend(rows.into_iter().map(|row| (row.id, UrlKey::from_stored(row.url_key))));
    }
    Ok(found)
}

/// Returns the text of an article, to compare it with another.
///
/// # Errors
/// The database fails.
pub async fn find_text(library: &Library, id: i64) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT text FROM article_content WHERE article_id = ?1", id)
        .fetch_optional(library.readers())
        .await
}

/// Returns the snapshot that an article was extracted from.
///
/// # Errors
/// The database fails.
pub async fn find_snapshot_id(library: &Library, id: i64) -> sqlx::Result<Option<i64>> {
    let found = sqlx::query_scalar!("SELECT snapshot_id FROM article WHERE id = ?1", id)
        .fetch_optional(library.readers())
        .await?;
    Ok(found.flatten())
}

/// Applies an action; repeating it changes nothing. Returns `false` if there is no such article.
///
/// # Errors
/// The database fails.
pub async fn apply_action(library: &Library, id: i64, action: ArticleAction, now: Timestamp) -> sqlx::Result<bool> {
    let now = now.as_second();
    let statement = match action {
        ArticleAction::Read => {
            sqlx::query!("UPDATE article SET read_at = coalesce(read_at, ?2), seen_at = ?2 WHERE id = ?1", id, now)
        }
        ArticleAction::Unread => sqlx::query!("UPDATE article SET read_at = NULL WHERE id = ?1", id),
        ArticleAction::Star => {
            sqlx::query!(
                "UPDATE article SET starred_at = coalesce(starred_at, ?2), kept_at = iif(lane = 1, ?2, kept_at) WHERE id = ?1",
                id,
                now
            )
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
        ArticleAction::Keep => {
            sqlx::query!("UPDATE article SET kept_at = iif(lane = 1, ?2, kept_at) WHERE id = ?1", id, now)
        }
        ArticleAction::Stream => sqlx::query!("UPDATE article SET kept_at = NULL WHERE id = ?1", id),
    };
    let mut tx = library.begin_write().await?;
    let changed = statement.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(changed > 0)
}

/// Sets topic and tags of an article; `None` keeps them. Returns `false` and changes nothing if the article or the topic
/// does not exist.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn set_topic_and_tags(
    library: &Library,
    id: i64,
    topic: Option<(&str, &TopicChoice)>,
    tags: Option<&TagChanges>,
) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    if let Some((topic, choice)) = topic {
        let (topic, choice) = (topics::edits::find_root(&mut tx, topic).await?, to_json(choice));
        let changed = sqlx::query!(
            "UPDATE article SET topic = ?2, topic_choice = ?3
             WHERE id = ?1 AND EXISTS (SELECT 1 FROM topic WHERE slug = ?2)",
            id,
            topic,
            choice
        )
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        learning::learn(&mut tx, &[id]).await?;
    }
    if let Some(tags) = tags {
        tags::change_for_article(&mut tx, id, tags).await?;
    }
    tx.commit().await?;
    Ok(true)
}
