//! Queues links in one transaction.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::articles::{self, saved_state};
use crate::library::exports::{self, LinkOutcome, PendingLink};
use crate::library::imports::{self, Accepted, NewImport};
use crate::urls::UrlKey;

/// What is said of an article that the reader has deleted.
const IN_TRASH: &str = "It’s in the trash here, and stays there.";

/// Queues the next links of a file, or finds their articles. Returns how many.
pub(super) async fn queue_batch(library: &Library, export_id: i64, limit: i64, now: Timestamp) -> sqlx::Result<usize> {
    let mut tx = library.begin_write().await?;
    let links = exports::pending(&mut tx, export_id, limit).await?;
    for link in &links {
        queue(&mut tx, export_id, link, now).await?;
    }
    tx.commit().await?;
    Ok(links.len())
}

async fn queue(tx: &mut SqliteConnection, export_id: i64, link: &PendingLink, now: Timestamp) -> sqlx::Result<()> {
    let url = link.url.as_deref().and_then(|url| Url::parse(url).ok());
    if let Some(url) = &url
        && let Some((article, is_deleted)) = articles::find_with_state(tx, &UrlKey::from_url(url)).await?
    {
        let is_repeated = exports::is_in_file(tx, export_id, (None, Some(article))).await?;
        let outcome = if is_repeated { LinkOutcome::Repeated } else { LinkOutcome::Existing };
        saved_state::apply(tx, article, &link.state, now).await?;
        if let Some(page) = link.snapshot_id.filter(|_| !is_deleted && !is_repeated)
            && is_incomplete(tx, article).await?
            && let Accepted::New(import) | Accepted::AlreadyQueued(import) =
                imports::enqueue_renewal(tx, article, url.clone(), now).await?
        {
            bring_page(tx, import, page).await?;
            // With the article, by which a line that repeats this one is known.
            return exports::record(tx, link.id, LinkOutcome::Queued, (Some(import), Some(article), None)).await;
        }
        let problem = is_deleted.then_some(IN_TRASH);
        return exports::record(tx, link.id, outcome, (None, Some(article), problem)).await;
    }
    // Without a URL, the page that came along is all there is.
    let own_page = link.snapshot_id.filter(|_| url.is_none());
    let input = NewImport { url, snapshot_id: own_page, file_name: None, replaces_id: None };
    let (import, is_new) = match imports::enqueue(tx, &input, now).await? {
        Accepted::New(id) => (id, true),
        Accepted::AlreadyQueued(id) => (id, false),
        Accepted::ArticleExists { article_id } => {
            return exports::record(tx, link.id, LinkOutcome::Existing, (None, Some(article_id), None)).await;
        }
    };
    let is_repeated = !is_new && exports::is_in_file(tx, export_id, (Some(import), None)).await?;
    if let Some(page) = link.snapshot_id.filter(|_| own_page.is_none()) {
        bring_page(tx, import, page).await?;
    }
    let outcome = if is_repeated { LinkOutcome::Repeated } else { LinkOutcome::Queued };
    exports::record(tx, link.id, outcome, (Some(import), None, None)).await
}

/// Gives an import the page that came along, which is read if its site does not show all of the article.
async fn bring_page(tx: &mut SqliteConnection, import: i64, page: i64) -> sqlx::Result<()> {
    sqlx::query!("UPDATE import SET stored_snapshot_id = coalesce(stored_snapshot_id, ?2) WHERE id = ?1", import, page)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Returns whether an article is only the start of one, or a question of its site.
async fn is_incomplete(tx: &mut SqliteConnection, article: i64) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        r#"SELECT verdict IN ('interstitial', 'paywalled') AND is_notice_dismissed = 0 AS "is_incomplete!: bool"
           FROM article WHERE id = ?1"#,
        article
    )
    .fetch_optional(tx)
    .await?;
    Ok(found.unwrap_or_default())
}
