//! Text → tree, bounded in depth and size whatever the page does.
//!
//! The tree builder walks its stack of open elements for every tag, so a page nested a million tags
//! deep would take hours, and it copies every open formatting element into each paragraph, so a few
//! kilobytes of unclosed `<b>` could fill the memory. A cap in the finished tree would come too late.
//! So a filter stands between the tokenizer and the tree builder: it looks at the builder's own stack
//! (by the hook meant for garbage collectors), and above the cap it drops start tags and keeps their
//! text. Ordinary pages pass unchanged.
//!
//! A quarter of a page is scripts and a fifth styles, which say nothing to a reader. The tokenizer is stopped before their
//! text and goes on behind it (`unread`).

mod attributes;
mod unread;

use std::cell::{Cell, RefCell};

use dom_query::{Document, NodeId};
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, CommentToken, ParseError, Tag, TagKind, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{TokenizerResult, local_name};

use attributes::few_attributes;
use unread::Unread;

/// Open elements and open formatting elements together, at most about this many.
const DEEPEST: usize = 512;
/// Nodes the tree of a page may have; above it all tags are dropped and their text is kept.
const MOST_NODES: usize = 80_000;
/// The same for a part, which may be what a page of so many nodes was written out as.
const MOST_IN_A_PART: usize = 3 * MOST_NODES;
/// Scripts whose text is kept.
const MOST_SCRIPTS: usize = 200;

/// A parsed page.
pub(crate) struct Parsed {
    /// The tree.
    pub(crate) tree: Document,
    /// Tags were dropped because the page was nested too deep or too large.
    pub(crate) capped: bool,
    /// What the first [`MOST_SCRIPTS`] scripts say that are no JSON-LD; in the tree they are empty.
    pub(crate) scripts: Vec<StrTendril>,
}

/// Parses a part of a page; it ends up in the tree's body.
pub(crate) fn part(html: &str) -> Document {
    parsed(&format!("<body>{html}"), MOST_IN_A_PART).tree
}

/// Parses a whole page.
pub(crate) fn page(html: &str) -> Parsed {
    parsed(html, MOST_NODES)
}

fn parsed(html: &str, most_nodes: usize) -> Parsed {
    let html = few_attributes(html);
    let builder = TreeBuilder::new(
        Document::default(),
        TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
    );
    let filter = Filter {
        builder,
        most_nodes,
        room: Cell::new(0),
        nodes_then: Cell::new(usize::MAX),
        ends: Cell::new(0),
        raw: Cell::new(Raw::No),
        capped: Cell::new(false),
        parted: Cell::new(false),
        text: RefCell::default(),
        unread: Cell::new(None),
    };
    let tokenizer = Tokenizer::new(filter, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&html));
    let mut scripts = Vec::new();
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {
        let Some(element) = tokenizer.sink.unread.take() else { continue };
        let text = unread::pass_over(&input, element);
        if element == Unread::Script && scripts.len() < MOST_SCRIPTS && !text.is_empty() {
            scripts.push(text);
        }
    }
    tokenizer.end();
    let filter = tokenizer.sink;
    Parsed { capped: filter.capped.get(), tree: filter.builder.sink, scripts }
}

/// What the tokenizer's raw text (scripts, styles) belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Raw {
    No,
    /// An element of the tree: its end tag must reach the builder.
    Kept,
    /// A dropped tag: its text is dropped too, since it is not for people; its end tag goes with it.
    Dropped,
}

/// Stands between tokenizer and tree builder and keeps the builder small.
struct Filter {
    builder: TreeBuilder<NodeId, Document>,
    most_nodes: usize,
    /// Elements that may still be opened before the stack has to be measured again.
    room: Cell<usize>,
    /// Nodes in the tree when the stack was last measured.
    nodes_then: Cell<usize>,
    /// End tags since the stack was found full.
    ends: Cell<usize>,
    raw: Cell<Raw>,
    capped: Cell<bool>,
    /// A line break was put where tags were dropped, and no text has come since.
    parted: Cell<bool>,
    /// Text that the builder has not got yet: each entity comes alone, and what follows one another is given to it at once.
    text: RefCell<StrTendril>,
    /// The element whose text is to be passed over.
    unread: Cell<Option<Unread>>,
}

