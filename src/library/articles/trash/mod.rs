//! The trash: how it is emptied.

mod store;

pub use store::{purge_trash, renew_trash};
