//! Folders of feeds. A feed may be in several, and a folder in another.

mod store;

pub(in crate::library) use store::put_feed_in_all;
pub use store::{add, change_keep, delete, find, list, move_feed, rename};
pub(super) use store::{add_in, keep_despite_folder, put_feed_in};

use crate::library::feeds::Keep;

/// A folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// Id, as in `/folder/{id}`.
    pub id: i64,
    /// The folder it is in.
    pub parent_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// The feeds in it.
    pub feeds: Vec<i64>,
    /// How long the articles of each feed in it stay; `None`: as the folder around it says.
    pub keep: Option<Keep>,
    /// Articles in it and in the folders in it that are not deleted, each once.
    pub articles: i64,
    /// Unread ones.
    pub unread: i64,
}
