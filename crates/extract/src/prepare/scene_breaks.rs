//! Turns lines of asterisks and similar symbols, which separate scenes, into `<hr>`.

use dom_query::NodeRef;

use crate::dom::tree;

/// Symbols that authors separate scenes with.
const BREAK_SYMBOLS: &[char] = &['*', '•', '~', '⁂', '✽', '❦', '✻', '◆'];
/// The maximum length of such a line.
const MAX_BYTES: usize = 40;

/// Replaces paragraphs that consist only of these symbols by `<hr>`.
pub(super) fn replace_with_rules(paragraphs: &[NodeRef<'_>]) {
    for paragraph in paragraphs.iter().filter(|paragraph| starts_with_symbol(paragraph)) {
        let text = tree::line_text(paragraph);
        let is_break = text.len() <= MAX_BYTES
            && text.chars().all(|character| character.is_whitespace() || BREAK_SYMBOLS.contains(&character));
        if is_break && !tree::has_block(paragraph) && !tree::has_image(paragraph) {
            paragraph.insert_before(&paragraph.tree.new_element("hr"));
            paragraph.remove_from_parent();
        }
    }
}

fn starts_with_symbol(paragraph: &NodeRef<'_>) -> bool {
    let first = paragraph.descendants_it().find(tree::is_nonblank_text);
    first.and_then(|text| tree::read_text(&text, |text| text.trim_start().starts_with(BREAK_SYMBOLS))).unwrap_or(false)
}
