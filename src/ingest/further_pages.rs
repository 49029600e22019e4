//! Fetches the further pages of an article, stores them and joins them to the first.

use std::time::Duration;

use extract::{Article, Rule};
use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::ingest::extraction::{ArticlePages, SnapshotPage};
use crate::ingest::failures;
use crate::ingest::fetch::{self, Document, Fetcher};
use crate::ingest::memory_budget::Reservation;
use crate::ingest::page_reader::PageReader;
use crate::library::clock;
use crate::library::snapshots::{self, Snapshot, SnapshotFormat};
use crate::urls::{UrlKey, is_front_page};

/// Pages per article. Anything longer is a book or endless pagination.
pub const MAX_PAGES: usize = 10;

/// Timeout for all further pages together.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(60);

/// New words a page must add. Fewer are its date or number, and the page repeats an earlier one.
const MIN_NEW_WORDS: usize = 10;

/// Fetches and joins pages while there is a next one. On failure returns the pages so far with a message, and the
/// article's `next_page` remains set.
///
/// # Errors
/// The database or the disk fails, or the disk has no room for a page ([`fetch::Error::NoRoom`]).
pub(super) async fn fetch_further_pages(
    (fetcher, reader): (&Fetcher, &PageReader<'_>),
    (first, mut article): (&SnapshotPage, Article),
    rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<(Article, Option<String>)> {
    let library = reader.library;
    let stored = snapshots::load_further_pages(library, first.snapshot).await?;
    let stored_urls = stored.iter().filter_map(|part| Url::parse(part.url.as_deref()?).ok());
    let seen_urls = first.requested_url.iter().chain(&first.url).cloned().chain(stored_urls);
    let mut seen: Vec<UrlKey> = seen_urls.map(|url| UrlKey::from_url(&url)).collect();
    let latest_date = clock::read(library, now).await?.latest_date();
    let deadline = Instant::now() + TOTAL_TIMEOUT;
    for position in stored.len() + 2.. {
        let Some(next) = article.next_page.clone() else { return Ok((article, None)) };
        if check_seen(&next, &mut seen) {
            break;
        }
        if position > MAX_PAGES {
            return Ok((article, Some(format!("Broadsheet joins at most {MAX_PAGES} pages."))));
        }
        let fetched = match timeout_at(deadline, fetcher.fetch_linked_page(&next, first.url.as_ref())).await {
            Ok(Ok(fetched)) => fetched,
            // The article is complete only with this page, so all of it waits.
            Ok(Err(error @ fetch::Error::NoRoom(_))) => return Err(error.into()),
            Ok(Err(error)) => return Ok((article, Some(error.user_message()))),
            Err(_) => return Ok((article, Some("Fetching the pages before it took too long.".to_owned()))),
        };
        if fetched.url != next && (is_front_page(&fetched.url) || check_seen(&fetched.url, &mut seen)) {
            break;
        }
        let (snapshot, page, reservation) = to_snapshot_and_page(fetched, first.snapshot);
        let (so_far, page_rules) = (article.clone(), rules.to_vec());
        let join =
            move |pages: ArticlePages| extract::append_page(so_far, &pages.first.extract(&page_rules, latest_date));
        let joined = match reader.read(ArticlePages::single(page), reservation, join).await? {
            Ok(joined) => joined,
            Err(failure) => return Ok((article, Some(failure.message))),
        };
        if failures::is_too_long(&joined) {
            return Ok((
                article,
                Some(format!("It would be longer than {} MB of text.", extract::MAX_TEXT_BYTES >> 20)),
            ));
        }
        if joined.word_count < article.word_count + MIN_NEW_WORDS {
            break;
        }
        snapshots::save_further_page(library, first.snapshot, position, &snapshot, now).await?;
        article = joined;
    }
    // The last link led to a page that is already part of the article, so it ends here.
    article.next_page = None;
    Ok((article, None))
}

/// Returns whether the URL is in `seen`, and adds it.
fn check_seen(url: &Url, seen: &mut Vec<UrlKey>) -> bool {
    let key = UrlKey::from_url(url);
    let was_seen = seen.contains(&key);
    seen.push(key);
    was_seen
}

/// Splits a fetched page into the snapshot to store, the page to extract from and the memory reserved for it.
pub(super) fn to_snapshot_and_page(
    fetched: fetch::FetchedPage,
    snapshot_id: i64,
) -> (Snapshot, SnapshotPage, Option<Reservation>) {
    let form = if matches!(fetched.document, Document::Html(_)) { SnapshotFormat::Html } else { SnapshotFormat::Text };
    let url = Some(fetched.url.to_string());
    let snapshot = Snapshot { url, content_type: fetched.content_type, format: form, bytes: fetched.bytes };
    (
        snapshot,
        SnapshotPage { snapshot: snapshot_id, requested_url: None, url: Some(fetched.url), document: fetched.document },
        fetched.reservation,
    )
}
