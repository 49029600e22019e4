//! Reads trees: names, texts, blocks. Every walk is iterative, so that deep trees cannot overflow the stack.
//!
//! Names that are tested at every node are matched as bytes: the compiler turns that into one decision tree, but
//! compares strings one by one.

use dom_query::{Document, NodeData, NodeRef};
use html5ever::{LocalName, local_name};

use crate::dom::words;
use crate::stop;

/// The attribute with which `prepare` marks elements that belong to the article if the text around them does.
pub(crate) const PART_OF_TEXT: &str = "data-part-of-text";

/// Returns whether elements of this name run along inside a line of text.
pub(crate) fn is_inline(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"a" | b"abbr"
            | b"acronym"
            | b"b"
            | b"bdi"
            | b"bdo"
            | b"big"
            | b"cite"
            | b"code"
            | b"data"
            | b"del"
            | b"dfn"
            | b"em"
            | b"font"
            | b"g"
            | b"i"
            | b"img"
            | b"ins"
            | b"kbd"
            | b"label"
            | b"mark"
            | b"nobr"
            | b"picture"
            | b"q"
            | b"rb"
            | b"rp"
            | b"rt"
            | b"rtc"
            | b"ruby"
            | b"s"
            | b"samp"
            | b"small"
            | b"source"
            | b"span"
            | b"strike"
            | b"strong"
            | b"sub"
            | b"sup"
            | b"svg"
            | b"time"
            | b"tt"
            | b"u"
            | b"var"
            | b"wbr"
    )
}

/// Returns whether elements of this name have no text for readers: scripts, frames, drawings, media.
pub(crate) fn is_non_text(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"script"
            | b"style"
            | b"template"
            | b"noscript"
            | b"head"
            | b"title"
            | b"iframe"
            | b"object"
            | b"embed"
            | b"textarea"
            | b"svg"
            | b"math"
            | b"canvas"
            | b"audio"
            | b"video"
            | b"datalist"
            | b"noembed"
            | b"noframes"
    )
}

/// Returns whether elements of this name hold ruby annotations, which repeat East Asian characters as they are
/// pronounced.
pub(crate) fn is_ruby_annotation(name: &str) -> bool {
    matches!(name, "rt" | "rp" | "rtc")
}

/// Returns the element's name, or an empty name for other nodes.
pub(crate) fn name(node: &NodeRef<'_>) -> LocalName {
    element_name(node).unwrap_or(local_name!(""))
}

/// Returns the element's name, or `None` for other nodes.
pub(crate) fn element_name(node: &NodeRef<'_>) -> Option<LocalName> {
    node.qual_name_ref().map(|name| name.local.clone())
}

/// Calls `read` with the content of a text node, without copying it. Returns `None` for other nodes.
pub(crate) fn read_text<T>(node: &NodeRef<'_>, read: impl FnOnce(&str) -> T) -> Option<T> {
    node.tree
        .query_node(&node.id, |inner| match &inner.data {
            NodeData::Text { contents } => Some(read(contents)),
            _ => None,
        })
        .flatten()
}

/// Returns whether the node is an element with one of these names.
pub(crate) fn has_name(node: &NodeRef<'_>, names: &[&str]) -> bool {
    node.qual_name_ref().is_some_and(|name| names.contains(&name.local.as_ref()))
}

/// Returns whether the element has one of these classes, ignoring case.
pub(crate) fn has_any_class(node: &NodeRef<'_>, names: &[&str]) -> bool {
    let is_known = |class: &str| names.iter().any(|name| name.eq_ignore_ascii_case(class));
    node.attr("class").is_some_and(|classes| classes.split_ascii_whitespace().any(is_known))
}

/// Returns an attribute's value, trimmed; `None` if it is missing or empty.
pub(crate) fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    stop::check();
    node.attr(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Returns the class and id in lower case, with a space before, between and after them.
pub(crate) fn class_and_id(node: &NodeRef<'_>) -> String {
    let mut words = String::from(" ");
    for attribute in ["class", "id"] {
        if let Some(value) = node.attr(attribute) {
            words.push_str(&value.to_ascii_lowercase());
            words.push(' ');
        }
    }
    words
}

/// Returns whether the element is hidden by a `hidden` attribute or its inline style.
pub(crate) fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden") || node.attr("style").is_some_and(|style| style_hides(&style))
}

/// Returns whether an inline style hides the element.
pub(crate) fn style_hides(style: &str) -> bool {
    // Most styles hide nothing, and need not be copied.
    let may_hide = style.bytes().any(|byte| matches!(byte, b'y' | b'Y'));
    if !may_hide {
        return false;
    }
    let style: String = style
        .chars()
        .take(2_000)
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// How [`walk`] continues after entering a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    /// Visit its children.
    Enter,
    /// Skip its children.
    Skip,
}

