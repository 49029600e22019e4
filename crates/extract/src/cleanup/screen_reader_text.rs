//! Removes text for screen readers, which classes move out of sight: "opens in a new window", "Advertisement", "Image 3
//! of 7". Sighted readers of the page do not see it, so it is not part of the article.

use dom_query::{NodeId, NodeRef};
use foldhash::HashMap;

use crate::cleanup;
use crate::dom::tree;
use crate::page::{Reason, Reasons};

/// The classes that frameworks and content systems use for it.
const CLASSES: &[&str] = &[
    "sr-only",
    "sr_only",
    "sronly",
    "show-for-sr",
    "visually-hidden",
    "visuallyhidden",
    "visually_hidden",
    "u-visually-hidden",
    "is-visually-hidden",
    "is-visuallyhidden",
    "hidden-visually",
    "screen-reader-text",
    "screen-reader-only",
    "screen-reader",
    "screenreader-text",
    "screenreader-only",
    "screenreader",
    "screenreader-only-text",
    "element-invisible",
    "a11y-hidden",
    "a11y-text",
    "accessibility-text",
    "accessible-hidden",
    "assistive-text",
    "offscreen",
    "off-screen",
    "a-offscreen",
];

/// The maximum number of words in an explanation; longer ones are text that a script shows.
const MAX_WORDS: usize = 20;

/// Removes screen reader text from the selection.
pub(crate) fn remove(root: &NodeRef<'_>, reasons: &mut Reasons) {
    let is_named = |node: &NodeRef<'_>| tree::has_any_class(node, CLASSES);
    let mut text_counts = HashMap::default();
    let is_removable = |node: &NodeRef<'_>| {
        (is_in_or_after_link(node) || is_alone_in_block(node, &mut text_counts))
            && !tree::has_more_words_than(node, MAX_WORDS)
            && !tree::has_image(node)
    };
    // Checks all before removing any, so that none is alone only because another is gone.
    let found: Vec<NodeRef<'_>> = tree::elements(root, is_named).into_iter().filter(is_removable).collect();
    for node in found {
        cleanup::remove_with_reason(&node, Reason::NotPartOfTheArticle, reasons);
    }
}

/// Returns whether the text is in or right after a link, where it explains the link. Elsewhere in a line it may express
/// what styling shows, such as which of two prices is the old one.
fn is_in_or_after_link(node: &NodeRef<'_>) -> bool {
    let is_link = |node: &NodeRef<'_>| tree::has_name(node, &["a"]);
    node.ancestors_it(Some(4)).any(|above| is_link(&above)) || node.prev_element_sibling().as_ref().is_some_and(is_link)
}

/// Returns whether the block contains nothing else. A hidden heading still describes its section, and a cell's text its
/// symbol, so they stay. `text_counts` caches the number of texts per block.
fn is_alone_in_block(node: &NodeRef<'_>, text_counts: &mut HashMap<NodeId, usize>) -> bool {
    let is_needed_label = |node: &NodeRef<'_>| {
        tree::has_name(node, &["h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "td", "th", "dt", "dd"])
    };
    if is_needed_label(node) || node.ancestors_it(Some(4)).any(|above| is_needed_label(&above)) {
        return false;
    }
    let texts = |node: &NodeRef<'_>| node.descendants_it().filter(tree::is_nonblank_text).count();
    !tree::is_inline(&tree::name(node))
        || tree::enclosing_block(node)
            .is_some_and(|block| *text_counts.entry(block.id).or_insert_with(|| texts(&block)) == texts(node))
}

#[cfg(test)]
mod tests {
    #[test]
    fn removes_screen_reader_text() {
        let rain = "It rained in the valley from Monday to Friday, and the river rose by the height of a man.";
        let html = format!(
            "<body><article><p>{rain}</p><p>The <a href=\"https://b.example/levels\">levels of the week\
             <span class=\"sr-only\"> (opens in a new tab)</span></a> are high, the town says, and rise.</p></article></body>"
        );
        let page = crate::page::Page {
            source: crate::page::Source::Html(&html),
            url: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        let article = crate::article(&page);
        assert!(
            article.text.ends_with("The levels of the week are high, the town says, and rise."),
            "{}",
            article.text
        );
        assert!(article.removed.iter().any(|block| block.text == "(opens in a new tab)"), "{:?}", article.removed);
    }
}
