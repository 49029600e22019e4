//! Candidates for the front page.

mod store;

pub use store::find_candidates;

use jiff::Timestamp;

use crate::library::articles::lists::Card;

/// How many candidates to find.
#[derive(Debug, Clone, Copy)]
pub struct CandidateLimits {
    /// Number of newest articles.
    pub newest: i64,
    /// Number of unread articles of each topic.
    pub unread_per_topic: i64,
    /// Only articles the reader saved since then count as recently saved.
    pub saved_since: Timestamp,
    /// The reader's saved articles are looked for among this many last received ones.
    pub saved_among_last: i64,
}

/// The candidates found. An article may be in several lists.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// The newest articles of all.
    pub newest: Vec<Card>,
    /// The newest unread articles of each topic, in topic order.
    pub unread: Vec<Card>,
    /// Articles the reader saved, the latest first.
    pub recently_saved: Vec<Card>,
    /// Number of unread articles by topic slug; topics without any are left out.
    pub unread_counts: Vec<(String, i64)>,
}
