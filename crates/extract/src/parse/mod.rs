//! Text → tree, bounded in depth and size whatever the page does.
//!
//! The tree builder walks its stack of open elements for every tag, so a page nested a million tags
//! deep would take hours, and it copies every open formatting element into each paragraph, so a few
//! kilobytes of unclosed `<b>` could fill the memory. A cap in the finished tree would come too late.
//! So a filter stands between the tokenizer (`html5gum`, which takes half the time of `html5ever`'s own) and `html5ever`'s
//! tree builder: it looks at the builder's own stack (by the hook meant for garbage collectors), and above the cap it drops
//! start tags and keeps their text. Ordinary pages pass unchanged.
//!
//! A quarter of a page is scripts and a fifth styles, which say nothing to a reader. The tokenizer's input leaves their text out
//! (`filtered_input`, `raw_text`). `repairs` mends text that was decoded twice and moves streamed parts to their places.
//!
//! `source_scan` reads tags and text from the source without building a tree.

mod filtered_input;
mod raw_text;
mod repairs;
pub mod source_scan;
mod tokenizer;

use std::cell::Cell;

use dom_query::{Document, NodeId};
use html5ever::interface::Tracer;
use html5ever::local_name;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, EOFToken, NullCharacterToken, Tag, TagKind, TagToken, Token, TokenSink, TokenSinkResult,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5gum::{State, Tokenizer};

use filtered_input::{Input, Passed};
use raw_text::Unread;
pub(crate) use repairs::text as mended;
use tokenizer::Tokens;

/// Open elements and open formatting elements together, at most about this many.
const DEEPEST: usize = 512;
/// Nodes the tree of a page may have; above it all tags are dropped and their text is kept.
const MOST_NODES: usize = 80_000;
/// The same for a part, which may be what a page of so many nodes was written out as.
const MOST_IN_A_PART: usize = 3 * MOST_NODES;
/// The builder is told lines for its complaints only, which nobody reads.
const LINE: u64 = 0;

/// A parsed page.
pub(crate) struct Parsed<'a> {
    /// The tree.
    pub(crate) tree: Document,
    /// Tags were dropped because the page was nested too deep or too large.
    pub(crate) capped: bool,
    /// What the first scripts say that are no JSON-LD; in the tree they are empty.
    pub(crate) scripts: Vec<&'a str>,
}

/// Parses a part of a page; it ends up in the tree's body.
pub(crate) fn part(html: &str) -> Document {
    let passed = Passed::default();
    let mut filter = Filter::new(MOST_IN_A_PART, &passed);
    let body = Tag {
        kind: TagKind::StartTag,
        name: local_name!("body"),
        self_closing: false,
        attrs: Vec::new(),
        had_duplicate_attributes: false,
    };
    filter.tag(body);
    parse(html, &mut filter);
    filter.builder.sink
}

/// Parses a whole page.
pub(crate) fn page(html: &str) -> Parsed<'_> {
    let passed = Passed::default();
    let mut filter = Filter::new(MOST_NODES, &passed);
    parse(html.strip_prefix('\u{feff}').unwrap_or(html), &mut filter);
    let tree = filter.builder.sink;
    repairs::streamed(&tree, html);
    Parsed { capped: filter.capped, tree, scripts: passed.scripts.take() }
}

