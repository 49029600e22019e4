//! Topics: the built-in ones, the reader's custom ones, and Unsorted. The reader can rename, hide, merge, pin and order them.

pub mod learning;
pub mod filing;
pub mod arrangement;
pub mod sections;
pub(super) mod edits;
mod store;
pub mod weeks;

pub(super) use store::{Added, add, find_roots};
pub use store::{
    Counts, EditableTopic, Topic, TopicSummary, add_custom, article_counts, find, find_editable, list_all, list_shown,
    list_unmerged, list_with_counts,
};

use crate::library::tags;

/// The topic of articles for which no other was clear.
pub const UNSORTED: &str = "unsorted";

/// Parses the name of a topic that a reader input.
///
/// # Errors
/// What is wrong, as the part of a sentence after a colon.
pub fn parse_name(name: &str) -> Result<String, String> {
    tags::parse_topic_name(name)
}

/// Finds the topic that has a name, in any case and spelling that makes the same slug.
#[must_use]
pub fn find_by_name<'a>(topics: &'a [Topic], name: &str) -> Option<&'a Topic> {
    let slug = tags::slugify(name);
    topics.iter().find(|topic| tags::slugify(&topic.name) == slug)
}
