//! Imports that feeds ask for: the pages of their items. One that the reader asks for too is the reader's.

mod store;

pub use store::count_unfinished_of_feed;
pub(in crate::library) use store::{
    delete_unfinished_of_feed, enqueue_from_feed, find_asker, hand_over, renew_from_feed,
};

/// Who asks for an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::library) enum Asker {
    /// The reader, perhaps for a feed that lists it too.
    Reader,
    /// A feed alone.
    Feed,
    /// Nobody any more: it was deleted while it ran.
    Nobody,
}
