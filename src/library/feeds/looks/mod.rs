//! What became of looking at feeds.

mod store;

pub use store::{
    find_asked, find_item_times, find_word_counts, has_refused, note_asked, paused_hosts, postpone, record,
    set_measured_text,
};

use extract::Selector;
use feeds::StatedRhythm;
use feeds::schedule::History;
use jiff::Timestamp;
use url::Url;

use crate::library::feeds::{LookError, Validators};

/// What became of a look.
#[derive(Debug, Clone)]
pub struct Look {
    /// What is remembered of all looks, this one included.
    pub history: History,
    /// When to look next; `None`: never.
    pub next: Option<Timestamp>,
    /// Until when nobody asks this host.
    pub host_pause: Option<(String, Timestamp)>,
    /// The host that answered 429.
    pub refused_by: Option<String>,
    /// Where the feed has moved for good.
    pub moved_to: Option<Url>,
    /// The list of links that was looked for.
    pub links: Option<Selector>,
    /// What the document that came declares; `None`: none came.
    pub declared: Option<Declared>,
    /// What came.
    pub result: LookResult,
}

/// What a document declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// A feed, if it is a page with one.
    pub feed: Option<Url>,
    /// Whether this was the first look: what it finds is no news.
    pub is_first: bool,
}

/// What came of a look.
#[derive(Debug, Clone)]
pub enum LookResult {
    /// The feed.
    Feed(Box<Document>),
    /// Nothing is new.
    Unchanged,
    /// The page without the list of links that is followed, which may pass.
    NoList,
    /// No feed.
    Nothing(LookError),
}

/// What a document says of its feed.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// As it calls itself; `None` keeps what is known.
    pub title: Option<String>,
    /// The page it belongs to.
    pub site_url: Option<Url>,
    /// Its identifier.
    pub guid: Option<String>,
    /// Where it says it is.
    pub self_url: Option<Url>,
    /// When it asks to be asked.
    pub rhythm: StatedRhythm,
    /// For the next request.
    pub validators: Option<Validators>,
    /// Seconds between its oldest and its newest item.
    pub listed_span: Option<u64>,
    /// Hash of its bytes; `None` if it must be read again.
    pub body_hash: Option<i64>,
    /// What is wrong with it: sentences.
    pub problems: Vec<String>,
    /// Whether it has items that were not known.
    pub has_new_items: bool,
}
