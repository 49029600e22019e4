//! Topics: the built-in ones, the reader's custom ones, and Unsorted.

pub mod learning;
pub mod filing;
mod store;

pub(super) use store::delete_custom;
pub use store::{
    Counts, CustomTopic, Topic, TopicSummary, add_custom, article_counts, find, find_custom, list_all,
    list_with_counts, rename_custom,
};

/// The topic of articles for which no other was clear.
pub const UNSORTED: &str = "unsorted";
