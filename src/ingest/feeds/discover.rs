//! Finds the feeds of a site, with what a reader wants to know before following one.

mod preview;

pub use preview::Preview;

use std::time::Duration;

use extract::Selector;
use feeds::NotAFeed;
use feeds::discovery::{self, Candidate, Kind, Origin};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::ingest::feeds::answer::{parse, read_in_turn};
use crate::ingest::feeds::page_links::{FoundPage, PageChoice, WebPage};
use crate::ingest::feeds::{completeness, sentences};
use crate::ingest::fetch::{self, Error, FeedResponse, Fetcher, NamedBy};
use crate::library::feeds as followed;
use crate::urls::is_front_page;

/// Addresses that are asked for one page, besides its own.
const MAX_ASKED: usize = discovery::MAX_GUESSES;

/// Addresses that are asked at the same time.
const AT_ONCE: usize = 2;

/// How long a reader waits. What was found by then is shown.
const MAX_TIME: Duration = Duration::from_secs(40);

/// How long an import waits that may mean a site.
const MAX_TIME_OF_IMPORT: Duration = Duration::from_secs(8);

/// How the last part of a feed's address ends, mostly.
const ENDINGS: [&str; 9] = [".rss", ".atom", ".rdf", ".xml", "/feed", "/rss", "/atom", "/feed.json", "/rss2"];

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only for feeds that the page declares, or that are known from the pattern of its address.
    Declared,
    /// For feeds where they usually are, too.
    Guesses,
}

/// What was found at an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The address is that of a feed, rather than of a page.
    pub is_feed: bool,
    /// The best first.
    pub feeds: Vec<FoundFeed>,
    /// The page, if its links may be followed instead.
    pub page: Option<FoundPage>,
    /// Why there is none, as a sentence.
    pub problem: Option<String>,
}

/// A feed that may be followed.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundFeed {
    /// Its address.
    pub url: Url,
    /// What it is called, by itself or by the page.
    pub title: Option<String>,
    /// What it is for.
    pub kind: Kind,
    /// Who gave the address.
    pub named_by: followed::NamedBy,
    /// What is in it; else why that is unknown, as a sentence.
    pub preview: Result<Preview, String>,
}

