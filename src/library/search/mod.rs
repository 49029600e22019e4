//! Full-text search with SQLite FTS5: what a reader types becomes a query (`query`), and the query the newest articles that
//! match.
//!
//! Both are bounded: a query has a limited number of words, and is stopped when it takes too long. The index is asked
//! once for each page; its list and all counts beside it follow from the articles found.

mod query;
mod store;

pub use query::{Cut, MAX_CHARS, MAX_WORDS, Query};
pub(super) use store::{add_article, clear_index, index_article, indexed_words, unindex_article};
pub use store::{index_next, is_indexing};

use std::sync::Arc;
use std::time::Duration;

use crate::library::Library;
use crate::storage::timed_reads;

/// How long a search may take. Most take a few milliseconds, so a reader who waits longer than this is better served by
/// other words.
pub const MAX_TIME: Duration = Duration::from_secs(2);

/// The newest articles that match a search.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Matches {
    /// Their ids, as a JSON array. One text is handed to the database faster than many numbers.
    pub(super) ids: Arc<str>,
}

impl Matches {
    /// No articles.
    #[must_use]
    pub fn none() -> Self {
        Self { ids: "[]".into() }
    }
}

/// Finds the newest articles that match. Returns `None` if that took longer than `limit`.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, query: &Query, limit: Duration) -> sqlx::Result<Option<Matches>> {
    match store::newest_matches(library, query.as_fts5(), limit).await {
        Ok(ids) => Ok(Some(Matches { ids: ids.into() })),
        Err(error) if timed_reads::is_timeout(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
