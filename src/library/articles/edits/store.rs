//! Writes edits, and keeps them when the text of an article is replaced.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::Content;
use crate::library::articles::edits::{DateValue, Detail, Edit, Edits};
use crate::library::sources::{self, NewSource};
use crate::library::tags::suggestions;
use crate::library::{search, tags};
use extract::CleanHtml;

/// Saves the reader's values. One that is the publisher's ends the edit. Returns `false` and changes nothing if there is no
/// such article.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn save(library: &Library, id: i64, edits: &Edits) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    for (detail, value) in edits.values() {
        let Some(current) = load_value(&mut tx, id, detail).await? else { return Ok(false) };
        let original = find_original(&mut tx, id, detail).await?.unwrap_or(current);
        if is_same(detail, value.as_deref(), original.as_deref()) {
            end(&mut tx, id, detail, original.as_deref()).await?;
        } else {
            begin(&mut tx, id, detail, (value.as_deref(), original.as_deref())).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// Gives an article the publisher's value again. Returns `false` if that detail is not edited.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn go_back(library: &Library, id: i64, detail: Detail) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let Some(original) = find_original(&mut tx, id, detail).await? else { return Ok(false) };
    end(&mut tx, id, detail, original.as_deref()).await?;
    tx.commit().await?;
    Ok(true)
}

/// A day is the same however exactly its time is known.
fn is_same(detail: Detail, one: Option<&str>, other: Option<&str>) -> bool {
    let day = |value: Option<&str>| value.and_then(DateValue::parse).and_then(|date| date.day);
    one == other || (detail == Detail::Date && day(one).is_some() && day(one) == day(other))
}

async fn begin(
    tx: &mut SqliteConnection,
    id: i64,
    detail: Detail,
    (value, original): (Option<&str>, Option<&str>),
) -> sqlx::Result<()> {
    let name = detail.as_str();
    sqlx::query!(
        "INSERT INTO article_edit (article_id, detail, value, original) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET value = excluded.value",
        id,
        name,
        value,
        original
    )
    .execute(&mut *tx)
    .await?;
    write_value(tx, id, detail, value).await
}

async fn end(tx: &mut SqliteConnection, id: i64, detail: Detail, original: Option<&str>) -> sqlx::Result<()> {
    let name = detail.as_str();
    sqlx::query!("DELETE FROM article_edit WHERE article_id = ?1 AND detail = ?2", id, name).execute(&mut *tx).await?;
    write_value(tx, id, detail, original).await
}

/// Returns the publisher's value of a detail that is edited.
async fn find_original(tx: &mut SqliteConnection, id: i64, detail: Detail) -> sqlx::Result<Option<Option<String>>> {
    let name = detail.as_str();
    let edit = sqlx::query!(
        "SELECT e.original, a.url FROM article_edit e CROSS JOIN article a ON a.id = e.article_id
         WHERE e.article_id = ?1 AND e.detail = ?2",
        id,
        name
    );
    let Some(edit) = edit.fetch_optional(&mut *tx).await? else { return Ok(None) };
    let mut found = [Edit { detail, original: edit.original }];
    follow_source(tx, &mut found, edit.url.as_deref()).await?;
    let [found] = found;
    Ok(Some(found.original))
}

/// Sets the original source to the one that an article from its URL has by now: hosts may have been split off and sources
/// merged since the edit. Without a URL, it stays.
pub(in crate::library::articles) async fn follow_source(
    connection: &mut SqliteConnection,
    edits: &mut [Edit],
    url: Option<&str>,
) -> sqlx::Result<()> {
    let Some(edit) = edits.iter_mut().find(|edit| edit.detail == Detail::Source) else { return Ok(()) };
    let Some(url) = url else { return Ok(()) };
    if let Some(source) = sources::find_by_url(connection, url).await?
        && let Some(source) = sources::find_by_id(connection, source).await?
    {
        edit.original = Some(source.domain);
    }
    Ok(())
}

/// Returns the value that an article has now; `None` if there is no such article.
async fn load_value(tx: &mut SqliteConnection, id: i64, detail: Detail) -> sqlx::Result<Option<Option<String>>> {
    let row = sqlx::query!(
        "SELECT a.title, a.byline, a.language, a.published_at, a.published_date, s.domain
         FROM article a JOIN source s ON s.id = a.source_id WHERE a.id = ?1",
        id
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| match detail {
        Detail::Title => Some(row.title),
        Detail::Byline => row.byline,
        Detail::Language => row.language,
        Detail::Source => Some(row.domain),
        Detail::Date => {
            let day = row.published_date.and_then(|day| day.parse().ok());
            row.published_at.map(|at| DateValue { at, day }.to_string())
        }
    }))
}

