//! The text of an article when it is extracted again: replaced, compared with the one before, taken back.

mod store;

pub use store::{before, count_with_page, current, forget_old, keep_as_it_is, put_snapshot, replace, undo, with_page};

use extract::{Direction, Removed, Verdict};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::library::articles::Content;

/// How long the text before is kept. What a reader went back from is remembered as long as the article is.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The text an article had before it was last replaced.
#[derive(Debug, Clone)]
pub struct Before {
    /// What it was.
    pub content: Content,
    /// When it was replaced.
    pub replaced: Timestamp,
    /// It is what newer code made, and the reader went back from it to the one before.
    pub rejected: bool,
}

/// A [`Content`] as it is written down.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    title: String,
    byline: Option<String>,
    excerpt: String,
    language: Option<String>,
    rtl: bool,
    published: Option<i64>,
    day: Option<String>,
    words: usize,
    lead: Option<(String, String)>,
    body: String,
    plain: String,
    removed: Vec<Removed>,
    pictures: Vec<String>,
    verdict: Verdict,
    rest: Option<(String, Option<String>)>,
}

impl From<&Content> for Written {
    fn from(content: &Content) -> Self {
        let content = content.clone();
        Self {
            title: content.title,
            byline: content.byline,
            excerpt: content.excerpt,
            language: content.language,
            rtl: content.direction == Direction::Rtl,
            published: content.published.map(Timestamp::as_second),
            day: content.published_day.map(|day| day.to_string()),
            words: content.word_count,
            lead: content.lead.map(|lead| (lead.url.into(), lead.description)),
            body: content.body.as_str().to_owned(),
            plain: content.plain,
            removed: content.removed,
            pictures: content.pictures.into_iter().map(|picture| picture.url.into()).collect(),
            verdict: content.verdict,
            rest: content.rest.map(|rest| (rest.address, rest.problem)),
        }
    }
}

/// Whether a reader would see a difference, or lists and search would find one.
#[must_use]
pub fn is_same(one: &Content, other: &Content) -> bool {
    let comparable = |content: &Content| {
        let mut written = Written::from(content);
        // Pictures are those of lead and body, and a moment is known to the second.
        written.pictures.clear();
        serde_json::to_string(&written).expect("our own types have only string keys")
    };
    comparable(one) == comparable(other)
}
