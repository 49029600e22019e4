//! What may stand on the front page.

mod store;

pub use store::find_candidates;

use jiff::Timestamp;

use crate::library::articles::lists::Card;

/// How far to look.
#[derive(Debug, Clone, Copy)]
pub struct CandidateLimits {
    /// So many of the newest.
    pub newest: i64,
    /// So many unread of each topic.
    pub unread_per_topic: i64,
    /// Of what readers handed in, that which arrived since then.
    pub saved_since: Timestamp,
    /// That is looked for among so many of the last to arrive.
    pub saved_among_last: i64,
}

/// What was found. An article may stand in several of the lists.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// The newest of all.
    pub newest: Vec<Card>,
    /// The newest unread of each topic, in the topics' order.
    pub unread: Vec<Card>,
    /// What readers handed in, the last first.
    pub recently_saved: Vec<Card>,
    /// How many articles of each topic that has any are unread.
    pub unread_counts: Vec<(String, i64)>,
}
