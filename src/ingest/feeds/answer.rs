//! What an answer to the request of a feed is.

use feeds::identity::{Identity, Rules, hash_bytes};
use feeds::schedule::{Answer, KnownFeed, is_same_feed};
use feeds::{Document, NotAFeed};
use tokio::task::spawn_blocking;

use crate::ingest::feeds::page_links::WebPage;
use crate::ingest::feeds::request::Request;
use crate::ingest::feeds::{link_key, sentences};
use crate::ingest::fetch::{Error, FeedResponse, Fetcher, NamedBy, UNRESERVED_BYTES};
use crate::library::feeds::items::KnownItem;
use crate::library::feeds::looks::Declared;
use crate::library::feeds::{self as followed, Feed, LookError};
use crate::urls::same_site;

/// An answer whose document was read, once for all libraries that follow the feed.
#[derive(Debug)]
pub struct FeedAnswer {
    /// The answer, without its bytes.
    pub(super) response: FeedResponse,
    /// The document, if there is one.
    document: Option<ReadDocument>,
}

#[derive(Debug)]
struct ReadDocument {
    hash: i64,
    parsed: Result<feeds::Feed, NotAFeed>,
    /// The page that it is instead of a feed.
    page: Option<WebPage>,
}

impl FeedAnswer {
    /// Reads the document of a response, and lets go of its bytes. What was read stays in the memory that is reserved for the
    /// answer, since others may be stored before it.
    ///
    /// # Errors
    /// Reading panics.
    pub(super) async fn read(fetcher: &Fetcher, response: FeedResponse) -> anyhow::Result<Self> {
        if response.status != 200 {
            return Ok(Self { response, document: None });
        }
        let read = |response: &FeedResponse| (hash_bytes(&response.bytes), parse(response));
        let ((hash, parsed), mut response) = read_in_turn(fetcher, response, read).await?;
        let mut document = ReadDocument { hash, parsed, page: None };
        if let Err(NotAFeed::Page { .. }) = document.parsed {
            document.page = WebPage::read(&response, |page| page).await;
        }
        // The links of a page take about as much as the page.
        let size = document.parsed.as_ref().map_or(response.bytes.len(), feeds::Feed::count_bytes);
        response.bytes = Vec::new();
        if let Some(reservation) = &mut response.reservation {
            reservation.resize(size).await;
        }
        Ok(Self { response, document: Some(document) })
    }
}

/// Makes the request of a feed, for this number of readers, and reads the answer. The inner error is the site's.
///
/// # Errors
/// Reading panics.
pub async fn fetch(
    fetcher: &Fetcher,
    feed: &Feed,
    request: &Request,
    readers: usize,
) -> anyhow::Result<Result<FeedAnswer, Error>> {
    let named_by = match feed.named_by {
        followed::NamedBy::Reader => NamedBy::Inside,
        followed::NamedBy::File => NamedBy::Outside,
    };
    match fetcher.fetch_feed(&feed.url, named_by, request.conditions.as_ref(), readers).await {
        Ok(response) => Ok(Ok(FeedAnswer::read(fetcher, response).await?)),
        Err(error) => Ok(Err(error)),
    }
}

/// Reads a document. A large one waits for the memory that this takes.
///
/// # Errors
/// Reading panics.
pub(super) async fn read_in_turn<T: Send + 'static>(
    fetcher: &Fetcher,
    response: FeedResponse,
    read: impl FnOnce(&FeedResponse) -> T + Send + 'static,
) -> anyhow::Result<(T, FeedResponse)> {
    let _reservation = match response.bytes.len() {
        size if size > UNRESERVED_BYTES => Some(fetcher.memory().reserve_for_page(size).await),
        _ => None,
    };
    // A large document takes a tenth of a second, in which requests would wait.
    Ok(spawn_blocking(move || (read(&response), response)).await?)
}

/// Reads a feed.
pub(super) fn parse(response: &FeedResponse) -> Result<feeds::Feed, NotAFeed> {
    let content_type = response.headers.content_type.as_deref();
    feeds::parse(&Document { bytes: &response.bytes, url: Some(&response.url), content_type })
}

/// What an answer means for a feed.
pub(super) enum Reading<'a> {
    /// The feed, or the list of links.
    Feed {
        parsed: &'a feeds::Feed,
        response: &'a FeedResponse,
        body_hash: i64,
        /// Its document is the same as the last one.
        is_same_body: bool,
    },
    /// Nothing is new.
    Unchanged,
    /// The page without the list of links, which may pass.
    NoList,
    /// No feed, or another one.
    Nothing { answer: Answer, error: LookError },
}

impl Reading<'_> {
    pub(super) const fn answer(&self) -> Answer {
        match self {
            Self::Feed { .. } => Answer::Feed,
            Self::Unchanged => Answer::NotModified,
            Self::NoList => Answer::NoList,
            Self::Nothing { answer, .. } => *answer,
        }
    }
}

/// Returns whether an answer has a document that is not the last one, so that its items are compared with those that are known.
pub(super) fn has_new_document(feed: &Feed, answer: &Result<FeedAnswer, Error>) -> bool {
    let document = answer.as_ref().ok().and_then(|answer| answer.document.as_ref());
    let is_readable = |document: &ReadDocument| match feed.settings.links {
        Some(_) => document.page.is_some(),
        None => document.parsed.is_ok(),
    };
    document.is_some_and(|document| is_readable(document) && feed.body_hash != Some(document.hash))
}

