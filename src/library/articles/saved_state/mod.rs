//! Gives an article what its reader had done with it in another service: adds, and never takes away.

mod store;

pub(in crate::library) use store::{apply, apply_for_import};
