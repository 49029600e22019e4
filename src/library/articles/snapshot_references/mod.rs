//! Which snapshots something refers to.

mod store;

pub use store::find_referenced_snapshots;
