//! Lists of articles, newest first, and the number each filter would show.

mod facets;
mod store;

pub use facets::{Facet, Facets, FacetsCache};
pub(super) use store::cards;
pub use store::{count, list, list_ids_with_snapshot, list_newest_with_snapshot, list_trash};

use jiff::Timestamp;
use serde::Deserialize;

use crate::library::bool_from_integer;
use crate::library::search::Matches;

/// Which articles a list shows. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Topic slug.
    pub topic: Option<String>,
    /// Source id.
    pub source_id: Option<i64>,
    /// Tag id.
    pub tag_id: Option<i64>,
    /// Only unread articles.
    pub unread: bool,
    /// Only starred articles.
    pub starred: bool,
    /// Only archived articles.
    pub archived: bool,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// Older than this.
    pub until: Option<Timestamp>,
    /// Among the articles that a search found.
    pub matches: Option<Matches>,
}

impl Filter {
    /// Returns whether archived articles are included. They are out of the way by default, but who searches or looks
    /// through the starred expects what they have read and archived.
    #[must_use]
    pub const fn includes_archived(&self) -> bool {
        (self.matches.is_some() || self.starred) && !self.unread && !self.archived
    }

    /// Returns the filter without unread, starred and archived.
    #[must_use]
    pub fn in_any_state(&self) -> Self {
        Self { unread: false, starred: false, archived: false, ..self.clone() }
    }
}

/// A position in a list: the article after which the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The article's date in Unix seconds.
    pub sorted_at: i64,
    /// The article's id.
    pub id: i64,
}

impl Position {
    /// Before the newest article.
    pub const START: Self = Self { sorted_at: i64::MAX, id: i64::MAX };

    /// Parses the form used in URLs: `1700000000-42`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sorted_at, id) = text.rsplit_once('-')?;
        Some(Self { sorted_at: sorted_at.parse().ok()?, id: id.parse().ok()? })
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}-{}", self.sorted_at, self.id)
    }
}

/// An article in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Card {
    /// Id, as in `/article/{id}`.
    pub id: i64,
    /// Title.
    pub title: String,
    /// First words of the text.
    pub excerpt: String,
    /// Domain of the publication.
    pub source_domain: String,
    /// Name of the publication.
    pub source_name: String,
    /// Topic slug.
    pub topic: String,
    /// Topic name.
    pub topic_name: String,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_right_to_left: bool,
    /// Date of publication, else of arrival, in Unix seconds. In the trash: date of deletion.
    pub sorted_at: i64,
    /// Number of words in the text.
    pub word_count: i64,
    /// Hash of the lead image, once stored.
    pub lead_image_hash: Option<String>,
    /// Whether it has been read.
    #[serde(deserialize_with = "bool_from_integer")]
    pub read: bool,
    /// Whether it is starred.
    #[serde(deserialize_with = "bool_from_integer")]
    pub starred: bool,
    /// Whether it is archived.
    #[serde(deserialize_with = "bool_from_integer")]
    pub archived: bool,
    /// Whether its page gives a date of publication.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_dated: bool,
    /// Whether its page is an article, rather than a list, a product or an excerpt.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_article: bool,
}

impl Card {
    /// Returns this article's position in the list.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position { sorted_at: self.sorted_at, id: self.id }
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// Newest first.
    pub cards: Vec<Card>,
    /// Position for the next page; `None` at the end.
    pub older: Option<Position>,
}

/// A count that stops just above [`CappedCount::CAP`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CappedCount(pub i64);

impl CappedCount {
    /// Larger counts are shown as "1,000+": nobody needs the exact number, and counting on would be slow.
    pub const CAP: i64 = 1000;
}

impl std::fmt::Display for CappedCount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            more if more > Self::CAP => formatter.write_str("1,000+"),
            1000 => formatter.write_str("1,000"),
            exact => write!(formatter, "{exact}"),
        }
    }
}
