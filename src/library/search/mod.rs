//! Search: the newest articles that fulfil a condition (`evaluate`). What a query means, `library::query_names` says.
//!
//! A condition becomes walks along indexes, the full-text index of SQLite (FTS5) among them (`walks`, `fts`); what these
//! do not know is checked for each article on the way. All is bounded: a query has a limited number of words, a walk a
//! limited number of articles, and a search is stopped when it takes too long. The index is asked once for each page; its
//! list and all counts beside it follow from the articles found.

mod evaluate;
mod fts;
mod store;
mod walks;

pub(super) use store::{add_article, clear_index, index_article, indexed_words, unindex_article};
pub use store::{index_next, is_indexing};

use std::sync::Arc;
use std::time::Duration;

use query::{Condition, Place};

use crate::library::Library;
use crate::storage::timed_reads;

/// How long a search may take. Most take a few milliseconds, so a reader who waits longer than this is better served by
/// other words.
pub const MAX_TIME: Duration = Duration::from_secs(2);

/// The newest articles that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Matches {
    /// Their ids, as a JSON array. One text is handed to the database faster than many numbers.
    pub(super) ids: Arc<str>,
    /// Articles in the trash were asked for.
    pub(super) shows_trash: bool,
    /// There were too many articles to check, so older ones may be missing.
    pub is_partial: bool,
}

impl Matches {
    /// No articles.
    #[must_use]
    pub fn none() -> Self {
        Self { ids: "[]".into(), shows_trash: false, is_partial: false }
    }
}

/// Finds the newest articles that fulfil a condition. Returns `None` if that took longer than `limit`.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, condition: &Condition, limit: Duration) -> sqlx::Result<Option<Matches>> {
    match find_within(library, condition, limit).await {
        Ok(matches) => Ok(Some(matches)),
        Err(error) if timed_reads::is_timeout(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn find_within(library: &Library, condition: &Condition, limit: Duration) -> sqlx::Result<Matches> {
    let mut reader = library.timed_readers().acquire(limit).await?;
    let found = evaluate::find(&mut reader, condition).await?;
    let is_left_out = Condition::Not(Box::new(Condition::In(Place::Trash)));
    let leaves_out_trash = matches!(condition, Condition::All(conditions) if conditions.last() == Some(&is_left_out));
    let ids = serde_json::json!(found.ids).to_string();
    Ok(Matches { ids: ids.into(), shows_trash: !leaves_out_trash, is_partial: found.is_partial })
}

/// Returns a condition on words in the syntax of FTS5; `None` if it asks for more than words.
#[must_use]
pub fn to_fts5(condition: &Condition) -> Option<String> {
    match walks::plan(condition).as_slice() {
        [walks::Walk { path: walks::Path::Text(fts), .. }] => Some(fts.clone()),
        _ => None,
    }
}

/// Finds what is typed, in tests.
#[cfg(test)]
pub(in crate::library) async fn find_typed(library: &Library, typed: &str) -> Option<Matches> {
    let setting = query::Setting { today: jiff::civil::date(2026, 12, 1), time_zone: jiff::tz::TimeZone::UTC };
    let meaning = query::Typed::parse(typed).with_open_end().resolve(&query::Names::default(), &setting);
    find(library, &meaning.condition.unwrap(), MAX_TIME).await.unwrap()
}
