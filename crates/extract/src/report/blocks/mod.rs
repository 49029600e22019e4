//! Lists the blocks of a page, with selectors that match the same block on other pages of the site.

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
use crate::report::removed_blocks::{ArticleDiff, RemovedBlocks};
use selector_builder::SelectorIndex;

/// Maximum characters of a block's text.
const MAX_TEXT_CHARS: usize = 300;
/// Maximum number of blocks, and of removed blocks among them.
const MAX_BLOCKS: (usize, usize) = (800, 300);
/// Bytes of a long headline; a longer line may be a sentence of the article.
const MAX_HEADLINE_BYTES: usize = 120;
/// Maximum product of elements and blocks. A huge page gets fewer blocks, so that building selectors stays fast.
const MAX_WORK: usize = 5_000_000;

/// A part of the page that a reader can select: a paragraph, list, table or figure of the article, or a whole removed
/// box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The beginning of its text, on one line, at most 300 characters. For an image without text, its
    /// [`Image::display_name`].
    pub text: String,
    /// The URL of the image, for a block that is an image without text.
    pub image: Option<Url>,
    /// Why it was removed; `None` if it is in the article.
    pub removal_reason: Option<Reason>,
    /// For a removed block, the index in [`crate::page::Article::removed`] of the entry where its text begins.
    pub removed_index: Option<usize>,
    /// Selectors for it, the best first: similar blocks, this block, a container. For a part, this block comes first.
    /// Never empty.
    pub selectors: Vec<SelectorCandidate>,
    /// The parts of a menu, a comment section or another removed group whose parts have different reasons.
    pub parts: Vec<Block>,
}

impl Block {
    /// Returns the block and its parts.
    pub fn with_parts(&self) -> impl Iterator<Item = &Block> {
        std::iter::once(self).chain(&self.parts)
    }
}

/// A selector for a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorCandidate {
    /// Matches the block or its container.
    pub selector: Selector,
    /// Number of matching elements on this page.
    pub matches: usize,
    /// What it covers.
    pub scope: SelectorScope,
}

/// What a selector covers, compared with its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorScope {
    /// The block and all similar ones on the page.
    Similar,
    /// The block and nothing else on the page.
    Single,
    /// A container of the block.
    Container,
}

/// The outcome for a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// In the article, or its title.
    Kept,
    Removed(Reason),
}

/// The texts in an element, summed up.
#[derive(Debug, Clone, Default)]
pub(super) struct ElementSummary {
    /// Bytes of visible text.
    bytes: usize,
    /// Bytes of the longest line or paragraph.
    longest: usize,
    /// Removed bytes by reason.
    reasons: Vec<(Reason, usize)>,
    /// Bytes in the article.
    shown: usize,
    /// Images in the article.
    images: usize,
    /// The outcome of the first text; see `mixed`.
    fate: Option<Fate>,
    mixed: bool,
    /// Index of the removed block with the first text.
    removed: Option<usize>,
}

impl ElementSummary {
    fn add(&mut self, other: &ElementSummary) {
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
        self.images += other.images;
        self.removed = self.removed.or(other.removed);
    }

    /// Returns the reason with most bytes, and their number.
    fn main_reason(&self) -> Option<(Reason, usize)> {
        self.reasons.iter().copied().max_by_key(|(_, bytes)| *bytes)
    }

    /// Returns whether all of it was removed and it can be shown as one group: it has no line longer than a headline,
    /// like a menu, or nearly all of it was removed for one specific reason, like comments.
    fn is_group(&self) -> bool {
        let is_specific = |(reason, bytes): (Reason, usize)| reason.is_specific() && bytes * 5 >= self.bytes * 4;
        self.shown == 0
            && self.images == 0
            && (self.longest <= MAX_HEADLINE_BYTES || self.main_reason().is_some_and(is_specific))
    }
}

