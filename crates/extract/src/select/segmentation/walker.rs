//! The walk that makes a survey.

use dom_query::{NodeData, NodeId, NodeRef};

use super::{Block, Element, Survey, Tag, Thing};
use crate::dom::{tree, words};
use crate::select::name_hints;

/// What is open while the walk goes on.
pub(super) struct Walker {
    survey: Survey,
    /// Open elements that are not inline, by their places.
    open: Vec<usize>,
    /// The block that is being read.
    line: words::LineBuilder,
    texts_from: usize,
    breaks: usize,
    links: u32,
    linked: u32,
    bold: u32,
    /// Where in `text` the open link and the open bold began.
    link_from: Option<usize>,
    bold_from: Option<usize>,
    open_links: usize,
    open_bold: usize,
}

impl Walker {
    pub(super) fn new(body: &NodeRef<'_>) -> Walker {
        let mut walker = Walker {
            survey: Survey::default(),
            open: Vec::new(),
            line: words::LineBuilder::default(),
            texts_from: 0,
            breaks: 0,
            links: 0,
            linked: 0,
            bold: 0,
            link_from: None,
            bold_from: None,
            open_links: 0,
            open_bold: 0,
        };
        walker.open_element(body, "body");
        walker
    }

    /// Whether the walk goes into the node.
    pub(super) fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        let Some(name) = node.qual_name_ref() else {
            node.query(|node| {
                if let NodeData::Text { contents } = &node.data {
                    self.read(node.id, contents);
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
                self.thing(node);
                return false;
            }
            "a" => {
                if let Some(id) = name_hints::target(node) {
                    self.survey.notes.push((self.survey.blocks.len(), id));
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
                    self.thing(node);
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
                    self.linked += self.since(from);
                }
            }
            "b" | "strong" => {
                self.open_bold = self.open_bold.saturating_sub(1);
                if self.open_bold == 0 {
                    let from = self.bold_from.take();
                    self.bold += self.since(from);
                }
            }
            _ if tree::is_inline(name) => {}
            _ => {
                self.end_block();
                self.close_element();
            }
        }
    }

    fn since(&self, from: Option<usize>) -> u32 {
        // The space before a link is written with its first letter, and is no part of it.
        from.and_then(|from| self.line.text.get(from..)).map_or(0, |text| text.trim_start().len()) as u32
    }

    fn read(&mut self, id: NodeId, contents: &str) {
        let before = self.line.text.len();
        self.line.push(contents);
        let filled = self.line.text.len() > before;
        if filled {
            self.breaks = 0;
            self.survey.texts.push(id);
        }
    }

    fn thing(&mut self, node: &NodeRef<'_>) {
        let element = self.open.last().copied().unwrap_or(0);
        // A block that has begun stands before the picture in it.
        let after = self.survey.blocks.len() + usize::from(!self.line.text.is_empty());
        self.survey.things.push(Thing { id: node.id, element, after });
        for at in &self.open {
            self.survey.elements[*at].things += 1;
        }
    }

    fn end_block(&mut self) {
        self.breaks = 0;
        let linked = self.linked + self.since(self.link_from);
        let bold = self.bold + self.since(self.bold_from);
        let text = std::mem::take(&mut self.line).text;
        if text.is_empty() {
            self.links = u32::from(self.open_links > 0);
            return;
        }
        let element = self.open.last().copied().unwrap_or(0);
        let block = Block {
            element,
            words: words::count(&text) as u32,
            linked,
            links: self.links,
            bold,
            commas: text.chars().filter(|letter| matches!(letter, ',' | '،' | '，' | '、')).count() as u32,
            ends: words::ends_sentence(&text),
            texts: self.texts_from..self.survey.texts.len(),
            text,
        };
        self.texts_from = self.survey.texts.len();
        // What is open goes on into the next block.
        self.link_from = self.link_from.map(|_| 0);
        self.bold_from = self.bold_from.map(|_| 0);
        (self.linked, self.bold, self.links) = (0, 0, u32::from(self.open_links > 0));
        for at in &self.open {
            let around = &mut self.survey.elements[*at];
            around.words += block.words;
            around.bytes += block.text.len() as u32;
            around.linked += block.linked;
            around.commas += block.commas;
            around.prose += u32::from(block.is_prose());
        }
        self.survey.blocks.push(block);
    }

    fn open_element(&mut self, node: &NodeRef<'_>, name: &str) {
        let at = self.survey.elements.len();
        let parent = self.open.last().copied().unwrap_or(0);
        let start = self.survey.blocks.len();
        let facts = name_hints::of(node, name);
        let tag = Tag::of(name);
        if let Some(id) = facts.id {
            self.survey.ids.entry(id).or_insert(at);
        }
        self.survey.elements.push(Element {
            id: node.id,
            parent,
            depth: self.open.len() as u16,
            tag,
            hints: facts.hints,
            kind: facts.kind,
            hidden: facts.hidden,
            blocks: start..start,
            words: 0,
            bytes: 0,
            linked: 0,
            prose: 0,
            things: 0,
            commas: 0,
            paragraphs: u32::from(tag == Tag::Paragraph),
            items: u32::from(tag == Tag::Item),
            alike: 1,
        });
        self.open.push(at);
    }

    fn close_element(&mut self) {
        if self.open.len() > 1
            && let Some(at) = self.open.pop()
        {
            let closed = &mut self.survey.elements[at];
            closed.blocks.end = self.survey.blocks.len();
            let (parent, paragraphs, items) = (closed.parent, closed.paragraphs, closed.items);
            self.survey.elements[parent].paragraphs += paragraphs;
            self.survey.elements[parent].items += items;
        }
    }

    pub(super) fn finish(mut self) -> Survey {
        self.end_block();
        let blocks = self.survey.blocks.len();
        for at in self.open {
            self.survey.elements[at].blocks.end = blocks;
        }
        count_alike(&mut self.survey.elements);
        self.survey
    }
}

/// Counts for each element how many under its parent look alike.
fn count_alike(elements: &mut [Element]) {
    let mut order: Vec<usize> = (1..elements.len()).collect();
    order.sort_by_key(|at| (elements[*at].parent, elements[*at].kind));
    let mut start = 0;
    while start < order.len() {
        let key = |at: usize| (elements[order[at]].parent, elements[order[at]].kind);
        let end = (start..order.len()).find(|at| key(*at) != key(start)).unwrap_or(order.len());
        for at in start..end {
            elements[order[at]].alike = (end - start) as u32;
        }
        start = end;
    }
}
