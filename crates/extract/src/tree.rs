//! Reading the tree: names, texts, blocks. Everything here walks without recursion.

use dom_query::{Document, NodeRef};

/// Elements that run along inside a line of text.
pub(crate) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "g"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "picture"
            | "q"
            | "rb"
            | "rp"
            | "rt"
            | "rtc"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "source"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "svg"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// Elements whose text no reader sees.
pub(crate) fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "head"
            | "title"
            | "iframe"
            | "object"
            | "embed"
            | "textarea"
            | "svg"
            | "math"
            | "canvas"
            | "audio"
            | "video"
            | "datalist"
            | "noembed"
            | "noframes"
    )
}

/// What stands over the characters of East Asian scripts to tell how they are read, and so says them again.
pub(crate) fn is_reading_aid(name: &str) -> bool {
    matches!(name, "rt" | "rp" | "rtc")
}

/// The element's name; empty for anything else.
pub(crate) fn name(node: &NodeRef<'_>) -> String {
    node.qual_name_ref().map(|name| name.local.to_string()).unwrap_or_default()
}

/// Whether the element has one of these names.
pub(crate) fn is_any(node: &NodeRef<'_>, names: &[&str]) -> bool {
    node.qual_name_ref().is_some_and(|name| names.contains(&name.local.as_ref()))
}

/// An attribute, trimmed; `None` when missing or empty.
pub(crate) fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    node.attr(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Class and id words in lower case, with a space around.
pub(crate) fn marks(node: &NodeRef<'_>) -> String {
    let mut marks = String::from(" ");
    for attribute in ["class", "id"] {
        if let Some(value) = node.attr(attribute) {
            marks.push_str(&value.to_ascii_lowercase());
            marks.push(' ');
        }
    }
    marks
}

/// Whether the page hides an element without scripts.
pub(crate) fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden") || node.attr("style").is_some_and(|style| hides(&style))
}

/// Whether a style says that nothing is shown.
pub(crate) fn hides(style: &str) -> bool {
    let style: String = style
        .chars()
        .take(2_000)
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// What a walk does after an element is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    /// Go on with its children.
    Into,
    /// Go on after it.
    Past,
}

/// Walks `root`'s inside in document order; `enter` sees each node, `leave` each element that was
/// entered.
pub(crate) fn walk<'a>(
    root: &NodeRef<'a>,
    mut enter: impl FnMut(&NodeRef<'a>) -> Walk,
    mut leave: impl FnMut(&NodeRef<'a>),
) {
    let mut next = root.first_child();
    while let Some(node) = next {
        if enter(&node) == Walk::Into {
            if let Some(child) = node.first_child() {
                next = Some(child);
                continue;
            }
            leave(&node);
        }
        let mut at = node;
        next = loop {
            if let Some(sibling) = at.next_sibling() {
                break Some(sibling);
            }
            match at.parent() {
                Some(parent) if parent.id != root.id => {
                    leave(&parent);
                    at = parent;
                }
                _ => break None,
            }
        };
    }
}

/// All elements inside `root` that `wanted` accepts, in document order; `root` itself is not looked at.
pub(crate) fn elements<'a>(root: &NodeRef<'a>, mut wanted: impl FnMut(&NodeRef<'a>) -> bool) -> Vec<NodeRef<'a>> {
    root.descendants_it().filter(|node| node.is_element() && wanted(node)).collect()
}

/// The document's body, else its root.
pub(crate) fn body(tree: &Document) -> NodeRef<'_> {
    tree.body().unwrap_or_else(|| tree.root())
}

/// The text a reader sees inside a node, on one line, blocks separated by a space.
pub(crate) fn line(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    walk(
        node,
        |inside| {
            if inside.is_text() {
                text.push_str(&inside.text());
                return Walk::Past;
            }
            let name = name(inside);
            if is_unseen(&name) || is_reading_aid(&name) {
                return Walk::Past;
            }
            if !name.is_empty() && !is_inline(&name) {
                text.push(' ');
            }
            Walk::Into
        },
        |_| {},
    );
    crate::words::one_line(&text, usize::MAX / 8)
}

/// Whether any text inside is for readers.
pub(crate) fn has_text(node: &NodeRef<'_>) -> bool {
    let mut found = false;
    walk(
        node,
        |inside| {
            found |= inside.is_text() && inside.text().chars().any(|letter| !letter.is_whitespace());
            if found || is_unseen(&name(inside)) { Walk::Past } else { Walk::Into }
        },
        |_| {},
    );
    found
}

/// Whether a block element stands inside.
pub(crate) fn has_block(node: &NodeRef<'_>) -> bool {
    node.descendants_it()
        .any(|inside| inside.qual_name_ref().is_some_and(|name| !is_inline(&name.local) && &*name.local != "br"))
}

/// The innermost block around a node: the nearest ancestor that is not inline.
pub(crate) fn block_of<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut at = node.parent();
    while let Some(element) = at {
        if !is_inline(&name(&element)) {
            return Some(element);
        }
        at = element.parent();
    }
    None
}

/// Takes the element away and leaves its children in its place.
pub(crate) fn unwrap(node: &NodeRef<'_>) {
    while let Some(child) = node.first_child() {
        node.insert_before(&child);
    }
    node.remove_from_parent();
}

/// Escapes text for HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text of white space only.
pub(crate) fn is_blank_text(node: &NodeRef<'_>) -> bool {
    node.is_text() && node.text().trim().is_empty()
}

/// Text with something in it.
pub(crate) fn is_filled_text(node: &NodeRef<'_>) -> bool {
    node.is_text() && !node.text().trim().is_empty()
}

/// Whether there is any text inside, also in places no reader sees.
pub(crate) fn has_words(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|inside| is_filled_text(&inside))
}