/// The page and its chosen article.
pub(crate) struct BlockSources<'a> {
    /// The visible text of the page.
    pub(crate) visible: &'a VisibleTexts,
    pub(crate) left_out: ArticleDiff<'a>,
    /// Blocks removed before selection.
    pub(crate) removed: RemovedBlocks,
    /// The images in the article.
    pub(crate) images: Vec<NodeId>,
}

/// Lists the blocks of an HTML page.
pub(crate) fn list(page: &Document, mut sources: BlockSources<'_>) -> Vec<Block> {
    let summaries = summarize_elements(page, &summarize_texts(page, &mut sources));
    let block_elements = choose_block_elements(page, &summaries);
    let elements: Vec<NodeRef<'_>> =
        block_elements.iter().map(|block_element| NodeRef::new(block_element.id, &page.tree)).collect();
    let selectors = SelectorIndex::new(page, &summaries).candidates_for_all(&elements);
    let found = elements.iter().zip(selectors).map(|(node, selectors)| {
        let inside = summaries.get(&node.id).filter(|_| !selectors.is_empty())?;
        Some(block(node, inside, selectors))
    });
    let title = words::match_key(&sources.left_out.metadata.title);
    let mut blocks = nest_parts(block_elements.iter().zip(found));
    // The title is shown above the article, so it cannot be removed.
    blocks.retain(|block| block.removal_reason.is_some() || title.is_empty() || words::match_key(&block.text) != title);
    blocks
}

/// Summarizes each text and image of the page.
fn summarize_texts(page: &Document, sources: &mut BlockSources<'_>) -> HashMap<NodeId, ElementSummary> {
    let mut found = HashMap::<NodeId, ElementSummary>::default();
    let bytes = |id: &NodeId| tree::read_text(&NodeRef::new(*id, &page.tree), |text| text.trim().len()).unwrap_or(0);
    sources.left_out.for_each_block(sources.visible, page, |ids, gone| {
        let (fate, entry) = match gone {
            Some((reason, text)) => (Fate::Removed(reason), sources.removed.push(reason, &text)),
            None => (Fate::Kept, None),
        };
        let longest = ids.iter().map(bytes).sum();
        for id in ids {
            let bytes = bytes(id);
            let (shown, reasons) = match fate {
                Fate::Kept => (bytes, Vec::new()),
                Fate::Removed(reason) => (0, vec![(reason, bytes)]),
            };
            let fate = Some(fate);
            found.insert(
                *id,
                ElementSummary { bytes, longest, reasons, shown, fate, removed: entry, ..ElementSummary::default() },
            );
        }
    });
    for image in &sources.images {
        found.insert(*image, ElementSummary { images: 1, ..ElementSummary::default() });
    }
    found
}

/// Puts the parts into their groups. A group without selectors is replaced by its parts.
fn nest_parts<'a>(found: impl Iterator<Item = (&'a BlockElement, Option<Block>)>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (block_element, block) in found {
        if !block_element.is_part {
            is_open = block_element.is_group && block.is_some();
        }
        match (blocks.last_mut().filter(|_| is_open && block_element.is_part), block) {
            (Some(group), Some(mut part)) => {
                // A reader who opens a group means one part, not all similar ones.
                part.selectors.sort_by_key(|candidate| candidate.scope != SelectorScope::Single);
                group.parts.push(part);
            }
            (None, Some(block)) => blocks.push(block),
            (_, None) => {}
        }
    }
    blocks
}

