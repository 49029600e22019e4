//! The allow-list through which everything foreign passes before it is stored or shown.
//!
//! What is not named here does not get through: no scripts, styles, frames, forms, drawings or
//! formulas, no event handlers, no classes but our own few, no address but http, https and mailto.
//! Ids get a prefix, so that nothing foreign can take the name of something of ours.
//!
//! A tree is written out by this list in one walk (`html_writer`). What was written is then parsed again, as a browser will,
//! and counts only if the tree that comes out keeps to the list in every element, attribute and value, and if preparing
//! and writing it once more changes nothing. Tests give the same list to `ammonia`, which then changes nothing either.

pub(crate) mod allow_list;
pub(crate) mod image_urls;
pub(crate) mod normalize;
mod html_writer;

use dom_query::NodeRef;
use url::Url;

use crate::dom::{inner_text, tree};
use crate::{parse, prepare};

/// HTML that has passed the allow-list, in one canonical form: safe to put into a page as it is.
///
/// It has no `h1`, every link opens without telling the other side where the reader came from, and
/// `img` is the only element that loads anything; [`CleanHtml::with_pictures`] takes care of those.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// For text that came from [`CleanHtml::as_str`] and has since been kept where only we write.
    /// Nothing is checked: for anything else use [`clean`].
    pub fn from_trusted(html: String) -> CleanHtml {
        CleanHtml(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Makes foreign HTML (a part of a page or a whole one) safe to show.
///
/// Pictures that scripts would load are resolved, embeds become links, addresses are made absolute
/// against `base` (relative ones without a base are dropped) and freed of tracking, headings are
/// moved down so that there is no `h1`. Cleaning twice changes nothing more.
///
/// ```
/// let html = extract::sanitize_html("<h1 onclick=x()>News</h1><script>x()</script><p>Rain.", None);
/// assert_eq!(html.as_str(), "<h2>News</h2><p>Rain.</p>");
/// ```
pub fn sanitize_html(html: &str, base: Option<&Url>) -> CleanHtml {
    settle(html.to_owned(), base)
}

/// What a tree in [`normalize::canonical`] form has become, through the allow-list.
pub(crate) fn of_tree(body: &NodeRef<'_>, base: Option<&Url>) -> CleanHtml {
    settle(html_writer::inside(body, base), base)
}

/// Markup may change its meaning each time it is parsed, so it is read and written until it stays.
fn settle(mut html: String, base: Option<&Url>) -> CleanHtml {
    for _ in 0..6 {
        let parsed = parse::part(&html);
        let body = tree::body(&parsed);
        let keeps_to_the_list = allow_list::keeps_to(&body);
        let again = rewritten(&body, base);
        if keeps_to_the_list && again == html {
            return CleanHtml(html);
        }
        html = again;
    }
    CleanHtml(only_text(&html))
}

fn rewritten(body: &NodeRef<'_>, base: Option<&Url>) -> String {
    prepare::resolve(body, base);
    normalize::canonical(body, base);
    html_writer::inside(body, base)
}

/// The last resort for markup that never settles: its words as paragraphs.
fn only_text(html: &str) -> String {
    let parsed = parse::part(html);
    let text = inner_text::of_tree(&tree::body(&parsed));
    let paragraphs: String =
        text.split("\n\n").map(|part| format!("<p>{}</p>", tree::escape(&part.replace('\n', " ")))).collect();
    // Written as all the rest, so that cleaning it again changes nothing.
    html_writer::inside(&tree::body(&parse::part(&paragraphs)), None)
}
