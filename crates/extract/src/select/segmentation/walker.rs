//! The tree walk that builds a segmentation.

use dom_query::{NodeData, NodeId, NodeRef};

use super::{Block, Element, MediaItem, Segmentation, Tag};
use crate::dom::{tree, words};
use crate::prepare::images;
use crate::select::name_hints;

/// The state of the walk.
pub(super) struct Walker {
    segmentation: Segmentation,
    /// Indexes of the open elements that are not inline.
    open_elements: Vec<usize>,
    /// The text of the current block.
    line: words::LineBuilder,
    first_text_node: usize,
    breaks: usize,
    links: u32,
    linked_bytes: u32,
    bold_bytes: u32,
    /// Start of the open link and of the open bold text in `line`.
    link_from: Option<usize>,
    bold_from: Option<usize>,
    open_links: usize,
    open_bold: usize,
}

impl Walker {
    pub(super) fn new(body: &NodeRef<'_>) -> Walker {
        let mut walker = Walker {
            segmentation: Segmentation::default(),
            open_elements: Vec::new(),
            line: words::LineBuilder::default(),
            first_text_node: 0,
            breaks: 0,
            links: 0,
            linked_bytes: 0,
            bold_bytes: 0,
            link_from: None,
            bold_from: None,
            open_links: 0,
            open_bold: 0,
        };
        walker.open_element(body, "body");
        walker
    }

