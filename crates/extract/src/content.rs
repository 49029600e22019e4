//! Which part of the tree is the article.
//!
//! `dom_smoothie` (a port of Mozilla's Readability) chooses; where it finds nothing, or the page is
//! of a kind that would cost it too much time, the densest part of the page is taken.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};

use crate::tree::{self, Walk};

/// The chooser copies the text of nested groups once per level. Above this many bytes (text × depth)
/// it is not asked.
const MOST_WORK: usize = 150_000_000;
/// An answer shorter than this, in bytes, is checked against the densest part.
const SHORT: usize = 250;

/// A part of a tree.
pub(crate) struct Chosen {
    /// The tree; node numbers are those of the page's tree, so texts can be found in both.
    pub(crate) tree: Document,
    /// The element that holds the article.
    pub(crate) root: NodeId,
}

impl Chosen {
    /// The element that holds the article.
    pub(crate) fn root(&self) -> NodeRef<'_> {
        NodeRef::new(self.root, &self.tree.tree)
    }
}

/// Chooses the article's part of a page.
pub(crate) fn choose(page: &Document) -> Chosen {
    let found = (work(page) <= MOST_WORK).then(|| readable(page)).flatten();
    let found_bytes = found.as_ref().map_or(0, |chosen| tree::line(&chosen.root()).len());
    if found_bytes >= SHORT {
        return found.expect("a text was found in it");
    }
    let dense = densest(page);
    let dense_bytes = tree::line(&NodeRef::new(dense, &page.tree)).len();
    match found {
        Some(chosen) if found_bytes > 0 && dense_bytes < found_bytes * 3 => chosen,
        _ => Chosen { tree: page.clone(), root: dense },
    }
}

/// Everything on the page, for pages that no chooser can be let near: nested without end or too large.
pub(crate) fn whole(page: &Document) -> Chosen {
    Chosen { root: tree::body(page).id, tree: page.clone() }
}

/// What the chooser's work grows with: each text counts once per element around it, and once per letter in it that has to be
/// escaped when it is written, since html5ever then looks through the rest of the text again.
fn work(page: &Document) -> usize {
    let depth = Cell::new(0_usize);
    let mut work = 0_usize;
    tree::walk(
        &page.root(),
        |node| {
            if node.is_text() {
                let text = node.text();
                let escaped = text.bytes().filter(|byte| matches!(byte, b'&' | b'<' | b'>' | 0xC2)).count();
                work = work.saturating_add(text.len().saturating_mul(depth.get() + escaped));
                return Walk::Past;
            }
            depth.set(depth.get() + 1);
            Walk::Into
        },
        |_| depth.set(depth.get() - 1),
    );
    work
}

fn readable(page: &Document) -> Option<Chosen> {
    let config = Config { keep_classes: true, ..Config::default() };
    let copy = page.clone();
    // The chooser is not ours and a page must never end the program, so a panic in it is an empty answer.
    let tree = catch_unwind(AssertUnwindSafe(|| {
        let mut chooser = Readability::with_document(copy, None, Some(config)).ok()?;
        chooser.parse().ok()?;
        Some(chooser.doc)
    }))
    .ok()
    .flatten()?;
    let root = tree.select_single("#readability-page-1").nodes().first()?.id;
    Some(Chosen { tree, root })
}

/// Elements that are never the article.
const AROUND: &[&str] = &["nav", "footer", "aside", "form", "header", "dialog", "menu", "select", "button"];

/// The densest part: from the body inwards as long as one child holds most of the plain text.
fn densest(page: &Document) -> NodeId {
    let body = tree::body(page);
    let weights = plain_text(&body);
    let weight = |node: &NodeRef<'_>| weights.get(&node.id).copied().unwrap_or(0);
    let whole = weights.values().copied().max().unwrap_or(0);
    let mut at = tree::elements(&body, |node| tree::is_any(node, &["article", "main"]))
        .into_iter()
        .filter(|node| weight(node) * 10 >= whole * 4)
        .max_by_key(weight)
        .unwrap_or(body);
    loop {
        let inner = at.children_it(false).filter(|child| child.is_element()).max_by_key(weight);
        match inner {
            Some(child)
                if weight(&child) * 10 >= weight(&at) * 8
                    && !tree::is_any(&child, &["p", "pre", "ul", "ol", "table", "blockquote"])
                    && weight(&child) > 0
                    && !tree::is_inline(&tree::name(&child)) =>
            {
                at = child
            }
            _ => return at.id,
        }
    }
}

/// Bytes of text inside each element, without links and without the page's frame.
fn plain_text(body: &NodeRef<'_>) -> HashMap<NodeId, usize> {
    let mut weights = HashMap::new();
    let open: RefCell<Vec<usize>> = RefCell::new(vec![0]);
    tree::walk(
        body,
        |node| {
            if node.is_text() {
                if let Some(top) = open.borrow_mut().last_mut() {
                    *top += node.text().trim().len();
                }
                return Walk::Past;
            }
            let name = tree::name(node);
            if tree::is_unseen(&name) || AROUND.contains(&name.as_str()) || name == "a" {
                return Walk::Past;
            }
            open.borrow_mut().push(0);
            Walk::Into
        },
        |node| {
            let mut open = open.borrow_mut();
            let own = open.pop().unwrap_or(0);
            weights.insert(node.id, own);
            if let Some(parent) = open.last_mut() {
                *parent += own;
            }
        },
    );
    weights.insert(body.id, open.borrow().first().copied().unwrap_or(0));
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_full_of_what_is_escaped_is_more_work_than_one_of_words() {
        let work_of = |piece: &str| work(&crate::parse::page(&format!("<p>{}", piece.repeat(20_000))).tree);
        assert!(work_of("rain ") <= MOST_WORK);
        assert!(work_of("&amp; ") > MOST_WORK);
    }
}
