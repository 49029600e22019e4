//! Sanitizes HTML: everything foreign passes an allow-list before it is stored or shown.
//!
//! Only what the list names gets through: no scripts, styles, frames, forms, SVG or MathML, no event handlers, no
//! classes but a few of our own, no URLs but http, https and mailto. Ids get a prefix, so that they cannot clash with
//! ours.
//!
//! `html_writer` writes a tree through the list in one walk. The result is parsed again, as a browser will, and
//! accepted only if every element, attribute and value of that tree is allowed, and if preparing and writing it again
//! changes nothing. Tests check that `ammonia` with the same list changes nothing either.

pub(crate) mod allow_list;
pub(crate) mod image_urls;
pub(crate) mod normalize;
mod embed_cards;
mod html_writer;
mod visible_text;

use dom_query::NodeRef;
use url::Url;

use crate::dom::{inner_text, tree};
use crate::prepare::images::inline::InlineImages;
use crate::{parse, prepare};

/// HTML that has passed the allow-list, in one normal form: safe to insert into a page.
///
/// It has no `h1`, its links send no referrer, and `img` is the only element that loads anything; see
/// [`CleanHtml::resolve_images`].
///
/// Only this crate makes one. The field is private, and there is no conversion from strings:
///
/// ```compile_fail,E0423
/// let html = extract::CleanHtml("<script>".to_owned());
/// ```
///
/// ```compile_fail,E0451
/// let html = extract::CleanHtml { 0: "<script>".to_owned() };
/// ```
///
/// ```compile_fail,E0277
/// let html: extract::CleanHtml = "<script>".to_owned().into();
/// ```
///
/// ```compile_fail,E0616
/// let mut html = extract::sanitize_html("<p>Rain.", None);
/// html.0.push_str("<script>");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Wraps HTML that came from [`CleanHtml::as_str`] and was stored where only we write. Checks nothing: for anything
    /// else use [`sanitize_html`].
    pub fn from_trusted(html: String) -> CleanHtml {
        CleanHtml(html)
    }

    /// Returns the HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the HTML is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Makes foreign HTML, a fragment or a whole page, safe to show.
///
/// Resolves lazily loaded images, turns embeds into links, resolves URLs against `base` (dropping relative ones without
/// a base) and strips their tracking parameters, and moves headings down so that there is no `h1`. Sanitizing the
/// result again changes nothing.
///
/// ```
/// let html = extract::sanitize_html("<h1 onclick=x()>News</h1><script>x()</script><p>Rain.", None);
/// assert_eq!(html.as_str(), "<h2>News</h2><p>Rain.</p>");
/// ```
pub fn sanitize_html(html: &str, base: Option<&Url>) -> CleanHtml {
    rewrite_until_stable(html.to_owned(), base)
}

/// Sanitizes a tree that [`normalize::normalize_tree`] has normalized.
pub(crate) fn sanitize_tree(body: &NodeRef<'_>, base: Option<&Url>) -> CleanHtml {
    rewrite_until_stable(html_writer::write_contents(body, base), base)
}

/// Parses and writes HTML until it no longer changes: parsing can change the meaning of markup each time.
fn rewrite_until_stable(mut html: String, base: Option<&Url>) -> CleanHtml {
    for _ in 0..6 {
        let parsed = parse::parse_fragment(&html);
        let body = tree::body(&parsed);
        let conforms = allow_list::conforms(&body);
        let rewritten = rewrite(&body, base);
        if conforms && rewritten == html {
            return CleanHtml(html);
        }
        html = rewritten;
    }
    CleanHtml(text_as_paragraphs(&html))
}

fn rewrite(body: &NodeRef<'_>, base: Option<&Url>) -> String {
    prepare::prepare_tree(body, base, &mut InlineImages::refused());
    normalize::normalize_tree(body, base);
    html_writer::write_contents(body, base)
}

/// Returns only the text, as paragraphs: the last resort for markup that never becomes stable.
fn text_as_paragraphs(html: &str) -> String {
    let parsed = parse::parse_fragment(html);
    let text = inner_text::render(&tree::body(&parsed));
    let paragraphs: String =
        text.split("\n\n").map(|part| format!("<p>{}</p>", tree::escape(&part.replace('\n', " ")))).collect();
    // Written like everything else, so that sanitizing it again changes nothing.
    html_writer::write_contents(&tree::body(&parse::parse_fragment(&paragraphs)), None)
}
