//! Sources: the publications that articles come from.

mod store;

pub(super) use store::find_or_add;
pub use store::{Source, SourceSummary, find, largest, list, list_for_articles};

/// The publication of an article, found or created by its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Registrable domain.
    pub domain: String,
    /// Name of the publication.
    pub name: String,
}
