//! What kind of page it is, so that a reader can be told what to do about it.
//!
//! A page is judged by what it says of itself, by its address, and by what stands on it beside the text that was chosen
//! ([`Signs`]). No sign decides alone: pages call themselves articles that are front pages, and the other way round.

mod page_kinds;
mod partial_pages;
mod name_lists;
mod paywall_phrases;
mod url_signals;
mod item_lists;
mod page_signals;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::dom::words;
pub(crate) use crate::metadata::stated_kind::Stated;
use crate::report::removed_blocks::{Reason, Removed};
use page_kinds::{is_document, is_listing, is_product, is_thread, is_video};
pub(crate) use page_signals::Signs;
use partial_pages::Said;
use url_signals::Place;

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

/// Whether a page with so many words is of one kind.
type Test = fn(&Signs, &Place, usize) -> bool;

/// The verdict on a page: its signs, its address, and the text that was chosen and left out. Words that rules have `taken` count, since
/// what a reader does not want to see makes no other page of it.
pub(crate) fn of(signs: &Signs, url: Option<&Url>, text: &str, removed: &[Removed], taken: usize) -> Verdict {
    let (place, words) = (Place::of(url), words::count(text) + taken);
    let said = Said { text, removed, words };
    if signs.wall.is_some() || partial_pages::is_wall(signs, &said) {
        return Verdict::Wall;
    }
    if !place.is_front && partial_pages::is_stub(signs, &said) {
        return Verdict::Stub;
    }
    let tests: [(Verdict, Test); 5] = [
        (Verdict::Video, is_video),
        (Verdict::Thread, is_thread),
        (Verdict::Product, is_product),
        (Verdict::Listing, is_listing),
        (Verdict::Document, is_document),
    ];
    let found = tests.into_iter().find(|(_, test)| test(signs, &place, words));
    found.map_or(Verdict::Article, |(verdict, _)| verdict)
}

/// What would be left out of an article and is what this page is about: what people answer, in a thread. Known before anything
/// is chosen.
pub(crate) fn subject(signs: &Signs, url: Option<&Url>) -> Option<Reason> {
    is_thread(signs, &Place::of(url), 0).then_some(Reason::Comments)
}
