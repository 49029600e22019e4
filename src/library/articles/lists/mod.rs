//! Many articles: the lists of the reader, newest first, and how many each filter would show.

mod facets;
mod store;

pub use facets::{Facet, Facets, FacetsCache};
pub(super) use store::cards;
pub use store::{count, list, list_ids_with_snapshot, list_newest_with_snapshot, list_trash};

use jiff::Timestamp;
use serde::Deserialize;

use crate::library::bool_from_integer;

/// Which articles a list shows. All conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Topic slug.
    pub topic: Option<String>,
    /// Source number.
    pub source_id: Option<i64>,
    /// Tag number.
    pub tag_id: Option<i64>,
    /// Only what has not been read.
    pub unread: bool,
    /// Only what is starred.
    pub starred: bool,
    /// Only what is archived.
    pub archived: bool,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// Older than this.
    pub until: Option<Timestamp>,
    /// Words that title or text hold, as [`crate::library::search::build_fts_query`] makes them.
    pub fts_query: Option<String>,
}

impl Filter {
    /// Whether it shows what is archived beside what is not: archived articles are out of the way, but whoever looks for
    /// words or stars looks for what they have read and put away.
    #[must_use]
    pub const fn includes_archived(&self) -> bool {
        (self.fts_query.is_some() || self.starred) && !self.unread && !self.archived
    }

    /// The same list before unread, starred or archived was chosen.
    #[must_use]
    pub fn in_any_state(&self) -> Self {
        Self { unread: false, starred: false, archived: false, ..self.clone() }
    }
}

/// A place in a list: the article after which the next page goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Its date, in Unix seconds.
    pub sorted_at: i64,
    /// Its number.
    pub id: i64,
}

impl Position {
    /// Before the newest.
    pub const START: Self = Self { sorted_at: i64::MAX, id: i64::MAX };

    /// From the form in an address: `1700000000-42`.
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
    /// The number in its address.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The first words.
    pub excerpt: String,
    /// The publication's domain.
    pub source_domain: String,
    /// The publication's name.
    pub source_name: String,
    /// Topic slug.
    pub topic: String,
    /// Topic name.
    pub topic_name: String,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// The text runs from right to left.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_right_to_left: bool,
    /// Published, else received; Unix seconds.
    pub sorted_at: i64,
    /// Words in the text.
    pub word_count: i64,
    /// The lead picture's name, once it is here.
    pub lead_image_hash: Option<String>,
    /// Has been read.
    #[serde(deserialize_with = "bool_from_integer")]
    pub read: bool,
    /// Is starred.
    #[serde(deserialize_with = "bool_from_integer")]
    pub starred: bool,
    /// Is put away.
    #[serde(deserialize_with = "bool_from_integer")]
    pub archived: bool,
    /// Its page says when it was published.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_dated: bool,
    /// Its page was found to be an article, not a list, a product or half of one.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_article: bool,
}

impl Card {
    /// Where the list goes on after this one.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position { sorted_at: self.sorted_at, id: self.id }
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// Newest first.
    pub cards: Vec<Card>,
    /// Where older ones begin; `None` at the end.
    pub older: Option<Position>,
}

/// How many; counted no further than [`CappedCount::CAP`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CappedCount(pub i64);

impl CappedCount {
    /// Beyond this, nobody needs the exact number, and counting it would cost.
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