    /// Enters a node. Returns whether to walk its children.
    pub(super) fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        let Some(name) = node.qual_name_ref() else {
            node.query(|node| {
                if let NodeData::Text { contents } = &node.data {
                    self.push_text(node.id, contents);
                }
            });
            return false;
        };
        let name: &str = &name.local;
        if tree::is_non_text(name) {
            return false;
        }
        match name {
            "br" => {
                self.breaks += 1;
                self.line.push_break();
                if self.breaks >= 2 {
                    self.end_block();
                }
                return false;
            }
            "rt" | "rp" | "rtc" => return false,
            "img" => {
                self.push_media(node);
                return false;
            }
            "a" => {
                if let Some(id) = name_hints::fragment_hash(node) {
                    self.segmentation.internal_links.push((self.segmentation.blocks.len(), id));
                }
                self.links += 1;
                self.open_links += 1;
                self.link_from.get_or_insert(self.line.text.len());
            }
            "b" | "strong" => {
                self.open_bold += 1;
                self.bold_from.get_or_insert(self.line.text.len());
            }
            _ if tree::is_inline(name) => {}
            _ => {
                self.end_block();
                if name == "p" && node.has_class("embed") {
                    self.push_media(node);
                    return false;
                }
                self.open_element(node, name);
            }
        }
        true
    }

    pub(super) fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(name) = node.qual_name_ref() else { return };
        let name: &str = &name.local;
        match name {
            "a" => {
                self.open_links = self.open_links.saturating_sub(1);
                if self.open_links == 0 {
                    let from = self.link_from.take();
                    self.linked_bytes += self.bytes_since(from);
                }
            }
            "b" | "strong" => {
                self.open_bold = self.open_bold.saturating_sub(1);
                if self.open_bold == 0 {
                    let from = self.bold_from.take();
                    self.bold_bytes += self.bytes_since(from);
                }
            }
            _ if tree::is_inline(name) => {}
            _ => {
                self.end_block();
                self.close_element();
            }
        }
    }

    fn bytes_since(&self, from: Option<usize>) -> u32 {
        // The space before a link is written with its first letter, but is not part of it.
        from.and_then(|from| self.line.text.get(from..)).map_or(0, |text| text.trim_start().len()) as u32
    }

    fn push_text(&mut self, id: NodeId, contents: &str) {
        let before = self.line.text.len();
        self.line.push(contents);
        let has_text = self.line.text.len() > before;
        if has_text {
            self.breaks = 0;
            self.segmentation.text_nodes.push(id);
        }
    }

    fn push_media(&mut self, node: &NodeRef<'_>) {
        let element = self.open_elements.last().copied().unwrap_or(0);
        // The current block precedes an image in it.
        let preceding_blocks = self.segmentation.blocks.len() + usize::from(!self.line.text.is_empty());
        self.segmentation.media.push(MediaItem { id: node.id, element, preceding_blocks });
        let is_added = node.has_attr(images::ADDED);
        for at in &self.open_elements {
            let element = &mut self.segmentation.elements[*at];
            *if is_added { &mut element.added_media_count } else { &mut element.media_count } += 1;
        }
    }

    fn end_block(&mut self) {
        self.breaks = 0;
        let linked_bytes = self.linked_bytes + self.bytes_since(self.link_from);
        let bold_bytes = self.bold_bytes + self.bytes_since(self.bold_from);
        let text = std::mem::take(&mut self.line).text;
        if text.is_empty() {
            self.links = u32::from(self.open_links > 0);
            return;
        }
        let element = self.open_elements.last().copied().unwrap_or(0);
        let block = Block {
            element,
            words: words::count(&text) as u32,
            linked_bytes,
            links: self.links,
            bold_bytes,
            commas: text.chars().filter(|letter| matches!(letter, ',' | '،' | '，' | '、')).count() as u32,
            ends_sentence: words::ends_sentence(&text),
            text_nodes: self.first_text_node..self.segmentation.text_nodes.len(),
            text,
        };
        self.first_text_node = self.segmentation.text_nodes.len();
        // Open links and bold text continue in the next block.
        self.link_from = self.link_from.map(|_| 0);
        self.bold_from = self.bold_from.map(|_| 0);
        (self.linked_bytes, self.bold_bytes, self.links) = (0, 0, u32::from(self.open_links > 0));
        for at in &self.open_elements {
            let ancestor = &mut self.segmentation.elements[*at];
            ancestor.words += block.words;
            ancestor.bytes += block.text.len() as u32;
            ancestor.linked_bytes += block.linked_bytes;
            ancestor.commas += block.commas;
            ancestor.prose_blocks += u32::from(block.is_prose());
        }
        self.segmentation.blocks.push(block);
    }

    fn open_element(&mut self, node: &NodeRef<'_>, name: &str) {
        let at = self.segmentation.elements.len();
        let parent = self.open_elements.last().copied().unwrap_or(0);
        let start = self.segmentation.blocks.len();
        let attributes = name_hints::read_attributes(node, name);
        let tag = Tag::from_name(name);
        if let Some(id) = attributes.id {
            self.segmentation.elements_by_id.entry(id).or_insert(at);
        }
        self.segmentation.elements.push(Element {
            id: node.id,
            parent,
            depth: self.open_elements.len() as u16,
            tag,
            hints: attributes.hints,
            signature: attributes.signature,
            hidden: attributes.hidden,
            is_part_of_text: attributes.is_part_of_text,
            blocks: start..start,
            words: 0,
            bytes: 0,
            linked_bytes: 0,
            prose_blocks: 0,
            media_count: 0,
            added_media_count: 0,
            commas: 0,
            paragraphs: u32::from(tag == Tag::Paragraph),
            list_items: u32::from(tag == Tag::ListItem),
            similar_siblings: 1,
        });
        self.open_elements.push(at);
    }

    fn close_element(&mut self) {
        if self.open_elements.len() > 1
            && let Some(at) = self.open_elements.pop()
        {
            let closed = &mut self.segmentation.elements[at];
            closed.blocks.end = self.segmentation.blocks.len();
            let (parent, paragraphs, list_items) = (closed.parent, closed.paragraphs, closed.list_items);
            self.segmentation.elements[parent].paragraphs += paragraphs;
            self.segmentation.elements[parent].list_items += list_items;
        }
    }

    pub(super) fn finish(mut self) -> Segmentation {
        self.end_block();
        let blocks = self.segmentation.blocks.len();
        for at in self.open_elements {
            self.segmentation.elements[at].blocks.end = blocks;
        }
        count_similar_siblings(&mut self.segmentation.elements);
        self.segmentation
    }
}

/// Counts for each element the children of its parent with the same signature.
fn count_similar_siblings(elements: &mut [Element]) {
    let mut sorted: Vec<usize> = (1..elements.len()).collect();
    sorted.sort_by_key(|at| (elements[*at].parent, elements[*at].signature));
    let mut start = 0;
    while start < sorted.len() {
        let key = |at: usize| (elements[sorted[at]].parent, elements[sorted[at]].signature);
        let end = (start..sorted.len()).find(|at| key(*at) != key(start)).unwrap_or(sorted.len());
        for at in start..end {
            elements[sorted[at]].similar_siblings = (end - start) as u32;
        }
        start = end;
    }
}
