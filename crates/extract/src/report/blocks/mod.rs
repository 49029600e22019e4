//! The page block by block, each with a selector that points at it and at its equals on other pages of its site.

mod selector_builder;

use std::cell::{Cell, RefCell};

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashMap;
use url::Url;

use crate::cleanup::visible_text::VisibleTexts;
use crate::dom::selector::Selector;
use crate::dom::tree::{self, Walk};
use crate::dom::{urls, words};
use crate::page::{Image, Reason};
use crate::report::removed_blocks::{Collected, LeftOut};
use selector_builder::Index;

/// Characters of a block's text.
const LONGEST: usize = 300;
/// Blocks of a page that are listed, and of these, blocks that were left out.
const MOST: (usize, usize) = (800, 300);
/// Bytes of a long headline; what is longer may well be a sentence of the article.
const HEADLINE: usize = 120;
/// Elements times blocks: a huge page gets fewer blocks, so that pointing at them stays quick.
const MOST_WORK: usize = 5_000_000;

/// A part of a page that a reader can point at: a paragraph, a list, a table or a picture's frame in the article, or a whole box
/// that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The beginning of its text, on one line, at most 300 characters. Of a picture without words what
    /// [`Image::display_name`] says.
    pub text: String,
    /// The address of the picture, where the block is one without words.
    pub image: Option<Url>,
    /// Why it is not in the article; `None` when it is.
    pub removal_reason: Option<Reason>,
    /// The entry in [`crate::page::Article::removed`] where its text begins, if it was left out.
    pub removed_index: Option<usize>,
    /// Ways to point at it, the best first: it and what is like it, it alone, what is around it; of a part it alone. Never empty.
    pub selectors: Vec<SelectorCandidate>,
    /// Of a menu, of comments and the like, which are one block though not all of it was left out for one reason: what is in it.
    pub parts: Vec<Block>,
}

impl Block {
    /// It and its parts.
    pub fn with_parts(&self) -> impl Iterator<Item = &Block> {
        std::iter::once(self).chain(&self.parts)
    }
}

/// A way to point at a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorCandidate {
    /// What matches the block, or something around it.
    pub selector: Selector,
    /// How many elements of this page it matches.
    pub matches: usize,
    /// What it means, compared with the block.
    pub scope: SelectorScope,
}

/// What a candidate means, compared with its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorScope {
    /// The block, and whatever on the page is made in the same way.
    Similar,
    /// The block and nothing else on this page.
    Single,
    /// More than the block: a box around it.
    Container,
}

/// What became of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is in the article, or is its title.
    Shown,
    LeftOut(Reason),
}

/// What is known of an element from the texts inside.
#[derive(Debug, Clone, Default)]
pub(super) struct Inside {
    /// Bytes of visible text.
    bytes: usize,
    /// Of these, in its longest line or paragraph.
    longest: usize,
    /// Of these, left out for each reason.
    reasons: Vec<(Reason, usize)>,
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
    fn add(&mut self, other: &Inside) {
        self.mixed |= other.mixed || self.fate.is_some_and(|own| other.fate.is_some_and(|fate| fate != own));
        self.fate = self.fate.or(other.fate);
        self.bytes += other.bytes;
        self.longest = self.longest.max(other.longest);
        for (reason, bytes) in &other.reasons {
            match self.reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, sum)) => *sum += bytes,
                None => self.reasons.push((*reason, *bytes)),
            }
        }
        self.shown += other.shown;
        self.pictures += other.pictures;
        self.removed = self.removed.or(other.removed);
    }

    /// What most of it was left out for, and how much that is.
    fn major(&self) -> Option<(Reason, usize)> {
        self.reasons.iter().copied().max_by_key(|(_, bytes)| *bytes)
    }

    /// Whether nothing of it is in the article, and nobody has to read it piece by piece to see what it is: because it has no line
    /// that is longer than a headline, as menus have not, or because nearly all of it says what it is, as comments do.
    fn is_group(&self) -> bool {
        let is_stated = |(reason, bytes): (Reason, usize)| reason.is_stated() && bytes * 5 >= self.bytes * 4;
        self.shown == 0 && self.pictures == 0 && (self.longest <= HEADLINE || self.major().is_some_and(is_stated))
    }
}

