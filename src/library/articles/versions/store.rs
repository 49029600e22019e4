//! Stores the current and the previous content of articles.

use extract::{CleanHtml, Direction, Verdict};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::articles::edits;
use crate::library::articles::store::{lead_image_columns, write_content};
use crate::library::articles::versions::{
    Difference, PreviousVersion, RenewedArticle, StoredContent, TextOrigin, TextPage, earlier,
};
use crate::library::articles::{Content, NextPage, timestamp, to_json};
use crate::library::imports::{self, Renewal};
use crate::library::tags;

/// zstd's default level.
const COMPRESSION_LEVEL: i32 = 3;

/// Loads the content of an article, or `None` if there is no such article.
///
/// # Errors
/// The database fails.
pub async fn load_current(library: &Library, id: i64) -> sqlx::Result<Option<Content>> {
    let mut connection = library.readers().acquire().await?;
    load_content(&mut connection, id).await
}

/// Loads the content as the page gives it, without the reader's edits.
pub(super) async fn load_content(connection: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<Content>> {
    let row = sqlx::query!(
        r#"SELECT a.title, a.byline, a.excerpt, a.language, a.is_right_to_left AS "is_right_to_left: bool", a.published_at, a.published_date,
                  a.word_count, a.lead_image_url, a.lead_image_alt, a.verdict, a.next_page_url, a.next_page_error,
                  c.html, c.text, c.removed_blocks,
                  (SELECT json_group_array(url) FROM (SELECT i.url FROM article_image i
                   WHERE i.article_id = a.id ORDER BY i.position)) AS "image_urls!: String"
           FROM article a JOIN article_content c ON c.article_id = a.id WHERE a.id = ?1"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let image_urls: Vec<String> = serde_json::from_str(&row.image_urls).unwrap_or_default();
    let mut content = Content {
        title: row.title,
        byline: row.byline,
        excerpt: row.excerpt,
        language: row.language,
        direction: if row.is_right_to_left { Direction::Rtl } else { Direction::Ltr },
        published_at: row.published_at.and_then(timestamp),
        published_date: row.published_date.and_then(|day| day.parse().ok()),
        word_count: usize::try_from(row.word_count).unwrap_or_default(),
        lead_image: row.lead_image_url.and_then(|url| image_from_url(&url, row.lead_image_alt.unwrap_or_default())),
        html: CleanHtml::from_trusted(row.html),
        text: row.text,
        removed_blocks: serde_json::from_str(&row.removed_blocks).unwrap_or_default(),
        images: image_urls.iter().filter_map(|url| image_from_url(url, String::new())).collect(),
        verdict: Verdict::parse(&row.verdict).unwrap_or_default(),
        next_page: row.next_page_url.map(|url| NextPage { url, error_message: row.next_page_error }),
    };
    edits::take_out(connection, id, &mut content).await?;
    Ok(Some(content))
}

impl From<StoredContent> for Content {
    fn from(stored: StoredContent) -> Self {
        Self {
            title: stored.title,
            byline: stored.byline,
            excerpt: stored.excerpt,
            language: stored.language,
            direction: if stored.is_right_to_left { Direction::Rtl } else { Direction::Ltr },
            published_at: stored.published_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
            published_date: stored.published_date.and_then(|day| day.parse().ok()),
            word_count: stored.word_count,
            lead_image: stored.lead_image.and_then(|(url, alt)| image_from_url(&url, alt)),
            html: CleanHtml::from_trusted(stored.html),
            text: stored.text,
            removed_blocks: stored.removed_blocks,
            images: stored.image_urls.iter().filter_map(|url| image_from_url(url, String::new())).collect(),
            verdict: stored.verdict,
            next_page: stored.next_page.map(|(url, error_message)| NextPage { url, error_message }),
        }
    }
}

/// Returns the image of a stored URL.
fn image_from_url(url: &str, description: String) -> Option<extract::Image> {
    Url::parse(url).ok().map(|url| extract::Image { url, description })
}

/// Replaces the content of an article and keeps the previous one. Topic, tags and state, which are the reader's, stay.
/// Returns `false` if there is no such article.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn replace(library: &Library, id: i64, content: &Content, now: Timestamp) -> anyhow::Result<bool> {
    let mut tx = library.begin_write().await?;
    let replaced = replace_content(&mut tx, id, content, now).await?;
    tx.commit().await?;
    Ok(replaced)
}

/// Does the same as [`replace`] in a transaction.
pub(in crate::library) async fn replace_content(
    tx: &mut SqliteConnection,
    id: i64,
    content: &Content,
    now: Timestamp,
) -> anyhow::Result<bool> {
    replace_content_of(tx, id, (None, TextOrigin::ExtractedAgain), content, now).await
}

/// Does the same with a text of any origin; the previous version keeps `old_page`, if the article gets another.
pub(super) async fn replace_content_of(
    tx: &mut SqliteConnection,
    id: i64,
    (old_page, origin): (Option<TextPage>, TextOrigin),
    content: &Content,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let Some(current) = load_content(tx, id).await? else { return Ok(false) };
    let previous = PreviousVersion { content: current, replaced_at: now, is_rejected: false, page: old_page };
    save_previous(tx, id, &previous).await?;
    overwrite_content(tx, id, content, now).await?;
    match origin {
        TextOrigin::ExtractedAgain => earlier::note_revision(tx, id, origin, now).await?,
        _ => earlier::note_origin(tx, id, origin, now).await?,
    }
    Ok(true)
}

/// Stores what became of an article whose page was fetched again, and finishes the import that did it. The text that gives
/// way is the previous version, with its own page: the old text, or the new one if that is worse.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn renew(library: &Library, import: i64, new: &RenewedArticle, now: Timestamp) -> anyhow::Result<()> {
    let id = new.article;
    let mut tx = library.begin_write().await?;
    let (old_page, previous) = (find_page(&mut tx, id).await?, find_previous(&mut tx, id).await?);
    let new_page = TextPage { snapshot_id: new.snapshot_id, archived_on: new.archived_on };
    if matches!(new.renewal, Renewal::Worse(_)) {
        // A text that the reader may still want back is worth more than a bad page.
        if previous.is_none_or(|previous| previous.is_rejected) {
            let (content, page) = (new.content.clone(), Some(new_page));
            save_previous(&mut tx, id, &PreviousVersion { content, replaced_at: now, is_rejected: true, page }).await?;
        }
    } else {
        if new.renewal == Renewal::Changed {
            if let Some(current) = load_content(&mut tx, id).await?.filter(|_| new.difference == Difference::Material) {
                earlier::keep(&mut tx, id, &current, now).await?;
            }
            replace_content_of(&mut tx, id, (old_page, TextOrigin::FetchedAgain), &new.content, now).await?;
        }
        set_page(&mut tx, id, new_page).await?;
    }
    imports::finish_renewal(&mut tx, import, (id, &new.renewal), now).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find_page(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<TextPage>> {
    let found =
        sqlx::query!("SELECT snapshot_id, archived_on FROM article WHERE id = ?1", id).fetch_optional(tx).await?;
    Ok(found.and_then(|row| TextPage::from_columns(row.snapshot_id, row.archived_on.as_deref())))
}

pub(super) async fn set_page(tx: &mut SqliteConnection, id: i64, page: TextPage) -> sqlx::Result<()> {
    let archived_on = page.archived_on.map(|day| day.to_string());
    sqlx::query!(
        "UPDATE article SET snapshot_id = ?2, archived_on = ?3 WHERE id = ?1",
        id,
        page.snapshot_id,
        archived_on
    )
    .execute(tx)
    .await
    .map(drop)
}

/// Gives an article a page that the reader pasted and, if it differs, the content extracted from that. The previous version
/// keeps its own page. An article in the trash is restored.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn replace_snapshot(
    library: &Library,
    id: i64,
    snapshot_id: i64,
    content: Option<&Content>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut tx = library.begin_write().await?;
    if let Some(content) = content {
        let old_page = find_page(&mut tx, id).await?;
        replace_content_of(&mut tx, id, (old_page, TextOrigin::Pasted), content, now).await?;
    }
    set_page(&mut tx, id, TextPage { snapshot_id, archived_on: None }).await?;
    sqlx::query!("UPDATE article SET deleted_at = NULL WHERE id = ?1", id).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Swaps the current content with the previous one, so that doing it twice changes nothing. Returns `false` if no
/// previous version is stored.
///
/// # Errors
/// The database fails, or the previous version is damaged; nothing is changed then.
pub async fn restore_previous(library: &Library, id: i64, now: Timestamp) -> anyhow::Result<bool> {
    let _guard = library.lock_extraction().await;
    let mut tx = library.begin_write().await?;
    let (Some(current), Some(previous)) = (load_content(&mut tx, id).await?, find_previous(&mut tx, id).await?) else {
        return Ok(false);
    };
    let page = match previous.page {
        Some(_) => find_page(&mut tx, id).await?,
        None => None,
    };
    let swapped = PreviousVersion { content: current, replaced_at: now, is_rejected: !previous.is_rejected, page };
    save_previous(&mut tx, id, &swapped).await?;
    overwrite_content(&mut tx, id, &previous.content, now).await?;
    earlier::note_origin(&mut tx, id, TextOrigin::Restored, now).await?;
    if let Some(page) = previous.page {
        set_page(&mut tx, id, page).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Loads the content before the last replacement, if it is still stored.
///
/// # Errors
/// The database fails, or the previous version is damaged.
pub async fn load_previous(library: &Library, id: i64) -> anyhow::Result<Option<PreviousVersion>> {
    let mut connection = library.readers().acquire().await?;
    find_previous(&mut connection, id).await
}

async fn find_previous(connection: &mut SqliteConnection, id: i64) -> anyhow::Result<Option<PreviousVersion>> {
    let row = sqlx::query!(
        r#"SELECT content, replaced_at, is_rejected AS "is_rejected: bool", snapshot_id, archived_on
           FROM article_previous_version WHERE article_id = ?1"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let stored: StoredContent = serde_json::from_slice(&zstd::decode_all(row.content.as_slice())?)?;
    let replaced_at = timestamp(row.replaced_at).unwrap_or_default();
    Ok(Some(PreviousVersion {
        content: stored.into(),
        replaced_at,
        is_rejected: row.is_rejected,
        page: TextPage::from_columns(row.snapshot_id, row.archived_on.as_deref()),
    }))
}

async fn save_previous(tx: &mut SqliteConnection, id: i64, previous: &PreviousVersion) -> anyhow::Result<()> {
    let content = zstd::encode_all(to_json(&StoredContent::from(&previous.content)).as_bytes(), COMPRESSION_LEVEL)?;
    let replaced_at = previous.replaced_at.as_second();
    let snapshot_id = previous.page.map(|page| page.snapshot_id);
    let archived_on = previous.page.and_then(|page| page.archived_on).map(|day| day.to_string());
    sqlx::query!(
        "INSERT INTO article_previous_version (article_id, content, replaced_at, is_rejected, snapshot_id, archived_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET content = excluded.content, replaced_at = excluded.replaced_at,
                                   is_rejected = excluded.is_rejected, snapshot_id = excluded.snapshot_id,
                                   archived_on = excluded.archived_on",
        id,
        content,
        replaced_at,
        previous.is_rejected,
        snapshot_id,
        archived_on
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Replaces the content of an article. What the reader has edited stays.
pub(super) async fn overwrite_content(
    tx: &mut SqliteConnection,
    id: i64,
    content: &Content,
    now: Timestamp,
) -> sqlx::Result<()> {
    let mut content = content.clone();
    edits::keep_in(tx, id, &mut content).await?;
    let content = &content;
    let published_at = content.published_at.map(Timestamp::as_second);
    let published_date = content.published_date.map(|day| day.to_string());
    let is_right_to_left = content.direction == Direction::Rtl;
    let word_count = i64::try_from(content.word_count).unwrap_or(i64::MAX);
    let (lead_image_url, lead_image_alt) = lead_image_columns(content);
    let verdict = content.verdict.as_str();
    let (next_page_url, next_page_error) = NextPage::columns(content.next_page.as_ref());
    sqlx::query!(
        "UPDATE article SET title = ?2, byline = ?3, excerpt = ?4, language = ?5, is_right_to_left = ?6,
                published_at = ?7, sorted_at = iif(published_at IS ?7, sorted_at, coalesce(?7, saved_at, received_at)), word_count = ?8, lead_image_url = ?9,
                lead_image_alt = ?10, lead_image_hash = NULL, published_date = ?11,
                is_notice_dismissed = is_notice_dismissed AND verdict = ?12, verdict = ?12, next_page_url = ?13,
                next_page_error = ?14
         WHERE id = ?1",
        id,
        content.title,
        content.byline,
        content.excerpt,
        content.language,
        is_right_to_left,
        published_at,
        word_count,
        lead_image_url,
        lead_image_alt,
        published_date,
        verdict,
        next_page_url,
        next_page_error
    )
    .execute(&mut *tx)
    .await?;
    tags::update_sort_date(&mut *tx, id).await?;
    write_content(tx, id, content, now).await?;
    tags::suggestions::renew_phrases(tx, id).await
}

/// Lists articles that can be extracted again, with their titles: at most `limit`, with ids greater than `after_id`. Those
/// in the trash are left out.
///
/// # Errors
/// The database fails.
pub async fn list_with_snapshot(
    library: &Library,
    source_id: Option<i64>,
    after_id: i64,
    limit: i64,
) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        "SELECT id, title FROM article WHERE id > ?1 AND snapshot_id IS NOT NULL AND deleted_at IS NULL
            AND (?2 IS NULL OR source_id = ?2) ORDER BY id LIMIT +?3",
        after_id,
        source_id,
        limit
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// Counts the articles of [`list_with_snapshot`].
///
/// # Errors
/// The database fails.
pub async fn count_with_snapshot(library: &Library, source_id: Option<i64>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM article WHERE id > 0 AND snapshot_id IS NOT NULL AND deleted_at IS NULL
            AND (?1 IS NULL OR source_id = ?1)"#,
        source_id
    )
    .fetch_one(library.readers())
    .await
}

/// Dismisses the notice about the kind of page. Returns `false` if there is no such article.
///
/// # Errors
/// The database fails.
pub async fn dismiss_notice(library: &Library, id: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let changed =
        sqlx::query!("UPDATE article SET is_notice_dismissed = 1 WHERE id = ?1", id).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(changed.rows_affected() > 0)
}
