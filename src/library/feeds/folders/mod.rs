//! Folders of feeds. A feed may be in several, and a folder in another.

mod store;

pub(in crate::library) use store::put_feed_in_all;
pub use store::{add, delete, list, move_feed, rename};
pub(super) use store::{add_in, put_feed_in};

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Id, as in `/folder/{id}`.
    pub id: i64,
    /// The folder it is in.
    pub parent_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// The feeds in it.
    pub feeds: Vec<i64>,
}
