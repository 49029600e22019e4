//! Finds articles to fetch again, and records the outcome.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::imports::NewImport;
use crate::library::imports::renewal::{Renewable, Renewal, SavedCopy};
use crate::urls::{UrlKey, same_site};

/// Finds what the library has of the URL of a new import. One that brings its page with it fetches nothing again.
pub(in crate::library::imports) async fn find_copy(
    tx: &mut SqliteConnection,
    input: &NewImport,
    key: Option<&str>,
) -> sqlx::Result<SavedCopy> {
    let row = sqlx::query!(
        r#"SELECT a.id AS "id!", a.url, a.verdict, a.is_notice_dismissed AS "is_notice_dismissed: bool", a.canonical_url_key,
                  a.deleted_at IS NOT NULL AS "is_deleted!: bool"
           FROM article_url u CROSS JOIN article a ON a.id = u.article_id WHERE u.url_key = ?1"#,
        key
    )
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(SavedCopy::None) };
    let is_fetched = input.snapshot_id.is_none();
    if row.is_deleted {
        return Ok(if is_fetched { SavedCopy::Deleted(row.id) } else { SavedCopy::None });
    }
    let is_check = row.verdict == "interstitial" && !row.is_notice_dismissed;
    // A site in trouble sends its articles elsewhere, to a page that doesn't claim to be them.
    let url = row.url.as_deref().and_then(|url| Url::parse(url).ok());
    let is_elsewhere = url.zip(input.url.as_ref()).is_some_and(|(url, asked)| {
        let end = UrlKey::from_url(&url);
        same_site(&url, asked) && key != Some(end.as_str()) && row.canonical_url_key.as_deref() != Some(end.as_str())
    });
    let is_doubtful = is_fetched && input.replaces_id.is_none() && (is_check || is_elsewhere);
    Ok(if is_doubtful { SavedCopy::Doubtful(row.id) } else { SavedCopy::Good(row.id) })
}

/// Notes which article an import fetches again, and whether it takes it out of the trash.
pub(in crate::library::imports) async fn mark(tx: &mut SqliteConnection, id: i64, article: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE import SET renewed_article_id = ?2, has_restored = has_restored OR
                coalesce((SELECT deleted_at IS NOT NULL FROM article WHERE id = ?2), 0) WHERE id = ?1",
        id,
        article
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Returns the URL of an article.
pub(in crate::library::imports) async fn find_url(
    tx: &mut SqliteConnection,
    article: i64,
) -> sqlx::Result<Option<Url>> {
    let url = sqlx::query_scalar!("SELECT url FROM article WHERE id = ?1", article).fetch_optional(tx).await?;
    Ok(url.flatten().and_then(|url| Url::parse(&url).ok()))
}

/// Lists articles to fetch again and their URLs: at most `limit`, with ids greater than `after_id`. Those in the trash are
/// left out.
pub(in crate::library::imports) async fn list(
    library: &Library,
    which: Renewable,
    after_id: i64,
    limit: usize,
) -> sqlx::Result<Vec<(i64, String)>> {
    let source = if let Renewable::OfSource(id) = which { Some(id) } else { None };
    let (only_incomplete, limit) = (which == Renewable::Incomplete, i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = sqlx::query!(
        r#"SELECT id, url AS "url!" FROM article WHERE id > ?1 AND url IS NOT NULL AND deleted_at IS NULL
              AND (?2 IS NULL OR source_id = ?2)
              AND (NOT ?3 OR verdict IN ('interstitial', 'paywalled') OR next_page_url IS NOT NULL)
           ORDER BY id LIMIT +?4"#,
        after_id,
        source,
        only_incomplete,
        limit
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.url)).collect())
}

/// Finishes an import that has fetched the page of an article again, in the transaction that changes the article.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn finish_renewal(
    tx: &mut SqliteConnection,
    id: i64,
    (article, renewal): (i64, &Renewal),
    now: Timestamp,
) -> sqlx::Result<()> {
    let now = now.as_second();
    let (word, reason) = match renewal {
        Renewal::Changed => ("changed", None),
        Renewal::Unchanged => ("unchanged", None),
        Renewal::Worse(reason) => ("worse", Some(reason)),
    };
    sqlx::query!(
        "UPDATE import SET state = 'done', article_id = ?2, outcome = iif(has_restored, 'restored', 'existing'), renewal = ?3,
                snapshot_id = NULL, pasted_snapshot_id = NULL, stored_snapshot_id = NULL, error_message = ?4, error_code = NULL, updated_at = ?5
         WHERE id = ?1",
        id,
        article,
        word,
        reason,
        now
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Notes the day of a page that was taken from a web archive.
///
/// # Errors
/// The database fails.
pub async fn note_archived(library: &Library, id: i64, day: Date) -> sqlx::Result<()> {
    let day = day.to_string();
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE import SET archived_on = ?2 WHERE id = ?1", id, day).execute(&mut *tx).await?;
    tx.commit().await
}
