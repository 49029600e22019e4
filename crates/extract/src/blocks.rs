//! The page block by block, each with a selector that points at it and at its equals on other pages of its site.

mod pointing;

use std::cell::RefCell;

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashMap;
use url::Url;

use crate::html;
use crate::tree::{self, Walk};
use crate::{Page, Picture, Reason, Selector, urls, words};
use pointing::Index;

/// Characters of a block's text.
const LONGEST: usize = 300;
/// Blocks of a page that are listed, and of these, blocks that were left out.
const MOST: (usize, usize) = (800, 300);
/// Elements times blocks: a huge page gets fewer blocks, so that pointing at them stays quick.
const MOST_WORK: usize = 5_000_000;

/// A part of a page that a reader can point at: a paragraph, a list, a table or a picture's frame in the article, or a whole box
/// that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The beginning of its text, on one line, at most 300 characters. Of a picture without words what
    /// [`Picture::called`] says.
    pub text: String,
    /// The address of the picture, where the block is one without words.
    pub picture: Option<Url>,
    /// Why it is not in the article; `None` when it is.
    pub left_out: Option<Reason>,
    /// The entry in [`crate::Article::removed`] where its text begins, if it was left out.
    pub removed: Option<usize>,
    /// Ways to point at it, the best first: it and what is like it, it alone, what is around it. Never empty.
    pub pointers: Vec<Pointer>,
}

/// A way to point at a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// What matches the block, or something around it.
    pub selector: Selector,
    /// How many elements of this page it matches.
    pub matches: usize,
    /// What it means, compared with the block.
    pub reach: Reach,
}

/// What a pointer means, compared with its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The block, and whatever on the page is made in the same way.
    Alike,
    /// The block and nothing else on this page.
    Alone,
    /// More than the block: a box around it.
    Around,
}

/// What became of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is in the article, or is its title.
    Shown,
    LeftOut(Reason),
}

/// What is known of an element from the texts inside.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Inside {
    /// Bytes of visible text.
    bytes: usize,
    /// Of these, in the article.
    shown: usize,
    /// Pictures in the article.
    pictures: usize,
    /// The fate of all of it, unless it has several.
    fate: Option<Fate>,
    mixed: bool,
    /// Entry in the list of removed blocks where the first text is.
    removed: Option<usize>,
}

impl Inside {
    fn add(&mut self, other: Inside) {
        self.mixed |= other.mixed || self.fate.is_some_and(|own| other.fate.is_some_and(|fate| fate != own));
        self.fate = self.fate.or(other.fate);
        self.bytes += other.bytes;
        self.shown += other.shown;
        self.pictures += other.pictures;
        self.removed = self.removed.or(other.removed);
    }
}

/// The blocks of an HTML page.
pub(crate) fn of(html: &str, page: &Page<'_>) -> Vec<Block> {
    let prepared = html::prepare(html, page);
    let whole = prepared.tree.clone();
    let read = html::read(prepared, page, &crate::content::MODELS);
    let mut texts = HashMap::<NodeId, Inside>::default();
    let mut removed = read.removed();
    let title = words::key(&read.facts().known.title);
    read.visible.each(&whole, &read.facts(), |ids, gone| {
        let (fate, entry) = match gone {
            Some((reason, text)) => (Fate::LeftOut(reason), removed.note(reason, &text)),
            None => (Fate::Shown, None),
        };
        for id in ids {
            let bytes = tree::read_text(&NodeRef::new(*id, &whole.tree), |text| text.trim().len()).unwrap_or(0);
            let shown = if fate == Fate::Shown { bytes } else { 0 };
            texts.insert(*id, Inside { bytes, shown, fate: Some(fate), removed: entry, ..Inside::default() });
        }
    });
    for picture in read.pictures() {
        texts.insert(picture, Inside { pictures: 1, ..Inside::default() });
    }
    let insides = insides(&whole, &texts);
    let chosen = units(&whole, &insides);
    let elements: Vec<NodeRef<'_>> = chosen.iter().map(|id| NodeRef::new(*id, &whole.tree)).collect();
    let pointers = Index::of(&whole, &insides).point(&elements);
    elements
        .iter()
        .zip(pointers)
        .filter(|(_, pointers)| !pointers.is_empty())
        .map(|(node, pointers)| block(node, insides.get(&node.id).copied().unwrap_or_default(), pointers))
        // The title stands above the article, so that there is nothing to take out.
        .filter(|block| block.left_out.is_some() || title.is_empty() || words::key(&block.text) != title)
        .collect()
}

