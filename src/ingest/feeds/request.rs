//! The request of a feed.

use feeds::schedule::usual_gap;
use jiff::Timestamp;

use crate::ingest::feeds::answer::FeedAnswer;
use crate::ingest::fetch::{Conditions, Error, Fetcher, NamedBy};
use crate::library::Library;
use crate::library::feeds::{self as followed, Feed, looks};

/// A request to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What makes it conditional.
    pub conditions: Option<Conditions>,
    /// Whether there are conditions that are left out, since the server may answer for ever that nothing is new.
    pub is_afresh: bool,
}

/// Plans the request of a feed.
///
/// # Errors
/// The database fails.
pub async fn plan_request(library: &Library, feed: &Feed, now: Timestamp) -> sqlx::Result<Request> {
    let conditions = feed.validators.as_ref().map(|validators| Conditions {
        url: validators.url.clone(),
        etag: validators.etag.clone(),
        last_modified: validators.last_modified.clone(),
    });
    if conditions.is_none() || feed.history.unmodified_since.is_none() {
        return Ok(Request { conditions, is_afresh: false });
    }
    let gap = usual_gap(&looks::find_item_times(library, feed.id).await?);
    let has_refused = looks::has_refused(library, feed.url.host_str().unwrap_or_default()).await?;
    let is_afresh = feed.history.should_ask_afresh(now, gap, has_refused);
    Ok(Request { conditions: conditions.filter(|_| !is_afresh), is_afresh })
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
        Ok(response) => Ok(Ok(FeedAnswer::read(response).await?)),
        Err(error) => Ok(Err(error)),
    }
}
