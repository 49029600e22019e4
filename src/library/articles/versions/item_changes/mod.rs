//! Articles whose items in the feed were changed.

mod store;

pub use store::change;

use crate::library::articles::Content;

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
    /// A word or two of the title.
    Wording,
    /// The title alone. What was here is kept.
    Title,
    /// The text. The one that was here is kept.
    Text,
}
