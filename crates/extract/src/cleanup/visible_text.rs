//! Records what a reader of the page could see before anything is removed.

use std::cell::RefCell;

use dom_query::{Document, NodeId, NodeRef, Tree};
use foldhash::HashMap;

use crate::dom::tree::{self, Walk};
use crate::dom::words;
use crate::page::Reason;

/// Every visible text of the page, in page order.
pub(crate) struct VisibleTexts(pub(crate) Vec<VisibleText>);

/// A text on the page.
pub(crate) struct VisibleText {
    pub(crate) text: NodeId,
    /// The block that contains it.
    pub(crate) block: NodeId,
    /// What the landmark elements around it (`nav`, `footer`, …) say it is.
    pub(crate) landmark_reason: Option<Reason>,
}

impl VisibleTexts {
    /// Collects the texts of the prepared tree, before anything is removed.
    pub(crate) fn collect(page: &Document) -> VisibleTexts {
        let mut seen = Vec::new();
        let body = tree::body(page);
        let open_landmarks: RefCell<Vec<(NodeId, Reason)>> = RefCell::default();
        tree::walk(
            &body,
            |node| {
                if tree::is_nonblank_text(node) {
                    let block = tree::enclosing_block(node).map_or(body.id, |block| block.id);
                    let landmark_reason = open_landmarks.borrow().last().map(|(_, reason)| *reason);
                    seen.push(VisibleText { text: node.id, block, landmark_reason });
                }
                let name = tree::name(node);
                if !node.is_element()
                    || tree::is_non_text(&name)
                    || tree::is_ruby_annotation(&name)
                    || tree::is_hidden(node)
                {
                    return Walk::Skip;
                }
                if let Some(reason) = landmark_reason(node) {
                    open_landmarks.borrow_mut().push((node.id, reason));
                }
                Walk::Enter
            },
            |node| {
                let mut open_landmarks = open_landmarks.borrow_mut();
                if open_landmarks.last().is_some_and(|(id, _)| *id == node.id) {
                    open_landmarks.pop();
                }
            },
        );
        VisibleTexts(seen)
    }

    /// Returns the position of each text in page order.
    pub(crate) fn positions(&self) -> HashMap<NodeId, usize> {
        self.0.iter().enumerate().map(|(position, seen)| (seen.text, position)).collect()
    }

    /// Returns whether more than `limit` words are between two positions.
    pub(crate) fn has_more_words_between(&self, tree: &Tree, (before, after): (usize, usize), limit: usize) -> bool {
        let texts = self.0.get(before + 1..after).unwrap_or_default();
        let mut count = 0;
        texts.iter().any(|seen| {
            count += tree::read_text(&NodeRef::new(seen.text, tree), words::count).unwrap_or(0);
            count > limit
        })
    }
}

/// Returns what an element says about its contents.
fn landmark_reason(node: &NodeRef<'_>) -> Option<Reason> {
    match &*tree::name(node) {
        "nav" | "menu" => Some(Reason::Navigation),
        "form" | "select" | "button" | "fieldset" => Some(Reason::Form),
        "aside" => Some(Reason::Aside),
        "dialog" => Some(Reason::CookieNotice),
        "time" => Some(Reason::Details),
        "footer" => Some(Reason::PageFooter),
        "header" => Some(Reason::PageHeader),
        _ => match tree::attribute(node, "role").unwrap_or_default().as_str() {
            "navigation" | "menu" | "menubar" => Some(Reason::Navigation),
            "banner" => Some(Reason::PageHeader),
            "contentinfo" => Some(Reason::PageFooter),
            "complementary" => Some(Reason::Aside),
            _ => None,
        },
    }
}
