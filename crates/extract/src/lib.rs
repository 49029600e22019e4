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
//! 5. `boxes` (`sites`) and `content`: which part of the tree is the article.
//! 6. `tidy` (`judge`): what inside that part is not the article.
//! 7. [`mod@clean`]: the allow-list through which everything foreign passes.
//! 8. `removed`: what was visible on the page and is not in the article.
//!
//! Plain text takes a shorter way through `text`, with the same `judge`.

mod boxes;
mod bylines;
mod candidates;
pub mod clean;
mod content;
mod dates;
mod embeds;
mod features;
mod forest;
mod html;
mod jsonld;
mod judge;
mod language;
#[doc(hidden)]
pub mod learning;
mod marks;
mod metadata;
mod names;
pub mod page;
mod parse;
mod pictures;
mod prepare;
mod readable;
mod removed;
mod shown;
mod sites;
mod survey;
mod text;
mod tidy;
mod tree;
mod urls;
mod words;

pub use clean::CleanHtml;
pub use page::{Article, Direction, Page, Picture, Source};
pub use removed::{Reason, Removed};
pub use shown::Shown;
pub use urls::without_tracking;

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
/// };
/// let article = extract::article(&page);
/// assert_eq!(article.title, "Rain");
/// assert_eq!(article.text, "It rained all day in the valley.");
/// ```
pub fn article(page: &Page<'_>) -> Article {
    match page.source {
        Source::Html(html) => html::article(html, page, &content::MODELS),
        Source::Text(text) => text::article(text, page),
    }
}
