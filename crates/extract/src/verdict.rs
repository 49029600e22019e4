//! What kind of page it is, so that a reader can be told what to do about it.
//!
//! A page is judged by what it says of itself, by its address, and by what stands on it beside the text that was chosen
//! ([`Signs`]). No sign decides alone: pages call themselves articles that are front pages, and the other way round.

mod names;
mod phrases;
mod signs;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Reason, Removed, words};
pub(crate) use signs::{Signs, Stated};

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

/// More words than this are no beginning of something: what is asked of the reader then is about something else.
const LONGEST_STUB: usize = 350;
/// Without the page's own word for it, the beginning of something is shorter still: what asks for a subscription may as well
/// be a newsletter's.
const LONGEST_UNSTATED_STUB: usize = 200;
/// A question has few words; what has more is a page with a question on it.
const LONGEST_WALL: usize = 160;
/// Words of prose, in paragraphs, that make a page worth reading whatever else is on it.
const ENOUGH_PROSE: usize = 250;

/// Whether a page with so many words is of one kind.
type Test = fn(&Signs, &Place, usize) -> bool;

/// The verdict on a page: its signs, its address, and the text that was chosen and left out.
pub(crate) fn of(signs: &Signs, url: Option<&Url>, text: &str, removed: &[Removed]) -> Verdict {
    let place = Place::of(url);
    let words = words::count(text);
    let says = |list: &[&str]| {
        let left_out = removed.iter().map(|block| block.text.as_str());
        std::iter::once(text).chain(left_out).any(|part| phrases::says(part, list))
    };
    if words <= LONGEST_WALL && is_wall(signs, words, || says(phrases::LOGIN)) {
        return Verdict::Wall;
    }
    let stated = words <= LONGEST_STUB && signs.stated.is_paid;
    if !place.is_front && (stated || words <= LONGEST_UNSTATED_STUB && says(phrases::PAYWALL)) {
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

/// What the address says.
struct Place {
    host: String,
    /// In lower case, without the ending of a file.
    steps: Vec<String>,
    query: String,
    /// The first page of its site.
    is_front: bool,
}

impl Place {
    fn of(url: Option<&Url>) -> Self {
        let lower = |text: &str| text.to_ascii_lowercase();
        let host = url.and_then(Url::host_str).map(|host| lower(host.trim_start_matches("www."))).unwrap_or_default();
        let steps: Vec<String> = url
            .map(|url| url.path().split('/').filter(|step| !step.is_empty()).map(lower).collect())
            .unwrap_or_default();
        let query = url.and_then(Url::query).map(lower).unwrap_or_default();
        let is_front = url.is_some() && query.is_empty() && steps.iter().all(|step| is_front_step(step));
        Self { host, steps, query, is_front }
    }

    fn begins_with(&self, hosts: &[&str]) -> bool {
        self.host.split('.').next().is_some_and(|first| hosts.contains(&first))
    }

    fn has(&self, steps: &[&str]) -> bool {
        self.steps.iter().any(|step| steps.contains(&step.as_str()))
    }

    /// A step of this kind, and something below it.
    fn below(&self, steps: &[&str]) -> bool {
        self.steps.iter().rev().skip(1).any(|step| steps.contains(&step.as_str()))
    }

    fn ends_with(&self, steps: &[&str]) -> bool {
        self.steps.last().is_some_and(|step| steps.contains(&step.as_str()))
    }
}

/// `index.html`, or a language: `/`, `/en/`, `/us/en/`.
fn is_front_step(step: &str) -> bool {
    let is_language = |step: &str| step.len() == 2 && step.bytes().all(|byte| byte.is_ascii_lowercase());
    step.starts_with("index.")
        || step == "home"
        || is_language(step)
        || step.split_once('-').is_some_and(|(one, two)| is_language(one) && is_language(two))
}

fn is_wall(signs: &Signs, words: usize, says_login: impl Fn() -> bool) -> bool {
    /// Menus and legal words around a question.
    const LONGEST_PAGE: usize = 400;
    let short = words * 2 <= LONGEST_WALL && signs.words <= LONGEST_PAGE && signs.prose <= LONGEST_WALL;
    let asks = signs.has_password || signs.has_captcha || signs.asks_consent;
    short && ((asks && !signs.stated.is_article) || says_login())
}

fn is_video(signs: &Signs, place: &Place, words: usize) -> bool {
    const STEPS: &[&str] = &["watch", "video", "videos", "clip", "clips", "v", "embed", "mediathek"];
    let stated = signs.stated.is_video || signs.stated.kind.starts_with("video");
    let about = stated
        && !signs.stated.is_article
        && (place.has(STEPS) || words <= 200 || signs.stated.kind.starts_with("video"));
    let bare = signs.has_player && place.has(STEPS) && !signs.stated.is_article && words <= 120;
    (about && words <= 400) || bare
}

fn is_thread(signs: &Signs, place: &Place, _: usize) -> bool {
    const HOSTS: &[&str] =
        &["forum", "forums", "community", "discuss", "board", "boards", "answers", "discourse", "talk"];
    const STEPS: &[&str] = &[
        "viewtopic.php",
        "showthread.php",
        "showtopic.php",
        "threads",
        "thread",
        "topic",
        "topics",
        "t",
        "d",
        "discussion",
        "discussions",
        "questions",
        "question",
        "forum",
        "forums",
        "comments",
    ];
    if place.is_front {
        return false;
    }
    let by_address = place.begins_with(HOSTS)
        || place
            .steps
            .iter()
            .any(|step| STEPS.contains(&step.as_str()) || step.starts_with("thread-") || step.starts_with("viewtopic"));
    let stated = signs.stated.is_thread && !signs.stated.is_article;
    let software = signs.has_forum_software;
    let numbered = place.steps.iter().any(|step| step.bytes().any(|byte| byte.is_ascii_digit()))
        || place.query.bytes().any(|byte| byte.is_ascii_digit());
    stated
        || (software && (by_address || signs.posts >= 2))
        || (by_address && numbered && signs.posts >= 2)
        || (by_address && place.begins_with(HOSTS) && signs.posts >= 2)
}

fn is_product(signs: &Signs, place: &Place, _: usize) -> bool {
    const STEPS: &[&str] =
        &["product", "products", "p", "dp", "itm", "item", "prod", "artikel", "produkt", "produit", "producto", "app"];
    if signs.stated.is_article || place.is_front || signs.stated.kind == "product.group" {
        return false;
    }
    let stated =
        signs.stated.is_product || matches!(signs.stated.kind.as_str(), "product" | "og:product" | "product.item");
    let sold = signs.has_price || signs.buys > 0;
    let by_address = place.below(STEPS);
    (stated && (sold || by_address)) || (by_address && sold && signs.buys <= 3)
}

fn is_listing(signs: &Signs, place: &Place, words: usize) -> bool {
    /// Below these stand lists, whatever their names.
    const SHELVES: &[&str] = &[
        "collections",
        "collection",
        "category",
        "categories",
        "cat",
        "c",
        "tag",
        "tags",
        "search",
        "shop",
        "browse",
        "market",
        "archive",
        "archives",
        "section",
        "sections",
        "kategorie",
        "kategorien",
        "categorie",
        "categoria",
    ];
    /// And these are lists when nothing stands below them.
    const STEPS: &[&str] =
        &["topic", "topics", "news", "blog", "author", "authors", "page", "articles", "stories", "latest"];
    let cards = signs.cards.max(signs.headed_links);
    if signs.stated.is_article && !place.is_front {
        return cards >= 20 && signs.prose < 80 && words < 200;
    }
    let little = signs.prose < ENOUGH_PROSE.min(cards * 12);
    let shelved = place.below(SHELVES) || place.ends_with(SHELVES) || signs.stated.is_collection;
    let named = place.is_front || place.ends_with(STEPS) || (place.below(STEPS) && signs.is_undated);
    let is_shop = signs.buys >= 4 || (signs.stated.kind == "product.group" && cards >= 8);
    is_shop
        || (shelved && cards >= 8 && (little || signs.is_undated && signs.longest < 150 && signs.prose < cards * 80))
        || (place.is_front && cards >= 8 && signs.longest < 150 && signs.prose < cards * 60)
        || (named && cards >= 8 && little)
        || (signs.is_undated && cards >= 20 && signs.prose < 120)
}

fn is_document(signs: &Signs, place: &Place, _: usize) -> bool {
    const HOSTS: &[&str] =
        &["docs", "doc", "developer", "developers", "wiki", "manual", "manuals", "reference", "devdocs", "man"];
    const STEPS: &[&str] = &[
        "docs",
        "doc",
        "documentation",
        "reference",
        "manual",
        "manuals",
        "api",
        "userguide",
        "user-guide",
        "handbook",
    ];
    const BLOGS: &[&str] = &["blog", "news", "post", "posts", "articles", "article", "story", "stories"];
    if signs.stated.is_news || place.has(BLOGS) || place.is_front && !place.begins_with(HOSTS) {
        return false;
    }
    // An encyclopedia is a wiki too, and its pages are articles by their own word.
    let wiki = place.has(&["wiki"]) && !signs.stated.is_article;
    signs.has_manual_software || place.begins_with(HOSTS) || place.has(STEPS) || wiki
}
