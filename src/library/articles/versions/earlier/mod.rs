//! All earlier texts of articles from feeds, which publishers change. They are kept as long as the article.

mod store;

pub(super) use store::{keep, keep_if_from_feed};
pub use store::{list, load};

use jiff::Timestamp;

/// An earlier text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Row id.
    pub id: i64,
    /// When the next text took its place.
    pub replaced_at: Timestamp,
}