fn block(node: &NodeRef<'_>, inside: Inside, pointers: Vec<Pointer>) -> Block {
    let left_out = match inside.fate {
        Some(Fate::LeftOut(reason)) if !inside.mixed => Some(reason),
        _ => None,
    };
    let removed = inside.removed.filter(|_| left_out.is_some());
    let text = words::one_line(&tree::line(node), LONGEST);
    if !text.is_empty() || inside.pictures == 0 {
        return Block { text, picture: None, left_out, removed, pointers };
    }
    let image = std::iter::once(*node).filter(|node| tree::is_any(node, &["img"])).chain(tree::images(node)).next();
    let Some(picture) = image.and_then(|image| {
        let url = urls::web(&tree::attribute(&image, "src")?, None)?;
        Some(Picture { url, description: tree::attribute(&image, "alt").unwrap_or_default() })
    }) else {
        return Block { text, picture: None, left_out, removed, pointers };
    };
    let text = words::one_line(picture.called(), LONGEST);
    Block { text, picture: Some(picture.url), left_out, removed, pointers }
}

/// What stands inside each element of the body.
fn insides(page: &Document, texts: &HashMap<NodeId, Inside>) -> HashMap<NodeId, Inside> {
    let body = tree::body(page);
    let (open, found) = (RefCell::new(vec![Inside::default()]), RefCell::new(HashMap::default()));
    tree::walk(
        &body,
        |node| {
            if let (Some(text), Some(top)) = (texts.get(&node.id), open.borrow_mut().last_mut()) {
                top.add(*text);
            }
            if !node.is_element() {
                return Walk::Past;
            }
            open.borrow_mut().push(Inside::default());
            Walk::Into
        },
        |node| {
            let mut open = open.borrow_mut();
            let own = open.pop().unwrap_or_default();
            found.borrow_mut().insert(node.id, own);
            if let Some(above) = open.last_mut() {
                above.add(own);
            }
        },
    );
    let whole = open.borrow().first().copied().unwrap_or_default();
    let mut found = found.into_inner();
    found.insert(body.id, whole);
    found
}

/// The elements that are blocks, in page order: of the article the smallest that make sense by themselves, of what was left out
/// the largest that went for one reason. What is in the article comes first when there are too many.
fn units(page: &Document, insides: &HashMap<NodeId, Inside>) -> Vec<NodeId> {
    let body = tree::body(page);
    let whole = insides.get(&body.id).map_or(0, |inside| inside.bytes);
    let most = (MOST_WORK / insides.len().max(1)).clamp(100, MOST.0);
    let mut found: Vec<(NodeId, bool)> = Vec::new();
    tree::walk(
        &body,
        |node| {
            let inside = insides.get(&node.id).copied().unwrap_or_default();
            let Some(fate) = inside.fate else {
                // Pictures without words.
                let is_unit = inside.pictures == 1 || tree::is_any(node, &["figure", "p"]);
                if inside.pictures > 0 && is_unit {
                    found.push((node.id, true));
                }
                return if inside.pictures > 0 && !is_unit { Walk::Into } else { Walk::Past };
            };
            let is_leaf = !tree::has_block(node);
            let is_unit = match fate {
                _ if is_leaf => true,
                _ if inside.mixed => false,
                Fate::Shown => is_whole(&tree::name(node)),
                Fate::LeftOut(_) => inside.bytes * 3 < whole && !tree::is_any(node, &["main", "article"]),
            };
            if !is_unit {
                return Walk::Into;
            }
            found.push((node.id, inside.shown > 0));
            Walk::Past
        },
        |_| {},
    );
    let shown = found.iter().filter(|(_, is_shown)| *is_shown).count().min(most);
    let (mut shown, mut gone) = (shown, (most - shown).min(MOST.1));
    found.retain(|(_, is_shown)| {
        let left = if *is_shown { &mut shown } else { &mut gone };
        *left > 0 && {
            *left -= 1;
            true
        }
    });
    found.into_iter().map(|(id, _)| id).collect()
}

/// Elements that are one thing to a reader, whatever blocks they are made of.
fn is_whole(name: &str) -> bool {
    matches!(
        name,
        "p" | "ul"
            | "ol"
            | "dl"
            | "table"
            | "figure"
            | "blockquote"
            | "pre"
            | "details"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
    )
}