/// What is known of a page when its article has been chosen.
pub(crate) struct Read<'a> {
    /// What could be seen on it.
    pub(crate) visible: &'a VisibleTexts,
    pub(crate) left_out: LeftOut<'a>,
    /// What was left out before any text was looked at.
    pub(crate) removed: Collected,
    /// The pictures that are in the article.
    pub(crate) pictures: Vec<NodeId>,
}

/// The blocks of an HTML page.
pub(crate) fn of(whole: &Document, mut read: Read<'_>) -> Vec<Block> {
    let insides = insides(whole, &contents(whole, &mut read));
    let units = units(whole, &insides);
    let elements: Vec<NodeRef<'_>> = units.iter().map(|unit| NodeRef::new(unit.id, &whole.tree)).collect();
    let selectors = Index::of(whole, &insides).point(&elements);
    let found = elements.iter().zip(selectors).map(|(node, selectors)| {
        let inside = insides.get(&node.id).filter(|_| !selectors.is_empty())?;
        Some(block(node, inside, selectors))
    });
    let title = words::match_key(&read.left_out.known.title);
    let mut blocks = grouped(units.iter().zip(found));
    // The title stands above the article, so that there is nothing to take out.
    blocks.retain(|block| block.removal_reason.is_some() || title.is_empty() || words::match_key(&block.text) != title);
    blocks
}

/// What became of the texts and pictures of a page.
fn contents(whole: &Document, read: &mut Read<'_>) -> HashMap<NodeId, Inside> {
    let mut found = HashMap::<NodeId, Inside>::default();
    let bytes = |id: &NodeId| tree::read_text(&NodeRef::new(*id, &whole.tree), |text| text.trim().len()).unwrap_or(0);
    read.left_out.each(read.visible, whole, |ids, gone| {
        let (fate, entry) = match gone {
            Some((reason, text)) => (Fate::LeftOut(reason), read.removed.note(reason, &text)),
            None => (Fate::Shown, None),
        };
        let longest = ids.iter().map(bytes).sum();
        for id in ids {
            let bytes = bytes(id);
            let (shown, reasons) = match fate {
                Fate::Shown => (bytes, Vec::new()),
                Fate::LeftOut(reason) => (0, vec![(reason, bytes)]),
            };
            let fate = Some(fate);
            found.insert(*id, Inside { bytes, longest, reasons, shown, fate, removed: entry, ..Inside::default() });
        }
    });
    for picture in &read.pictures {
        found.insert(*picture, Inside { pictures: 1, ..Inside::default() });
    }
    found
}

/// Blocks with their parts. Where nothing points at a group there are only its parts.
fn grouped<'a>(found: impl Iterator<Item = (&'a Unit, Option<Block>)>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (unit, block) in found {
        if !unit.is_part {
            is_open = unit.is_group && block.is_some();
        }
        match (blocks.last_mut().filter(|_| is_open && unit.is_part), block) {
            (Some(group), Some(mut part)) => {
                // Whoever looks into a group means one thing in it, and not all that are like it.
                part.selectors.sort_by_key(|candidate| candidate.scope != SelectorScope::Single);
                group.parts.push(part);
            }
            (None, Some(block)) => blocks.push(block),
            (_, None) => {}
        }
    }
    blocks
}

fn block(node: &NodeRef<'_>, inside: &Inside, selectors: Vec<SelectorCandidate>) -> Block {
    let removal_reason = inside.major().filter(|_| inside.shown == 0).map(|(reason, _)| reason);
    let removed_index = inside.removed.filter(|_| removal_reason.is_some());
    let text = words::one_line(&tree::line_text(node), LONGEST);
    if !text.is_empty() || inside.pictures == 0 {
        return Block { text, image: None, removal_reason, removed_index, selectors, parts: Vec::new() };
    }
    let image = std::iter::once(*node).filter(|node| tree::has_name(node, &["img"])).chain(tree::images(node)).next();
    let Some(image) = image.and_then(|image| {
        let url = urls::resolve_http(&tree::attribute(&image, "src")?, None)?;
        Some(Image { url, description: tree::attribute(&image, "alt").unwrap_or_default() })
    }) else {
        return Block { text, image: None, removal_reason, removed_index, selectors, parts: Vec::new() };
    };
    let text = words::one_line(image.display_name(), LONGEST);
    Block { text, image: Some(image.url), removal_reason, removed_index, selectors, parts: Vec::new() }
}

