//! Lists of articles in any order, and the number each filter would show.

mod count;
mod facets;
mod form;
mod merge;
mod sort;
mod store;

pub use count::Count;
pub use facets::{Facet, Facets, FacetsCache, count};
pub use form::{find_context as find_form_context, find_sort, set_sort};
pub use sort::{Position, Sort};
pub(super) use store::cards;
pub use store::{
    find_next, list, list_ids, list_ids_with_snapshot, list_newest_with_snapshot, list_sorted, list_trash,
    list_trash_ids,
};

use jiff::Timestamp;
use serde::Deserialize;

use crate::library::bool_from_integer;
use crate::library::lanes::{Lane, Lanes};
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
    /// Why they have their topic, in the short form of [`TopicReason::key`](classify::TopicReason::key). Together with a
    /// topic it is looked up in an index.
    pub reason: Option<String>,
    /// Only unread articles.
    pub unread: bool,
    /// Only starred articles.
    pub starred: bool,
    /// Only archived articles.
    pub archived: bool,
    /// Only articles of these lanes.
    pub lanes: Lanes,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// Older than this.
    pub until: Option<Timestamp>,
    /// Among the articles that a search found.
    pub matches: Option<Matches>,
    /// Id of a feed that lists them.
    pub feed_id: Option<i64>,
    /// Id of a folder with feeds that list them, itself or by a folder in it.
    pub folder_id: Option<i64>,
}

impl Filter {
    /// Returns whether archived articles are included. They are out of the way by default, but who searches or looks
    /// through the starred expects what they have read and archived.
    #[must_use]
    pub const fn includes_archived(&self) -> bool {
        (self.matches.is_some() || self.starred) && !self.unread && !self.archived
    }

    /// Returns the last state that the list shows: 0 for current, 1 for archived, 2 for deleted, which only a search shows.
    fn last_state(&self) -> i64 {
        match &self.matches {
            Some(matches) if matches.shows_trash && self.includes_archived() => 2,
            _ => i64::from(self.archived || self.includes_archived()),
        }
    }

    /// Returns whether the list has articles with these marks: the sum of 1 for read, 2 for starred, 4 for archived, 8
    /// for not kept.
    #[must_use]
    pub(in crate::library::articles::lists) fn admits(&self, marks: u8) -> bool {
        let (read, starred, archived) = (marks & 1 != 0, marks & 2 != 0, marks & 4 != 0);
        let lane = if marks & 8 != 0 { Lane::Stream } else { Lane::Kept };
        self.lanes.includes(lane)
            && !(self.unread && read)
            && (starred || !self.starred)
            && if self.archived { archived } else { !archived || self.includes_archived() }
    }

    /// Returns the filter without unread, starred and archived.
    #[must_use]
    pub fn in_any_state(&self) -> Self {
        Self { unread: false, starred: false, archived: false, ..self.clone() }
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
    /// What the list is sorted by: that date, the number of words, …
    pub key: i64,
    /// Number of words in the text.
    pub word_count: i64,
    /// Hash of the lead image, once stored.
    pub lead_image_hash: Option<String>,
    /// Whether it has been read.
    #[serde(deserialize_with = "bool_from_integer")]
    pub read: bool,
    /// Whether its publisher has changed it since the reader saw it.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_changed: bool,
    /// Whether it is starred.
    #[serde(deserialize_with = "bool_from_integer")]
    pub starred: bool,
    /// Whether it is archived.
    #[serde(deserialize_with = "bool_from_integer")]
    pub archived: bool,
    /// Whether it is in the stream, and not kept.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_in_stream: bool,
    /// Whether its page gives a date of publication.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_dated: bool,
    /// The day of `sorted_at` as its page gives it, `YYYY-MM-DD` in the page's own time zone, if that is its date.
    pub published_on: Option<String>,
    /// Whether its page is an article, rather than a list, a product or an excerpt.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_article: bool,
}

impl Card {
    /// Returns this article's position in the list.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position { key: self.key, id: self.id }
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// In the order of the list.
    pub cards: Vec<Card>,
    /// Position for the next page; `None` at the end.
    pub older: Option<Position>,
}

impl Page {
    /// Makes a page of at most `limit` cards from up to one more.
    fn new(mut cards: Vec<Card>, limit: usize) -> Self {
        let has_more = cards.len() > limit;
        cards.truncate(limit);
        let older = if has_more { cards.last().map(Card::position) } else { None };
        Self { cards, older }
    }
}
