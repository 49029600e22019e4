//! Articles: one (this module and [`article_page`]), many ([`lists`]), and those on the front page ([`front_page`]).

pub mod front_page;
pub mod lists;
pub mod article_page;
mod store;
#[cfg(test)]
mod tests;
pub mod versions;

pub use article_page::find;
pub use store::{
    Added, add, add_many, apply_action, find_by_canonical_url, find_by_url, find_referenced_snapshots,
    find_snapshot_id, find_text, merge_custom_topic, purge_trash, set_topic,
};

use extract::{CleanHtml, Direction, RemovedBlock, Verdict};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::classify::TopicChoice;
use crate::library::sources::NewSource;
use crate::urls::UrlKey;

/// How long a deleted article can be taken back.
pub const TRASH_RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The lane an article came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Imported or saved by the reader.
    Saved,
    /// Arrived from a feed.
    Feed,
}

/// What extraction found, as it is stored: all that an extraction of the same page by newer code may change.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// Never empty.
    pub title: String,
    /// Who wrote it, as the page says.
    pub byline: Option<String>,
    /// The first words, for lists.
    pub excerpt: String,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// Which way the text runs.
    pub direction: Direction,
    /// The page's word, never after it was received.
    pub published_at: Option<Timestamp>,
    /// The day of that as the page writes it, which in the page's own time zone may be another.
    pub published_date: Option<Date>,
    /// Words in the text.
    pub word_count: usize,
    /// The picture shown above the text.
    pub lead_image: Option<extract::Image>,
    /// Clean HTML, its pictures by their address at the publisher's.
    pub html: CleanHtml,
    /// The text alone.
    pub text: String,
    /// What was left out, and why.
    pub removed_blocks: Vec<RemovedBlock>,
    /// Every picture of lead and body, in order.
    pub images: Vec<extract::Image>,
    /// What kind of page it was.
    pub verdict: Verdict,
    /// Where it goes on, if not all of it could be read.
    pub next_page: Option<NextPage>,
}

/// What an article of several pages has beyond those that were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage {
    /// The next page.
    pub url: String,
    /// Why it was not read: a sentence.
    pub error_message: Option<String>,
}

impl NextPage {
    /// As it stands in the table.
    fn columns(rest: Option<&Self>) -> (Option<&str>, Option<&str>) {
        (rest.map(|rest| rest.url.as_str()), rest.and_then(|rest| rest.error_message.as_deref()))
    }
}

/// An article about to be added.
#[derive(Debug, Clone)]
pub struct NewArticle {
    /// What is read.
    pub content: Content,
    /// Where it was read; `None` when pasted without an address.
    pub url: Option<String>,
    /// Every address under which it will be found again.
    pub url_keys: Vec<UrlKey>,
    /// The address its publisher calls the real one, on the same site.
    pub canonical_url_key: Option<UrlKey>,
    /// The publication it comes from.
    pub source: NewSource,
    /// Why it is filed where it is.
    pub topic_choice: TopicChoice,
    /// The publisher's tags.
    pub tags: Vec<String>,
    /// How it came in.
    pub channel: Channel,
    /// The page as it arrived.
    pub snapshot_id: Option<i64>,
    /// When it came in.
    pub received_at: Timestamp,
}

/// One article, as the reading page shows it.
#[derive(Debug, Clone)]
pub struct Article {
    /// The number in its address.
    pub id: i64,
    /// Where it was read.
    pub url: Option<String>,
    /// The publication's domain.
    pub source_domain: String,
    /// The publication's name.
    pub source_name: String,
    /// Topic slug; `unsorted` when none was sure enough.
    pub topic: String,
    /// Topic name.
    pub topic_name: String,
    /// Why this topic.
    pub topic_choice: TopicChoice,
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The first words.
    pub excerpt: String,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// Which way the text runs.
    pub direction: Direction,
    /// The page's word.
    pub published_at: Option<Timestamp>,
    /// The day of that as the page writes it.
    pub published_date: Option<Date>,
    /// When it came in.
    pub received_at: Timestamp,
    /// Words in the text.
    pub word_count: usize,
    /// The address of the picture above the text.
    pub lead_image_url: Option<String>,
    /// Its description.
    pub lead_image_alt: Option<String>,
    /// Clean HTML, pictures by their address at the publisher's.
    pub html: CleanHtml,
    /// What was left out, and why.
    pub removed_blocks: Vec<RemovedBlock>,
    /// The page as it arrived is still kept, so that it can be extracted again.
    pub has_snapshot: bool,
    /// The text before it was last extracted again is still kept.
    pub has_previous_version: bool,
    /// What kind of page it was.
    pub verdict: Verdict,
    /// Whatever it is, the reader keeps it as it is.
    pub is_notice_dismissed: bool,
    /// Where it goes on, if not all of it could be read.
    pub next_page: Option<NextPage>,
    /// Read, starred, archived, deleted.
    pub state: ArticleState,
    /// When it was deleted, if it is in the trash.
    pub deleted_at: Option<Timestamp>,
}

/// What the reader did with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleState {
    /// Has been read.
    pub read: bool,
    /// Is starred.
    pub starred: bool,
    /// Is put away.
    pub archived: bool,
    /// Is in the trash.
    pub deleted: bool,
}

/// A mark a reader sets on an article or takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArticleAction {
    /// Has been read.
    Read,
    /// Not read, or to be read once more.
    Unread,
    /// Starred.
    Star,
    /// No longer starred.
    Unstar,
    /// Put away.
    Archive,
    /// Taken back from the archive.
    Unarchive,
    /// To the trash.
    Delete,
    /// Back from the trash.
    Restore,
}

fn timestamp(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
}
