//! Imports that feeds ask for: the pages of their items. One that the reader asks for too is the reader's.

mod store;

pub use store::count_unfinished_of_feed;
pub(in crate::library) use store::{delete_waiting_of_feed, enqueue_from_feed, hand_over, is_readers};
