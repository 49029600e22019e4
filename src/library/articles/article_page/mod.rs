//! One article: it alone, or with what stands around it on its page.

mod store;

pub use store::{find, find_page};

use crate::library::images::Image;
use crate::library::tags::Tag;
use crate::library::topics::Topic;

/// What stands around an article: its tags, its pictures, and the topics it could be filed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageContext {
    /// In the order of their names.
    pub tags: Vec<Tag>,
    /// In the order of the text.
    pub images: Vec<Image>,
    /// In the topics' order.
    pub topics: Vec<Topic>,
    /// Where the article has no topic: all others, the one with the most articles first.
    pub topics_by_size: Vec<Topic>,
}