fn parse<'p>(html: &'p str, filter: &mut Filter<'p, '_>) {
    let input = Input::new(html, filter.passed);
    let Ok(()) = Tokenizer::new_with_emitter(input, Tokens::new(filter)).finish();
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
struct Filter<'p, 'a> {
    builder: TreeBuilder<NodeId, Document>,
    most_nodes: usize,
    /// Elements that may still be opened before the stack has to be measured again.
    room: usize,
    /// Nodes in the tree when the stack was last measured.
    nodes_then: Option<usize>,
    /// End tags since the stack was found full.
    ends: usize,
    raw: Raw,
    capped: bool,
    /// A line break was put where tags were dropped, and no text has come since.
    parted: bool,
    /// Text that the builder has not got yet: it comes in pieces, and what follows one another is given to it at once.
    text: Vec<u8>,
    passed: &'a Passed<'p>,
}

impl<'p, 'a> Filter<'p, 'a> {
    fn new(most_nodes: usize, passed: &'a Passed<'p>) -> Self {
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        Filter {
            builder: TreeBuilder::new(Document::default(), options),
            most_nodes,
            room: 0,
            nodes_then: None,
            ends: 0,
            raw: Raw::No,
            capped: false,
            parted: false,
            text: Vec::new(),
            passed,
        }
    }

    /// Takes a tag; answers how the tokenizer has to read what follows, where that is no markup.
    fn tag(&mut self, tag: Tag) -> Option<State> {
        let raw = std::mem::replace(&mut self.raw, Raw::No);
        if raw == Raw::Dropped {
            return None;
        }
        // Rules of style are long, and nobody here reads them. Within a drawing they would be ordinary elements.
        if tag.name == local_name!("style") && tag.kind == TagKind::StartTag && !self.is_in_foreign() {
            self.raw = Raw::Dropped;
            self.passed.next.set(Some(Unread::Style));
            return None;
        }
        // A frameset would throw the body away; what stands in one is text all the same.
        if tag.name == local_name!("frameset") {
            return None;
        }
        let full = self.builder.sink.tree.len() > self.most_nodes;
        let fits = match tag.kind {
            // `</p>` without a `<p>` opens one, after a walk through the whole stack.
            TagKind::EndTag => raw == Raw::Kept || !(full || (self.is_at_cap() && tag.name == local_name!("p"))),
            TagKind::StartTag => !full && self.has_room(),
        };
        self.ends += usize::from(tag.kind == TagKind::EndTag);
        if !fits {
            return self.drop_tag(&tag);
        }
        let is_data = raw_text::is_data(&tag);
        let answer = self.build(TagToken(tag));
        if matches!(answer, TokenSinkResult::RawData(_)) {
            self.raw = Raw::Kept;
        }
        match answer {
            // The tokenizer reads tags again where it goes on, and first the end tag.
            TokenSinkResult::RawData(RawKind::ScriptData) if !is_data => {
                self.passed.next.set(Some(Unread::Script));
                None
            }
            TokenSinkResult::RawData(kind) => Some(state(kind)),
            TokenSinkResult::Plaintext => Some(State::PlainText),
            // Scripts are never run and the text is already decoded, so the tokenizer simply goes on.
            _ => None,
        }
    }

    /// Takes text.
    fn text(&mut self, text: &[u8]) {
        if self.raw != Raw::Dropped {
            self.parted = false;
            self.text.extend_from_slice(text);
        }
    }

    /// Takes a zero where markup is read.
    fn zero(&mut self) {
        if self.raw != Raw::Dropped {
            self.other(NullCharacterToken);
        }
    }

    /// Takes what is neither tag nor text.
    fn other(&mut self, token: Token) {
        self.parted = false;
        let _ = self.build(token);
    }

    /// The page ends.
    fn end(&mut self) {
        self.other(EOFToken);
        self.builder.end();
    }

    /// Whether what is open now is part of a drawing or a formula. Text may end one, when it opens again what was closed within.
    fn is_in_foreign(&mut self) -> bool {
        self.flush();
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }

    /// Whether one more element may be opened. Nodes made since the last measuring bound how much the
    /// stack can have grown, so measuring, which walks the stack, is rare.
    fn has_room(&mut self) -> bool {
        let nodes = self.builder.sink.tree.len();
        if self.nodes_then.is_some_and(|then| nodes.saturating_sub(then) < self.room) {
            return true;
        }
        if self.is_at_cap() && self.ends < 16 {
            return false;
        }
        let measured = Measure(Cell::new(0));
        self.builder.trace_handles(&measured);
        self.room = DEEPEST.saturating_sub(measured.0.get());
        self.nodes_then = Some(nodes);
        self.ends = 0;
        self.room > 0
    }

    fn is_at_cap(&self) -> bool {
        self.room == 0 && self.nodes_then.is_some()
    }

    /// Gives the builder a token, and first the text before it.
    fn build(&mut self, token: Token) -> TokenSinkResult<NodeId> {
        self.flush();
        self.builder.process_token(token, LINE)
    }

    /// Gives the builder the text so far.
    fn flush(&mut self) {
        if !self.text.is_empty() {
            // To text it answers nothing but that it goes on.
            let _ = self.builder.process_token(CharacterTokens(tokenizer::text(&self.text)), LINE);
            self.text.clear();
        }
    }

    fn drop_tag(&mut self, tag: &Tag) -> Option<State> {
        self.capped = true;
        let name = tag.name.as_ref();
        if tag.kind == TagKind::StartTag
            && let Some(kind) = raw_kind(name)
        {
            self.raw = Raw::Dropped;
            return Some(state(kind));
        }
        if crate::dom::tree::is_inline(name) || self.parted {
            return None;
        }
        // Words of two blocks must not run together.
        self.text(b"\n");
        self.parted = true;
        None
    }
}

/// How the tokenizer reads what is no markup.
fn state(kind: RawKind) -> State {
    match kind {
        RawKind::Rcdata => State::RcData,
        RawKind::Rawtext => State::RawText,
        RawKind::ScriptData | RawKind::ScriptDataEscaped(_) => State::ScriptData,
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
