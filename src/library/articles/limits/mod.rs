//! Articles that are over the limit of their feeds: which they are, and moving them to the trash.
//!
//! Only what lies untouched in the stream is over a limit: never what the reader kept, starred, tagged, archived, corrected, filed
//! under a topic, marked or annotated, nor what came back from the trash after a limit had moved it there.

mod store;

pub use store::retain_limited;
pub(in crate::library) use store::{find_end, list_over, move_to_trash, with_untouched};

use serde::Serialize;

/// Where a feed's articles are over its limit: those behind a place in its list that arrived before a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(in crate::library) struct Boundary {
    /// Id of the feed.
    pub feed: i64,
    /// The place: the date that lists sort by.
    pub sorted_at: i64,
    /// The place: an article.
    pub id: i64,
    /// The time, in Unix seconds.
    pub received_before: i64,
    /// Its articles are asked for. Else it only says which of the others' articles it does not need.
    pub is_asked: bool,
}
