//! Which text of an article the reader has seen. Opening a page writes nothing; what counts is that the article was marked as read,
//! by the reader or by the time it was in view, or that the comparison was shown.

mod store;

pub use store::{find, mark};

use jiff::Timestamp;

/// What a publisher has changed of an article, as its reader sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct History {
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
    /// When the reader last saw it; `None`: never.
    pub seen_at: Option<Timestamp>,
    /// The text that the reader saw then, if it was changed since.
    pub seen_version: Option<i64>,
}

impl History {
    /// Returns when the reader saw the article, and the text of then, if it was changed since.
    #[must_use]
    pub fn change(&self) -> Option<(Timestamp, i64)> {
        self.seen_at.zip(self.seen_version)
    }
}
