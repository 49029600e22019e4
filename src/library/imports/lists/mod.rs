//! The list of imports.

mod store;

pub(super) use store::is_any_running;
pub use store::{count_failed, find, list, list_failed};
