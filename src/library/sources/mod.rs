//! Sources: the publications articles come from.

mod store;

pub use store::{Source, SourceSummary, find, find_or_add, largest, list, list_for_articles, most_common};

/// The publication an article comes from, found or made by its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Registrable domain.
    pub domain: String,
    /// What the publication calls itself.
    pub name: String,
}
