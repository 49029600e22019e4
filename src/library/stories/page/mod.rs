//! What the page of a story shows, and the stories of articles in lists.

mod store;

pub use store::{find, list_for_articles, list_near};

use serde::Deserialize;

use crate::library::bool_from_integer;

/// A story with its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Id, as in `/story/{id}`.
    pub id: i64,
    /// By time, then id. Two at least.
    pub members: Vec<StoryMember>,
}

/// An article of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryMember {
    /// Id of the article.
    pub id: i64,
    /// Its headline.
    pub title: String,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub is_right_to_left: bool,
    /// When it was published, in seconds since 1970.
    pub sorted_at: i64,
    /// Whether it was read.
    pub is_read: bool,
    /// Name of the publication.
    pub source_name: String,
    /// Domain of the publication.
    pub source_domain: String,
    /// The beginning of its text.
    pub text: String,
    /// The article whose text it repeats.
    pub copy_of: Option<i64>,
    /// What it shares with the others, the most telling first.
    pub words: Vec<String>,
}

/// The story of an article in a list, in short.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StoryInShort {
    /// The article in the list.
    pub article: i64,
    /// The story.
    pub story: i64,
    /// Its other articles, by time.
    pub others: Vec<OtherMember>,
}

/// Another article of a story.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OtherMember {
    /// Id of the article.
    pub id: i64,
    /// Name of the publication.
    pub source_name: String,
    /// Whether it was read.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_read: bool,
}
