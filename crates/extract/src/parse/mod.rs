//! Parses HTML into a tree of bounded depth and size.
//!
//! The tree builder walks its stack of open elements for every tag, so a page nested a million tags deep would take
//! hours. It also copies every open formatting element into each paragraph, so a few kilobytes of unclosed `<b>` could
//! fill the memory. Limiting the finished tree would be too late. So [`BoundedTreeBuilder`] stands between the
//! tokenizer (`html5gum`, twice as fast as `html5ever`'s own) and `html5ever`'s tree builder. It measures the builder's
//! stack through the hook meant for garbage collectors; above the limit it drops start tags and keeps their text.
//! Ordinary pages pass unchanged.
//!
//! Scripts are a quarter of a page and styles a fifth, and neither has text for readers. The tokenizer's input skips
//! them (`filtered_input`, `raw_text`). `repairs` fixes text that was decoded twice and moves streamed parts into
//! place; `shadow_roots` does so with declared shadow roots.
//!
//! `source_scan` reads tags and text from the source without building a tree. `xhtml` rewrites pages that are XML.

mod filtered_input;
mod raw_text;
mod repairs;
mod shadow_roots;
pub mod source_scan;
mod tokenizer;
mod xhtml;

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

use crate::stop;

use filtered_input::{FilteredInput, SkippedText};
use raw_text::Skip;
pub(crate) use repairs::fix_mojibake;
use tokenizer::TokenEmitter;
pub use xhtml::xhtml_to_html;

/// The most text that is read from one page, in bytes as HTML ([`bytes_in_html`]) and without scripts and styles. The
/// longest novels in one page have 6 MB; a page with more is a list, a log or an attack.
pub const MAX_TEXT_BYTES: usize = 8 * 1024 * 1024;
/// The approximate maximum of open elements and open formatting elements together.
const MAX_DEPTH: usize = 512;
/// The maximum number of nodes in the tree of a page. Beyond it, all tags are dropped and their text is kept.
const MAX_NODES: usize = 80_000;
/// The same for a fragment, which may be the serialization of a page of maximum size.
const MAX_FRAGMENT_NODES: usize = 3 * MAX_NODES;
/// Bytes of text in a fragment: a fragment is written from a page that kept within its own limit.
const MAX_FRAGMENT_TEXT: usize = usize::MAX;
/// The builder needs line numbers for error messages only, which nobody reads.
const LINE: u64 = 0;

/// Returns how many bytes a byte of text takes in HTML, at most: `&` is written as five. Text that grows when it is written
/// takes as much memory as a longer one.
pub(crate) const fn bytes_in_html(byte: u8) -> usize {
    match byte {
        b'&' => "&amp;".len(),
        b'<' | b'>' => "&lt;".len(),
        // The first byte of a no-break space, and of a few other characters.
        0xC2 => "&nbsp;".len() - 1,
        _ => 1,
    }
}

pub(crate) struct ParsedPage<'a> {
    pub(crate) tree: Document,
    /// Tags were dropped because the page is nested too deep or too large.
    pub(crate) tags_dropped: bool,
    /// Text was dropped because the page has more than [`MAX_TEXT_BYTES`].
    pub(crate) text_dropped: bool,
    /// The texts of the first scripts whose text is not read. In the tree these scripts are empty.
    pub(crate) scripts: Vec<&'a str>,
}

/// Parses a fragment of a page into the body of a new tree.
pub(crate) fn parse_fragment(html: &str) -> Document {
    let skipped = SkippedText::default();
    let mut bounded = BoundedTreeBuilder::new(MAX_FRAGMENT_NODES, MAX_FRAGMENT_TEXT, &skipped);
    let body = Tag {
        kind: TagKind::StartTag,
        name: local_name!("body"),
        self_closing: false,
        attrs: Vec::new(),
        had_duplicate_attributes: false,
    };
    bounded.push_tag(body);
    run_tokenizer(html, &mut bounded);
    bounded.builder.sink
}

