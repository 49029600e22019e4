//! Queries on two full-text indexes at once.

use std::path::Path;

use extract::CleanHtml;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::library::{Library, search};

/// Articles read at a time.
const BATCH: i64 = 200;

/// Lists articles with ids greater than `after`, with title and HTML, in order.
async fn list_texts(
    connection: &mut SqliteConnection,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<(i64, String, String)>> {
    sqlx::query_as(
        "SELECT a.id, a.title, c.html FROM article a JOIN article_content c ON c.article_id = a.id
         WHERE a.id > ?1 ORDER BY a.id LIMIT +?2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await
}

/// Indexes all texts in the file `scratch`, and counts the articles that differ. All of it in one transaction, so that a
/// server may go on writing.
pub(super) async fn count_differences(library: &Library, scratch: &Path) -> sqlx::Result<i64> {
    let file = library.folder().join("library.db");
    // A connection of its own: it writes, though not to the library.
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .disable_statement_logging()
        .connect()
        .await?;
    sqlx::query("ATTACH ?1 AS scratch").bind(scratch.to_str()).execute(&mut connection).await?;
    sqlx::raw_sql(
        "PRAGMA temp_store = memory; PRAGMA scratch.journal_mode = off; PRAGMA scratch.synchronous = off;
         BEGIN;
         CREATE VIRTUAL TABLE scratch.expected USING fts5 (
             title, text, content = '', contentless_delete = 1,
             tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\");
         CREATE VIRTUAL TABLE temp.expected_word USING fts5vocab (scratch, expected, row);
         CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, article_search, row);",
    )
    .execute(&mut connection)
    .await?;
    let mut after = 0;
    loop {
        let articles = list_texts(&mut connection, after, BATCH).await?;
        let Some((last, ..)) = articles.last() else { break };
        after = *last;
        for (id, title, html) in articles {
            let (title, text) = search::indexed_words(&title, &CleanHtml::from_trusted(html));
            sqlx::query("INSERT INTO scratch.expected (rowid, title, text) VALUES (?1, ?2, ?3)")
                .bind(id)
                .bind(title)
                .bind(text)
                .execute(&mut connection)
                .await?;
        }
    }
    let articles: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM scratch.expected_docsize e LEFT JOIN article_search_docsize d ON d.id = e.id
                 WHERE d.sz IS NOT e.sz)
              + (SELECT count(*) FROM article_search_docsize d
                 WHERE NOT EXISTS (SELECT 1 FROM scratch.expected_docsize e WHERE e.id = d.id))",
    )
    .fetch_one(&mut connection)
    .await?;
    let has_other_words: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM expected_word e LEFT JOIN word w ON w.term = e.term
                        WHERE w.doc IS NOT e.doc OR w.cnt IS NOT e.cnt)
             OR EXISTS (SELECT 1 FROM word w LEFT JOIN expected_word e ON e.term = w.term WHERE e.term IS NULL)",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    Ok(articles.max(i64::from(has_other_words)))
}
