//! What a reader has decided about a site: this is always part of the article, that never is.
//!
//! A [`Rule`] points at elements with a [`Selector`] and says what becomes of them. Rules are applied to the tree as
//! [`crate::prepare::resolve`] leaves it, before anything else is taken out of it, so that a selector made from one page finds
//! the same elements on that page again and their equals on others. What lies nearer to a text decides over what lies
//! further out, and of two rules for one element the later one holds.

mod selector;

use std::cell::RefCell;

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

pub(crate) use selector::find;
pub use selector::{Selector, SelectorProblem};

use crate::Reason;
use crate::html::Reasons;
use crate::tidy::take;
use crate::tree::{self, Walk};

/// A reader's decision about a part of the pages of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which elements are meant.
    pub selector: Selector,
    /// What becomes of them.
    pub action: Action,
}

/// What becomes of the elements a rule points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// They are part of the article, whatever the extractor would think of them.
    Keep,
    /// They are no part of it, for this reason.
    TakeOut(Reason),
}

/// What rules have said of a page: the part of it that nothing later may take out.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Texts and pictures that stay.
    pub(crate) kept: HashSet<NodeId>,
    /// The outermost kept elements, in page order.
    pub(crate) elements: Vec<NodeId>,
    /// Elements with something kept inside.
    holders: HashSet<NodeId>,
}

impl Marks {
    /// Whether an element has something kept inside, so that it cannot be taken out whole. Asked of the page's own elements.
    pub(crate) fn is_held(&self, node: &NodeRef<'_>) -> bool {
        self.holders.contains(&node.id)
    }

    /// The same for elements that were made since the rules were applied: looks at the texts and pictures themselves.
    pub(crate) fn holds_any(&self, node: &NodeRef<'_>) -> bool {
        !self.kept.is_empty() && node.descendants_it().any(|inside| self.kept.contains(&inside.id))
    }
}

/// Takes out what is to be taken out, and says what must stay.
pub(crate) fn apply(page: &Document, rules: &[Rule], reasons: &mut Reasons) -> Marks {
    let selectors: Vec<&Selector> = rules.iter().map(|rule| &rule.selector).collect();
    let mut decided = HashMap::<NodeId, Action>::default();
    for (rule, found) in rules.iter().zip(find(page, &selectors)) {
        decided.extend(found.into_iter().map(|id| (id, rule.action)));
    }
    if decided.is_empty() {
        return Marks::default();
    }
    let (marks, taken) = mark(page, &decided);
    show_buttons(page, &marks);
    for (id, reason) in taken {
        take_around(&NodeRef::new(id, &page.tree), reason, &marks, reasons);
    }
    marks
}

/// Words on buttons are no text of an article; those that a reader has put back become plain words.
fn show_buttons(page: &Document, marks: &Marks) {
    for text in &marks.kept {
        for above in NodeRef::new(*text, &page.tree).ancestors(Some(3)) {
            if tree::is_any(&above, &["button"]) {
                above.rename("span");
            }
        }
    }
}

/// An element that is open during the walk.
struct Open {
    id: NodeId,
    action: Option<Action>,
    holds: bool,
}

/// What is kept, and the elements to take out in page order.
fn mark(page: &Document, decided: &HashMap<NodeId, Action>) -> (Marks, Vec<(NodeId, Reason)>) {
    let mut taken = Vec::new();
    let (marks, open) = (RefCell::new(Marks::default()), RefCell::new(Vec::<Open>::new()));
    tree::walk(
        &page.root(),
        |node| {
            let (mut marks, mut open) = (marks.borrow_mut(), open.borrow_mut());
            let around = open.last().and_then(|above| above.action);
            let own = decided.get(&node.id).copied();
            let action = own.or(around);
            let is_content = tree::is_filled_text(node) || tree::is_any(node, &["img"]);
            if is_content && action == Some(Action::Keep) {
                marks.kept.insert(node.id);
                if let Some(above) = open.last_mut() {
                    above.holds = true;
                }
            }
            match own {
                Some(Action::Keep) if around != own => marks.elements.push(node.id),
                Some(Action::TakeOut(reason)) => taken.push((node.id, reason)),
                _ => {}
            }
            if !node.is_element() {
                return Walk::Past;
            }
            open.push(Open { id: node.id, action, holds: is_content && action == Some(Action::Keep) });
            Walk::Into
        },
        |_| {
            let (mut marks, mut open) = (marks.borrow_mut(), open.borrow_mut());
            if let Some(left) = open.pop().filter(|left| left.holds) {
                marks.holders.insert(left.id);
                if let Some(above) = open.last_mut() {
                    above.holds = true;
                }
            }
        },
    );
    (marks.into_inner(), taken)
}

/// Takes out an element, but not what is kept inside it.
fn take_around(node: &NodeRef<'_>, reason: Reason, marks: &Marks, reasons: &mut Reasons) {
    let mut left = vec![*node];
    while let Some(node) = left.pop() {
        if marks.kept.contains(&node.id) || marks.elements.contains(&node.id) {
            continue;
        }
        if marks.is_held(&node) {
            left.extend(node.children_it(false));
        } else {
            if node.is_text() {
                reasons.entry(node.id).or_insert(reason);
            }
            take(&node, reason, reasons);
        }
    }
}
