//! All earlier texts of articles from feeds, which publishers change. They are kept as long as the article.

mod store;

pub(super) use store::keep_if_from_feed;
pub use store::{change, list, load};

use jiff::Timestamp;

use crate::library::articles::Content;

/// An earlier text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Row id.
    pub id: i64,
    /// When the next text took its place.
    pub replaced_at: Timestamp,
}

/// An article whose item in the feed was changed.
#[derive(Debug)]
pub struct ChangedArticle {
    /// Its id.
    pub article: i64,
    /// The page of the new text; `None`: as it was.
    pub snapshot_id: Option<i64>,
    /// What it is now.
    pub content: Content,
    /// What was changed.
    pub change: Change,
}

/// What was changed of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The title alone.
    Title,
    /// The text. The one that was here is kept.
    Text,
}
