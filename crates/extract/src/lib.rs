//! A web page in, a readable article out.
//!
//! [`article`] is the one door. It takes a page as HTML or as plain text and answers with what a
//! reader wants of it: title, byline, date, the text with its pictures as HTML that is safe to show,
//! the same as plain text, and a list of what was left out and why. It never fails and never panics:
//! a page with nothing to read gives an empty [`Article`]. It knows no network, no clock and no
//! database, so the time and the address of the page are handed in.
//!
//! The way of an HTML page, which is also the order of the modules:
//!
//! 1. [`mod@page`]: what goes in and what comes out.
//! 2. `parse`: text → tree, bounded in depth and size whatever the page does.
//! 3. `metadata` (`jsonld`, `dates`, `names`, `bylines`): what the page says about itself.
//! 4. `prepare` (`pictures`, `embeds`): the tree is made readable without scripts.
//! 5. `boxes` (`sites`) and `content`: which blocks of the page are the article, by trees that are learned from pages
//!    with known texts.
//! 6. `tidy` (`judge`): what of these is not the article by its own words.
//! 7. [`rules`]: what the reader has decided about the site, which is added to that choice and taken from it.
//! 8. [`mod@clean`]: the allow-list through which everything foreign passes.
//! 9. `removed`: what was visible on the page and is not in the article.
//! 10. `verdict`: what kind of page it is; `pager`: whether the article goes on on another, which
//!     [`join`] adds to it.
//!
//! [`blocks()`] answers with the page block by block, each with a selector that points at it, so that a reader can say
//! what belongs to the article and what does not.
//!
//! [`Glance`] looks at a page's source (`markup`) before anything is read, and tells walls: also to whoever fetches it.
//!
//! Plain text takes a shorter way through `text`, with the same `judge`.

mod dom;
mod report;
pub mod sanitize;
pub use sanitize as clean;
mod select;
mod pipeline;
#[doc(hidden)]
pub mod training;
mod markdown;
mod metadata;
pub mod page;
mod parse;
mod prepare;
mod text;
mod cleanup;

pub use dom::selector::{Selector, SelectorProblem};
pub use dom::urls::without_tracking;
pub use page::removed_block::{Reason, Removed};
pub use page::rule::{Action, Rule};
pub use page::verdict::Verdict;
pub use page::{Article, Direction, Page, Picture, Source};
pub use parse::source_scan as markup;
pub use report::blocks::{Block, Pointer, Reach};
pub use report::interstitial::{Glance, Wall, asks_only};
pub use report::pagination::append_page::join;
pub use sanitize::CleanHtml;
pub use sanitize::image_urls::Shown;

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
        Source::Html(html) => pipeline::article(html, page, &select::MODELS),
        Source::Text(text) => text::article(text, page),
    }
}

/// The page block by block, in page order: what is in the article, what was left out and why, and how to point at each.
///
/// Costs about as much again as [`article`]. A page of plain text has no blocks, since nothing can point into it.
pub fn blocks(page: &Page<'_>) -> Vec<Block> {
    match page.source {
        Source::Html(html) => pipeline::blocks(html, page, &select::MODELS),
        Source::Text(_) => Vec::new(),
    }
}

/// Words of a text; in scripts without spaces, each character is one.
pub fn word_count(text: &str) -> usize {
    dom::words::count(text)
}
