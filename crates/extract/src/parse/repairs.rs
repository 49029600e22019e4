//! Repairs pages: text that was decoded twice, and parts that a script would move into place.

use std::borrow::Cow;

use dom_query::{Document, NodeRef};
use foldhash::HashMap;
use memchr::memmem;

use crate::dom::tree::{self, attribute};
use crate::dom::words;

/// The start of quotation marks and dashes whose UTF-8 was read as Latin-1. Its second character is a control
/// character, so no page means it.
const MOJIBAKE_PREFIX: &str = "\u{e2}\u{80}";
/// The maximum number of words in a loading placeholder.
const MAX_PLACEHOLDER_WORDS: usize = 4;

/// Restores characters whose UTF-8 was read as Latin-1.
pub(crate) fn fix_mojibake(html: &str) -> Cow<'_, str> {
    if memmem::find(html.as_bytes(), MOJIBAKE_PREFIX.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let (mut fixed, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(letter) = rest.chars().next() {
        let length = letter.len_utf8();
        let (decoded, read) = if letter.is_ascii() { None } else { decode_character(rest) }.unwrap_or((letter, length));
        fixed.push(decoded);
        rest = &rest[read..];
    }
    Cow::Owned(fixed)
}

/// Decodes the character whose UTF-8 bytes start the text as separate characters. Returns it with the number of bytes
/// it replaces.
fn decode_character(text: &str) -> Option<(char, usize)> {
    let byte = |letter: char| u8::try_from(u32::from(letter)).ok();
    let count = match text.chars().next().and_then(byte)? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = text.chars().take(count).map(byte).collect::<Option<_>>()?;
    let decoded = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((decoded, text.chars().take(count).map(char::len_utf8).sum()))
}

/// Placeholders at this depth are not filled, so that nested parts cannot make the tree deeper than the parser would.
const MAX_DEPTH: usize = 100;

/// Moves streamed parts into place, as React does: the contents of `<div hidden id="S:1">` replace `<template
/// id="B:1">` or `<template id="P:1">`.
pub(super) fn place_streamed_parts(tree: &Document, html: &str) {
    if memmem::find(html.as_bytes(), b"<template id=\"").is_none()
        || memmem::find(html.as_bytes(), b"id=\"S:").is_none()
    {
        return;
    }
    let (mut places, mut parts) = (HashMap::default(), Vec::new());
    for node in tree.root().descendants_it() {
        let Some(id) = attribute(&node, "id") else { continue };
        match id.split_at_checked(2) {
            Some(("B:" | "P:", number)) if tree::has_name(&node, &["template"]) => {
                places.insert(number.to_owned(), node);
            }
            Some(("S:", number)) if node.has_attr("hidden") => parts.push((number.to_owned(), node)),
            _ => {}
        }
    }
    for (number, part) in parts {
        let Some(place) = places.remove(&number) else { continue };
        let ancestors: Vec<NodeRef<'_>> = place.ancestors_it(Some(MAX_DEPTH)).collect();
        if ancestors.len() == MAX_DEPTH || ancestors.iter().any(|above| above.id == part.id) {
            continue;
        }
        if attribute(&place, "id").is_some_and(|id| id.starts_with('B')) {
            place.next_element_sibling().filter(is_loading_placeholder).iter().for_each(NodeRef::remove_from_parent);
        }
        place.insert_before(&part);
        place.remove_from_parent();
        tree::unwrap(&part);
    }
}

/// Returns whether an element only stands in for a part: "Loading…".
fn is_loading_placeholder(node: &NodeRef<'_>) -> bool {
    let line = tree::line_text(node);
    line.starts_with("Loading") && words::count(&line) <= MAX_PLACEHOLDER_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_double_decoded_characters() {
        for (broken, decoded) in [
            ("youâ\u{80}\u{99}re wet,Â\u{a0}ZoÃ«", "you’re wet,\u{a0}Zoë"),
            ("Rain â\u{80}\u{94} Zoë", "Rain — Zoë"),
            ("â\u{80}", "â\u{80}"),
            ("Ã« and Â°", "Ã« and Â°"),
        ] {
            assert_eq!(fix_mojibake(broken), decoded);
        }
    }

    #[test]
    fn streamed_parts_move_to_their_placeholders() {
        let html = "<body><article><p>It rained.</p><template id=\"B:0\"></template><div>Loading paragraph...</div><p>The end.</p>\
                    </article><div hidden id=\"S:0\"><p>The river rose.<template id=\"P:1\"></template></p></div>\
                    <div hidden id=\"S:1\"><b>Two metres.</b></div><div hidden id=\"S:2\"><template id=\"B:2\"></template></div>";
        let article = crate::parse::parse_page(html).tree.select("article").inner_html().to_string();
        assert_eq!(article, "<p>It rained.</p><p>The river rose.<b>Two metres.</b></p><p>The end.</p>");
    }

    #[test]
    fn nested_streamed_parts_stay_within_the_depth_limit() {
        let part = |at: usize| {
            let (open, close) = ("<div>".repeat(60), "</div>".repeat(60));
            format!("<div hidden id=\"S:{at}\">{open}<template id=\"P:{}\"></template>{close}</div>", at + 1)
        };
        let html: String = (0..100).map(part).collect();
        let html = format!("<template id=\"B:0\"></template>{html}");
        let page = crate::parse::parse_page(&html);
        let deepest = page.tree.root().descendants_it().map(|node| node.ancestors_it(None).count()).max();
        assert!(deepest.is_some_and(|deepest| deepest < 250), "{deepest:?}");
        let round = "<div hidden id=\"S:1\"><template id=\"P:2\"></template></div><div hidden id=\"S:2\"><template id=\"P:1\"></template></div>";
        assert!(crate::parse::parse_page(round).tree.root().descendants_it().count() < 10);
    }
}
