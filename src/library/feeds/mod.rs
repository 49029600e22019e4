//! Feeds that are followed: what is known of each ([`Feed`]), what became of looking at them ([`looks`]), their items
//! ([`items`]) and folders ([`folders`]), lists of them ([`lists`]), and how long their articles stay ([`limits`]).

pub mod folders;
pub mod health;
pub mod items;
pub mod limits;
pub mod lists;
pub mod looks;
pub mod merging;
pub mod recordings;
pub mod refresh;
mod keep;
mod row;
mod store;
mod unfollowing;

pub use keep::Keep;
pub use store::{
    Followed, change_settings, choose_links, find, find_by_url, follow, list, list_due, look_now, next_due,
};
use store::{follow_in, without_fragment};
pub use unfollowing::list_for_article;
pub(in crate::library) use unfollowing::{end, find_unfollowing, follow_again, forget_unfinished_items, list_only_in};

use extract::Selector;
use feeds::StatedRhythm;
use feeds::schedule::History;
use jiff::Timestamp;
use url::Url;

/// A feed to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeed {
    /// Its address.
    pub url: Url,
    /// What it is called, by itself or in a list.
    pub title: String,
    /// The page it belongs to.
    pub site_url: Option<Url>,
    /// Who gave the address.
    pub named_by: NamedBy,
    /// What the reader has set.
    pub settings: FeedSettings,
}

/// Who gave the address of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedBy {
    /// The reader.
    Reader,
    /// A list of feeds, which may be a stranger's.
    File,
}

/// Where the text of a feed's articles comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFrom {
    /// The feed itself.
    Feed,
    /// The page of each article.
    Page,
}

impl TextFrom {
    /// Returns the word for it in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Page => "page",
        }
    }

    /// Returns what a word means; `None` for others.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Feed, Self::Page].into_iter().find(|text| text.as_str() == word)
    }
}

/// What the reader has set for a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedSettings {
    /// What the reader calls it; `None`: as it calls itself.
    pub name: Option<String>,
    /// Until when it is not looked at; [`Timestamp::MAX`]: until the reader says so.
    pub paused_until: Option<Timestamp>,
    /// Only so many of the newest items of a document are read.
    pub newest: Option<u32>,
    /// Its articles arrive read.
    pub never_unread: bool,
    /// Where the text comes from; `None`: as measured.
    pub text_from: Option<TextFrom>,
    /// How long its articles stay; `None`: as its folders say.
    pub keep: Option<Keep>,
    /// The list of links that is followed, on the page at its address; `None`: it is a feed.
    pub links: Option<Selector>,
}

/// A feed, followed or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Id, as in `/feed/{id}`.
    pub id: i64,
    /// Its address.
    pub url: Url,
    /// The page it belongs to.
    pub site_url: Option<Url>,
    /// As it calls itself.
    pub title: String,
    /// Who gave the address.
    pub named_by: NamedBy,
    /// When the reader began to follow it.
    pub followed_at: Timestamp,
    /// When the reader ended that.
    pub unfollowed_at: Option<Timestamp>,
    /// What the reader has set.
    pub settings: FeedSettings,
    /// Where the text comes from, by comparing with pages, and when that was measured.
    pub measured_text: Option<(TextFrom, Timestamp)>,
    /// What a conditional request says.
    pub validators: Option<Validators>,
    /// Its identifier.
    pub guid: Option<String>,
    /// Where it says it is.
    pub self_url: Option<Url>,
    /// When it asks to be asked.
    pub rhythm: StatedRhythm,
    /// Errors in a row, a move.
    pub history: History,
    /// Seconds between the oldest and the newest item that it lists.
    pub listed_span: Option<u64>,
    /// Hash of the last document.
    pub body_hash: Option<i64>,
    /// What is wrong with the last document: sentences.
    pub problems: Vec<String>,
    /// Why the last look had no feed.
    pub error: Option<LookError>,
    /// The address that it had before it moved for good, and when that was.
    pub moved: Option<(String, Timestamp)>,
    /// The feed that a page at its address declares.
    pub declared_feed: Option<Url>,
    /// The one that it declared when the reader began to follow its links.
    pub known_feed: Option<Url>,
    /// When it is looked at next; `None`: it is gone.
    pub next_look_at: Option<Timestamp>,
    /// When it was looked at last.
    pub looked_at: Option<Timestamp>,
    /// When that last gave the feed, new or unchanged.
    pub succeeded_at: Option<Timestamp>,
    /// When it last had a new item.
    pub new_item_at: Option<Timestamp>,
    /// Its articles that are not deleted.
    pub articles: i64,
    /// Its unread articles.
    pub unread: i64,
}

impl Feed {
    /// Returns what it is called on screen.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.settings.name.as_deref().unwrap_or(&self.title)
    }

    /// Returns whether its address led to a web page when it was looked at last.
    #[must_use]
    pub fn has_become_page(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.code == LookError::NOT_A_FEED)
    }

    /// Returns the feed that a page whose links are followed has declared since.
    #[must_use]
    pub fn new_declared_feed(&self) -> Option<&Url> {
        self.declared_feed
            .as_ref()
            .filter(|feed| self.settings.links.is_some() && Some(*feed) != self.known_feed.as_ref())
    }

    /// Returns the hosts that are asked for it: that of its address, and that where redirects led last.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let last = self.validators.as_ref().and_then(|validators| Url::parse(&validators.url).ok());
        let mut hosts: Vec<String> = [Some(&self.url), last.as_ref()]
            .into_iter()
            .filter_map(|url| url.and_then(Url::host_str).map(str::to_owned))
            .collect();
        hosts.dedup();
        hosts
    }

    /// Returns whether it is not looked at now, since the reader says so.
    #[must_use]
    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.settings.paused_until.is_some_and(|until| until > now)
    }
}

/// What a conditional request says (RFC 9110, section 13), exactly as it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// The URL whose answer had them.
    pub url: String,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// Why a look had no feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookError {
    /// For programs: `status-404`, `timeout`, `not-a-feed`, ….
    pub code: String,
    /// For the reader: a sentence.
    pub message: String,
}

impl LookError {
    /// The code of an address that leads to something else, mostly a web page.
    pub const NOT_A_FEED: &str = "not-a-feed";

    /// Returns whether the site itself is in trouble, or asks to wait: that is no fault of its feeds.
    #[must_use]
    pub fn is_of_host(&self) -> bool {
        self.code == "status-429" || self.code.starts_with("status-5")
    }

    /// Returns whether the site could not be reached, which may be a fault of our own network.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(&*self.code, "timeout" | "network" | "no-host")
    }

    /// Returns whether the site answered. What was never asked for says nothing of the network.
    fn has_answer(&self) -> bool {
        !self.is_unreachable() && !matches!(&*self.code, "blocked-url" | "invalid-url" | "no-room" | "internal")
    }
}
