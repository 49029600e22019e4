//! Segmentation of a page into elements with their totals, and blocks of text, in page order.
//!
//! A block is a run of text that reads as one piece: everything between two edges of block elements, or between two
//! line breaks in a row. Blocks are what [`super`] selects from.

mod tag;
mod walker;

use std::ops::Range;

use dom_query::{Document, NodeId};
use foldhash::HashMap;

use super::name_hints::NameHints;
use crate::dom::tree;

pub(crate) use tag::Tag;
use walker::Walker;

/// A page as a list of elements and a list of blocks.
#[derive(Debug, Default)]
pub(crate) struct Segmentation {
    /// Every element that is not inline, in page order; the first is the body.
    pub(crate) elements: Vec<Element>,
    /// Every block of text, in page order.
    pub(crate) blocks: Vec<Block>,
    /// Images and embeds, in page order.
    pub(crate) media: Vec<MediaItem>,
    /// The text nodes of all blocks; each block has a range of them.
    text_nodes: Vec<NodeId>,
    /// Indexes of elements, by the hash of their id.
    pub(crate) elements_by_id: HashMap<u64, usize>,
    /// For each link within the page: its block, and the hash of the id it leads to.
    pub(crate) internal_links: Vec<(usize, u64)>,
}

/// An element, with totals of its content.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) id: NodeId,
    /// Index in [`Segmentation::elements`]; the body is its own parent.
    pub(crate) parent: usize,
    pub(crate) depth: u16,
    pub(crate) tag: Tag,
    /// Hints from its class, id and role.
    pub(crate) hints: NameHints,
    /// Hash of its name and class: equal for elements that look alike.
    pub(crate) signature: u64,
    /// Hidden by its style or attributes.
    pub(crate) hidden: bool,
    /// Marked by `prepare`: it belongs to the article if the text around it does.
    pub(crate) is_part_of_text: bool,
    /// Range of its blocks in [`Segmentation::blocks`].
    pub(crate) blocks: Range<usize>,
    pub(crate) words: u32,
    /// Bytes of text, and how many of them are in links.
    pub(crate) bytes: u32,
    pub(crate) linked_bytes: u32,
    /// Number of blocks that are prose.
    pub(crate) prose_blocks: u32,
    pub(crate) media_count: u32,
    /// Number of images that preparation has made out of other elements, which the trees have never seen.
    pub(crate) added_media_count: u32,
    pub(crate) commas: u32,
    /// Number of paragraphs and list items.
    pub(crate) paragraphs: u32,
    pub(crate) list_items: u32,
    /// Number of children of its parent with the same signature, including itself.
    pub(crate) similar_siblings: u32,
}

impl Element {
    /// Returns the share of the text that is links, from 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        self.linked_bytes as f32 / self.bytes.max(1) as f32
    }
}

/// A block of text.
#[derive(Debug)]
pub(crate) struct Block {
    /// Index of the innermost element around it in [`Segmentation::elements`].
    pub(crate) element: usize,
    /// Its text, on one line.
    pub(crate) text: String,
    pub(crate) words: u32,
    /// Bytes of its text in links, and number of links.
    pub(crate) linked_bytes: u32,
    pub(crate) links: u32,
    /// Bytes of its text that are bold.
    pub(crate) bold_bytes: u32,
    pub(crate) commas: u32,
    /// It ends like a sentence.
    pub(crate) ends_sentence: bool,
    text_nodes: Range<usize>,
}

impl Block {
    /// Returns the share of the text that is links, from 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        self.linked_bytes as f32 / self.text.len().max(1) as f32
    }

    /// Whether it consists of complete sentences, mostly unlinked.
    pub(crate) fn is_prose(&self) -> bool {
        self.ends_sentence && self.words >= 8 && self.link_density() < 0.5
    }
}

/// An image or an embed.
#[derive(Debug)]
pub(crate) struct MediaItem {
    pub(crate) id: NodeId,
    /// Index of the innermost element around it in [`Segmentation::elements`].
    pub(crate) element: usize,
    /// Number of blocks before it.
    pub(crate) preceding_blocks: usize,
}

impl Segmentation {
    /// Segments the body of a page whose scripts and embeds are already resolved.
    pub(crate) fn new(page: &Document) -> Segmentation {
        let body = tree::body(page);
        let mut walker = Walker::new(&body);
        let mut at = body.first_child();
        // Not `tree::walk`, since entering and leaving share mutable state.
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

    /// Returns the text nodes of a block.
    pub(crate) fn text_nodes(&self, block: &Block) -> &[NodeId] {
        &self.text_nodes[block.text_nodes.clone()]
    }

    /// Returns the innermost element that holds both elements.
    pub(crate) fn common_ancestor(&self, mut one: usize, mut other: usize) -> usize {
        while one != other {
            if self.elements[one].depth >= self.elements[other].depth {
                one = self.elements[one].parent;
            } else {
                other = self.elements[other].parent;
            }
        }
        one
    }

    /// Returns the signatures that group similar blocks: that of a block's element, and that of its parent (marked
    /// `true`).
    pub(crate) fn signatures(&self, block: &Block) -> [(u64, bool); 2] {
        let element = &self.elements[block.element];
        [(element.signature, false), (self.elements[element.parent].signature, true)]
    }

    /// Iterates over an element and its ancestors with their indexes, innermost first, the body last.
    pub(crate) fn self_and_ancestors(&self, element: usize) -> impl Iterator<Item = (usize, &Element)> {
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
        let segmentation = Segmentation::new(&crate::parse::parse_page(page).tree);
        let tag = |block: &Block| segmentation.elements[block.element].tag;
        segmentation.blocks.iter().map(|block| (block.text.clone(), tag(block))).collect()
    }

    #[test]
    fn block_elements_and_double_line_breaks_separate_blocks() {
        let found =
            blocks("<h1>Rain</h1><div>All <b>day</b>.<br><br>And <a href=/>night</a>.<ul><li>Wet</ul>Dry</div>");
        let texts: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["Rain", "All day.", "And night.", "Wet", "Dry"]);
        assert_eq!((found[0].1, found[3].1, found[4].1), (Tag::Heading1, Tag::ListItem, Tag::Div));
    }

    #[test]
    fn elements_sum_up_their_content() {
        let page = "<article><p><a href=/x>Three</a>, one and two.<p>Four.<img src=/a.jpg></article><nav>Home</nav>";
        let segmentation = Segmentation::new(&crate::parse::parse_page(page).tree);
        let article = segmentation.elements.iter().find(|element| element.tag == Tag::Article).unwrap();
        assert_eq!((article.words, article.paragraphs, article.media_count, article.linked_bytes), (5, 2, 1, 5));
        assert_eq!(segmentation.blocks[article.blocks.clone()].len(), 2);
        assert_eq!(segmentation.elements[0].words, 6);
    }
}
