//! Sources: the publications that articles come from.

mod store;

pub(super) use store::find_or_add;
pub use store::{Source, SourceSummary, find, find_named, largest, list, list_for_articles, most_common};

/// The publication of an article, found or created by its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Registrable domain.
    pub domain: String,
    /// Name of the publication.
    pub name: String,
}
