//! Extracts the article from a web page.
//!
//! [`article`] takes a page as HTML or plain text and returns its title, byline, date, safe HTML, plain text, and a list of
//! what was left out and why. It never fails and never panics: a page with nothing to read gives an empty [`Article`]. It
//! uses no network, clock or database; the caller passes in the time and the URL of the page.
//!
//! An HTML page goes through these stages, each in a folder of its own:
//!
//! 1. `parse`: source to tree, bounded in depth and size.
//! 2. `metadata`: title, author, date, language, lead image, as the page states and shows them.
//! 3. `prepare`: makes images, embeds and formulas readable without scripts.
//! 4. `select`: chooses the blocks that are the article, by decision trees learned from pages with known texts.
//! 5. `cleanup`: removes what is recognised by its class names or its words, before the choice (`boilerplate`) and after it;
//!    applies the reader's [`Rule`]s to the result.
//! 6. [`mod@sanitize`]: brings the article into one normal form and writes it through an allow-list, as [`CleanHtml`].
//! 7. `report`: lists the removed blocks, tells the kind of page ([`Verdict`]), finds the next page of the article.
//!
//! `pipeline` runs the stages, on top of all of them. Beside them:
//!
//! - [`mod@page`]: the types that go in and come out.
//! - `dom`: what every stage needs to read trees, URLs and words.
//! - `text`: articles that arrive as plain text. They share `metadata` and the phrase rules of `cleanup` with HTML.
//! - `markdown`: an article as Markdown.
//! - `training`: what `examples/train` needs to grow the trees.
//!
//! Folders use each other in one direction only: `dom`, `parse`, `prepare`, `sanitize`, `page`, `metadata`, `cleanup`, then
//! `select` and `report`, then `pipeline` and `text`; each may use those before it. Code inside the crate imports from the
//! module that defines an item; the re-exports below are for its users.

mod cleanup;
mod dom;
mod markdown;
mod metadata;
pub mod page;
mod parse;
mod pipeline;
mod prepare;
mod report;
mod sanitize;
mod select;
mod text;
#[doc(hidden)]
pub mod training;

pub use dom::selector::{Selector, SelectorError};
pub use dom::urls::strip_tracking;
pub use page::{Action, Article, Direction, Image, Page, Reason, RemovedBlock, Rule, Source, Verdict};
pub use parse::source_scan;
pub use report::blocks::{Block, SelectorCandidate, SelectorScope};
pub use report::interstitial::{Interstitial, PageScan, is_consent_url};
pub use report::pagination::append_page::append_page;
pub use sanitize::image_urls::ImageState;
pub use sanitize::{CleanHtml, sanitize_html};

/// Reads a page: the article in it, what is known about it, and what was left out.
///
/// Never fails and never panics; what the page does not say is empty or `None`. Time is linear in
/// the size of the page whatever its nesting.
///
/// ```
/// let page = extract::Page {
///     source: extract::Source::Html("<title>Rain</title><p>It rained all day in the valley.</p>"),
///     url: None,
///     now: jiff::Timestamp::UNIX_EPOCH,
///     rules: &[],
/// };
/// let article = extract::article(&page);
/// assert_eq!(article.title, "Rain");
/// assert_eq!(article.text, "It rained all day in the valley.");
/// ```
pub fn article(page: &Page<'_>) -> Article {
    match page.source {
        Source::Html(html) => pipeline::extract_article(html, page, &select::model::TRAINED_MODELS),
        Source::Text(text) => text::article(text, page),
    }
}

/// The page block by block, in page order: what is in the article, what was left out and why, and how to point at each.
///
/// Costs about as much again as [`article`]. A page of plain text has no blocks, since nothing can point into it.
pub fn blocks(page: &Page<'_>) -> Vec<Block> {
    match page.source {
        Source::Html(html) => pipeline::list_blocks(html, page, &select::model::TRAINED_MODELS),
        Source::Text(_) => Vec::new(),
    }
}

/// Words of a text; in scripts without spaces, each character is one.
pub fn count_words(text: &str) -> usize {
    dom::words::count(text)
}
