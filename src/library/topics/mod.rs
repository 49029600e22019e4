//! Topics as a library knows them: the built-in ones, the reader's own, and Unsorted.

mod store;

pub use store::{Counts, OwnTopic, Topic, TopicInList, add, all, counts, end, find, list, own, rename};

/// Where an article stands that no topic is sure enough for.
pub const UNSORTED: &str = "unsorted";
