//! The list of imports.

mod store;

pub(super) use store::is_any_running;
pub use store::{count_by_state, count_failed, find, find_feed_text, find_stored_page, is_pasted, list, list_failed};
