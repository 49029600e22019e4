//! Sources: the publications articles come from.

mod store;

pub(super) use store::find_or_add;
pub use store::{Source, SourceSummary, find, largest, list, list_for_articles, most_common};

/// The publication an article comes from, found or made by its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Registrable domain.
    pub domain: String,
    /// What the publication calls itself.
    pub name: String,
}
