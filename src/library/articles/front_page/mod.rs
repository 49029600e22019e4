//! Candidates for the front page.

mod store;

pub use store::find_candidates;

use jiff::Timestamp;

use crate::library::articles::lists::Card;
use crate::library::lanes::Lanes;

/// Which candidates to find, and how many.
#[derive(Debug, Clone, Copy)]
pub struct CandidateLimits {
    /// The lanes they are from.
    pub lanes: Lanes,
    /// Number of newest articles of each lane.
    pub newest: i64,
    /// Number of unread articles of each topic and lane.
    pub unread_per_topic: i64,
    /// Only articles the reader saved since then count as recently saved.
    pub saved_since: Timestamp,
    /// Number of articles that the reader saved.
    pub recently_saved: i64,
}

/// The candidates found. An article may be in several lists.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// The newest articles of all.
    pub newest: Vec<Card>,
    /// The newest unread articles of each topic, in topic order.
    pub unread: Vec<Card>,
    /// Articles the reader saved or kept, the latest first.
    pub recently_saved: Vec<Card>,
    /// Number of unread articles by topic slug; topics without any are left out.
    pub unread_counts: Vec<(String, i64)>,
    /// Number of unread articles that are kept.
    pub unread_kept: i64,
}
