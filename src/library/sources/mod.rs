//! Sources: the publications that articles come from.
//!
//! An article is filed under the most specific source of its host: one that was split off, else that of its domain; and from
//! there under the one that this is merged into.

mod filing;
mod names;
mod store;

pub(super) use filing::{find_by_url, find_or_add, retain_filed, split_off};
pub use filing::{find_first_and_current, find_for_url};
pub use store::{
    HostCount, Source, SourceDetails, SourceSummary, count_hosts, edit, find, find_by_name, find_details, largest,
    list, list_below, list_for_articles, show_letters,
};
pub(super) use store::{find_by_id, find_root, set_merged};

/// Maximum length of a source's name in characters.
pub const MAX_NAME_CHARS: usize = 80;

/// The publication of an article, found or created by its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Registrable domain.
    pub domain: String,
    /// Name of the publication; its domain if the page has none.
    pub name: String,
}
