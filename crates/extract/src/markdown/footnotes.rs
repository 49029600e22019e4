//! Notes: what the marks in a text lead to, and what leads from there back to them.

use dom_query::{NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use crate::dom::{tree, words};

/// The notes of an article.
#[derive(Default)]
pub(super) struct Notes {
    /// By the element that is the note.
    labels: HashMap<NodeId, String>,
    /// By the link that leads to one.
    references: HashMap<NodeId, String>,
    /// Links from a note back into the text, which Markdown makes by itself.
    back: HashSet<NodeId>,
}

/// A link within the article.
struct Link<'a> {
    node: NodeRef<'a>,
    target: NodeRef<'a>,
    words: String,
}

impl Notes {
    /// Finds the notes: what a link further up leads to, if it links back, or is an item that a short mark leads to.
    pub(super) fn of(root: &NodeRef<'_>) -> Notes {
        let mut notes = Notes::default();
        let links = links(root);
        if links.is_empty() {
            return notes;
        }
        let order: HashMap<NodeId, usize> = root.descendants_it().enumerate().map(|(at, node)| (node.id, at)).collect();
        let answers: HashSet<(NodeId, NodeId)> =
            links.iter().filter_map(|link| Some((note(&link.node)?.id, block(&link.target)?.id))).collect();
        let mut labels = Labels::default();
        let mut referring = HashSet::default();
        for link in &links {
            let Some((note, from)) = note(&link.target).zip(block(&link.node)) else { continue };
            let is_below = order[&note.id] > order[&link.node.id];
            let is_marked = tree::has_name(&note, &["li"]) && is_a_mark(&link.words);
            if is_below && (is_marked || answers.contains(&(note.id, from.id))) {
                let label = notes.labels.entry(note.id).or_insert_with(|| labels.next(&link.words));
                notes.references.insert(link.node.id, label.clone());
                referring.insert(from.id);
            }
        }
        let leads_back = |link: &&Link<'_>| {
            words::count(&link.words) <= 4
                && note(&link.node).is_some_and(|note| notes.labels.contains_key(&note.id))
                && block(&link.target).is_some_and(|block| referring.contains(&block.id))
        };
        notes.back = links.iter().filter(leads_back).map(|link| link.node.id).collect();
        notes
    }

    /// What a note is called, if the element is one.
    pub(super) fn label(&self, node: &NodeRef<'_>) -> Option<&str> {
        self.labels.get(&node.id).map(String::as_str)
    }

    /// What the note is called that a link leads to.
    pub(super) fn referred(&self, node: &NodeRef<'_>) -> Option<&str> {
        self.references.get(&node.id).map(String::as_str)
    }

    /// Whether a link leads from a note to where it is referred to.
    pub(super) fn leads_back(&self, node: &NodeRef<'_>) -> bool {
        self.back.contains(&node.id)
    }
}

/// The labels that are given.
#[derive(Default)]
struct Labels(HashSet<String>);

impl Labels {
    /// The mark in the text if no other note has it, else a number.
    fn next(&mut self, mark: &str) -> String {
        let mark: String = mark.chars().filter(|letter| letter.is_alphanumeric()).take(20).collect();
        let numbers = (self.0.len() + 1..).map(|number| number.to_string());
        let is_free = |label: &String| !label.is_empty() && !self.0.contains(label);
        let label = std::iter::once(mark).chain(numbers).find(is_free).unwrap_or_default();
        self.0.insert(label.clone());
        label
    }
}

fn links<'a>(root: &NodeRef<'a>) -> Vec<Link<'a>> {
    let named: HashMap<String, NodeRef<'a>> =
        root.descendants_it().filter_map(|node| tree::attribute(&node, "id").map(|id| (id, node))).collect();
    let target =
        |node: &NodeRef<'a>| tree::attribute(node, "href")?.strip_prefix('#').and_then(|id| named.get(id).copied());
    tree::elements(root, |node| tree::has_name(node, &["a"]))
        .into_iter()
        .filter_map(|node| target(&node).map(|target| Link { node, target, words: tree::line_text(&node) }))
        .collect()
}

/// The block that a node is or stands in.
fn block<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    if tree::is_inline(&tree::name(node)) { tree::enclosing_block(node) } else { Some(*node) }
}

/// The block that a node is or stands in, if it can be a note.
fn note<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let block = block(node)?;
    let item = block.parent().filter(|above| tree::has_name(above, &["li"]));
    let note = item.unwrap_or(block);
    let in_table = note.ancestors_it(None).any(|above| tree::has_name(&above, &["table"]));
    (tree::has_name(&note, &["li", "p", "dd"]) && !in_table).then_some(note)
}

/// A number, a letter or a sign, perhaps in brackets.
fn is_a_mark(words: &str) -> bool {
    let bare = words.trim_matches(['[', ']', '(', ')', ' ']);
    let length = bare.chars().count();
    (1..=2).contains(&length) || length <= 4 && bare.bytes().all(|byte| byte.is_ascii_digit())
}
