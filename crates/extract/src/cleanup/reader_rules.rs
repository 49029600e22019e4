//! What a reader has decided about a site: this is always part of the article, that never is.
//!
//! A [`Rule`] points at elements with a [`Selector`] and says what becomes of them. Selectors are matched on the tree as
//! [`crate::prepare::prepare_tree`] leaves it, before anything is taken out of it, so that one made from a page finds
//! the same elements on that page again and their equals on others. What lies nearer to a text decides over what lies
//! further out, and of two rules for one element the later one holds.
//!
//! The article is chosen as if there were no rules, and what they say is applied to that choice (`pipeline/selection.rs`). So a rule adds or
//! takes what it points at and nothing else: were it applied before, one box less would make another choice of what is left.

use std::cell::RefCell;

use dom_query::{Document, NodeId};
use foldhash::{HashMap, HashSet};

use crate::dom::selector::{Selector, find_all};
use crate::dom::tree::{self, Walk};
use crate::page::{Action, Reasons, Rule};

/// What rules say of the texts and pictures of a page.
#[derive(Debug, Default)]
pub(crate) struct RuleMatches {
    /// Those that are part of the article.
    pub(crate) kept: HashSet<NodeId>,
    /// Those that are no part of it, and why.
    pub(crate) removed: Reasons,
}

impl RuleMatches {
    /// Whether there is nothing on the page that a rule is about.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.removed.is_empty()
    }
}

/// Finds out what rules say of a page.
pub(crate) fn match_rules(page: &Document, rules: &[Rule]) -> RuleMatches {
    let selectors: Vec<&Selector> = rules.iter().map(|rule| &rule.selector).collect();
    let mut actions = HashMap::<NodeId, Action>::default();
    for (rule, found) in rules.iter().zip(find_all(page, &selectors)) {
        actions.extend(found.into_iter().map(|id| (id, rule.action)));
    }
    if actions.is_empty() { RuleMatches::default() } else { apply_to_contents(page, &actions) }
}

/// What the actions on elements mean for the texts and pictures in them.
fn apply_to_contents(page: &Document, actions: &HashMap<NodeId, Action>) -> RuleMatches {
    let (mut matches, open) = (RuleMatches::default(), RefCell::new(Vec::<Option<Action>>::new()));
    tree::walk(
        &page.root(),
        |node| {
            let inherited = open.borrow().last().copied().flatten();
            let action = actions.get(&node.id).copied().or(inherited);
            if tree::is_content(node) {
                match action {
                    Some(Action::Keep) => _ = matches.kept.insert(node.id),
                    Some(Action::TakeOut(reason)) => _ = matches.removed.insert(node.id, reason),
                    None => {}
                }
            }
            // What is put back is what a reader could have seen there, or what is pointed at itself.
            let is_unseen = || action == Some(Action::Keep) && tree::is_hidden(node) && !actions.contains_key(&node.id);
            if !node.is_element() || is_unseen() {
                return Walk::Skip;
            }
            open.borrow_mut().push(action);
            Walk::Enter
        },
        |_| _ = open.borrow_mut().pop(),
    );
    matches
}