/// Returns whether a link leads to the front page of a site or, by its look, to a feed: whoever pastes it may want to follow
/// it. The links of articles are told without asking anybody.
#[must_use]
pub fn may_be_site(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    is_front_page(url) || ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// Looks for feeds at an address that the reader has typed.
///
/// # Errors
/// Reading panics.
pub async fn discover(fetcher: &Fetcher, url: &Url, depth: Depth) -> anyhow::Result<Discovery> {
    let max_time = if depth == Depth::Guesses { MAX_TIME } else { MAX_TIME_OF_IMPORT };
    let deadline = Instant::now() + max_time;
    let answer = timeout_at(deadline, fetcher.fetch_feed(url, NamedBy::Inside, None, 1)).await;
    let (page, read) = match answer.unwrap_or(Err(Error::Timeout(max_time))) {
        Ok(response) => (response.url.clone(), read(fetcher, url, response).await?),
        Err(error) => (url.clone(), Read::unreadable(url, error.user_message())),
    };
    let (mut candidates, problem, found_page) = match read {
        Read::Feed(feed) => return Ok(Discovery { is_feed: true, feeds: vec![*feed], page: None, problem: None }),
        Read::Page { candidates, problem, page } => (candidates, problem, page),
    };
    candidates.retain(|candidate| depth == Depth::Guesses || !candidate.origin.is_guess());
    candidates.truncate(MAX_ASKED);
    let feeds = ask(fetcher, &page, candidates, deadline).await?;
    let has_lists = found_page.as_ref().is_some_and(|page| !page.lists.is_empty());
    let is_nothing = feeds.is_empty() && !has_lists;
    let problem = is_nothing.then(|| problem.unwrap_or_else(|| sentences::of_no_feed(&page)));
    Ok(Discovery { is_feed: false, feeds, page: found_page, problem })
}

/// What an address gave.
enum Read {
    Feed(Box<FoundFeed>),
    Page { candidates: Vec<Candidate>, problem: Option<String>, page: Option<FoundPage> },
}

impl Read {
    /// A page that cannot be read. It may have a feed all the same.
    fn unreadable(url: &Url, problem: String) -> Self {
        Self::Page { candidates: by_address(url), problem: Some(problem), page: None }
    }
}

/// Reads the answer of the address that was typed.
async fn read(fetcher: &Fetcher, typed: &Url, response: FeedResponse) -> anyhow::Result<Read> {
    if response.status != 200 {
        return Ok(Read::unreadable(&response.url, Error::Status(response.status).user_message()));
    }
    let address = if response.has_moved { response.url.clone() } else { typed.clone() };
    let (parsed, response) = read_in_turn(fetcher, response, parse).await?;
    Ok(match parsed {
        Ok(parsed) => {
            let named_by = followed::NamedBy::Reader;
            Read::Feed(Box::new(found(address, &parsed, (None, Kind::Main), named_by)))
        }
        Err(NotAFeed::Page { .. }) => {
            let page = WebPage::read(&response, move |page| page.find_lists(address)).await.flatten();
            Read::Page { candidates: spawn_blocking(move || in_page(&response)).await?, problem: None, page }
        }
        Err(reason) => Read::unreadable(&response.url, reason.to_string()),
    })
}

/// Reads a page whose links are to be chosen from; else says why that cannot be. `links` is the list that was pointed at.
///
/// # Errors
/// Reading panics.
pub async fn read_page(
    fetcher: &Fetcher,
    (url, named_by): (&Url, NamedBy),
    links: Option<Selector>,
) -> anyhow::Result<Result<PageChoice, String>> {
    let answer = timeout_at(Instant::now() + MAX_TIME, fetcher.fetch_feed(url, named_by, None, 1)).await;
    let response = match answer.unwrap_or(Err(Error::Timeout(MAX_TIME))) {
        Ok(response) if response.status == 200 => response,
        Ok(response) => return Ok(Err(Error::Status(response.status).user_message())),
        Err(error) => return Ok(Err(error.user_message())),
    };
    let choice = WebPage::read(&response, move |page| page.to_choice(links.as_ref())).await;
    Ok(choice.ok_or_else(|| sentences::of_unreadable_page(url)))
}

fn by_address(url: &Url) -> Vec<Candidate> {
    discovery::candidates(&discovery::Page { url, html: "", link_headers: &[] })
}

fn in_page(response: &FeedResponse) -> Vec<Candidate> {
    let link_headers: Vec<&str> = response.headers.link.iter().map(String::as_str).collect();
    let document = fetch::decode(&response.bytes, response.headers.content_type.as_deref());
    let html = match &document {
        fetch::Document::Html(html) => html.as_str(),
        _ => "",
    };
    discovery::candidates(&discovery::Page { url: &response.url, html, link_headers: &link_headers })
}

/// Asks candidates, a few at a time. Where feeds usually are is not asked once one is known.
async fn ask(
    fetcher: &Fetcher,
    page: &Url,
    candidates: Vec<Candidate>,
    deadline: Instant,
) -> anyhow::Result<Vec<FoundFeed>> {
    let mut feeds: Vec<FoundFeed> = Vec::new();
    for some in candidates.chunks(AT_ONCE) {
        let is_needed = |candidate: &&Candidate| candidate.origin != Origin::WellKnown || feeds.is_empty();
        let mut wanted = some.iter().filter(is_needed).map(|candidate| ask_one(fetcher, page, candidate, deadline));
        let both = match (wanted.next(), wanted.next()) {
            (Some(first), Some(second)) => <[_; 2]>::from(tokio::join!(first, second)).into(),
            (Some(first), None) => vec![first.await],
            (None, _) => continue,
        };
        for found in both {
            let Some(found) = found? else { continue };
            if feeds.iter().all(|known| !is_same(known, &found)) {
                feeds.push(found);
            }
        }
    }
    Ok(feeds)
}

/// Asks a candidate. `None` if it is no feed.
async fn ask_one(
    fetcher: &Fetcher,
    page: &Url,
    candidate: &Candidate,
    deadline: Instant,
) -> anyhow::Result<Option<FoundFeed>> {
    let named_by = fetcher.named_by_page(Some(page));
    let answer = timeout_at(deadline, fetcher.fetch_feed(&candidate.url, named_by, None, 1)).await;
    let stored = if named_by == NamedBy::Inside { followed::NamedBy::Reader } else { followed::NamedBy::File };
    let said = (candidate.title.clone(), candidate.kind);
    let unknown = |problem: String| FoundFeed {
        url: candidate.url.clone(),
        title: candidate.title.clone(),
        kind: candidate.kind,
        named_by: stored,
        preview: Err(problem),
    };
    let is_sure = !candidate.origin.is_guess();
    match answer.unwrap_or(Err(Error::Timeout(MAX_TIME))) {
        Ok(response) if response.status == 200 => {
            let url = if response.has_moved { response.url.clone() } else { candidate.url.clone() };
            let (parsed, _) = read_in_turn(fetcher, response, parse).await?;
            Ok(parsed.ok().map(|parsed| found(url, &parsed, (said.0.as_deref(), said.1), stored)))
        }
        Ok(response) if is_sure => Ok(Some(unknown(sentences::of_status(response.status)))),
        // Nobody can follow what is not allowed to be fetched.
        Err(error) if is_sure && !matches!(error, Error::BlockedUrl(_)) => {
            Ok(Some(unknown(sentences::of_error(&error))))
        }
        Ok(_) | Err(_) => Ok(None),
    }
}

fn found(
    url: Url,
    parsed: &feeds::Feed,
    (title, kind): (Option<&str>, Kind),
    named_by: followed::NamedBy,
) -> FoundFeed {
    let own = parsed.title.as_deref().filter(|title| !title.trim().is_empty());
    let preview = Preview::of(parsed, completeness::guess(parsed));
    FoundFeed { url, title: own.or(title).map(str::to_owned), kind, named_by, preview: Ok(preview) }
}

/// Returns whether two are one feed, perhaps in two formats.
fn is_same(known: &FoundFeed, other: &FoundFeed) -> bool {
    let items = |found: &FoundFeed| found.preview.as_ref().ok().map(|preview| preview.items.clone());
    known.url == other.url
        || items(known).is_some_and(|items_of| !items_of.is_empty() && Some(items_of) == items(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_articles_are_not_taken_for_sites() {
        let may_be = |url: &str| may_be_site(&url.parse().unwrap());
        for site in [
            "https://pier.example/",
            "https://pier.example/de/",
            "http://pier.example/blog/feed/",
            "https://pier.example/index.xml",
            "https://pier.example/News.RSS?x=1",
        ] {
            assert!(may_be(site), "{site}");
        }
        for article in [
            "https://pier.example/2026/11/late-ferry",
            "https://pier.example/news",
            "https://pier.example/feeding-gulls",
            "https://pier.example/?p=7",
        ] {
            assert!(!may_be(article), "{article}");
        }
    }
}
