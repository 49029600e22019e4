//! Earlier texts of articles that their publishers have changed. The first, the newest and those that the reader has seen are kept
//! as long as the article; a ticker that changes hundreds of times does not fill the disk.

mod store;

pub use store::{find_current, list, load};
pub(super) use store::{keep, note_origin, note_revision};

use jiff::Timestamp;

use crate::library::articles::versions::TextOrigin;

/// Most of the newest texts that are kept, and most of those that the reader has seen.
pub const KEPT: i64 = 50;

/// An earlier text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Row id.
    pub id: i64,
    /// How it came, and when.
    pub came: Arrival,
    /// When the next text took its place.
    pub replaced_at: Timestamp,
    /// Whether the reader has seen it.
    pub is_seen: bool,
}

/// How a text came, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// `None`: as the article did.
    pub from: Option<TextOrigin>,
    /// `None`: not known.
    pub at: Option<Timestamp>,
}