/// Returns the list of links that is followed, as a feed; `None` if it is not on the page, or it is a feed that is followed.
pub(super) fn find_list(feed: &Feed, answer: &Result<FeedAnswer, Error>) -> Option<feeds::Feed> {
    let page = answer.as_ref().ok()?.document.as_ref()?.page.as_ref()?;
    page.to_feed(feed.settings.links.as_ref()?)
}

/// Judges the answer to a request. `known` has the items that are known, if [`has_new_document`]; `list` is that of
/// [`find_list`].
pub(super) fn judge<'a>(
    (feed, list): (&Feed, Option<&'a feeds::Feed>),
    known: &[KnownItem],
    (request, answer): (&Request, &'a Result<FeedAnswer, Error>),
) -> Reading<'a> {
    let FeedAnswer { response, document } = match answer {
        Ok(answer) => answer,
        Err(error) => return nothing(answer_of_error(error), error.code(), sentences::of_error(error)),
    };
    let Some(document) = document else {
        return match Answer::of_status(response.status) {
            Some(Answer::NotModified) if request.conditions.is_none() => {
                nothing(Answer::Unavailable, "not-modified", sentences::of_unasked_not_modified())
            }
            Some(Answer::NotModified) => Reading::Unchanged,
            answer => nothing(
                answer.unwrap_or(Answer::NotThisFeed),
                Error::Status(response.status).code(),
                sentences::of_status(response.status),
            ),
        };
    };
    let parsed = match (&feed.settings.links, &document.parsed) {
        (_, Err(NotAFeed::BrowserCheck)) => {
            return nothing(Answer::NotThisFeed, "bot-check", NotAFeed::BrowserCheck.to_string());
        }
        (Some(_), _) => match list {
            Some(list) => list,
            None => return without_list(feed, document),
        },
        (None, Ok(parsed)) => parsed,
        (None, Err(reason)) => {
            let declared = document.page.as_ref().and_then(|page| page.declared.as_ref());
            return nothing(Answer::NotThisFeed, code_of(reason), sentences::of_other_document(reason, declared));
        }
    };
    if is_another_feed(feed, known, parsed, response) {
        return nothing(Answer::NotThisFeed, "another-feed", sentences::of_another_feed(&response.url));
    }
    let is_same_body = feed.body_hash == Some(document.hash);
    Reading::Feed { parsed, response, body_hash: document.hash, is_same_body }
}

/// Judges a document in which the list of links was not found.
fn without_list(feed: &Feed, document: &ReadDocument) -> Reading<'static> {
    match (&document.page, &document.parsed) {
        (Some(_), _) => miss(feed),
        (None, Ok(_)) => nothing(Answer::NotThisFeed, "became-a-feed", sentences::of_page_that_became_a_feed()),
        (None, Err(_)) => nothing(Answer::Unavailable, "unreadable-page", sentences::of_page_that_cannot_be_read()),
    }
}

/// Judges a page without the list of links: that is an error once it is no accident.
fn miss(feed: &Feed) -> Reading<'static> {
    let mut history = feed.history.clone();
    history.misses = history.misses.saturating_add(1);
    match history.has_lost_list() {
        true => nothing(Answer::NoList, "no-list", sentences::of_lost_list()),
        false => Reading::NoList,
    }
}

/// Returns what a document declares: a feed, if it is a page that does. `None` if none came.
pub(super) fn find_declared(feed: &Feed, answer: &Result<FeedAnswer, Error>) -> Option<Declared> {
    let document = answer.as_ref().ok()?.document.as_ref()?;
    let declared = document.page.as_ref().and_then(|page| page.declared.clone());
    Some(Declared { feed: declared, is_first: feed.succeeded_at.is_none() })
}

fn nothing(answer: Answer, code: &str, message: String) -> Reading<'static> {
    Reading::Nothing { answer, error: LookError { code: code.into(), message } }
}

fn answer_of_error(error: &Error) -> Answer {
    match error {
        Error::BlockedUrl(_) => Answer::Refused,
        Error::TooLarge(_) => Answer::NotThisFeed,
        _ => Answer::Unavailable,
    }
}

const fn code_of(reason: &NotAFeed) -> &'static str {
    match reason {
        NotAFeed::BrowserCheck => "bot-check",
        NotAFeed::Empty => "empty",
        _ => LookError::NOT_A_FEED,
    }
}

/// Returns whether a redirect led to another feed: a domain that has expired, or a hotspot.
fn is_another_feed(feed: &Feed, known: &[KnownItem], parsed: &feeds::Feed, response: &FeedResponse) -> bool {
    // All links of a list may be new, but not those of another site.
    let is_list_of_site = feed.settings.links.is_some() && same_site(&response.url, &feed.url);
    if known.is_empty() || response.url == feed.url || is_list_of_site {
        return false;
    }
    let items: Vec<Identity> = known.iter().map(|item| item.identity.clone()).collect();
    let known =
        KnownFeed { url: &feed.url, id: feed.guid.as_deref(), self_link: feed.self_url.as_ref(), items: &items };
    !is_same_feed(parsed, &known, &Rules { link_key: &link_key, site_link: parsed.site_link.as_ref() })
}
