//! Kept elements that were not chosen, put into the chosen part at their place.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};

use super::Marks;
use crate::content::Chosen;
use crate::tree::{self, Walk};

/// Parts that stand only inside their table or list; alone they are groups.
const PARTS: &[&str] = &[
    "li",
    "dt",
    "dd",
    "tr",
    "td",
    "th",
    "tbody",
    "thead",
    "tfoot",
    "caption",
    "figcaption",
    "summary",
    "legend",
    "option",
];

/// Kept elements that are put in one by one. No article has so many; on a page that has, the rest stays where it was chosen or
/// left.
const MOST: usize = 500;

/// Puts kept elements of the page that are not wholly in the chosen part into it, each at its place in the page's order.
pub(crate) fn put_back(chosen: &mut Chosen, page: &Document, marks: &Marks) {
    if marks.elements.is_empty() {
        return;
    }
    let order: HashMap<NodeId, usize> = contents(&page.root()).enumerate().map(|(at, id)| (id, at)).collect();
    let mut places = Places::of(&chosen.root(), &order);
    let mut left = MOST;
    for id in &marks.elements {
        let element = NodeRef::new(*id, &page.tree);
        let own: Vec<(usize, NodeId)> = contents(&element).filter_map(|id| Some((*order.get(&id)?, id))).collect();
        let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
        if own.iter().all(|(at, _)| places.present.contains_key(at)) {
            continue;
        }
        if left == 0 {
            return;
        }
        left -= 1;
        let root = page.tree.get(&chosen.root);
        let holds_root = root.is_some_and(|root| root.id == *id || root.ancestors_it(None).any(|it| it.id == *id));
        restore(&element, chosen);
        if holds_root {
            chosen.root = *id;
            places = Places::of(&chosen.root(), &order);
            continue;
        }
        for (at, _) in &own {
            places.present.remove(at);
        }
        places.insert(*id, (first.0, last.0), chosen);
        places.present.extend(own.iter().copied());
    }
}

/// Texts and pictures inside an element.
fn contents<'a>(node: &NodeRef<'a>) -> impl Iterator<Item = NodeId> + use<'a> {
    let found = node.descendants_it().filter(|node| tree::is_filled_text(node) || tree::is_any(node, &["img"]));
    found.map(|node| node.id).collect::<Vec<_>>().into_iter()
}

/// What is in the chosen part, by the page's order.
struct Places {
    /// Its texts and pictures.
    present: BTreeMap<usize, NodeId>,
    /// The last of those inside each element.
    last: HashMap<NodeId, usize>,
}

impl Places {
    fn of(root: &NodeRef<'_>, order: &HashMap<NodeId, usize>) -> Self {
        let last = RefCell::new(HashMap::<NodeId, usize>::new());
        let note = |last: &mut HashMap<NodeId, usize>, node: &NodeRef<'_>, at: usize| {
            if let Some(parent) = node.parent() {
                let known = last.entry(parent.id).or_default();
                *known = at.max(*known);
            }
        };
        let mut present = BTreeMap::new();
        tree::walk(
            root,
            |node| {
                if let Some(at) = order.get(&node.id) {
                    present.insert(*at, node.id);
                    note(&mut last.borrow_mut(), node, *at);
                }
                if node.is_element() { Walk::Into } else { Walk::Past }
            },
            |node| {
                let mut last = last.borrow_mut();
                if let Some(at) = last.get(&node.id).copied() {
                    note(&mut last, node, at);
                }
            },
        );
        Self { present, last: last.into_inner() }
    }

    /// Puts an element after all that stands before it on the page, as far out as it can without jumping over what stands
    /// after it.
    fn insert(&mut self, id: NodeId, (first, end): (usize, usize), chosen: &Chosen) {
        let root = chosen.root();
        let Some(before) = self.present.range(..first).next_back().map(|(_, id)| *id) else {
            return root.prepend_child(&id);
        };
        let mut at = NodeRef::new(before, &chosen.tree.tree);
        while let Some(parent) = at.parent() {
            if parent.id == root.id || self.last.get(&parent.id).is_some_and(|last| *last > first) {
                break;
            }
            at = parent;
        }
        at.insert_after(&id);
        let put = NodeRef::new(id, &chosen.tree.tree);
        self.last.insert(id, end);
        for above in put.ancestors_it(None) {
            let known = self.last.entry(above.id).or_default();
            *known = end.max(*known);
        }
    }
}

/// Makes an element in the chosen tree what it is on the page, whatever the choosing did to it. Nodes have the same numbers in
/// both trees.
fn restore(element: &NodeRef<'_>, chosen: &Chosen) {
    let inside: Vec<NodeRef<'_>> = element.descendants_it().collect();
    let known: HashSet<NodeId> = inside.iter().map(|node| node.id).collect();
    let there = |id: NodeId| NodeRef::new(id, &chosen.tree.tree);
    // Where the choosing has wrapped the chosen part around or inside it, nothing may end up inside itself.
    there(element.id).remove_from_parent();
    for node in std::iter::once(element).chain(&inside).filter(|node| node.is_element()) {
        let copy = there(node.id);
        copy.rename(&tree::name(node));
        copy.remove_all_attrs();
        for attribute in node.attrs() {
            copy.set_attr(&attribute.name.local, &attribute.value);
        }
        copy.children().iter().filter(|child| !known.contains(&child.id)).for_each(NodeRef::remove_from_parent);
    }
    for node in &inside {
        if let Some(parent) = node.parent() {
            there(node.id).remove_from_parent();
            there(parent.id).append_child(&node.id);
        }
    }
    let copy = there(element.id);
    if tree::is_any(&copy, PARTS) {
        let inside = tree::elements(&copy, |node| tree::is_any(node, PARTS));
        inside.iter().chain([&copy]).for_each(|part| part.rename("div"));
    }
}
