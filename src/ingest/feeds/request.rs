//! The request of a feed.

use feeds::schedule::usual_gap;
use jiff::Timestamp;

use crate::ingest::fetch::Conditions;
use crate::library::Library;
use crate::library::feeds::{Feed, looks};

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
    let has_refused = looks::has_refused(library, &feed.hosts()).await?;
    let is_afresh = feed.history.should_ask_afresh(now, gap, has_refused);
    Ok(Request { conditions: conditions.filter(|_| !is_afresh), is_afresh })
}
