//! Lines of nothing but asterisks and the like, which part scenes as rules do.

use dom_query::NodeRef;

use crate::dom::tree;

/// Signs that authors part scenes with.
const SCENES: &[char] = &['*', '•', '~', '⁂', '✽', '❦', '✻', '◆'];
/// Bytes of such a line.
const LONGEST: usize = 40;

/// Lines of nothing but signs part scenes, as rules do.
pub(super) fn resolve(paragraphs: &[NodeRef<'_>]) {
    for paragraph in paragraphs.iter().filter(|paragraph| begins_with_sign(paragraph)) {
        let text = tree::line_text(paragraph);
        let is_one = text.len() <= LONGEST && text.chars().all(|sign| sign.is_whitespace() || SCENES.contains(&sign));
        if is_one && !tree::has_block(paragraph) && !tree::has_image(paragraph) {
            paragraph.insert_before(&paragraph.tree.new_element("hr"));
            paragraph.remove_from_parent();
        }
    }
}

fn begins_with_sign(paragraph: &NodeRef<'_>) -> bool {
    let first = paragraph.descendants_it().find(tree::is_nonblank_text);
    first.and_then(|text| tree::read_text(&text, |text| text.trim_start().starts_with(SCENES))).unwrap_or(false)
}
