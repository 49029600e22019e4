//! Feeds that turn out to be one: a feed that has moved for good to the address of another.

mod store;

pub use store::find_merged;
pub(super) use store::move_to;
