//! Applies the reader's rules for a site: this is always part of the article, that never is.
//!
//! A [`Rule`] selects elements with a [`Selector`] and says what happens to them. Selectors match the tree as
//! [`crate::prepare::prepare_tree`] leaves it, before anything is removed, so that a selector made from a page matches
//! the same elements when that page is read again, and similar ones on other pages. The innermost rule around a text
//! wins, and of two rules for one element the later one.
//!
//! The article is selected as if there were no rules; then they are applied to the selection (`pipeline/selection.rs`).
//! So a rule adds or removes exactly what it matches. Applied earlier, one element less could change the selection of
//! the rest.

use std::cell::RefCell;

use dom_query::{Document, NodeId};
use foldhash::{HashMap, HashSet};

use crate::dom::selector::{Selector, find_all};
use crate::dom::tree::{self, Walk};
use crate::page::{Action, Reasons, Rule};

/// The texts and images of a page that rules decide about.
#[derive(Debug, Default)]
pub(crate) struct RuleMatches {
    /// Those that belong to the article.
    pub(crate) kept: HashSet<NodeId>,
    /// Those that do not, with the reason.
    pub(crate) removed: Reasons,
}

impl RuleMatches {
    /// Returns whether no rule matches.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.removed.is_empty()
    }
}

/// Returns what the rules decide about the texts and images of a page.
pub(crate) fn match_rules(page: &Document, rules: &[Rule]) -> RuleMatches {
    let selectors: Vec<&Selector> = rules.iter().map(|rule| &rule.selector).collect();
    let mut actions = HashMap::<NodeId, Action>::default();
    for (rule, found) in rules.iter().zip(find_all(page, &selectors)) {
        actions.extend(found.into_iter().map(|id| (id, rule.action)));
    }
    if actions.is_empty() { RuleMatches::default() } else { apply_to_contents(page, &actions) }
}

/// Applies the actions on elements to the texts and images inside.
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
                    Some(Action::Remove(reason)) => _ = matches.removed.insert(node.id, reason),
                    None => {}
                }
            }
            // Keeps only what is visible on the page, and hidden elements that a rule selects directly.
            let is_non_text =
                || action == Some(Action::Keep) && tree::is_hidden(node) && !actions.contains_key(&node.id);
            if !node.is_element() || is_non_text() {
                return Walk::Skip;
            }
            open.borrow_mut().push(action);
            Walk::Enter
        },
        |_| _ = open.borrow_mut().pop(),
    );
    matches
}
