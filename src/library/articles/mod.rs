//! Articles: one of them (this module and [`article_page`]), many ([`lists`]), a day of them as a newspaper
//! ([`editions`]), and changes to many at once ([`changes`]).

pub mod changes;
pub(in crate::library) mod departures;
pub mod edits;
pub mod editions;
pub mod limits;
pub mod lists;
pub mod article_page;
pub(super) mod saved_state;
pub(super) mod from_feed;
mod imported;
mod snapshot_references;
mod store;
mod trash;
#[cfg(test)]
pub(in crate::library) mod tests;
pub mod versions;

pub use article_page::find;
pub use imported::add_imported;
pub use snapshot_references::find_referenced_snapshots;
pub use store::{
    Added, add, add_many, apply_action, find_by_canonical_url, find_by_url, find_snapshot_id, find_text,
    set_topic_and_tags,
};
pub(super) use store::{add_in, find_phrases, find_with_state};
pub use trash::{purge_trash, renew_trash};

use classify::TopicChoice;
use classify::wide_sections::SectionChoice;
use extract::{CleanHtml, Direction, RemovedBlock, Verdict};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::library::lanes::Lane;
use crate::library::sources::NewSource;
use crate::urls::UrlKey;

/// How long a deleted article stays in the trash.
pub const TRASH_RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How an article arrived. That never changes, whichever [lane](crate::library::lanes) it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Imported or saved by the reader. It is always kept.
    Saved,
    /// Received from a feed. It is in the stream until the reader keeps it.
    Feed,
}

/// The result of an extraction, as stored: everything that a re-extraction may change.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// Never empty.
    pub title: String,
    /// Author, as the page gives it.
    pub byline: Option<String>,
    /// First words of the text, for lists.
    pub excerpt: String,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// Text direction.
    pub direction: Direction,
    /// From the page, but never after the article was received.
    pub published_at: Option<Timestamp>,
    /// The date in the page's own time zone, which may differ from that of `published_at`.
    pub published_date: Option<Date>,
    /// Number of words in the text.
    pub word_count: usize,
    /// The image shown above the text.
    pub lead_image: Option<extract::Image>,
    /// Sanitised HTML. Images have their URL at the publisher.
    pub html: CleanHtml,
    /// The text without markup.
    pub text: String,
    /// The parts of the page that were left out, and why.
    pub removed_blocks: Vec<RemovedBlock>,
    /// All images of lead and text, in order.
    pub images: Vec<extract::Image>,
    /// The kind of page.
    pub verdict: Verdict,
    /// Where the article continues, if that page was not read.
    pub next_page: Option<NextPage>,
}

/// The next page of an article, if it was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage {
    /// URL of the page.
    pub url: String,
    /// Why it was not read: a sentence.
    pub error_message: Option<String>,
}

impl NextPage {
    /// Returns the values of the columns `next_page_url` and `next_page_error`.
    fn columns(page: Option<&Self>) -> (Option<&str>, Option<&str>) {
        (page.map(|page| page.url.as_str()), page.and_then(|page| page.error_message.as_deref()))
    }
}

/// An article to add.
#[derive(Debug, Clone)]
pub struct NewArticle {
    /// Extracted content.
    pub content: Content,
    /// URL it was read from; `None` if pasted or uploaded without one.
    pub url: Option<String>,
    /// URL that the file or pasted page says it is from, which may not be true.
    pub claimed_url: Option<String>,
    /// Normal forms of the URLs by which duplicates are found.
    pub url_keys: Vec<UrlKey>,
    /// Normal form of a URL that may be its own too: the page's canonical link, if on the same site, else where a redirect
    /// led. Counts if the texts are alike.
    pub canonical_url_key: Option<UrlKey>,
    /// The publication it comes from.
    pub source: NewSource,
    /// Its topic, and why.
    pub topic_choice: TopicChoice,
    /// Whether its publisher files it under World, Local or Opinion.
    pub section: Option<SectionChoice>,
    /// The publisher's keywords, which the reader may take as tags.
    pub keywords: Vec<String>,
    /// Tags that it has at once.
    pub tags: Vec<String>,
    /// How it arrived.
    pub channel: Channel,
    /// The stored page it was extracted from.
    pub snapshot_id: Option<i64>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The date that lists sort by, if another than its own or that of its arrival.
    pub sorted_at: Option<Timestamp>,
    /// Whether it arrives read.
    pub is_read: bool,
}

/// An article, as its page shows it.
#[derive(Debug, Clone)]
pub struct Article {
    /// Id, as in `/article/{id}`.
    pub id: i64,
    /// URL it was read from; `None` if pasted or uploaded without one.
    pub url: Option<String>,
    /// URL that the file or pasted page says it is from, which may not be true.
    pub claimed_url: Option<String>,
    /// Domain of the publication.
    pub source_domain: String,
    /// Name of the publication.
    pub source_name: String,
    /// Topic slug; `unsorted` if no topic was clear.
    pub topic: String,
    /// Topic name.
    pub topic_name: String,
    /// Why it has this topic.
    pub topic_choice: TopicChoice,
    /// Title.
    pub title: String,
    /// Author, as the page gives it.
    pub byline: Option<String>,
    /// First words of the text.
    pub excerpt: String,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// Text direction.
    pub direction: Direction,
    /// From the page.
    pub published_at: Option<Timestamp>,
    /// The date in the page's own time zone.
    pub published_date: Option<Date>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When the reader saved it in another service.
    pub saved_at: Option<Timestamp>,
    /// Number of words in the text.
    pub word_count: usize,
    /// URL of the image above the text, at the publisher.
    pub lead_image_url: Option<String>,
    /// Alternative text of that image.
    pub lead_image_alt: Option<String>,
    /// Sanitised HTML. Images have their URL at the publisher.
    pub html: CleanHtml,
    /// The parts of the page that were left out, and why.
    pub removed_blocks: Vec<RemovedBlock>,
    /// The day of the copy in a web archive that the text comes from, if it does.
    pub archived_on: Option<Date>,
    /// Whether the original page is stored, so that it can be extracted again.
    pub has_snapshot: bool,
    /// Whether the text before the last re-extraction is stored.
    pub has_previous_version: bool,
    /// Whether its text is that of an item in a feed, and not that of a page.
    pub has_feed_text: bool,
    /// The kind of page.
    pub verdict: Verdict,
    /// Whether the reader has dismissed the notice about the verdict.
    pub is_notice_dismissed: bool,
    /// Where the article continues, if that page was not read.
    pub next_page: Option<NextPage>,
    /// Whether it is kept.
    pub lane: Lane,
    /// How it arrived.
    pub channel: Channel,
    /// Read, starred, archived, deleted.
    pub state: ArticleState,
    /// When it was deleted, if it is in the trash.
    pub deleted_at: Option<Timestamp>,
}

/// What the reader has done with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleState {
    /// Has been read.
    pub read: bool,
    /// Is starred.
    pub starred: bool,
    /// Is archived.
    pub archived: bool,
    /// Is in the trash.
    pub deleted: bool,
}

/// Something a reader does with an article, or undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArticleAction {
    /// Mark read.
    Read,
    /// Mark unread.
    Unread,
    /// Star, which keeps it too.
    Star,
    /// Remove the star.
    Unstar,
    /// Archive.
    Archive,
    /// Return from the archive.
    Unarchive,
    /// Move to the trash.
    Delete,
    /// Restore from the trash.
    Restore,
    /// Keep an article of the stream.
    Keep,
    /// Move an article that came from a feed back to the stream.
    Stream,
}

fn timestamp(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
}

fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types have only string keys")
}
