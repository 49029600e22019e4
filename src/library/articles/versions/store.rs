//! The text of an article, and the one before it.

use extract::{CleanHtml, Direction, Verdict};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::articles::store::{json, lead, write_text};
use crate::library::articles::versions::{PreviousVersion, Written};
use crate::library::articles::{Content, NextPage, time};
use crate::library::tags;

/// zstd's default.
const LEVEL: i32 = 3;

/// What an article says now. `None`: there is no such article.
///
/// # Errors
/// The database fails.
pub async fn load_current(library: &Library, id: i64) -> sqlx::Result<Option<Content>> {
    let mut connection = library.read().acquire().await?;
    read(&mut connection, id).await
}

async fn read(connection: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<Content>> {
    let row = sqlx::query!(
        r#"SELECT a.title, a.byline, a.excerpt, a.language, a.is_right_to_left AS "rtl: bool", a.published_at, a.published_date,
                  a.word_count, a.lead_image_url, a.lead_image_alt, a.verdict, a.next_page_url, a.next_page_error,
                  c.html, c.text, c.removed_blocks,
                  (SELECT json_group_array(url) FROM (SELECT i.url FROM article_image i
                   WHERE i.article_id = a.id ORDER BY i.position)) AS "image_urls!: String"
           FROM article a JOIN article_content c ON c.article_id = a.id WHERE a.id = ?1"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let image_urls: Vec<String> = serde_json::from_str(&row.image_urls).unwrap_or_default();
    Ok(Some(Content {
        title: row.title,
        byline: row.byline,
        excerpt: row.excerpt,
        language: row.language,
        direction: if row.rtl { Direction::Rtl } else { Direction::Ltr },
        published_at: row.published_at.and_then(time),
        published_date: row.published_date.and_then(|day| day.parse().ok()),
        word_count: usize::try_from(row.word_count).unwrap_or_default(),
        lead_image: row.lead_image_url.and_then(|url| picture(&url, row.lead_image_alt.unwrap_or_default())),
        html: CleanHtml::from_trusted(row.html),
        text: row.text,
        removed_blocks: serde_json::from_str(&row.removed_blocks).unwrap_or_default(),
        images: image_urls.iter().filter_map(|url| picture(url, String::new())).collect(),
        verdict: Verdict::parse(&row.verdict).unwrap_or_default(),
        next_page: row.next_page_url.map(|address| NextPage { url: address, error_message: row.next_page_error }),
    }))
}

impl From<Written> for Content {
    fn from(written: Written) -> Self {
        Self {
            title: written.title,
            byline: written.byline,
            excerpt: written.excerpt,
            language: written.language,
            direction: if written.is_right_to_left { Direction::Rtl } else { Direction::Ltr },
            published_at: written.published_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
            published_date: written.published_date.and_then(|day| day.parse().ok()),
            word_count: written.word_count,
            lead_image: written.lead_image.and_then(|(url, alt)| picture(&url, alt)),
            html: CleanHtml::from_trusted(written.html),
            text: written.text,
            removed_blocks: written.removed_blocks,
            images: written.image_urls.iter().filter_map(|url| picture(url, String::new())).collect(),
            verdict: written.verdict,
            next_page: written.next_page.map(|(address, problem)| NextPage { url: address, error_message: problem }),
        }
    }
}

/// A picture by its address, which was an address when it was stored.
fn picture(address: &str, description: String) -> Option<extract::Image> {
    Url::parse(address).ok().map(|url| extract::Image { url, description })
}

/// Replaces what extraction found, and keeps what was there so that it can be taken back. The reader's own topic, tags and
/// marks stay. `false`: there is no such article.
///
/// # Errors
/// The database fails; then nothing was changed.
pub async fn replace(library: &Library, id: i64, content: &Content, now: Timestamp) -> anyhow::Result<bool> {
    let mut write = library.write().await?;
    let Some(before) = read(&mut write, id).await? else { return Ok(false) };
    keep(&mut write, id, &PreviousVersion { content: before, replaced_at: now, is_rejected: false }).await?;
    rewrite(&mut write, id, content, now).await?;
    write.commit().await?;
    Ok(true)
}

/// Goes back to the text before, and remembers what was given up for it: going back twice is where one was. `false`:
/// nothing is kept to go back to.
///
/// # Errors
/// The database fails, or what was kept cannot be read; then nothing was changed.
pub async fn restore_previous(library: &Library, id: i64, now: Timestamp) -> anyhow::Result<bool> {
    let mut write = library.write().await?;
    let (Some(current), Some(before)) = (read(&mut write, id).await?, find(&mut write, id).await?) else {
        return Ok(false);
    };
    keep(&mut write, id, &PreviousVersion { content: current, replaced_at: now, is_rejected: !before.is_rejected })
        .await?;
    rewrite(&mut write, id, &before.content, now).await?;
    write.commit().await?;
    Ok(true)
}

/// The text before the last replacement, if it is still kept.
///
/// # Errors
/// The database fails, or what was kept cannot be read.
pub async fn load_previous(library: &Library, id: i64) -> anyhow::Result<Option<PreviousVersion>> {
    let mut connection = library.read().acquire().await?;
    find(&mut connection, id).await
}

async fn find(connection: &mut SqliteConnection, id: i64) -> anyhow::Result<Option<PreviousVersion>> {
    let row = sqlx::query!(
        r#"SELECT content, replaced_at, is_rejected AS "is_rejected: bool" FROM article_previous_version WHERE article_id = ?1"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let written: Written = serde_json::from_slice(&zstd::decode_all(row.content.as_slice())?)?;
    let replaced = time(row.replaced_at).unwrap_or_default();
    Ok(Some(PreviousVersion { content: written.into(), replaced_at: replaced, is_rejected: row.is_rejected }))
}

async fn keep(write: &mut SqliteConnection, id: i64, before: &PreviousVersion) -> anyhow::Result<()> {
    let content = zstd::encode_all(json(&Written::from(&before.content)).as_bytes(), LEVEL)?;
    let replaced = before.replaced_at.as_second();
    sqlx::query!(
        "INSERT INTO article_previous_version (article_id, content, replaced_at, is_rejected) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET content = excluded.content, replaced_at = excluded.replaced_at,
                                   is_rejected = excluded.is_rejected",
        id,
        content,
        replaced,
        before.is_rejected
    )
    .execute(write)
    .await?;
    Ok(())
}

async fn rewrite(write: &mut SqliteConnection, id: i64, content: &Content, now: Timestamp) -> sqlx::Result<()> {
    let published = content.published_at.map(Timestamp::as_second);
    let day = content.published_date.map(|day| day.to_string());
    let rtl = content.direction == Direction::Rtl;
    let words = i64::try_from(content.word_count).unwrap_or(i64::MAX);
    let (lead, lead_text) = lead(content);
    let verdict = content.verdict.as_str();
    let (next_page, next_problem) = NextPage::columns(content.next_page.as_ref());
    sqlx::query!(
        "UPDATE article SET title = ?2, byline = ?3, excerpt = ?4, language = ?5, is_right_to_left = ?6,
                published_at = ?7, sorted_at = coalesce(?7, received_at), word_count = ?8, lead_image_url = ?9,
                lead_image_alt = ?10, lead_image_hash = NULL, published_date = ?11,
                is_notice_dismissed = is_notice_dismissed AND verdict = ?12, verdict = ?12, next_page_url = ?13,
                next_page_error = ?14
         WHERE id = ?1",
        id,
        content.title,
        content.byline,
        content.excerpt,
        content.language,
        rtl,
        published,
        words,
        lead,
        lead_text,
        day,
        verdict,
        next_page,
        next_problem
    )
    .execute(&mut *write)
    .await?;
    tags::update_sort_date(&mut *write, id).await?;
    write_text(write, id, content, now).await
}

/// Forgets texts that were replaced before `before`, at most 500; how many.
///
/// # Errors
/// The database fails.
pub async fn delete_old(library: &Library, before: Timestamp) -> sqlx::Result<u64> {
    let before = before.as_second();
    let mut write = library.write().await?;
    let gone = sqlx::query!(
        "DELETE FROM article_previous_version WHERE article_id IN
             (SELECT article_id FROM article_previous_version WHERE is_rejected = 0 AND replaced_at < ?1 LIMIT 500)",
        before
    )
    .execute(&mut *write)
    .await?
    .rows_affected();
    write.commit().await?;
    Ok(gone)
}

/// Articles that can be extracted again, with their titles: the next `limit` after the one of number `after`. Those in the
/// trash are left alone.
///
/// # Errors
/// The database fails.
pub async fn list_with_snapshot(
    library: &Library,
    source: Option<i64>,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        "SELECT id, title FROM article WHERE id > ?1 AND snapshot_id IS NOT NULL AND deleted_at IS NULL
            AND (?2 IS NULL OR source_id = ?2) ORDER BY id LIMIT +?3",
        after,
        source,
        limit
    )
    .fetch_all(library.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// How many articles [`list_with_snapshot`] goes through.
///
/// # Errors
/// The database fails.
pub async fn count_with_snapshot(library: &Library, source: Option<i64>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM article WHERE id > 0 AND snapshot_id IS NOT NULL AND deleted_at IS NULL
            AND (?1 IS NULL OR source_id = ?1)"#,
        source
    )
    .fetch_one(library.read())
    .await
}

/// The article's page is another one from now on.
///
/// # Errors
/// The database fails.
pub async fn set_snapshot(library: &Library, id: i64, snapshot: i64) -> sqlx::Result<()> {
    let mut write = library.write().await?;
    sqlx::query!("UPDATE article SET snapshot_id = ?2 WHERE id = ?1", id, snapshot).execute(&mut *write).await?;
    write.commit().await
}

/// The reader keeps the article as it is, whatever kind of page it was. `false`: there is no such article.
///
/// # Errors
/// The database fails.
pub async fn dismiss_notice(library: &Library, id: i64) -> sqlx::Result<bool> {
    let mut write = library.write().await?;
    let changed =
        sqlx::query!("UPDATE article SET is_notice_dismissed = 1 WHERE id = ?1", id).execute(&mut *write).await?;
    write.commit().await?;
    Ok(changed.rows_affected() > 0)
}
