//! The allow-list through which everything foreign passes before it is stored or shown.
//!
//! What is not named here does not get through: no scripts, styles, frames, forms, drawings or
//! formulas, no event handlers, no classes but our own few, no address but http, https and mailto.
//! Ids get a prefix, so that nothing foreign can take the name of something of ours.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

use crate::{parse, prepare, tree, urls};

/// Before every id that comes from a page, and in the links to it.
pub(crate) const ID_PREFIX: &str = "a-";

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements whose content is not text for readers, so it goes with them.
const WITH_CONTENT: &[&str] = &[
    "script", "style", "title", "noscript", "template", "iframe", "object", "embed", "svg", "math", "textarea",
    "select", "button", "xmp", "noembed", "noframes", "canvas", "audio", "video",
];

/// HTML that has passed the allow-list, in one canonical form: safe to put into a page as it is.
///
/// It has no `h1`, every link opens without telling the other side where the reader came from, and
/// `img` is the only element that loads anything; [`CleanHtml::with_pictures`] takes care of those.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// For text that came from [`CleanHtml::as_str`] and has since been kept where only we write.
    /// Nothing is checked: for anything else use [`clean`].
    pub fn stored(html: String) -> CleanHtml {
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
/// let html = extract::clean::clean("<h1 onclick=x()>News</h1><script>x()</script><p>Rain.", None);
/// assert_eq!(html.as_str(), "<h2>News</h2><p>Rain.</p>");
/// ```
pub fn clean(html: &str, base: Option<&Url>) -> CleanHtml {
    let mut clean = once(html, base);
    // Markup may change its meaning each time it is parsed, so repeat until it stays.
    for _ in 0..6 {
        let again = once(&clean, base);
        if again == clean {
            return CleanHtml(clean);
        }
        clean = again;
    }
    CleanHtml(only_text(&clean))
}

fn once(html: &str, base: Option<&Url>) -> String {
    let parsed = parse::parse(&format!("<body>{html}"));
    let body = tree::body(&parsed);
    prepare::resolve(&body, base);
    prepare::canonical(&body, base);
    allowed(&body.inner_html(), base)
}

/// What a tree has become, through the allow-list. The tree is already [`prepare::canonical`].
pub(crate) fn of_tree(body: &dom_query::NodeRef<'_>, base: Option<&Url>) -> CleanHtml {
    clean(&body.inner_html(), base)
}

/// The last resort for markup that never settles: its words as paragraphs.
fn only_text(html: &str) -> String {
    let parsed = parse::parse(&format!("<body>{html}"));
    let text = crate::text::of_tree(&tree::body(&parsed));
    text.split("\n\n").map(|part| format!("<p>{}</p>", tree::escape(&part.replace('\n', " ")))).collect()
}

fn allowed(html: &str, base: Option<&Url>) -> String {
    // Without a base the rules are always the same, so they are made once.
    static WITHOUT_BASE: OnceLock<Builder<'static>> = OnceLock::new();
    match base {
        None => WITHOUT_BASE.get_or_init(|| rules(None)).clean(html).to_string(),
        Some(base) => rules(Some(base.clone())).clean(html).to_string(),
    }
}

fn rules(base: Option<Url>) -> Builder<'static> {
    let attributes: [(&str, &[&str]); 14] = [
        ("a", &["href"]),
        ("abbr", &["title"]),
        ("code", &["class"]),
        ("col", &["span"]),
        ("colgroup", &["span"]),
        ("details", &["open"]),
        ("img", &["src", "alt", "width", "height"]),
        ("li", &["value"]),
        ("ol", &["start", "reversed", "type"]),
        ("p", &["class"]),
        ("pre", &["class"]),
        ("td", &["colspan", "rowspan"]),
        ("th", &["colspan", "rowspan", "scope"]),
        ("time", &["datetime"]),
    ];
    let attributes: HashMap<&str, HashSet<&str>> =
        attributes.into_iter().map(|(tag, names)| (tag, names.iter().copied().collect())).collect();
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(WITH_CONTENT.iter().copied().collect())
        .tag_attributes(attributes)
        .generic_attributes(["lang", "dir", "id"].into_iter().collect())
        .id_prefix(Some(ID_PREFIX))
        .url_schemes(["http", "https", "mailto"].into_iter().collect())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true)
        .attribute_filter(move |tag, name, value| value_allowed(tag, name, value, base.as_ref()));
    builder
}

/// The value an attribute keeps, if any.
fn value_allowed<'v>(tag: &str, name: &str, value: &'v str, base: Option<&Url>) -> Option<Cow<'v, str>> {
    match (tag, name) {
        ("a", "href") => match value.strip_prefix('#') {
            Some(id) => is_our_id(id).then_some(Cow::Borrowed(value)),
            None => urls::link(value, base).map(|url| Cow::Owned(url.into())),
        },
        ("img", "src") => urls::web(value, base).map(|url| Cow::Owned(url.into())),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto").then_some(Cow::Borrowed(value)),
        (_, "lang") => is_plain(value, 35).then_some(Cow::Borrowed(value)),
        (_, "id") => is_plain(value, 80).then_some(Cow::Borrowed(value)),
        (_, "width" | "height" | "colspan" | "rowspan" | "span" | "start" | "value") => {
            value.parse::<u16>().ok().map(|number| Cow::Owned(number.to_string()))
        }
        ("p", "class") => (value == "embed").then_some(Cow::Borrowed(value)),
        (_, "class") => language_class(value).map(Cow::Borrowed),
        (_, "open" | "reversed") => Some(Cow::Borrowed("")),
        ("ol", "type") => matches!(value, "1" | "a" | "A" | "i" | "I").then_some(Cow::Borrowed(value)),
        (_, "scope") => matches!(value, "row" | "col" | "rowgroup" | "colgroup").then_some(Cow::Borrowed(value)),
        (_, "datetime") => (value.len() <= 40).then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The one class of a code block that says which programming language it is in.
fn language_class(value: &str) -> Option<&str> {
    value
        .split_ascii_whitespace()
        .find(|class| (class.starts_with("language-") || class.starts_with("lang-")) && is_plain(class, 40))
}

fn is_our_id(id: &str) -> bool {
    id.starts_with(ID_PREFIX) && is_plain(id, 82)
}

/// Letters, digits and a few marks only.
pub(crate) fn is_plain(value: &str, longest: usize) -> bool {
    !value.is_empty()
        && value.len() <= longest
        && value.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':' | '.' | '+' | '#'))
}
