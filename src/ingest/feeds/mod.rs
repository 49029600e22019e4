//! Looks at a feed and turns its new items into articles.
//!
//! ```text
//! answer → feed → who is known → new items → articles, or imports of their pages → when to look next
//! ```

mod answer;
mod arrivals;
mod changes;
mod completeness;
pub mod discover;
mod host_floors;
pub mod document;
mod items;
pub mod page_links;
mod request;
mod sentences;

pub use answer::{FeedAnswer, fetch};
pub use host_floors::{HostFloor, find_host_floor};
pub use request::{Request, plan_request};
pub use sentences::{of_declared_feed, of_move};

use std::time::Duration;

use feeds::schedule::{Answer, Circumstances, Headers, Next};
use jiff::{SignedDuration, Timestamp};

use crate::ingest::extractor::Extractor;
use crate::ingest::feeds::answer::Reading;
use crate::ingest::fetch::{Error, FeedHeaders, FeedResponse};
use crate::library::Library;
use crate::library::feeds::looks::{self, Document, Look, LookResult};
use crate::library::feeds::{Feed, Validators, items as known_items};
use crate::library::visits;
use crate::urls::UrlKey;

/// The feeds of a library that nobody opens are not looked at more often.
const PAUSE_OF_DESERTED: SignedDuration = SignedDuration::from_hours(24);

/// What became of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// What the answer was.
    pub answer: Answer,
    /// Items that were not known.
    pub new_items: usize,
    /// The host that asks all to wait, and until when.
    pub host_pause: Option<(String, Timestamp)>,
}

/// Stores the new items that the answer to the request of a feed has, and notes when to look next.
///
/// Every batch of items is stored on its own. If the program is killed in between, the next look finds the rest: what a
/// conditional request says is stored last.
///
/// # Errors
/// The database or the disk fails. The feed stays due.
pub async fn store_answer(
    library: &Library,
    extractor: &Extractor,
    feed: &Feed,
    (request, answer): (&Request, &Result<FeedAnswer, Error>),
    now: Timestamp,
) -> anyhow::Result<Looked> {
    let known = match answer::has_new_document(feed, answer) {
        true => known_items::list_known(library, feed.id).await?,
        false => Vec::new(),
    };
    let list = answer::find_list(feed, answer);
    let reading = answer::judge((feed, list.as_ref()), &known, (request, answer));
    let new_items = match &reading {
        Reading::Feed { parsed, is_same_body: false, .. } => {
            items::store(library, extractor, (feed, parsed), known, now).await?
        }
        _ => 0,
    };
    if new_items > 0 {
        completeness::measure(library, feed, now).await?;
    }
    let response = answer.as_ref().ok().map(|answer| &answer.response);
    let mut look = plan_next(library, feed, (request, response), &reading, now).await?;
    // After an error as soon as any other: a day later it may be the same bad hour.
    if !matches!(look.result, LookResult::Nothing(_)) && visits::is_deserted(library, now).await? {
        look.next = look.next.map(|next| next.max(now + PAUSE_OF_DESERTED));
    }
    look.declared = answer::find_declared(feed, answer);
    if let (LookResult::Feed(document), Reading::Feed { parsed, .. }) = (&mut look.result, &reading) {
        document.has_new_items = new_items > 0;
        document.problems = sentences::of_problems(&parsed.problems);
    }
    looks::record(library, feed.id, &look, now).await?;
    Ok(Looked { answer: reading.answer(), new_items, host_pause: look.host_pause })
}

