//! Articles that imports add.

mod store;

pub use store::add_imported;
