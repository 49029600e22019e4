//! What a reader has decided about a site: this is always part of the article, that never is.
//!
//! A [`Rule`] points at elements with a [`Selector`] and says what becomes of them. Selectors are matched on the tree as
//! [`crate::prepare::resolve`] leaves it, before anything is taken out of it, so that one made from a page finds
//! the same elements on that page again and their equals on others. What lies nearer to a text decides over what lies
//! further out, and of two rules for one element the later one holds.
//!
//! The article is chosen as if there were no rules, and what they say is applied to that choice (`pipeline/selection.rs`). So a rule adds or
//! takes what it points at and nothing else: were it applied before, one box less would make another choice of what is left.

use std::cell::RefCell;

use dom_query::{Document, NodeId};
use foldhash::{HashMap, HashSet};

use crate::dom::selector::{Selector, find};
use crate::dom::tree::{self, Walk};
use crate::page::{Action, Reasons, Rule};

/// What rules say of the texts and pictures of a page.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// Those that are part of the article.
    pub(crate) kept: HashSet<NodeId>,
    /// Those that are no part of it, and why.
    pub(crate) taken: Reasons,
}

impl Decided {
    /// Whether there is nothing on the page that a rule is about.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.taken.is_empty()
    }
}

/// Finds out what rules say of a page.
pub(crate) fn decide(page: &Document, rules: &[Rule]) -> Decided {
    let selectors: Vec<&Selector> = rules.iter().map(|rule| &rule.selector).collect();
    let mut actions = HashMap::<NodeId, Action>::default();
    for (rule, found) in rules.iter().zip(find(page, &selectors)) {
        actions.extend(found.into_iter().map(|id| (id, rule.action)));
    }
    if actions.is_empty() { Decided::default() } else { inside(page, &actions) }
}

/// What the actions on elements mean for the texts and pictures in them.
fn inside(page: &Document, actions: &HashMap<NodeId, Action>) -> Decided {
    let (mut decided, open) = (Decided::default(), RefCell::new(Vec::<Option<Action>>::new()));
    tree::walk(
        &page.root(),
        |node| {
            let around = open.borrow().last().copied().flatten();
            let action = actions.get(&node.id).copied().or(around);
            if tree::is_content(node) {
                match action {
                    Some(Action::Keep) => _ = decided.kept.insert(node.id),
                    Some(Action::Remove(reason)) => _ = decided.taken.insert(node.id, reason),
                    None => {}
                }
            }
            // What is put back is what a reader could have seen there, or what is pointed at itself.
            let is_unseen = || action == Some(Action::Keep) && tree::is_hidden(node) && !actions.contains_key(&node.id);
            if !node.is_element() || is_unseen() {
                return Walk::Past;
            }
            open.borrow_mut().push(action);
            Walk::Into
        },
        |_| _ = open.borrow_mut().pop(),
    );
    decided
}
