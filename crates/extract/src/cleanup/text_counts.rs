//! Visible texts per element, counted once, so that asking for the block of each image on a page takes linear time.

use std::cell::{Cell, RefCell};

use dom_query::{NodeId, NodeRef};
use foldhash::HashMap;

use crate::dom::tree::{self, Walk};

/// The number of visible texts inside each element below a root, kept up to date while elements are removed.
pub(super) struct TextCounts {
    counts: HashMap<NodeId, usize>,
}

impl TextCounts {
    /// Counts the texts of `root` and of every element inside it, in one walk.
    pub(super) fn new(root: &NodeRef<'_>) -> Self {
        let mut counts = HashMap::default();
        // The texts seen before each open element, so that leaving it gives the number inside.
        let (seen, open) = (Cell::new(0), RefCell::new(Vec::new()));
        tree::walk(
            root,
            |node| {
                seen.set(seen.get() + usize::from(tree::is_nonblank_text(node)));
                if tree::is_non_text(&tree::name(node)) {
                    return Walk::Skip;
                }
                open.borrow_mut().push(seen.get());
                Walk::Enter
            },
            |node| {
                let before = open.borrow_mut().pop().unwrap_or_default();
                counts.insert(node.id, seen.get() - before);
            },
        );
        counts.insert(root.id, seen.get());
        Self { counts }
    }

    /// Returns whether an element contains text for readers.
    pub(super) fn has_text(&self, element: &NodeRef<'_>) -> bool {
        // Elements above the root were not counted.
        self.counts.get(&element.id).map_or_else(|| tree::has_visible_text(element), |count| *count > 0)
    }

    /// Removes an element from the tree, and its texts from the counts of the elements around it.
    pub(super) fn remove(&mut self, element: &NodeRef<'_>) {
        let removed = self.counts.get(&element.id).copied().unwrap_or_default();
        if removed > 0 {
            for above in element.ancestors_it(None) {
                if let Some(count) = self.counts.get_mut(&above.id) {
                    *count = count.saturating_sub(removed);
                }
            }
        }
        element.remove_from_parent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_follow_removals() {
        let page = crate::parse::parse_fragment(
            "<div><figure><img src=a><figcaption>Rain</figcaption></figure><p> <script>x()</script></p></div>",
        );
        let body = tree::body(&page);
        let mut counts = TextCounts::new(&body);
        for element in tree::elements(&body, |_| true) {
            if !tree::is_non_text(&tree::name(&element)) {
                assert_eq!(counts.has_text(&element), tree::has_visible_text(&element), "{}", element.html());
            }
        }
        let figure = tree::elements(&body, |node| tree::has_name(node, &["figure"]))[0];
        let block = figure.parent().unwrap();
        assert!(counts.has_text(&block));
        counts.remove(&figure);
        assert!(!counts.has_text(&block) && !tree::has_visible_text(&block));
    }
}
