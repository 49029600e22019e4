//! The list of imports.

mod store;

pub use store::{count_failed, list, list_failed};
