//! Sources: the publications articles come from.

mod store;

pub use store::{Source, SourceInList, among, find, find_or_add, largest, list, list_among};
