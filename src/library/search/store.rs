//! The full-text index of titles and texts, and the statements that look for articles.

use extract::CleanHtml;
use query::Facts;
use serde::Deserialize;
use sqlx::SqliteConnection;
use sqlx::types::Json;

use crate::library::search::walks::Path;
use crate::library::{Library, reading_time};
use words::index_form;

/// Characters of a text that are indexed at most.
const MAX_INDEXED_CHARS: usize = 200_000;

/// A position in a walk: the article after which it goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    /// What the walk is sorted by: the date in Unix seconds, or the id.
    pub key: i64,
    pub id: i64,
}

/// What is looked up of an article only if it is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    pub tags: bool,
    /// Feeds and folders.
    pub feeds: bool,
}

/// Lists the rows (key, id) of an inner query as one JSON text.
macro_rules! positions {
    ($reader:expr, $query:literal $(, $argument:expr)*) => {
        sqlx::query_scalar!(
            r#"SELECT json_group_array(json_array(key, id)) AS "positions!: Json<Vec<(i64, i64)>>" FROM ("# + $query + ")"
            $(, $argument)*
        )
        .fetch_one($reader)
        .await
    };
}

/// Returns the next articles of a walk, at most `limit`.
///
/// # Errors
/// The database fails, or the search takes too long (see [`crate::storage::timed_reads::is_timeout`]).
pub(super) async fn list_candidates(
    reader: &mut SqliteConnection,
    path: &Path,
    after: Position,
    limit: usize,
) -> sqlx::Result<Vec<Position>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let Position { key, id } = after;
    let Json(rows) = match path {
        Path::Text(fts) => positions!(reader, "SELECT rowid AS key, rowid AS id FROM article_search
            WHERE article_search MATCH ?3 AND rowid < ?2 ORDER BY rowid DESC LIMIT +?1", limit, key, fts),
        Path::Newest => positions!(reader, "SELECT id AS key, id FROM article WHERE id < ?2 ORDER BY id DESC LIMIT +?1", limit, key),
        Path::Source(source) => positions!(reader, "SELECT id AS key, id FROM article INDEXED BY article_by_source
            WHERE source_id = ?3 AND id < ?2 ORDER BY id DESC LIMIT +?1", limit, key, source),
        Path::Topic(topic) => positions!(reader, "SELECT id AS key, id FROM article INDEXED BY article_by_topic
            WHERE topic = ?3 AND id < ?2 ORDER BY id DESC LIMIT +?1", limit, key, topic),
        Path::Tag(tag) => positions!(reader, "SELECT sorted_at AS key, article_id AS id FROM article_tag
            WHERE tag_id = ?4 AND (sorted_at, article_id) < (?2, ?3) ORDER BY sorted_at DESC, article_id DESC LIMIT +?1", limit, key, id, tag),
        Path::Feed(feed) => positions!(reader, "SELECT sorted_at AS key, article_id AS id FROM article_feed
            WHERE feed_id = ?4 AND (sorted_at, article_id) < (?2, ?3) ORDER BY sorted_at DESC, article_id DESC LIMIT +?1", limit, key, id, feed),
        Path::Folder(folder) => positions!(reader, "SELECT sorted_at AS key, article_id AS id FROM article_folder
            WHERE folder_id = ?4 AND (sorted_at, article_id) < (?2, ?3) ORDER BY sorted_at DESC, article_id DESC LIMIT +?1", limit, key, id, folder),
        Path::Starred(lane) => positions!(reader, "SELECT sorted_at AS key, id FROM article INDEXED BY article_starred
            WHERE starred_at IS NOT NULL AND lane = ?4 AND (sorted_at, id) < (?2, ?3) ORDER BY sorted_at DESC, id DESC LIMIT +?1", limit, key, id, lane),
        Path::Unread(lane) => positions!(reader, "SELECT sorted_at AS key, id FROM article INDEXED BY article_unread
            WHERE is_unread = 1 AND lane = ?4 AND (sorted_at, id) < (?2, ?3) ORDER BY sorted_at DESC, id DESC LIMIT +?1", limit, key, id, lane),
        Path::Shelf(shelf, from, _) => positions!(reader, "SELECT sorted_at AS key, id FROM article INDEXED BY article_newest
            WHERE shelf = ?4 AND sorted_at >= ?5 AND (sorted_at, id) < (?2, ?3) ORDER BY sorted_at DESC, id DESC LIMIT +?1", limit, key, id, shelf, from),
    }?;
    Ok(rows.into_iter().map(|(key, id)| Position { key, id }).collect())
}

/// Returns the articles between two ids that match in the syntax of FTS5.
///
/// # Errors
/// As [`list_candidates`].
pub(super) async fn list_matching_between(
    reader: &mut SqliteConnection,
    fts: &str,
    first: i64,
    last: i64,
) -> sqlx::Result<Vec<i64>> {
    let found = sqlx::query_scalar!(
        r#"SELECT json_group_array(id) AS "ids!: Json<Vec<i64>>" FROM (
             SELECT rowid AS id FROM article_search WHERE article_search MATCH ?1 AND rowid BETWEEN ?2 AND ?3)"#,
        fts,
        first,
        last
    );
    found.fetch_one(reader).await.map(|Json(ids)| ids)
}

/// An article as a condition sees it, from the database.
#[derive(Deserialize)]
struct Row {
    id: i64,
    source: i64,
    topic: String,
    tags: Vec<i64>,
    feeds: Vec<i64>,
    folders: Vec<i64>,
    language: Option<String>,
    byline: String,
    date: i64,
    word_count: i64,
    lane: i64,
    is_archived: i64,
    is_deleted: i64,
    is_read: i64,
    is_starred: i64,
    is_changed: i64,
}

/// Loads what conditions ask of articles besides their words, each with its id.
///
/// # Errors
/// As [`list_candidates`].
pub(super) async fn load_facts(
    reader: &mut SqliteConnection,
    articles: &[i64],
    needs: Needs,
) -> sqlx::Result<Vec<(i64, Facts)>> {
    let articles = serde_json::json!(articles).to_string();
    let rows = sqlx::query_scalar!(
        r#"SELECT json_group_array(json_object('id', a.id, 'source', a.source_id, 'topic', a.topic,
             'tags', json(iif(?2, (SELECT json_group_array(tag_id) FROM article_tag WHERE article_id = a.id), '[]')),
             'feeds', json(iif(?3, (SELECT json_group_array(feed_id) FROM article_feed WHERE article_id = a.id), '[]')),
             'folders', json(iif(?3, (SELECT json_group_array(folder_id) FROM article_folder WHERE article_id = a.id), '[]')),
             'language', a.language, 'byline', coalesce(a.byline, ''), 'date', a.sorted_at, 'word_count', a.word_count, 'lane', a.lane,
             'is_archived', a.archived_at IS NOT NULL, 'is_deleted', a.deleted_at IS NOT NULL, 'is_read', a.read_at IS NOT NULL,
             'is_starred', a.starred_at IS NOT NULL,
             'is_changed', a.changed_at IS NOT NULL AND coalesce(a.changed_at > nullif(coalesce(a.seen_at, a.read_at), 0), 0)))
             AS "rows!: Json<Vec<Row>>"
           FROM json_each(?1) j CROSS JOIN article a ON a.id = j.value"#,
        articles,
        needs.tags,
        needs.feeds
    );
    let Json(rows) = rows.fetch_one(reader).await?;
    Ok(rows.into_iter().map(|row| (row.id, Facts::from(row))).collect())
}

impl From<Row> for Facts {
    fn from(row: Row) -> Self {
        Self {
            source: row.source,
            topic: row.topic,
            tags: row.tags,
            feeds: row.feeds,
            folders: row.folders,
            minutes: reading_time::minutes(row.word_count, row.language.as_deref()),
            language: row.language,
            byline: row.byline,
            date: row.date,
            is_in_stream: row.lane != 0,
            is_archived: row.is_archived != 0,
            is_deleted: row.is_deleted != 0,
            is_read: row.is_read != 0,
            is_starred: row.is_starred != 0,
            is_changed: row.is_changed != 0,
        }
    }
}

/// Adds an article to the index, replacing its old entry.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn index_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    title: &str,
    html: &CleanHtml,
) -> sqlx::Result<()> {
    unindex_article(tx, article_id).await?;
    add_article(tx, article_id, title, html).await
}

/// Adds an article that is new to the index.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn add_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    title: &str,
    html: &CleanHtml,
) -> sqlx::Result<()> {
    let (title, text) = indexed_words(title, html);
    sqlx::query!("INSERT INTO article_search (rowid, title, text) VALUES (?1, ?2, ?3)", article_id, title, text)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Returns title and text as they are indexed: all that is shown, captions, tables and cards too.
pub(in crate::library) fn indexed_words(title: &str, html: &CleanHtml) -> (String, String) {
    (index_form(title), index_form(&html.visible_text().chars().take(MAX_INDEXED_CHARS).collect::<String>()))
}

/// Indexes the next articles that an older version of the index had, newest first, at most `limit`. Returns whether some
/// are left.
///
/// # Errors
/// The database fails; the same articles come again then.
pub async fn index_next(library: &Library, limit: i64) -> sqlx::Result<bool> {
    if !is_indexing(library).await? {
        return Ok(false);
    }
    let mut tx = library.begin_write().await?;
    let articles = sqlx::query!(
        "SELECT a.id, a.title, c.html
         FROM search_index_job j CROSS JOIN article a ON a.id < j.before_article_id
              CROSS JOIN article_content c ON c.article_id = a.id
         WHERE j.id = 1
         ORDER BY a.id DESC LIMIT +?1",
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    let last = articles.last().map(|article| article.id);
    for article in articles {
        index_article(&mut tx, article.id, &article.title, &CleanHtml::from_trusted(article.html)).await?;
    }
    match last {
        Some(last) => sqlx::query!("UPDATE search_index_job SET before_article_id = ?1 WHERE id = 1", last),
        None => sqlx::query!("DELETE FROM search_index_job"),
    }
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(last.is_some())
}

/// Returns whether older articles are still being indexed.
///
/// # Errors
/// The database fails.
pub async fn is_indexing(library: &Library) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM search_index_job WHERE id = 1) AS "pending!: bool""#)
        .fetch_one(library.readers())
        .await
}

/// Removes all articles from the index, so that [`index_next`] indexes them again.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn clear_index(library: &Library) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query("INSERT INTO article_search (article_search) VALUES ('delete-all')").execute(&mut *tx).await?;
    sqlx::query!(
        "INSERT INTO search_index_job (id, before_article_id) VALUES (1, 9223372036854775807)
         ON CONFLICT DO UPDATE SET before_article_id = excluded.before_article_id"
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Removes an article from the index.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn unindex_article(tx: &mut SqliteConnection, article_id: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM article_search WHERE rowid = ?1", article_id).execute(tx).await.map(|_| ())
}
