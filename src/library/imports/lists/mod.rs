//! The list of imports.

mod store;

pub(super) use store::is_any_running;
pub use store::{count_failed, find, is_pasted, list, list_failed};
