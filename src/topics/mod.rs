//! Topics as a library knows them: the built-in ones, the reader's own, and Unsorted.

mod store;

pub use store::{Counts, Topic, TopicInList, add, all, counts, find, list, unread};

/// Where an article stands that no topic is sure enough for.
pub const UNSORTED: &str = "unsorted";
