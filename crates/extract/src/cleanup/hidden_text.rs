//! Lists the texts that a page hides and no control opens, so that a reader can see what was left out.

use dom_query::{Document, NodeId, NodeRef};

use crate::dom::tree::{self, Walk};
use crate::dom::words;

/// The minimum number of words of a text, and the maximum number of texts.
const MIN_WORDS: usize = 8;
const MAX_TEXTS: usize = 30;
/// The largest share of links in a text; what has more is a menu.
const MAX_LINK_SHARE: f64 = 0.5;

/// A text that nobody sees.
pub(crate) struct HiddenText {
    /// Its first text node.
    pub(crate) first: NodeId,
    pub(crate) text: String,
}

/// Collects the hidden texts of a prepared page, in page order.
pub(crate) fn collect(page: &Document) -> Vec<HiddenText> {
    let mut found = Vec::new();
    tree::walk(
        &tree::body(page),
        |node| {
            let name = tree::name(node);
            let is_apart = || {
                matches!(
                    &*name,
                    "nav" | "header" | "footer" | "aside" | "form" | "dialog" | "menu" | "select" | "button"
                )
            };
            if !node.is_element() || tree::is_non_text(&name) || is_apart() || found.len() == MAX_TEXTS {
                return Walk::Skip;
            }
            if !tree::is_hidden(node) {
                return Walk::Enter;
            }
            if !tree::is_inline(&name) {
                found.extend(read(node));
            }
            Walk::Skip
        },
        |_| {},
    );
    found
}

fn read(node: &NodeRef<'_>) -> Option<HiddenText> {
    let text = tree::line_text(node);
    let links = tree::elements(node, |inside| tree::has_name(inside, &["a"]));
    let linked: usize = links.iter().map(|link| tree::line_text(link).len()).sum();
    if words::count(&text) < MIN_WORDS || linked as f64 > MAX_LINK_SHARE * text.len() as f64 {
        return None;
    }
    let first = node.descendants_it().find(tree::is_nonblank_text)?;
    Some(HiddenText { first: first.id, text })
}
