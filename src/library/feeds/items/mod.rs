//! The items of feeds: who is known, and what becomes of new ones.

mod store;

pub use store::{KnownLink, add, find_by_links, list_known, note_listed, renew_page};

use feeds::identity::Identity;
use jiff::Timestamp;
use url::Url;

use crate::library::articles::NewArticle;
use crate::library::feeds::recordings::NewRecording;

/// An item that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownItem {
    /// Row id.
    pub id: i64,
    /// What it is known by.
    pub identity: Identity,
    /// Its article, while that exists.
    pub article_id: Option<i64>,
    /// Whether the text of that is its own, rather than that of its page or of another feed's item.
    pub gives_text: bool,
    /// Title and beginning of the text in the feed when the page of its article was last asked for.
    pub teaser: Option<String>,
}

/// An item that was not known.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// What it is known by.
    pub identity: Identity,
    /// Normal form of its link, if that leads to it alone.
    pub link_key: Option<String>,
    /// The date that lists sort by.
    pub sorted_at: Timestamp,
    /// Whether its article arrives read.
    pub is_read: bool,
    /// Words of its text in the feed.
    pub word_count: usize,
    /// Title and beginning of that text, if the page is fetched.
    pub teaser: Option<String>,
    /// The recordings that it comes with.
    pub recordings: Vec<NewRecording>,
    /// What becomes of it.
    pub arrival: Arrival,
}

/// What becomes of a new item.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// It is an article, with the text of the feed.
    Article(Box<NewArticle>),
    /// Its page is fetched.
    Page {
        /// The page.
        url: Url,
        /// What the feed has of it, in case the page cannot be had: a snapshot.
        stored_page: Option<i64>,
    },
    /// Nothing: only the newest items are read.
    Skipped,
    /// It has come by another feed: this is its article, or nothing if that was deleted.
    Known(Option<i64>),
}
