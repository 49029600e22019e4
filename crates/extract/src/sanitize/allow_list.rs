//! The allow-list: elements, attributes and values.

use std::borrow::Cow;

use dom_query::{Element, NodeRef};
use html5ever::ns;
use url::Url;

use crate::dom::urls;
use crate::dom::words::is_plain_token;

/// The prefix of every id from a page, and of the fragments that link to it.
pub(crate) const ID_PREFIX: &str = "a-";

/// The class of a post that answers another.
pub(crate) const REPLY_CLASS: &str = "reply";

/// The `rel` of every link, so that the linked page learns nothing about ours.
pub(super) const LINK_REL: &str = "noopener noreferrer";

/// Allowed attributes by element, in addition to [`GLOBAL_ATTRIBUTES`].
const ELEMENT_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("abbr", &["title"]),
    ("blockquote", &["class"]),
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

/// Attributes allowed on every element.
const GLOBAL_ATTRIBUTES: &[&str] = &["lang", "dir", "id"];

/// What happens to an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ElementPolicy {
    /// It is kept.
    Keep,
    /// It is replaced by its contents.
    Unwrap,
    /// It is removed with its contents.
    Drop,
}

/// Returns what happens to elements of this name. Matches bytes for speed, as in [`crate::dom::tree`].
pub(crate) fn element_policy(name: &str) -> ElementPolicy {
    match name.as_bytes() {
        b"a" | b"abbr" | b"b" | b"bdi" | b"bdo" | b"blockquote" | b"br" | b"caption" | b"cite" | b"code" | b"col"
        | b"colgroup" | b"dd" | b"del" | b"details" | b"dfn" | b"dl" | b"dt" | b"em" | b"figcaption" | b"figure"
        | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"hr" | b"i" | b"img" | b"ins" | b"kbd" | b"li" | b"mark" | b"ol"
        | b"p" | b"pre" | b"q" | b"rp" | b"rt" | b"ruby" | b"s" | b"samp" | b"small" | b"span" | b"strong" | b"sub"
        | b"summary" | b"sup" | b"table" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"time" | b"tr" | b"u"
        | b"ul" | b"var" | b"wbr" => ElementPolicy::Keep,
        // Their contents are not text for readers.
        b"script" | b"style" | b"title" | b"noscript" | b"template" | b"iframe" | b"object" | b"embed" | b"svg"
        | b"math" | b"textarea" | b"select" | b"button" | b"xmp" | b"noembed" | b"noframes" | b"canvas" | b"audio"
        | b"video" => ElementPolicy::Drop,
        _ => ElementPolicy::Unwrap,
    }
}

/// Returns the value to write for an attribute, or `None` if it is not allowed.
pub(super) fn allowed_value<'v>(tag: &str, name: &str, value: &'v str, base: Option<&Url>) -> Option<Cow<'v, str>> {
    let is_element_attribute =
        || ELEMENT_ATTRIBUTES.iter().any(|(element, names)| *element == tag && names.contains(&name));
    (GLOBAL_ATTRIBUTES.contains(&name) || is_element_attribute()).then(|| check_value(tag, name, value, base)).flatten()
}

/// Returns whether a parsed tree contains only allowed elements, attributes and values.
pub(super) fn conforms(root: &NodeRef<'_>) -> bool {
    root.descendants_it().all(|node| match node.element_ref() {
        Some(element) => element_conforms(&element),
        None => node.is_text(),
    })
}

fn element_conforms(element: &Element) -> bool {
    let tag: &str = &element.name.local;
    element.name.ns == ns!(html)
        && element_policy(tag) == ElementPolicy::Keep
        && element.attrs.iter().all(|attribute| {
            let (name, value): (&str, &str) = (&attribute.name.local, &attribute.value);
            match (tag, name) {
                ("a", "rel") => value == LINK_REL,
                (_, "id") => is_prefixed_id(value),
                // The comparison with the rewritten HTML checks that URLs are in normal form.
                ("a", "href") if value.starts_with("mailto:") => true,
                ("a", "href") | ("img", "src") if value.starts_with("https://") || value.starts_with("http://") => true,
                _ => allowed_value(tag, name, value, None).as_deref() == Some(value),
            }
        })
}

/// Returns the normal form of an allowed value.
fn check_value<'v>(tag: &str, name: &str, value: &'v str, base: Option<&Url>) -> Option<Cow<'v, str>> {
    match (tag, name) {
        ("a", "href") => match value.strip_prefix('#') {
            Some(id) => is_prefixed_id(id).then_some(Cow::Borrowed(value)),
            None => urls::resolve_link(value, base).map(|url| Cow::Owned(url.into())),
        },
        ("img", "src") => urls::resolve_http(value, base).map(|url| Cow::Owned(url.into())),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto").then_some(Cow::Borrowed(value)),
        (_, "lang") => is_plain_token(value, 35).then_some(Cow::Borrowed(value)),
        (_, "id") => is_plain_token(value, 80).then_some(Cow::Borrowed(value)),
        (_, "width" | "height" | "colspan" | "rowspan" | "span" | "start" | "value") => {
            value.parse::<u16>().ok().map(|number| Cow::Owned(number.to_string()))
        }
        ("blockquote", "class") => (value == REPLY_CLASS).then_some(Cow::Borrowed(value)),
        ("p", "class") => (value == "embed").then_some(Cow::Borrowed(value)),
        (_, "class") => language_class(value).map(Cow::Borrowed),
        (_, "open" | "reversed") => Some(Cow::Borrowed("")),
        ("ol", "type") => matches!(value, "1" | "a" | "A" | "i" | "I").then_some(Cow::Borrowed(value)),
        (_, "scope") => matches!(value, "row" | "col" | "rowgroup" | "colgroup").then_some(Cow::Borrowed(value)),
        (_, "datetime") => (value.len() <= 40).then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Returns the class of a code block that names its programming language.
fn language_class(value: &str) -> Option<&str> {
    value
        .split_ascii_whitespace()
        .find(|class| (class.starts_with("language-") || class.starts_with("lang-")) && is_plain_token(class, 40))
}

fn is_prefixed_id(id: &str) -> bool {
    id.starts_with(ID_PREFIX) && is_plain_token(id, 82)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_element_is_kept_unwrapped_or_dropped() {
        assert_eq!(
            ["p", "marquee", "svg"].map(element_policy),
            [ElementPolicy::Keep, ElementPolicy::Unwrap, ElementPolicy::Drop]
        );
    }
}