/// What stands inside each element of the body.
fn insides(page: &Document, texts: &HashMap<NodeId, Inside>) -> HashMap<NodeId, Inside> {
    let body = tree::body(page);
    let (open, found) = (RefCell::new(vec![Inside::default()]), RefCell::new(HashMap::default()));
    tree::walk(
        &body,
        |node| {
            if let (Some(text), Some(top)) = (texts.get(&node.id), open.borrow_mut().last_mut()) {
                top.add(text);
            }
            if !node.is_element() {
                return Walk::Skip;
            }
            open.borrow_mut().push(Inside::default());
            Walk::Enter
        },
        |node| {
            let mut open = open.borrow_mut();
            let own = open.pop().unwrap_or_default();
            if let Some(above) = open.last_mut() {
                above.add(&own);
            }
            found.borrow_mut().insert(node.id, own);
        },
    );
    let whole = open.borrow().first().cloned().unwrap_or_default();
    let mut found = found.into_inner();
    found.insert(body.id, whole);
    found
}

/// An element that is a block.
struct Unit {
    id: NodeId,
    is_shown: bool,
    /// It has parts, which follow it.
    is_group: bool,
    /// It stands in the group before it.
    is_part: bool,
}

/// The elements that are blocks, in page order: of the article the smallest that make sense by themselves, of what was left out
/// the largest that went for one reason, and groups of these. What is in the article comes first when there are too many.
fn units(page: &Document, insides: &HashMap<NodeId, Inside>) -> Vec<Unit> {
    let body = tree::body(page);
    let whole = insides.get(&body.id).map_or(0, |inside| inside.bytes);
    let most = (MOST_WORK / insides.len().max(1)).clamp(100, MOST.0);
    let none = Inside::default();
    let (found, group) = (RefCell::new(Vec::<Unit>::new()), Cell::new(None));
    tree::walk(
        &body,
        |node| {
            let inside = insides.get(&node.id).unwrap_or(&none);
            let mut found = found.borrow_mut();
            let unit = |is_shown| Unit { id: node.id, is_shown, is_group: false, is_part: group.get().is_some() };
            let Some(fate) = inside.fate else {
                // Pictures without words.
                let is_unit = inside.pictures == 1 || tree::has_name(node, &["figure", "p"]);
                if inside.pictures > 0 && is_unit {
                    found.push(unit(true));
                }
                return if inside.pictures > 0 && !is_unit { Walk::Enter } else { Walk::Skip };
            };
            let is_leaf = !tree::has_block(node);
            let is_main = tree::has_name(node, &["body", "main", "article"]);
            let is_unit = match fate {
                _ if is_leaf => true,
                _ if inside.mixed => false,
                Fate::Shown => is_whole(&tree::name(node)),
                Fate::LeftOut(_) => inside.bytes * 3 < whole && !is_main,
            };
            if is_unit {
                found.push(unit(inside.shown > 0));
                return Walk::Skip;
            }
            if group.get().is_none() && inside.is_group() && !is_main {
                group.set(Some(node.id));
                found.push(Unit { is_group: true, is_part: false, ..unit(false) });
            }
            Walk::Enter
        },
        |node| {
            if group.get() == Some(node.id) {
                group.set(None);
            }
        },
    );
    let mut found = found.into_inner();
    let shown = found.iter().filter(|unit| unit.is_shown).count().min(most);
    let (mut shown, mut gone) = (shown, (most - shown).min(MOST.1));
    found.retain(|unit| {
        let left = if unit.is_shown { &mut shown } else { &mut gone };
        *left > 0 && {
            *left -= 1;
            true
        }
    });
    found
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
