//! Versions of an article's content: replaced by a re-extraction, compared, restored.

pub mod earlier;
pub mod item_changes;
mod retention;
pub mod seen;
mod store;

pub use retention::{RETENTION, delete_old, renew_time};
pub(in crate::library) use store::replace_content;
pub use store::{
    count_with_snapshot, dismiss_notice, list_with_snapshot, load_current, load_previous, renew, replace,
    replace_snapshot, restore_previous,
};

use extract::{Direction, RemovedBlock, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::library::articles::Content;
use crate::library::imports::Renewal;

/// The content of an article before it was last replaced.
#[derive(Debug, Clone)]
pub struct PreviousVersion {
    /// The content.
    pub content: Content,
    /// When it was replaced.
    pub replaced_at: Timestamp,
    /// Whether it is the newer content, which the reader undid, or which was worse when the page was fetched again.
    pub is_rejected: bool,
    /// Its page, if that is another than the article's.
    pub page: Option<TextPage>,
}

/// The page that a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPage {
    /// The stored page.
    pub snapshot_id: i64,
    /// The day of the page, if it is a copy in a web archive.
    pub archived_on: Option<Date>,
}

impl TextPage {
    fn from_columns(snapshot_id: Option<i64>, archived_on: Option<&str>) -> Option<Self> {
        Some(Self { snapshot_id: snapshot_id?, archived_on: archived_on.and_then(|day| day.parse().ok()) })
    }
}

/// An article whose page was fetched again.
#[derive(Debug)]
pub struct RenewedArticle {
    /// Its id.
    pub article: i64,
    /// The new page.
    pub snapshot_id: i64,
    /// The text of the new page.
    pub content: Content,
    /// The day of the page, if it is a copy in a web archive.
    pub archived_on: Option<Date>,
    /// What becomes of the text.
    pub renewal: Renewal,
    /// How much it differs from the one that is here.
    pub difference: Difference,
}

/// How much a new text differs from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// It says the same to readers. The text before is kept for a while only.
    Minor,
    /// The publisher has changed the article. The text before is kept, see [`earlier`].
    Material,
}

/// How a text came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOrigin {
    /// Its item in the feed was changed.
    Feed,
    /// The page was fetched again.
    FetchedAgain,
    /// The same page was extracted again, by other rules or a newer program.
    ExtractedAgain,
    /// The reader pasted it.
    Pasted,
    /// The reader went back to it.
    Restored,
}

impl TextOrigin {
    const ALL: [Self; 5] = [Self::Feed, Self::FetchedAgain, Self::ExtractedAgain, Self::Pasted, Self::Restored];

    /// Returns the word for it in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::FetchedAgain => "fetched",
            Self::ExtractedAgain => "extracted",
            Self::Pasted => "pasted",
            Self::Restored => "restored",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word)
    }
}

/// A [`Content`] as stored in JSON.
#[derive(Debug, Serialize, Deserialize)]
struct StoredContent {
    title: String,
    byline: Option<String>,
    excerpt: String,
    language: Option<String>,
    is_right_to_left: bool,
    published_at: Option<i64>,
    published_date: Option<String>,
    word_count: usize,
    /// URL and alternative text.
    lead_image: Option<(String, String)>,
    html: String,
    text: String,
    removed_blocks: Vec<RemovedBlock>,
    image_urls: Vec<String>,
    verdict: Verdict,
    /// URL, and why it was not read.
    next_page: Option<(String, Option<String>)>,
}

impl From<&Content> for StoredContent {
    fn from(content: &Content) -> Self {
        let content = content.clone();
        Self {
            title: content.title,
            byline: content.byline,
            excerpt: content.excerpt,
            language: content.language,
            is_right_to_left: content.direction == Direction::Rtl,
            published_at: content.published_at.map(Timestamp::as_second),
            published_date: content.published_date.map(|day| day.to_string()),
            word_count: content.word_count,
            lead_image: content.lead_image.map(|lead| (lead.url.into(), lead.description)),
            html: content.html.as_str().to_owned(),
            text: content.text,
            removed_blocks: content.removed_blocks,
            image_urls: content.images.into_iter().map(|image| image.url.into()).collect(),
            verdict: content.verdict,
            next_page: content.next_page.map(|rest| (rest.url, rest.error_message)),
        }
    }
}

/// Returns whether two contents are the same for readers, lists and search.
#[must_use]
pub fn is_same_content(one: &Content, other: &Content) -> bool {
    let comparable = |content: &Content| {
        let mut stored = StoredContent::from(content);
        // The images follow from lead and HTML. Times are compared as stored, in seconds.
        stored.image_urls.clear();
        serde_json::to_string(&stored).expect("our own types have only string keys")
    };
    comparable(one) == comparable(other)
}
