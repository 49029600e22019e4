//! One walk over the page: its elements with what they hold, and its blocks of text in order.
//!
//! A block is a run of text that reads as one piece: everything between two edges of block elements (or
//! two line breaks in a row). Blocks are what [`super`] chooses among.

mod tag;
mod walker;

use std::ops::Range;

use dom_query::{Document, NodeId};
use foldhash::HashMap;

use super::name_hints::Hints;
use crate::dom::tree;

pub(crate) use tag::Tag;
use walker::Walker;

/// The page as a list of elements and a list of blocks.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Every visible element that is not inline, in page order; the first is the body.
    pub(crate) elements: Vec<Element>,
    /// Every block of text, in page order.
    pub(crate) blocks: Vec<Block>,
    /// Pictures and cards of embeds, in page order.
    pub(crate) things: Vec<Thing>,
    /// The text nodes of all blocks; each block names a range of them.
    texts: Vec<NodeId>,
    /// Hashes of the ids of elements, with the place of each.
    pub(crate) ids: HashMap<u64, usize>,
    /// For each link within the page, its block and the hash of the id it leads to.
    pub(crate) notes: Vec<(usize, u64)>,
}

/// An element, with sums over everything in it.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) id: NodeId,
    /// Its place among [`Survey::elements`]; the body is its own parent.
    pub(crate) parent: usize,
    pub(crate) depth: u16,
    pub(crate) tag: Tag,
    /// What its class, id and role say.
    pub(crate) hints: Hints,
    /// Equal for elements that look alike: same name and class.
    pub(crate) kind: u64,
    /// It says by style or attribute that it is not shown.
    pub(crate) hidden: bool,
    /// Its blocks, by their places in [`Survey::blocks`].
    pub(crate) blocks: Range<usize>,
    pub(crate) words: u32,
    /// Bytes of text, and of those in links.
    pub(crate) bytes: u32,
    pub(crate) linked: u32,
    /// Blocks inside that are prose.
    pub(crate) prose: u32,
    pub(crate) things: u32,
    pub(crate) commas: u32,
    /// Paragraphs and list items inside.
    pub(crate) paragraphs: u32,
    pub(crate) items: u32,
    /// Child elements that look alike with this one, under the same parent, this one included.
    pub(crate) alike: u32,
}

impl Element {
    /// How much of the text is links, from 0 to 1.
    pub(crate) fn link_share(&self) -> f32 {
        self.linked as f32 / self.bytes.max(1) as f32
    }
}

/// A block of text.
#[derive(Debug)]
pub(crate) struct Block {
    /// The innermost element around it, by its place in [`Survey::elements`].
    pub(crate) element: usize,
    /// Its text, on one line.
    pub(crate) text: String,
    pub(crate) words: u32,
    /// Bytes of its text that are links, and how many links.
    pub(crate) linked: u32,
    pub(crate) links: u32,
    /// Bytes of its text that are bold.
    pub(crate) bold: u32,
    pub(crate) commas: u32,
    /// It ends as a sentence does.
    pub(crate) ends: bool,
    texts: Range<usize>,
}

impl Block {
    /// How much of the text is links, from 0 to 1.
    pub(crate) fn link_share(&self) -> f32 {
        self.linked as f32 / self.text.len().max(1) as f32
    }

    /// Finished sentences, mostly not links.
    pub(crate) fn is_prose(&self) -> bool {
        self.ends && self.words >= 8 && self.link_share() < 0.5
    }
}

/// A picture, or the card of an embed.
#[derive(Debug)]
pub(crate) struct Thing {
    pub(crate) id: NodeId,
    /// The innermost element around it, by its place in [`Survey::elements`].
    pub(crate) element: usize,
    /// How many blocks stand before it.
    pub(crate) after: usize,
}

impl Survey {
    /// Walks the body of a page whose scripts and embeds are already resolved.
    pub(crate) fn of(page: &Document) -> Survey {
        let body = tree::body(page);
        let mut walker = Walker::new(&body);
        let mut at = body.first_child();
        // By hand instead of `tree::walk`, since entering and leaving change one state.
        while let Some(node) = at {
            if walker.enter(&node) {
                if let Some(child) = node.first_child() {
                    at = Some(child);
                    continue;
                }
                walker.leave(&node);
            }
            let mut from = node;
            at = loop {
                if let Some(sibling) = from.next_sibling() {
                    break Some(sibling);
                }
                match from.parent() {
                    Some(parent) if parent.id != body.id => {
                        walker.leave(&parent);
                        from = parent;
                    }
                    _ => break None,
                }
            };
        }
        walker.finish()
    }

    /// The text nodes of a block.
    pub(crate) fn texts(&self, block: &Block) -> &[NodeId] {
        &self.texts[block.texts.clone()]
    }

    /// The innermost element around both places.
    pub(crate) fn shared(&self, mut one: usize, mut other: usize) -> usize {
        while one != other {
            if self.elements[one].depth >= self.elements[other].depth {
                one = self.elements[one].parent;
            } else {
                other = self.elements[other].parent;
            }
        }
        one
    }

    /// What is equal for blocks that are made alike: the kind of a block's element, and that of the element around it.
    pub(crate) fn kinds(&self, block: &Block) -> [(u64, bool); 2] {
        let element = &self.elements[block.element];
        [(element.kind, false), (self.elements[element.parent].kind, true)]
    }

    /// The elements around a place, innermost first, the body last.
    pub(crate) fn around(&self, element: usize) -> impl Iterator<Item = (usize, &Element)> {
        let mut next = Some(element);
        std::iter::from_fn(move || {
            let at = next?;
            let found = &self.elements[at];
            next = (at != 0).then_some(found.parent);
            Some((at, found))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(page: &str) -> Vec<(String, Tag)> {
        let survey = Survey::of(&crate::parse::parse_page(page).tree);
        let tag = |block: &Block| survey.elements[block.element].tag;
        survey.blocks.iter().map(|block| (block.text.clone(), tag(block))).collect()
    }

    #[test]
    fn a_block_is_what_reads_as_one_piece() {
        let found =
            blocks("<h1>Rain</h1><div>All <b>day</b>.<br><br>And <a href=/>night</a>.<ul><li>Wet</ul>Dry</div>");
        let texts: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["Rain", "All day.", "And night.", "Wet", "Dry"]);
        assert_eq!((found[0].1, found[3].1, found[4].1), (Tag::Heading1, Tag::Item, Tag::Division));
    }

    #[test]
    fn elements_know_what_is_in_them() {
        let page = "<article><p><a href=/x>Three</a>, one and two.<p>Four.<img src=/a.jpg></article><nav>Home</nav>";
        let survey = Survey::of(&crate::parse::parse_page(page).tree);
        let article = survey.elements.iter().find(|element| element.tag == Tag::Article).unwrap();
        assert_eq!((article.words, article.paragraphs, article.things, article.linked), (5, 2, 1, 5));
        assert_eq!(survey.blocks[article.blocks.clone()].len(), 2);
        assert_eq!(survey.elements[0].words, 6);
    }
}
