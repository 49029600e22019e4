//! One article: it alone, or with what stands around it on its page.

mod store;

pub use store::{find, find_with_around};

use crate::library::images::Picture;
use crate::library::tags::Tag;
use crate::library::topics::Topic;

/// What stands around an article: its tags, its pictures, and the topics it could be filed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// In the order of their names.
    pub tags: Vec<Tag>,
    /// In the order of the text.
    pub pictures: Vec<Picture>,
    /// In the topics' order.
    pub topics: Vec<Topic>,
    /// Where the article has no topic: all others, the one with the most articles first.
    pub by_use: Vec<Topic>,
}