/// Parses a whole page.
pub(crate) fn parse_page(html: &str) -> ParsedPage<'_> {
    let skipped = SkippedText::default();
    let mut bounded = BoundedTreeBuilder::new(MAX_NODES, MAX_TEXT_BYTES, &skipped);
    run_tokenizer(html.strip_prefix('\u{feff}').unwrap_or(html), &mut bounded);
    let tree = bounded.builder.sink;
    repairs::place_streamed_parts(&tree, html);
    shadow_roots::place(&tree, html);
    ParsedPage {
        tags_dropped: bounded.tags_dropped,
        text_dropped: bounded.text_dropped,
        tree,
        scripts: skipped.scripts.take(),
    }
}

fn run_tokenizer<'p>(html: &'p str, bounded: &mut BoundedTreeBuilder<'p, '_>) {
    let input = FilteredInput::new(html, bounded.skipped);
    let Ok(()) = Tokenizer::new_with_emitter(input, TokenEmitter::new(bounded)).finish();
}

/// What raw text (of scripts, styles) from the tokenizer belongs to.
#[derive(Clone, Copy, PartialEq)]
enum RawText {
    Outside,
    /// An element of the tree: its end tag must reach the builder.
    Kept,
    /// A dropped tag: its text and its end tag are dropped, too.
    Dropped,
}

/// Feeds tags and text to the tree builder, and keeps its stack and its tree small.
struct BoundedTreeBuilder<'p, 'a> {
    builder: TreeBuilder<NodeId, Document>,
    max_nodes: usize,
    /// Elements that may be opened before the stack has to be measured again.
    open_budget: usize,
    /// The number of nodes in the tree when the stack was last measured.
    nodes_when_measured: Option<usize>,
    /// The number of end tags since the stack was last measured.
    end_tags_at_limit: usize,
    raw: RawText,
    tags_dropped: bool,
    /// Bytes of text that may still be added.
    text_budget: usize,
    text_dropped: bool,
    /// A line break replaced dropped tags, and no text has followed yet.
    has_break: bool,
    /// Text not yet passed to the builder: consecutive pieces are passed together.
    text: Vec<u8>,
    skipped: &'a SkippedText<'p>,
}

impl<'p, 'a> BoundedTreeBuilder<'p, 'a> {
    fn new(max_nodes: usize, max_text_bytes: usize, skipped: &'a SkippedText<'p>) -> Self {
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        BoundedTreeBuilder {
            builder: TreeBuilder::new(Document::default(), options),
            max_nodes,
            open_budget: 0,
            nodes_when_measured: None,
            end_tags_at_limit: 0,
            raw: RawText::Outside,
            tags_dropped: false,
            text_budget: max_text_bytes,
            text_dropped: false,
            has_break: false,
            text: Vec::new(),
            skipped,
        }
    }

    /// Processes a tag. Returns the tokenizer state for what follows, if that is not markup.
    fn push_tag(&mut self, tag: Tag) -> Option<State> {
        stop::check();
        let raw = std::mem::replace(&mut self.raw, RawText::Outside);
        if raw == RawText::Dropped {
            return None;
        }
        // Styles are long and never read. Within SVG and MathML, `style` is an ordinary element.
        if tag.name == local_name!("style") && tag.kind == TagKind::StartTag && !self.is_in_foreign_content() {
            self.raw = RawText::Dropped;
            self.skipped.next.set(Some(Skip::Style));
            return None;
        }
        // A frameset would discard the body; its contents are text, too.
        if tag.name == local_name!("frameset") {
            return None;
        }
        let full = self.builder.sink.tree.len() > self.max_nodes;
        let fits = match tag.kind {
            // `</p>` without a `<p>` opens one, after a walk through the whole stack.
            TagKind::EndTag => {
                raw == RawText::Kept || !(full || (self.is_at_depth_limit() && tag.name == local_name!("p")))
            }
            TagKind::StartTag => !full && self.can_open_element(),
        };
        self.end_tags_at_limit += usize::from(tag.kind == TagKind::EndTag);
        if !fits {
            return self.drop_tag(&tag);
        }
        let is_read = raw_text::is_read_script(&tag);
        let result = self.process(TagToken(tag));
        if matches!(result, TokenSinkResult::RawData(_)) {
            self.raw = RawText::Kept;
        }
        match result {
            // The tokenizer stays in its data state; the input skips to the end tag.
            TokenSinkResult::RawData(RawKind::ScriptData) if !is_read => {
                self.skipped.next.set(Some(Skip::Script));
                None
            }
            TokenSinkResult::RawData(kind) => Some(tokenizer_state(kind)),
            TokenSinkResult::Plaintext => Some(State::PlainText),
            // Scripts never run and the text is already decoded, so the tokenizer simply continues.
            _ => None,
        }
    }

