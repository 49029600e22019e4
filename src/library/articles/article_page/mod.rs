//! One article, alone or with everything its page shows.

mod store;

pub use store::{find, find_page};

use crate::library::articles::edits::Edit;
use crate::library::articles::versions::seen::History;
use crate::library::images::Image;
use crate::library::tags::Tag;
use crate::library::tags::suggestions::Candidates;
use crate::library::topics::Topic;

/// What an article's page shows besides the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageContext {
    /// What the publisher has changed.
    pub history: History,
    /// Ordered by name.
    pub tags: Vec<Tag>,
    /// The publisher's keywords.
    pub keywords: Vec<String>,
    /// What may be suggested as tags.
    pub candidates: Candidates,
    /// What the reader has edited.
    pub edits: Vec<Edit>,
    /// Whether the keywords of new articles of the source become tags.
    pub takes_keywords: bool,
    /// In text order.
    pub images: Vec<Image>,
    /// All topics, in their order.
    pub topics: Vec<Topic>,
    /// Slugs of topics that were merged, each with that of the topic that has the articles.
    pub merged_topics: Vec<(String, String)>,
    /// Only for an unsorted article: all other topics, largest first. Else empty.
    pub topics_by_size: Vec<Topic>,
}