impl TokenSink for Filter {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        match token {
            ParseError(_) => TokenSinkResult::Continue,
            TagToken(tag) => self.tag(tag, line),
            CharacterTokens(_) if self.raw.get() == Raw::Dropped => TokenSinkResult::Continue,
            CharacterTokens(text) => {
                self.parted.set(false);
                self.text(text);
                TokenSinkResult::Continue
            }
            CommentToken(_) => TokenSinkResult::Continue,
            other => {
                self.parted.set(false);
                self.build(other, line)
            }
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Filter {
    fn tag(&self, tag: Tag, line: u64) -> TokenSinkResult<NodeId> {
        let raw = self.raw.replace(Raw::No);
        if raw == Raw::Dropped {
            return TokenSinkResult::Continue;
        }
        // Rules of style are long, and nobody here reads them. Within a drawing they would be ordinary elements.
        if tag.name == local_name!("style")
            && tag.kind == TagKind::StartTag
            && !self.adjusted_current_node_present_but_not_in_html_namespace()
        {
            self.raw.set(Raw::Dropped);
            return self.pass_over(Unread::Style);
        }
        // A frameset would throw the body away; what stands in one is text all the same.
        if tag.name == local_name!("frameset") {
            return TokenSinkResult::Continue;
        }
        let full = self.builder.sink.tree.len() > self.most_nodes;
        let fits = match tag.kind {
            // `</p>` without a `<p>` opens one, after a walk through the whole stack.
            TagKind::EndTag => raw == Raw::Kept || !(full || (self.is_at_cap() && tag.name == local_name!("p"))),
            TagKind::StartTag => !full && self.has_room(),
        };
        self.ends.set(self.ends.get() + usize::from(tag.kind == TagKind::EndTag));
        if !fits {
            return self.drop_tag(&tag);
        }
        let is_data = unread::is_data(&tag);
        let answer = self.build(TagToken(tag), line);
        if let TokenSinkResult::RawData(kind) = answer {
            self.raw.set(Raw::Kept);
            if kind == RawKind::ScriptData && !is_data {
                return self.pass_over(Unread::Script);
            }
        }
        // Scripts are never run and the text is already decoded, so the tokenizer simply goes on.
        match answer {
            TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => TokenSinkResult::Continue,
            other => other,
        }
    }

    /// Stops the tokenizer, which then reads tags again, so that the text of an element can be passed over.
    fn pass_over(&self, element: Unread) -> TokenSinkResult<NodeId> {
        self.unread.set(Some(element));
        TokenSinkResult::Script(self.builder.sink.root().id)
    }

    /// Whether one more element may be opened. Nodes made since the last measuring bound how much the
    /// stack can have grown, so measuring, which walks the stack, is rare.
    fn has_room(&self) -> bool {
        let nodes = self.builder.sink.tree.len();
        let grown = nodes.saturating_sub(self.nodes_then.get());
        if self.nodes_then.get() != usize::MAX && grown < self.room.get() {
            return true;
        }
        if self.is_at_cap() && self.ends.get() < 16 {
            return false;
        }
        let measured = Measure(Cell::new(0));
        self.builder.trace_handles(&measured);
        self.room.set(DEEPEST.saturating_sub(measured.0.get()));
        self.nodes_then.set(nodes);
        self.ends.set(0);
        self.room.get() > 0
    }

    fn is_at_cap(&self) -> bool {
        self.room.get() == 0 && self.nodes_then.get() != usize::MAX
    }

    fn text(&self, text: StrTendril) {
        let mut before = self.text.borrow_mut();
        if before.is_empty() { *before = text } else { before.push_tendril(&text) }
    }

    /// Gives the builder a token, and first the text before it.
    fn build(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let text = self.text.take();
        if !text.is_empty() {
            // To text it answers nothing but that it goes on.
            let _ = self.builder.process_token(CharacterTokens(text), line);
        }
        self.builder.process_token(token, line)
    }

    fn drop_tag(&self, tag: &Tag) -> TokenSinkResult<NodeId> {
        self.capped.set(true);
        let name = tag.name.as_ref();
        if tag.kind == TagKind::StartTag
            && let Some(kind) = raw_kind(name)
        {
            self.raw.set(Raw::Dropped);
            return TokenSinkResult::RawData(kind);
        }
        if crate::tree::is_inline(name) || self.parted.replace(true) {
            return TokenSinkResult::Continue;
        }
        // Words of two blocks must not run together.
        self.text(StrTendril::from_slice("\n"));
        TokenSinkResult::Continue
    }
}

/// Elements whose text is not markup and not for people.
fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
        "textarea" | "title" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// Counts what the tree builder holds open.
struct Measure(Cell<usize>);

impl Tracer for Measure {
    type Handle = NodeId;

    fn trace_handle(&self, _node: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}