    fn push_text(&mut self, text: &[u8]) {
        stop::check();
        if self.raw != RawText::Dropped && self.spend_text(text) {
            self.has_break = false;
            self.text.extend_from_slice(text);
        }
    }

    /// Returns whether this text fits, too. Once some does not, none does, so that a text ends where it is cut.
    fn spend_text(&mut self, text: &[u8]) -> bool {
        let bytes: usize = text.iter().map(|byte| bytes_in_html(*byte)).sum();
        self.text_dropped |= bytes > self.text_budget;
        self.text_budget = if self.text_dropped { 0 } else { self.text_budget - bytes };
        !self.text_dropped
    }

    /// Processes a null character in markup.
    fn push_null(&mut self) {
        if self.raw != RawText::Dropped && self.spend_text(b"\0") {
            self.push_token(NullCharacterToken);
        }
    }

    /// Processes a token that is neither tag nor text.
    fn push_token(&mut self, token: Token) {
        self.has_break = false;
        let _ = self.process(token);
    }

    /// Ends the page.
    fn finish(&mut self) {
        self.push_token(EOFToken);
        self.builder.end();
    }

    /// Returns whether the current element is part of SVG or MathML. Flushes the text first, since reopening formatting
    /// elements can end foreign content.
    fn is_in_foreign_content(&mut self) -> bool {
        self.flush_text();
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }

    /// Returns whether one more element may be opened. The stack cannot have grown by more than the nodes added since
    /// it was measured, so it is rarely measured, which means walking it.
    fn can_open_element(&mut self) -> bool {
        let nodes = self.builder.sink.tree.len();
        if self.nodes_when_measured.is_some_and(|before| nodes.saturating_sub(before) < self.open_budget) {
            return true;
        }
        if self.is_at_depth_limit() && self.end_tags_at_limit < 16 {
            return false;
        }
        let counter = StackCounter(Cell::new(0));
        self.builder.trace_handles(&counter);
        self.open_budget = MAX_DEPTH.saturating_sub(counter.0.get());
        self.nodes_when_measured = Some(nodes);
        self.end_tags_at_limit = 0;
        self.open_budget > 0
    }

    fn is_at_depth_limit(&self) -> bool {
        self.open_budget == 0 && self.nodes_when_measured.is_some()
    }

    /// Passes a token to the builder, after the pending text.
    fn process(&mut self, token: Token) -> TokenSinkResult<NodeId> {
        self.flush_text();
        // Nobody reads the messages about invalid markup, and a page may cause millions.
        self.builder.sink.errors.borrow_mut().clear();
        self.builder.process_token(token, LINE)
    }

    /// Passes the pending text to the builder.
    fn flush_text(&mut self) {
        if !self.text.is_empty() {
            // For text the answer is always to continue.
            let _ = self.builder.process_token(CharacterTokens(tokenizer::to_tendril(&self.text)), LINE);
            self.text.clear();
        }
    }

    fn drop_tag(&mut self, tag: &Tag) -> Option<State> {
        self.tags_dropped = true;
        let name = tag.name.as_ref();
        if tag.kind == TagKind::StartTag
            && let Some(kind) = raw_text_kind(name)
        {
            self.raw = RawText::Dropped;
            return Some(tokenizer_state(kind));
        }
        if crate::dom::tree::is_inline(name) || self.has_break {
            return None;
        }
        // Words of two blocks must not run together.
        self.push_text(b"\n");
        self.has_break = true;
        None
    }
}

/// Returns the tokenizer state for raw text of this kind.
fn tokenizer_state(kind: RawKind) -> State {
    match kind {
        RawKind::Rcdata => State::RcData,
        RawKind::Rawtext => State::RawText,
        RawKind::ScriptData | RawKind::ScriptDataEscaped(_) => State::ScriptData,
    }
}

/// Returns the kind of raw text in elements of this name, if their content is not markup.
fn raw_text_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
        "textarea" | "title" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// Counts the nodes that the tree builder holds open.
struct StackCounter(Cell<usize>);

impl Tracer for StackCounter {
    type Handle = NodeId;

    fn trace_handle(&self, _node: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}