/// Decides when to look next, and what is remembered of this look.
async fn plan_next(
    library: &Library,
    feed: &Feed,
    (request, response): (&Request, Option<&FeedResponse>),
    reading: &Reading<'_>,
    now: Timestamp,
) -> anyhow::Result<Look> {
    let item_times = looks::find_item_times(library, feed.id).await?;
    let (result, rhythm, span) = match reading {
        Reading::Feed { parsed, response, body_hash, .. } => {
            let document = describe(parsed, response, *body_hash);
            let (rhythm, span) = (document.rhythm.clone(), document.listed_span);
            (LookResult::Feed(Box::new(document)), rhythm, span)
        }
        Reading::Unchanged => (LookResult::Unchanged, feed.rhythm.clone(), feed.listed_span),
        Reading::NoList => (LookResult::NoList, feed.rhythm.clone(), feed.listed_span),
        Reading::Nothing { error, .. } => (LookResult::Nothing(error.clone()), feed.rhythm.clone(), feed.listed_span),
    };
    let mut history = feed.history.clone();
    if request.is_afresh {
        history.asked_afresh = Some(now);
    }
    let circumstances = Circumstances {
        now,
        headers: response.map(|response| headers(&response.headers)).unwrap_or_default(),
        rhythm: &rhythm,
        item_times: &item_times,
        listed_span: span.map(Duration::from_secs),
        seed: seed(feed),
    };
    let next = history.note(reading.answer(), &circumstances);
    let mut look = Look {
        history,
        next: None,
        host_pause: None,
        refused_by: None,
        moved_to: None,
        links: feed.settings.links.clone(),
        declared: None,
        result,
    };
    match next {
        Next::Look(at) => {
            let floor = feed.url.host_str().and_then(find_host_floor);
            look.next = Some(floor.map_or(at, |floor| at.max(now + floor.per_feed)));
        }
        Next::HostWaits(until) => {
            let host = response.and_then(|response| response.url.host_str()).map(str::to_owned);
            look.refused_by = host.clone().filter(|_| reading.answer() == Answer::TooManyRequests);
            (look.next, look.host_pause) = (Some(until), host.map(|host| (host, until)));
        }
        Next::Stop => {
            if let LookResult::Nothing(error) = &mut look.result {
                error.message = sentences::of_end();
            }
        }
    }
    if let Some(response) = response {
        note_move(&mut look, feed, (reading, response), now);
    }
    Ok(look)
}

/// Notes where the feed says that it moved, and takes the new address over once that is sure.
fn note_move(look: &mut Look, feed: &Feed, (reading, response): (&Reading<'_>, &FeedResponse), now: Timestamp) {
    let is_feed_there = match reading {
        Reading::Feed { .. } => true,
        // What is unchanged was the feed when it was had from there.
        Reading::Unchanged => feed.validators.as_ref().is_some_and(|known| known.url == response.url.as_str()),
        Reading::Nothing { answer: Answer::NotThisFeed, .. } => false,
        // An error says nothing of where the feed is.
        Reading::NoList | Reading::Nothing { .. } => return,
    };
    match is_feed_there && response.has_moved {
        true => look.moved_to = look.history.note_move(&response.url, now),
        false => look.history.forget_move(),
    }
}

/// Returns what a document says of its feed.
fn describe(parsed: &feeds::Feed, response: &FeedResponse, body_hash: i64) -> Document {
    let is_whole = !parsed.problems.contains(feeds::Problem::Truncated);
    let headers = &response.headers;
    let has_validators = headers.etag.is_some() || headers.last_modified.is_some();
    let published = || parsed.items.iter().filter_map(feeds::Item::published_at);
    let span = published().min().zip(published().max()).map(|(oldest, newest)| newest.duration_since(oldest));
    Document {
        title: parsed.title.clone().filter(|title| !title.is_empty()),
        site_url: parsed.site_link.clone(),
        guid: parsed.id.clone(),
        self_url: parsed.self_link.clone(),
        rhythm: parsed.rhythm.clone(),
        // Half a document must be read again, whatever its server says.
        validators: (is_whole && has_validators).then(|| Validators {
            url: response.url.to_string(),
            etag: headers.etag.clone(),
            last_modified: headers.last_modified.clone(),
        }),
        listed_span: span.and_then(|span| u64::try_from(span.as_secs()).ok()).filter(|seconds| *seconds > 0),
        body_hash: is_whole.then_some(body_hash),
        ..Document::default()
    }
}

fn headers(given: &FeedHeaders) -> Headers<'_> {
    Headers {
        cache_control: given.cache_control.as_deref(),
        expires: given.expires.as_deref(),
        retry_after: given.retry_after.as_deref(),
        rate_limit_reset: given.rate_limit_reset.as_deref(),
    }
}

/// Returns a number that differs between feeds, so that not all are asked at once.
fn seed(feed: &Feed) -> u64 {
    feeds::identity::hash_text(feed.url.as_str()).cast_unsigned()
}

/// Returns the normal form of a link.
fn link_key(link: &url::Url) -> String {
    UrlKey::from_url(link).as_str().to_owned()
}
