//! The further pages of an article of several pages: fetched one after the other, kept, and joined to the first.

use std::time::Duration;

use extract::{Article, Rule};
use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::ingest::extraction::{self, Page};
use crate::ingest::fetch::{self, Document, Fetcher};
use crate::library::Library;
use crate::library::snapshots::{self, Snapshot, SnapshotFormat};
use crate::urls::{AddressKey, is_front_page};

/// Pages that are joined into one article. What is longer is a book, or a pager that never ends.
pub const MOST_PAGES: usize = 10;

/// How long the further pages may take together.
const TIME: Duration = Duration::from_secs(60);

/// New words that a page must bring; fewer are its date or its number, and the page a copy of one that is known.
const FEWEST_WORDS: usize = 10;

/// Reads on where the first page ends, as far as that goes. What could be read is never given up for what could not: the
/// sentence says why there is less than there should be, and `next_page` of the article says where it goes on.
///
/// # Errors
/// The database or the disk fails.
pub(super) async fn read_on(
    (library, fetcher): (&Library, &Fetcher),
    (first, mut whole): (&Page, Article),
    rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<(Article, Option<String>)> {
    let kept = snapshots::load_further_pages(library, first.snapshot).await?;
    let kept_addresses = kept.iter().filter_map(|part| Url::parse(part.url.as_deref()?).ok());
    let known = first.asked.iter().chain(&first.address).cloned().chain(kept_addresses);
    let mut seen: Vec<AddressKey> = known.map(|address| AddressKey::of(&address)).collect();
    let until = Instant::now() + TIME;
    for place in kept.len() + 2.. {
        let Some(next) = whole.next_page.clone() else { return Ok((whole, None)) };
        if is_known(&next, &mut seen) {
            break;
        }
        if place > MOST_PAGES {
            return Ok((whole, Some(format!("Broadsheet joins at most {MOST_PAGES} pages."))));
        }
        let fetched = match timeout_at(until, fetcher.page(&next)).await {
            Ok(Ok(fetched)) => fetched,
            Ok(Err(error)) => return Ok((whole, Some(error.words()))),
            Err(_) => return Ok((whole, Some("Fetching the pages before it took too long.".to_owned()))),
        };
        if fetched.url != next && (is_front_page(&fetched.url) || is_known(&fetched.url, &mut seen)) {
            break;
        }
        let (snapshot, page) = parted(fetched, first.snapshot);
        let joined = extract::append_page(whole.clone(), &extraction::one(&page, rules, now).await?);
        if joined.word_count < whole.word_count + FEWEST_WORDS {
            break;
        }
        snapshots::save_further_page(library, first.snapshot, place, &snapshot, now).await?;
        whole = joined;
    }
    // The last link led back to what is there, so this is the end.
    whole.next_page = None;
    Ok((whole, None))
}

/// Whether an address was seen before; from now on it was.
fn is_known(address: &Url, seen: &mut Vec<AddressKey>) -> bool {
    let key = AddressKey::of(address);
    let known = seen.contains(&key);
    seen.push(key);
    known
}

/// What is kept of a fetched page, and the page to read.
pub(super) fn parted(fetched: fetch::Page, number: i64) -> (Snapshot, Page) {
    let form = if matches!(fetched.document, Document::Text(_)) { SnapshotFormat::Text } else { SnapshotFormat::Html };
    let address = Some(fetched.url.to_string());
    let snapshot = Snapshot { url: address, content_type: fetched.content_type, format: form, bytes: fetched.bytes };
    (snapshot, Page { snapshot: number, asked: None, address: Some(fetched.url), document: fetched.document })
}