/// Walks the descendants of `root` in document order. Calls `enter` for each node, and `leave` for each element
/// entered.
pub(crate) fn walk<'a>(
    root: &NodeRef<'a>,
    mut enter: impl FnMut(&NodeRef<'a>) -> Walk,
    mut leave: impl FnMut(&NodeRef<'a>),
) {
    stop::check();
    let mut next = root.first_child();
    while let Some(node) = next {
        if enter(&node) == Walk::Enter {
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

/// Returns the descendant elements that `wanted` accepts, in document order.
pub(crate) fn elements<'a>(root: &NodeRef<'a>, mut wanted: impl FnMut(&NodeRef<'a>) -> bool) -> Vec<NodeRef<'a>> {
    stop::check();
    root.descendants_it().filter(|node| node.is_element() && wanted(node)).collect()
}

/// Returns the images inside `root`, in document order.
pub(crate) fn images<'a>(root: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    elements(root, |node| has_name(node, &["img"]))
}

pub(crate) fn has_image(node: &NodeRef<'_>) -> bool {
    stop::check();
    node.descendants_it().any(|inside| has_name(&inside, &["img"]))
}

/// Returns whether the node contains exactly one image. Stops at the second.
pub(crate) fn has_single_image(node: &NodeRef<'_>) -> bool {
    node.descendants_it().filter(|inside| has_name(inside, &["img"])).take(2).count() == 1
}

/// Returns the figure around an image or its caption. A figure further away frames something else.
pub(crate) fn enclosing_figure<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    node.ancestors_it(Some(4)).find(|above| has_name(above, &["figure"]))
}

/// Returns the document's body, or its root if it has none.
pub(crate) fn body(tree: &Document) -> NodeRef<'_> {
    tree.body().unwrap_or_else(|| tree.root())
}

/// Returns the text a reader sees inside a node, on one line, with a space between blocks.
pub(crate) fn line_text(node: &NodeRef<'_>) -> String {
    let mut line = words::LineBuilder::default();
    walk(
        node,
        |inside| {
            let Some(name) = element_name(inside) else {
                read_text(inside, |text| line.push(text));
                return Walk::Skip;
            };
            if is_non_text(&name) || is_ruby_annotation(&name) {
                return Walk::Skip;
            }
            if !is_inline(&name) {
                line.push_break();
            }
            Walk::Enter
        },
        |_| {},
    );
    line.text
}

/// Returns whether the node contains text for readers.
pub(crate) fn has_visible_text(node: &NodeRef<'_>) -> bool {
    let mut found = false;
    walk(
        node,
        |inside| {
            found |= is_nonblank_text(inside);
            if found || is_non_text(&name(inside)) { Walk::Skip } else { Walk::Enter }
        },
        |_| {},
    );
    found
}

/// Returns whether the node contains a block element.
pub(crate) fn has_block(node: &NodeRef<'_>) -> bool {
    node.descendants_it()
        .any(|inside| inside.qual_name_ref().is_some_and(|name| !is_inline(&name.local) && &*name.local != "br"))
}

/// Returns the nearest ancestor that is not inline.
pub(crate) fn enclosing_block<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut at = node.parent();
    while let Some(element) = at {
        if !is_inline(&name(&element)) {
            return Some(element);
        }
        at = element.parent();
    }
    None
}

/// Replaces the element by its children.
pub(crate) fn unwrap(node: &NodeRef<'_>) {
    while let Some(child) = node.first_child() {
        node.insert_before(&child);
    }
    node.remove_from_parent();
}

/// Escapes text for HTML content and attribute values.
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

/// Returns whether the node is text of white space and invisible characters only.
pub(crate) fn is_blank_text(node: &NodeRef<'_>) -> bool {
    read_text(node, is_blank).unwrap_or(false)
}

/// Returns whether the node is text with a visible character.
pub(crate) fn is_nonblank_text(node: &NodeRef<'_>) -> bool {
    read_text(node, |text| !is_blank(text)).unwrap_or(false)
}

/// Returns whether a text has no visible character. Skips leading ASCII white space bytewise, since most text is ASCII.
fn is_blank(text: &str) -> bool {
    let is_invisible =
        |letter: char| letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    text.trim_ascii_start().chars().all(is_invisible)
}

/// Returns whether the node contains any text, even where readers cannot see it.
pub(crate) fn has_any_text(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|inside| is_nonblank_text(&inside))
}

/// Returns whether the texts inside have more than `limit` words. Stops counting there.
pub(crate) fn has_more_words_than(node: &NodeRef<'_>, limit: usize) -> bool {
    /// The assumed maximum length of a word, in bytes; longer texts have enough words.
    const MAX_WORD_BYTES: usize = 40;
    let mut count = 0;
    node.descendants_it().any(|inside| {
        let start = |text: &str| words::count(&text[..text.floor_char_boundary(MAX_WORD_BYTES * (limit + 1))]);
        count += read_text(&inside, start).unwrap_or(0);
        count > limit
    })
}

/// Returns whether a node is article content: nonblank text or an image.
pub(crate) fn is_content(node: &NodeRef<'_>) -> bool {
    is_nonblank_text(node) || has_name(node, &["img"])
}
