//! What the forms beside a list need, and the order that is remembered for it.

mod store;

pub use store::{find_context, find_sort, set_sort};
