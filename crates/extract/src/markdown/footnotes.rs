//! Finds footnotes: the links to them, and the links back.

use dom_query::{NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use crate::dom::{tree, words};

/// The footnotes of an article.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Labels by the element that is the footnote.
    labels: HashMap<NodeId, String>,
    /// Labels by the link to a footnote.
    references: HashMap<NodeId, String>,
    /// Links from a footnote back to the text, which Markdown generates itself.
    back: HashSet<NodeId>,
}

/// A link within the article.
struct InternalLink<'a> {
    node: NodeRef<'a>,
    target: NodeRef<'a>,
    words: String,
}

impl Footnotes {
    /// Finds the footnotes: the targets of links further up that link back, and list items with a short mark as link
    /// text.
    pub(super) fn find(root: &NodeRef<'_>) -> Footnotes {
        let mut notes = Footnotes::default();
        let links = internal_links(root);
        if links.is_empty() {
            return notes;
        }
        let order: HashMap<NodeId, usize> = root.descendants_it().enumerate().map(|(at, node)| (node.id, at)).collect();
        let back_references: HashSet<(NodeId, NodeId)> = links
            .iter()
            .filter_map(|link| Some((enclosing_note(&link.node)?.id, enclosing_block(&link.target)?.id)))
            .collect();
        let mut labels = Labels::default();
        let mut referring_blocks = HashSet::default();
        for link in &links {
            let Some((note, from)) = enclosing_note(&link.target).zip(enclosing_block(&link.node)) else { continue };
            let is_below = order[&note.id] > order[&link.node.id];
            let is_marked = tree::has_name(&note, &["li"]) && is_note_mark(&link.words);
            if is_below && (is_marked || back_references.contains(&(note.id, from.id))) {
                let label = notes.labels.entry(note.id).or_insert_with(|| labels.next(&link.words));
                notes.references.insert(link.node.id, label.clone());
                referring_blocks.insert(from.id);
            }
        }
        let is_back_link = |link: &&InternalLink<'_>| {
            words::count(&link.words) <= 4
                && enclosing_note(&link.node).is_some_and(|note| notes.labels.contains_key(&note.id))
                && enclosing_block(&link.target).is_some_and(|block| referring_blocks.contains(&block.id))
        };
        notes.back = links.iter().filter(is_back_link).map(|link| link.node.id).collect();
        notes
    }

    /// Returns the label of a footnote, if the element is one.
    pub(super) fn label(&self, node: &NodeRef<'_>) -> Option<&str> {
        self.labels.get(&node.id).map(String::as_str)
    }

    /// Returns the label of the footnote that a link leads to.
    pub(super) fn reference(&self, node: &NodeRef<'_>) -> Option<&str> {
        self.references.get(&node.id).map(String::as_str)
    }

    /// Returns whether a link leads from a footnote back to its reference.
    pub(super) fn is_back_link(&self, node: &NodeRef<'_>) -> bool {
        self.back.contains(&node.id)
    }
}

/// The labels in use.
#[derive(Default)]
struct Labels(HashSet<String>);

impl Labels {
    /// Returns the mark in the text if it is free, else a number.
    fn next(&mut self, mark: &str) -> String {
        let mark: String = mark.chars().filter(|letter| letter.is_alphanumeric()).take(20).collect();
        let numbers = (self.0.len() + 1..).map(|number| number.to_string());
        let is_free = |label: &String| !label.is_empty() && !self.0.contains(label);
        let label = std::iter::once(mark).chain(numbers).find(is_free).unwrap_or_default();
        self.0.insert(label.clone());
        label
    }
}

fn internal_links<'a>(root: &NodeRef<'a>) -> Vec<InternalLink<'a>> {
    let named: HashMap<String, NodeRef<'a>> =
        root.descendants_it().filter_map(|node| tree::attribute(&node, "id").map(|id| (id, node))).collect();
    let target =
        |node: &NodeRef<'a>| tree::attribute(node, "href")?.strip_prefix('#').and_then(|id| named.get(id).copied());
    tree::elements(root, |node| tree::has_name(node, &["a"]))
        .into_iter()
        .filter_map(|node| target(&node).map(|target| InternalLink { node, target, words: tree::line_text(&node) }))
        .collect()
}

/// Returns the block that is the node or contains it.
fn enclosing_block<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    if tree::is_inline(&tree::name(node)) { tree::enclosing_block(node) } else { Some(*node) }
}

/// Returns the block that is the node or contains it, if it can be a footnote.
fn enclosing_note<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let block = enclosing_block(node)?;
    let item = block.parent().filter(|above| tree::has_name(above, &["li"]));
    let note = item.unwrap_or(block);
    let in_table = note.ancestors_it(None).any(|above| tree::has_name(&above, &["table"]));
    (tree::has_name(&note, &["li", "p", "dd"]) && !in_table).then_some(note)
}

/// Returns whether a text is a number, letter or sign, perhaps in brackets.
fn is_note_mark(words: &str) -> bool {
    let bare = words.trim_matches(['[', ']', '(', ')', ' ']);
    let length = bare.chars().count();
    (1..=2).contains(&length) || length <= 4 && bare.bytes().all(|byte| byte.is_ascii_digit())
}
