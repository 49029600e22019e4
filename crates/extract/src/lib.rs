//! Extracts the article from a web page.
//!
//! [`article`] takes a page as HTML or plain text and returns its title, byline, date, safe HTML, plain text, and the
//! removed blocks with their reasons. It never fails and never panics: a page without text gives an empty [`Article`].
//! It uses no network, clock or database; the caller passes in the time and the URL of the page.
//!
//! An HTML page goes through these stages, each in its own folder:
//!
//! 1. `parse`: source to tree, with limits on depth and size.
//! 2. `metadata`: title, author, date, language and lead image, from machine-readable data and from the visible page.
//! 3. `script_text`: puts the text in place that only scripts would show.
//! 4. `prepare`: makes images, embeds and formulas work without scripts.
//! 5. `select`: chooses the blocks of the article, with decision trees trained on annotated pages.
//! 6. `cleanup`: removes clutter known by its class names before the choice (`boilerplate`) and by its words after it;
//!    applies the reader's [`Rule`]s.
//! 7. `sanitize`: normalizes the article and writes it through an allow-list, as [`CleanHtml`].
//! 8. `report`: lists the removed blocks, classifies the page ([`Verdict`]), finds the next page of the article.
//!
//! `pipeline` runs the stages. Beside them:
//!
//! - [`mod@page`]: the input and output types.
//! - `dom`: trees, URLs and words, for all stages.
//! - `stop`: ends an extraction that takes too long.
//! - `text`: articles from plain text and Markdown. They share `metadata` and the phrase rules of `cleanup` with HTML.
//! - `markdown`: an article as Markdown.
//! - [`mod@links`]: lists of links, of pages that have no feed.
//! - `training`: what `examples/train` needs to grow the trees.
//!
//! Folders depend on each other in one direction only: `stop`, `dom`, `parse`, `prepare`, `sanitize`, `page`, `metadata`,
//! `links`, `script_text`, `cleanup`, then `select` and `report`, then `pipeline` and `text`; each may use those before it. Code inside the
//! crate imports from the module that defines an item; the re-exports below are for its users.

mod cleanup;
mod dom;
pub mod links;
mod markdown;
mod metadata;
pub mod page;
mod parse;
mod pipeline;
mod prepare;
mod report;
mod sanitize;
mod script_text;
mod select;
mod stop;
mod text;
#[doc(hidden)]
pub mod training;

pub use dom::selector::{Selector, SelectorError};
pub use dom::urls::{is_inline_image, strip_tracking};
pub use page::{Action, Article, Direction, Image, Markup, Page, Reason, RemovedBlock, Rule, Source, Verdict};
pub use parse::{MAX_TEXT_BYTES, source_scan, xhtml_to_html};
pub use prepare::images::inline::InlineImage;
pub use report::blocks::{Block, SelectorCandidate, SelectorScope};
pub use report::interstitial::{Interstitial, PageScan, is_consent_url};
pub use report::pagination::append_page::append_page;
pub use sanitize::image_urls::ImageState;
pub use sanitize::{CleanHtml, sanitize_html};
pub use stop::{Stop, Stopped};

/// Extracts the article from a page, with its metadata and the list of removed blocks.
///
/// Never fails and never panics; what the page does not state is empty or `None`. Takes time linear in the size of the
/// page, whatever its nesting.
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
        Source::Markup(markup, text) => text::markup_article(text, markup, page),
    }
}

/// Lists the blocks of a page in page order: kept or removed, with the reason and selectors for each.
///
/// Costs about as much as another call of [`article`]. Plain text has no blocks, since selectors cannot point into it.
pub fn blocks(page: &Page<'_>) -> Vec<Block> {
    match page.source {
        Source::Html(html) => pipeline::list_blocks(html, page, &select::model::TRAINED_MODELS),
        Source::Text(_) | Source::Markup(..) => Vec::new(),
    }
}

/// Returns the pictures that a page contains itself, as `data:` URLs or drawings, with their bytes.
///
/// The body and [`Article::images`] refer to those of the article by [`InlineImage::url`]; a page may contain others.
/// Costs little more than parsing the page.
pub fn inline_images(page: &Page<'_>) -> Vec<InlineImage> {
    match page.source {
        Source::Html(html) => pipeline::find_inline_images(html, page),
        Source::Text(_) | Source::Markup(..) => Vec::new(),
    }
}

/// Counts the words of a text; in scripts without spaces, each character is one.
pub fn count_words(text: &str) -> usize {
    dom::words::count(text)
}
