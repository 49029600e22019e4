//! One walk over the page: its elements with what they hold, and its blocks of text in order.
//!
//! A block is a run of text that reads as one piece: everything between two edges of block elements (or
//! two line breaks in a row). Blocks are what [`crate::content`] chooses among.

use std::collections::HashMap;
use std::ops::Range;

use dom_query::{Document, NodeData, NodeId, NodeRef};

use crate::marks::{self, Marks};
use crate::tree;
use crate::words;

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
    pub(crate) marks: Marks,
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

/// Names of elements as far as they matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Tag {
    Paragraph,
    Heading1,
    Heading2,
    Heading,
    Item,
    List,
    Cell,
    Table,
    Quote,
    Code,
    Caption,
    Figure,
    Article,
    Main,
    Section,
    Header,
    Footer,
    Aside,
    Nav,
    Form,
    Button,
    Definition,
    Details,
    Address,
    Division,
    Other,
}

fn tag_of(name: &str) -> Tag {
    match name {
        "p" => Tag::Paragraph,
        "h1" => Tag::Heading1,
        "h2" => Tag::Heading2,
        "h3" | "h4" | "h5" | "h6" => Tag::Heading,
        "li" => Tag::Item,
        "ul" | "ol" | "menu" | "dl" => Tag::List,
        "td" | "th" | "tr" => Tag::Cell,
        "table" => Tag::Table,
        "blockquote" => Tag::Quote,
        "pre" | "listing" | "xmp" => Tag::Code,
        "figcaption" | "caption" => Tag::Caption,
        "figure" => Tag::Figure,
        "article" => Tag::Article,
        "main" => Tag::Main,
        "section" => Tag::Section,
        "header" | "hgroup" => Tag::Header,
        "footer" => Tag::Footer,
        "aside" => Tag::Aside,
        "nav" => Tag::Nav,
        "form" | "fieldset" | "search" => Tag::Form,
        "button" | "select" | "option" | "legend" | "input" => Tag::Button,
        "dt" | "dd" => Tag::Definition,
        "details" | "summary" => Tag::Details,
        "address" => Tag::Address,
        "div" => Tag::Division,
        _ => Tag::Other,
    }
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

/// What is open while the walk goes on.
struct Walker {
    survey: Survey,
    /// Open elements that are not inline, by their places.
    open: Vec<usize>,
    /// The block that is being read.
    text: String,
    texts_from: usize,
    space: bool,
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
    fn new(body: &NodeRef<'_>) -> Walker {
        let mut walker = Walker {
            survey: Survey::default(),
            open: Vec::new(),
            text: String::new(),
            texts_from: 0,
            space: false,
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
    fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        let Some(name) = node.qual_name_ref() else {
            node.query(|node| {
                if let NodeData::Text { contents } = &node.data {
                    self.read(node.id, contents);
                }
            });
            return false;
        };
        let name: &str = &name.local;
        if tree::is_unseen(name) {
            return false;
        }
        match name {
            "br" => {
                self.breaks += 1;
                self.space = true;
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
                if let Some(id) = marks::target(node) {
                    self.survey.notes.push((self.survey.blocks.len(), id));
                }
                self.links += 1;
                self.open_links += 1;
                self.link_from.get_or_insert(self.text.len());
            }
            "b" | "strong" => {
                self.open_bold += 1;
                self.bold_from.get_or_insert(self.text.len());
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

    fn leave(&mut self, node: &NodeRef<'_>) {
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
        from.map_or(0, |from| self.text.len().saturating_sub(from)) as u32
    }

    fn read(&mut self, id: NodeId, contents: &str) {
        let mut filled = false;
        for letter in contents.chars() {
            if letter.is_whitespace() {
                self.space = true;
                continue;
            }
            if words::is_invisible(letter) {
                continue;
            }
            if self.space && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.space = false;
            filled = true;
            self.text.push(letter);
        }
        if filled {
            self.breaks = 0;
            self.survey.texts.push(id);
        }
    }

    fn thing(&mut self, node: &NodeRef<'_>) {
        let element = self.open.last().copied().unwrap_or(0);
        // A block that has begun stands before the picture in it.
        let after = self.survey.blocks.len() + usize::from(!self.text.is_empty());
        self.survey.things.push(Thing { id: node.id, element, after });
        for at in &self.open {
            self.survey.elements[*at].things += 1;
        }
    }

    fn end_block(&mut self) {
        self.breaks = 0;
        self.space = false;
        if self.text.is_empty() {
            self.links = u32::from(self.open_links > 0);
            return;
        }
        let element = self.open.last().copied().unwrap_or(0);
        let linked = self.linked + self.since(self.link_from);
        let bold = self.bold + self.since(self.bold_from);
        let text = std::mem::take(&mut self.text);
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
        let facts = marks::of(node, name);
        let tag = tag_of(name);
        if let Some(id) = facts.id {
            self.survey.ids.entry(id).or_insert(at);
        }
        self.survey.elements.push(Element {
            id: node.id,
            parent,
            depth: self.open.len() as u16,
            tag,
            marks: facts.marks,
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

    fn finish(mut self) -> Survey {
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
