//! Measures the text in every element in one walk. To read the text of elements within each other one by one would take
//! time quadratic in their depth.

use std::cell::RefCell;

use dom_query::{NodeId, NodeRef};
use foldhash::HashMap;

use super::tree::{self, Walk};

/// How much text is in an element, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TextSize {
    pub(crate) bytes: usize,
    /// Those in links.
    pub(crate) linked: usize,
}

/// Returns the sizes of an element and of all elements inside it, apart from those without text for readers.
pub(crate) fn measure(root: &NodeRef<'_>) -> HashMap<NodeId, TextSize> {
    let open = RefCell::new(vec![TextSize::default()]);
    let mut sizes = HashMap::default();
    tree::walk(
        root,
        |node| {
            if let Some(bytes) = tree::read_text(node, |text| text.trim().len()) {
                if let Some(top) = open.borrow_mut().last_mut() {
                    top.bytes += bytes;
                }
                return Walk::Skip;
            }
            if tree::is_non_text(&tree::name(node)) {
                return Walk::Skip;
            }
            open.borrow_mut().push(TextSize::default());
            Walk::Enter
        },
        |node| {
            let mut open = open.borrow_mut();
            let mut own = open.pop().unwrap_or_default();
            if tree::has_name(node, &["a"]) {
                own.linked = own.bytes;
            }
            sizes.insert(node.id, own);
            if let Some(parent) = open.last_mut() {
                parent.bytes += own.bytes;
                parent.linked += own.linked;
            }
        },
    );
    let total = open.borrow().first().copied().unwrap_or_default();
    sizes.insert(root.id, total);
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_links_count_in_every_element_around_them() {
        let page =
            crate::parse::parse_page("<div><p>Rain <a href=/x>fell <b>all</b></a></p><script>day</script></div>").tree;
        let sizes = measure(&page.root());
        let size = |name: &str| {
            let element = page.root().descendants_it().find(|node| tree::has_name(node, &[name])).unwrap();
            (sizes[&element.id].bytes, sizes[&element.id].linked)
        };
        assert_eq!([size("div"), size("p"), size("a"), size("b")], [(11, 7), (11, 7), (7, 7), (3, 0)]);
        assert_eq!(sizes[&page.root().id], TextSize { bytes: 11, linked: 7 });
    }
}
