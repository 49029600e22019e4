//! The words of titles and texts.

use sqlx::SqliteConnection;

use crate::library::search::normalize;

/// Beyond this many characters of a text, its words are no longer indexed.
const MOST_CHARACTERS: usize = 200_000;

/// Makes the article findable by its words, anew if it was.
///
/// # Errors
/// The database fails.
pub async fn index_article(write: &mut SqliteConnection, article: i64, title: &str, plain: &str) -> sqlx::Result<()> {
    unindex_article(write, article).await?;
    let title = normalize(title);
    let plain = normalize(&plain.chars().take(MOST_CHARACTERS).collect::<String>());
    sqlx::query!("INSERT INTO article_search (rowid, title, text) VALUES (?1, ?2, ?3)", article, title, plain)
        .execute(write)
        .await
        .map(|_| ())
}

/// The article is found no longer.
///
/// # Errors
/// The database fails.
pub async fn unindex_article(write: &mut SqliteConnection, article: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM article_search WHERE rowid = ?1", article).execute(write).await.map(|_| ())
}