fn block(node: &NodeRef<'_>, inside: &ElementSummary, selectors: Vec<SelectorCandidate>) -> Block {
    let removal_reason = inside.main_reason().filter(|_| inside.shown == 0).map(|(reason, _)| reason);
    let removed_index = inside.removed.filter(|_| removal_reason.is_some());
    let text = words::one_line(&tree::line_text(node), MAX_TEXT_CHARS);
    if !text.is_empty() || inside.images == 0 {
        return Block { text, image: None, removal_reason, removed_index, selectors, parts: Vec::new() };
    }
    let image = std::iter::once(*node).filter(|node| tree::has_name(node, &["img"])).chain(tree::images(node)).next();
    let Some(image) = image.and_then(|image| {
        let url = urls::resolve_http(&tree::attribute(&image, "src")?, None)?;
        Some(Image { url, description: tree::attribute(&image, "alt").unwrap_or_default() })
    }) else {
        return Block { text, image: None, removal_reason, removed_index, selectors, parts: Vec::new() };
    };
    let text = words::one_line(image.display_name(), MAX_TEXT_CHARS);
    Block { text, image: Some(image.url), removal_reason, removed_index, selectors, parts: Vec::new() }
}

/// Summarizes all elements of the body.
fn summarize_elements(page: &Document, texts: &HashMap<NodeId, ElementSummary>) -> HashMap<NodeId, ElementSummary> {
    let body = tree::body(page);
    let (open, found) = (RefCell::new(vec![ElementSummary::default()]), RefCell::new(HashMap::default()));
    tree::walk(
        &body,
        |node| {
            if let (Some(text), Some(top)) = (texts.get(&node.id), open.borrow_mut().last_mut()) {
                top.add(text);
            }
            if !node.is_element() {
                return Walk::Skip;
            }
            open.borrow_mut().push(ElementSummary::default());
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

/// An element that becomes a block.
struct BlockElement {
    id: NodeId,
    is_shown: bool,
    /// Its parts follow.
    is_group: bool,
    /// It belongs to the group before it.
    is_part: bool,
}

/// Chooses the elements that become blocks, in page order: in the article the smallest meaningful ones, elsewhere the
/// largest with a single reason, and groups of these. Blocks of the article take precedence when there are too many.
fn choose_block_elements(page: &Document, summaries: &HashMap<NodeId, ElementSummary>) -> Vec<BlockElement> {
    let body = tree::body(page);
    let whole = summaries.get(&body.id).map_or(0, |inside| inside.bytes);
    let most = (MAX_WORK / summaries.len().max(1)).clamp(100, MAX_BLOCKS.0);
    let no_text = ElementSummary::default();
    let (found, group) = (RefCell::new(Vec::<BlockElement>::new()), Cell::new(None));
    tree::walk(
        &body,
        |node| {
            let inside = summaries.get(&node.id).unwrap_or(&no_text);
            let mut found = found.borrow_mut();
            let block_element =
                |is_shown| BlockElement { id: node.id, is_shown, is_group: false, is_part: group.get().is_some() };
            let Some(fate) = inside.fate else {
                // Images without text.
                let is_unit = inside.images == 1 || tree::has_name(node, &["figure", "p"]);
                if inside.images > 0 && is_unit {
                    found.push(block_element(true));
                }
                return if inside.images > 0 && !is_unit { Walk::Enter } else { Walk::Skip };
            };
            let is_leaf = !tree::has_block(node);
            let is_main = tree::has_name(node, &["body", "main", "article"]);
            let is_unit = match fate {
                _ if is_leaf => true,
                _ if inside.mixed => false,
                Fate::Kept => is_single_block(&tree::name(node)),
                Fate::Removed(_) => inside.bytes * 3 < whole && !is_main,
            };
            if is_unit {
                found.push(block_element(inside.shown > 0));
                return Walk::Skip;
            }
            if group.get().is_none() && inside.is_group() && !is_main {
                group.set(Some(node.id));
                found.push(BlockElement { is_group: true, is_part: false, ..block_element(false) });
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
    let shown = found.iter().filter(|block_element| block_element.is_shown).count().min(most);
    let (mut shown, mut gone) = (shown, (most - shown).min(MAX_BLOCKS.1));
    found.retain(|block_element| {
        let left = if block_element.is_shown { &mut shown } else { &mut gone };
        *left > 0 && {
            *left -= 1;
            true
        }
    });
    found
}

/// Returns whether an element is one block to a reader, whatever it contains.
fn is_single_block(name: &str) -> bool {
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
