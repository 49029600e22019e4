//! Which names are elements of HTML, and which of them stand in titles.

/// Elements that mark up words. In a title, they are markup; all others are somebody writing about HTML.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
    "var", "wbr", "ruby", "rt", "rp", "rb",
];

/// Elements that hold paragraphs.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "details",
    "summary",
];

/// Elements without content and end tag.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

fn contains(list: &[&str], name: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Returns whether an element may stand in a title.
pub(crate) fn is_title_markup(name: &str) -> bool {
    contains(INLINE, name) || is_block(name)
}

/// Returns whether an element begins a line of its own.
pub(crate) fn is_block(name: &str) -> bool {
    contains(BLOCKS, name)
}

/// Returns whether an element has no end tag.
pub(crate) fn is_void(name: &str) -> bool {
    contains(VOID, name)
}
