//! Many imports: the list of what was asked for.

mod store;

pub use store::{failed_count, list, list_failed};
