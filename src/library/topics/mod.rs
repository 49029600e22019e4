//! Topics as a library knows them: the built-in ones, the reader's own, and Unsorted.

mod store;

pub(super) use store::delete_custom;
pub use store::{
    Counts, CustomTopic, Topic, TopicSummary, add_custom, article_counts, find, find_custom, list_all,
    list_with_counts, rename_custom,
};

/// Where an article stands that no topic is sure enough for.
pub const UNSORTED: &str = "unsorted";
