//! Sources: the publications articles come from.

mod store;

pub use store::{Source, SourceInList, find, find_or_add, largest, list};
