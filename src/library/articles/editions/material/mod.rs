//! What may be in an edition, and what its weights need to know.

mod store;

pub use store::{find, find_cards};

use jiff::Timestamp;
use serde::Deserialize;

use crate::library::articles::lists::Card;
use crate::library::bool_from_integer;
use crate::library::lanes::Lanes;

/// What to look for beside the articles of a day.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The lanes they are from.
    pub lanes: Lanes,
    /// Only what the reader saved since then counts as just added.
    pub added_since: Timestamp,
    /// Number of those.
    pub added: i64,
    /// Number of kept articles, whatever their age.
    pub kept: i64,
}

/// Why an article may be in an edition. The first that holds is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "u8")]
pub enum Origin {
    /// It arrived in time.
    Arrived,
    /// It is older, and was unread when the day began.
    Unread,
    /// It is one of the newest there are.
    Newest,
}

impl TryFrom<u8> for Origin {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        [Self::Arrived, Self::Unread, Self::Newest].get(usize::from(number)).copied().ok_or("no such origin")
    }
}

/// An article that may be in an edition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Candidate {
    /// Id of the article.
    pub id: i64,
    /// Why it may be.
    pub origin: Origin,
    /// Id of its source.
    pub source: i64,
    /// Its story, if there is one.
    pub story: Option<i64>,
    /// It repeats the text of another article of the story.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_copy: bool,
    /// Topic slug.
    pub topic: String,
    /// Date of publication, else of arrival, in Unix seconds.
    pub sorted_at: i64,
    /// When it arrived, in Unix seconds.
    pub arrived_at: i64,
    /// Words in its text.
    pub words: i64,
    /// Its lead image is stored.
    #[serde(deserialize_with = "bool_from_integer")]
    pub has_image: bool,
    /// Its page gives a date.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_dated: bool,
    /// Its page is an article, rather than a list, a product or an excerpt.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_article: bool,
}

/// That a source told a story: ids, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Telling {
    /// Id of the story.
    pub story: i64,
    /// Id of the source.
    pub source: i64,
    /// When its article arrived, in Unix seconds.
    pub arrived_at: i64,
}

/// How often a source writes: its last articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Pace {
    /// Id of the source.
    pub source: i64,
    /// How many they are, at most [`Self::MOST`].
    pub articles: i64,
    /// Date of the first of them, in Unix seconds.
    pub since: i64,
}

impl Pace {
    /// Articles that are looked at.
    pub const MOST: i64 = 10;
}

/// What the reader thinks of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TopicInterest {
    /// Its slug.
    pub slug: String,
    /// It is one of the first.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_pinned: bool,
    /// Number of its articles that are kept.
    pub kept: i64,
    /// Number of all its articles.
    pub articles: i64,
}

/// All that an edition is composed of.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// The articles; one may be there for several reasons.
    pub candidates: Vec<Candidate>,
    /// Who told their stories.
    pub tellings: Vec<Telling>,
    /// How often their sources write.
    pub paces: Vec<Pace>,
    /// Topics that are shown, in the reader's order.
    pub topics: Vec<TopicInterest>,
}

/// What the front page shows beside the edition.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Ids of what the reader saved or kept, the latest first.
    pub added: Vec<i64>,
    /// Ids of kept articles: unread ones first, the newest of each.
    pub kept: Vec<i64>,
    /// Number of unread articles in the lanes.
    pub unread: i64,
    /// Number of unread articles that are kept.
    pub unread_kept: i64,
}

/// A member of a story.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// Id of the story.
    pub story: i64,
    /// Id of the article.
    pub article: i64,
    /// Id of its source.
    pub source: i64,
    /// Name of its source.
    pub source_name: String,
}

/// The articles of an edition as they are shown.
#[derive(Debug, Clone, Default)]
pub struct Cards {
    /// The articles. What is deleted is not among them.
    pub cards: Vec<Card>,
    /// The members of their stories.
    pub members: Vec<Member>,
}
