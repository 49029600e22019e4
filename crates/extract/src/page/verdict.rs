//! Kinds of pages.

use serde::{Deserialize, Serialize};

/// What kind of page was read.
///
/// In doubt a page is an article: a wrong name for an article is worse than a missing one for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// One text to read: news, a blog post, a company's page.
    #[default]
    Article,
    /// The beginning of an article; the rest is for subscribers.
    Stub,
    /// Not the page that was meant but a question before it: cookies, "are you human?", a login.
    Wall,
    /// Links to many articles: a front page, a section, a tag, search results.
    Listing,
    /// A film to watch, with a description at most.
    Video,
    /// A question or post and what others answered.
    Thread,
    /// Something to buy.
    Product,
    /// Documentation, a reference, a manual.
    Document,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 8] = [
        Verdict::Article,
        Verdict::Stub,
        Verdict::Wall,
        Verdict::Listing,
        Verdict::Video,
        Verdict::Thread,
        Verdict::Product,
        Verdict::Document,
    ];

    /// Its word, for programs: `article`, `stub`, `wall`, ….
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Article => "article",
            Verdict::Stub => "stub",
            Verdict::Wall => "wall",
            Verdict::Listing => "listing",
            Verdict::Video => "video",
            Verdict::Thread => "thread",
            Verdict::Product => "product",
            Verdict::Document => "document",
        }
    }

    /// Whether such a page holds one text, which may go on on further pages.
    pub(crate) const fn is_one_text(self) -> bool {
        matches!(self, Verdict::Article | Verdict::Stub)
    }

    /// The verdict of this word.
    pub fn parse(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}