/// Gives an article a value, with all that follows from it.
async fn write_value(tx: &mut SqliteConnection, id: i64, detail: Detail, value: Option<&str>) -> sqlx::Result<()> {
    match detail {
        Detail::Title => {
            write_title(tx, id, value.unwrap_or_default()).await?;
            suggestions::renew_phrases(tx, id).await
        }
        Detail::Byline => {
            let update = sqlx::query!("UPDATE article SET byline = ?2 WHERE id = ?1", id, value);
            update.execute(tx).await.map(|_| ())
        }
        Detail::Language => {
            let update = sqlx::query!("UPDATE article SET language = ?2 WHERE id = ?1", id, value);
            update.execute(&mut *tx).await?;
            suggestions::renew_phrases(tx, id).await
        }
        Detail::Date => write_date(tx, id, value.and_then(DateValue::parse)).await,
        Detail::Source => write_source(tx, id, value.unwrap_or_default()).await,
    }
}

async fn write_title(tx: &mut SqliteConnection, id: i64, title: &str) -> sqlx::Result<()> {
    sqlx::query!("UPDATE article SET title = ?2 WHERE id = ?1", id, title).execute(&mut *tx).await?;
    let html = sqlx::query_scalar!("SELECT html FROM article_content WHERE article_id = ?1", id)
        .fetch_optional(&mut *tx)
        .await?;
    search::index_article(tx, id, title, &CleanHtml::from_trusted(html.unwrap_or_default())).await
}

async fn write_date(tx: &mut SqliteConnection, id: i64, date: Option<DateValue>) -> sqlx::Result<()> {
    let (at, day) = (date.map(|date| date.at), date.and_then(|date| date.day).map(|day| day.to_string()));
    sqlx::query!(
        "UPDATE article SET published_at = ?2, published_date = ?3, sorted_at = coalesce(?2, saved_at, received_at)
         WHERE id = ?1",
        id,
        at,
        day
    )
    .execute(&mut *tx)
    .await?;
    tags::update_sort_date(tx, id).await
}

/// A trigger moves the rules for this article alone with it.
async fn write_source(tx: &mut SqliteConnection, id: i64, domain: &str) -> sqlx::Result<()> {
    // A source that is gone meanwhile is added again.
    let source = NewSource { domain: domain.to_owned(), name: domain.to_owned() };
    let source = sources::find_or_add(tx, &source, None).await?;
    sqlx::query!("UPDATE article SET source_id = ?2 WHERE id = ?1", id, source).execute(tx).await.map(|_| ())
}

/// Puts the publisher's values in place of the reader's, in the content of an article as it is stored.
pub(in crate::library::articles) async fn take_out(
    connection: &mut SqliteConnection,
    id: i64,
    content: &mut Content,
) -> sqlx::Result<()> {
    let edits = sqlx::query!("SELECT detail, original FROM article_edit WHERE article_id = ?1", id)
        .fetch_all(connection)
        .await?;
    for edit in edits {
        if let Some(detail) = parse_detail(&edit.detail) {
            set_in(content, detail, edit.original);
        }
    }
    Ok(())
}

/// Puts the reader's values in place of the publisher's, in content that is about to be stored. The publisher's become the
/// ones to go back to.
pub(in crate::library::articles) async fn keep_in(
    tx: &mut SqliteConnection,
    id: i64,
    content: &mut Content,
) -> sqlx::Result<()> {
    let edits = sqlx::query!("SELECT detail, value FROM article_edit WHERE article_id = ?1 AND detail <> 'source'", id)
        .fetch_all(&mut *tx)
        .await?;
    for edit in edits {
        let Some(detail) = parse_detail(&edit.detail) else { continue };
        let original = value_in(content, detail);
        sqlx::query!(
            "UPDATE article_edit SET original = ?3 WHERE article_id = ?1 AND detail = ?2",
            id,
            edit.detail,
            original
        )
        .execute(&mut *tx)
        .await?;
        set_in(content, detail, edit.value);
    }
    Ok(())
}

fn parse_detail(name: &str) -> Option<Detail> {
    serde_json::from_value(name.into()).ok()
}

fn value_in(content: &Content, detail: Detail) -> Option<String> {
    match detail {
        Detail::Title => Some(content.title.clone()),
        Detail::Byline => content.byline.clone(),
        Detail::Language => content.language.clone(),
        Detail::Date => {
            let date = |at: Timestamp| DateValue { at: at.as_second(), day: content.published_date };
            content.published_at.map(|at| date(at).to_string())
        }
        Detail::Source => None,
    }
}

/// The source is not part of the content.
fn set_in(content: &mut Content, detail: Detail, value: Option<String>) {
    match detail {
        Detail::Title => content.title = value.unwrap_or_default(),
        Detail::Byline => content.byline = value,
        Detail::Language => content.language = value,
        Detail::Date => {
            let date = value.as_deref().and_then(DateValue::parse);
            content.published_at = date.and_then(|date| Timestamp::from_second(date.at).ok());
            content.published_date = date.and_then(|date| date.day);
        }
        Detail::Source => {}
    }
}
