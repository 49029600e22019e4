//! Many imports: the list of what was asked for.

mod store;

pub use store::{count_failed, list, list_failed};
