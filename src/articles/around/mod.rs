//! What stands around an article on its page: its tags, its pictures, and the topics it could be filed under.

mod store;

pub use store::of;

use crate::pictures::Picture;
use crate::tags::Tag;
use crate::topics::Topic;

/// All three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// In the order of their names.
    pub tags: Vec<Tag>,
    /// In the order of the text.
    pub pictures: Vec<Picture>,
    /// In the topics' order.
    pub topics: Vec<Topic>,
}
