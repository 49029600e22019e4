//! Reading the tree: names, texts, blocks. Everything here walks without recursion.
//!
//! Names that are asked for at every node are told by their bytes, which the compiler makes one decision of; strings it
//! compares one after the other.

use dom_query::{Document, NodeData, NodeRef};
use html5ever::{LocalName, local_name};

use crate::dom::words;

/// Elements that run along inside a line of text.
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

/// Elements whose text no reader sees.
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

/// What stands over the characters of East Asian scripts to tell how they are read, and so says them again.
pub(crate) fn is_ruby_annotation(name: &str) -> bool {
    matches!(name, "rt" | "rp" | "rtc")
}

/// The element's name; empty for anything else.
pub(crate) fn name(node: &NodeRef<'_>) -> LocalName {
    element_name(node).unwrap_or(local_name!(""))
}

/// The element's name; `None` for anything that is no element.
pub(crate) fn element_name(node: &NodeRef<'_>) -> Option<LocalName> {
    node.qual_name_ref().map(|name| name.local.clone())
}

/// Reads a text node's own text where it stands; `None` for anything else.
pub(crate) fn read_text<T>(node: &NodeRef<'_>, read: impl FnOnce(&str) -> T) -> Option<T> {
    node.tree
        .query_node(&node.id, |inner| match &inner.data {
            NodeData::Text { contents } => Some(read(contents)),
            _ => None,
        })
        .flatten()
}

/// Whether the element has one of these names.
pub(crate) fn has_name(node: &NodeRef<'_>, names: &[&str]) -> bool {
    node.qual_name_ref().is_some_and(|name| names.contains(&name.local.as_ref()))
}

/// Whether the element has one of these classes, in any case.
pub(crate) fn has_any_class(node: &NodeRef<'_>, names: &[&str]) -> bool {
    let is_known = |class: &str| names.iter().any(|name| name.eq_ignore_ascii_case(class));
    node.attr("class").is_some_and(|classes| classes.split_ascii_whitespace().any(is_known))
}

/// An attribute, trimmed; `None` when missing or empty.
pub(crate) fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    node.attr(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Class and id words in lower case, with a space around.
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

/// Whether the page hides an element without scripts.
pub(crate) fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden") || node.attr("style").is_some_and(|style| style_hides(&style))
}

/// Whether a style says that nothing is shown.
pub(crate) fn style_hides(style: &str) -> bool {
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
    Enter,
    /// Go on after it.
    Skip,
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

/// All elements inside `root` that `wanted` accepts, in document order; `root` itself is not looked at.
pub(crate) fn elements<'a>(root: &NodeRef<'a>, mut wanted: impl FnMut(&NodeRef<'a>) -> bool) -> Vec<NodeRef<'a>> {
    root.descendants_it().filter(|node| node.is_element() && wanted(node)).collect()
}

/// The pictures inside `root`, in document order.
pub(crate) fn images<'a>(root: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    elements(root, |node| has_name(node, &["img"]))
}

/// Whether a picture stands inside.
pub(crate) fn has_image(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|inside| has_name(&inside, &["img"]))
}

/// The figure around a picture or its caption; what is further away frames something else.
pub(crate) fn enclosing_figure<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    node.ancestors_it(Some(4)).find(|above| has_name(above, &["figure"]))
}

/// The document's body, else its root.
pub(crate) fn body(tree: &Document) -> NodeRef<'_> {
    tree.body().unwrap_or_else(|| tree.root())
}

/// The text a reader sees inside a node, on one line, blocks separated by a space.
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

/// Whether any text inside is for readers.
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

/// Whether a block element stands inside.
pub(crate) fn has_block(node: &NodeRef<'_>) -> bool {
    node.descendants_it()
        .any(|inside| inside.qual_name_ref().is_some_and(|name| !is_inline(&name.local) && &*name.local != "br"))
}

/// The innermost block around a node: the nearest ancestor that is not inline.
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

/// Text of white space and marks that are not seen.
pub(crate) fn is_blank_text(node: &NodeRef<'_>) -> bool {
    read_text(node, is_blank).unwrap_or(false)
}

/// Text with something in it.
pub(crate) fn is_nonblank_text(node: &NodeRef<'_>) -> bool {
    read_text(node, |text| !is_blank(text)).unwrap_or(false)
}

/// Whether nothing is seen of a text. Most of it is ASCII, which is told byte by byte.
fn is_blank(text: &str) -> bool {
    let is_invisible =
        |letter: char| letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    text.trim_ascii_start().chars().all(is_invisible)
}

/// Whether there is any text inside, also in places no reader sees.
pub(crate) fn has_any_text(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|inside| is_nonblank_text(&inside))
}

/// Whether the texts inside have more than so many words; it is not looked further than that.
pub(crate) fn has_more_words_than(node: &NodeRef<'_>, limit: usize) -> bool {
    /// Bytes of a word at most; a longer text has enough of them.
    const MAX_WORD_BYTES: usize = 40;
    let mut count = 0;
    node.descendants_it().any(|inside| {
        let start = |text: &str| words::count(&text[..text.floor_char_boundary(MAX_WORD_BYTES * (limit + 1))]);
        count += read_text(&inside, start).unwrap_or(0);
        count > limit
    })
}

/// Whether a node is what an article is made of: a text that is not blank, or a picture.
pub(crate) fn is_content(node: &NodeRef<'_>) -> bool {
    is_nonblank_text(node) || has_name(node, &["img"])
}
