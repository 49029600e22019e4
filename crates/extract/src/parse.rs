//! Text → tree, bounded in depth and size whatever the page does.
//!
//! The tree builder walks its stack of open elements for every tag, so a page nested a million tags
//! deep would take hours, and it copies every open formatting element into each paragraph, so a few
//! kilobytes of unclosed `<b>` could fill the memory. A cap in the finished tree would come too late.
//! So a filter stands between the tokenizer and the tree builder: it looks at the builder's own stack
//! (by the hook meant for garbage collectors), and above the cap it drops start tags and keeps their
//! text. Ordinary pages pass unchanged.

use std::borrow::Cow;
use std::cell::Cell;

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

/// Open elements and open formatting elements together, at most about this many.
const DEEPEST: usize = 512;
/// Nodes a tree may have; above it all tags are dropped and their text is kept.
const MOST_NODES: usize = 150_000;
/// Attributes of one tag. The tokenizer compares each with all before it.
const MOST_ATTRIBUTES: usize = 400;

/// A parsed page.
pub(crate) struct Parsed {
    /// The tree.
    pub(crate) tree: Document,
    /// Tags were dropped because the page was nested too deep or too large.
    pub(crate) capped: bool,
}

/// Parses a part of a page; it ends up in the tree's body.
pub(crate) fn part(html: &str) -> Document {
    page(&format!("<body>{html}")).tree
}

/// Parses a whole page.
pub(crate) fn page(html: &str) -> Parsed {
    let html = few_attributes(html);
    let builder = TreeBuilder::new(
        Document::default(),
        TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
    );
    let filter = Filter {
        builder,
        room: Cell::new(0),
        nodes_then: Cell::new(usize::MAX),
        ends: Cell::new(0),
        raw: Cell::new(Raw::No),
        capped: Cell::new(false),
        parted: Cell::new(false),
    };
    let tokenizer = Tokenizer::new(filter, TokenizerOpts::default());
    let input = BufferQueue::default();
    // In pieces, since one buffer must stay below 4 GiB and the tokenizer shares slices of it.
    input.push_back(StrTendril::from_slice(&html));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let filter = tokenizer.sink;
    Parsed { capped: filter.capped.get(), tree: filter.builder.sink }
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
}

impl TokenSink for Filter {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        match token {
            ParseError(_) => TokenSinkResult::Continue,
            TagToken(tag) => self.tag(tag, line),
            CharacterTokens(_) if self.raw.get() == Raw::Dropped => TokenSinkResult::Continue,
            CommentToken(_) => TokenSinkResult::Continue,
            other => {
                self.parted.set(false);
                self.builder.process_token(other, line)
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
            return TokenSinkResult::RawData(RawKind::Rawtext);
        }
        // A frameset would throw the body away; what stands in one is text all the same.
        if tag.name == local_name!("frameset") {
            return TokenSinkResult::Continue;
        }
        let full = self.builder.sink.tree.len() > MOST_NODES;
        let fits = match tag.kind {
            // `</p>` without a `<p>` opens one, after a walk through the whole stack.
            TagKind::EndTag => raw == Raw::Kept || !(full || (self.is_at_cap() && tag.name == local_name!("p"))),
            TagKind::StartTag => !full && self.has_room(),
        };
        self.ends.set(self.ends.get() + usize::from(tag.kind == TagKind::EndTag));
        if !fits {
            return self.drop_tag(&tag, line);
        }
        let answer = self.builder.process_token(TagToken(tag), line);
        if matches!(answer, TokenSinkResult::RawData(_)) {
            self.raw.set(Raw::Kept);
        }
        // Scripts are never run and the text is already decoded, so the tokenizer simply goes on.
        match answer {
            TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => TokenSinkResult::Continue,
            other => other,
        }
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

    fn drop_tag(&self, tag: &Tag, line: u64) -> TokenSinkResult<NodeId> {
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
        self.builder.process_token(CharacterTokens(StrTendril::from_slice("\n")), line)
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

/// The page without the attributes that a tag has beyond [`MOST_ATTRIBUTES`]; almost always the page
/// itself.
fn few_attributes(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut kept = String::new();
    let (mut copied, mut at, mut pardons, mut work) = (0, 0, MOST_PARDONS, 0);
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        at += found + 1;
        let name = at + usize::from(bytes.get(at) == Some(&b'/'));
        if !bytes.get(name).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        // A tag goes on behind a "<" that is not in quotes, so its parts are counted together.
        let (mut part, mut counted) = (name, 0);
        loop {
            let scanned = scan_tag(bytes, part, counted);
            work += scanned.end - part;
            if let Some(cut) = scanned.cut {
                kept.push_str(&html[copied..cut]);
                copied = scanned.end;
                at = scanned.end;
            }
            let ends_script = scanned.cut.is_some() && pardons > 0 && begins_script_end(&bytes[scanned.end..]);
            pardons -= usize::from(ends_script);
            if ends_script || bytes.get(scanned.end) != Some(&b'<') {
                break;
            }
            (part, counted) = (scanned.end + 1, scanned.separators);
        }
        // Each "<" is read on from, since what stands before it may be a script and no tag. Only a page made for it
        // is read many times over that way; its words are kept.
        if work > html.len().saturating_mul(MOST_READINGS) {
            kept.push_str(&html[copied..at]);
            kept.push_str(&html[at..].replace('<', " "));
            return Cow::Owned(kept);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(&html[copied..]);
    Cow::Owned(kept)
}

/// How many times over a page is read in search of endless tags.
const MOST_READINGS: usize = 16;

/// How often what looked like an endless tag may turn out to have been a script with a "less than" in it. More often it is a
/// tag made to look so.
const MOST_PARDONS: usize = 32;

fn begins_script_end(bytes: &[u8]) -> bool {
    [&b"</script"[..], b"</style"]
        .iter()
        .any(|end| bytes.get(..end.len()).is_some_and(|start| start.eq_ignore_ascii_case(end)))
}

struct Scanned {
    /// Where the attributes become too many; before an ASCII byte, so a character boundary.
    cut: Option<usize>,
    /// The closing `>`, a `<` outside quotes, or the end of the page.
    end: usize,
    /// What has separated attributes so far.
    separators: usize,
}

/// Reads a tag from its name, or from a `<` within it, on.
fn scan_tag(bytes: &[u8], start: usize, counted: usize) -> Scanned {
    let (mut at, mut separators, mut cut) = (start, counted, None);
    while let Some(&byte) = bytes.get(at) {
        if !ENDS_WORD[usize::from(byte)] {
            at += 1;
            continue;
        }
        match byte {
            b'>' | b'<' => return Scanned { cut, end: at, separators },
            b'"' | b'\'' => {
                if follows_equals(&bytes[start..at]) {
                    match memchr::memchr(byte, &bytes[at + 1..]) {
                        Some(length) => at += length + 1,
                        None => return Scanned { cut, end: bytes.len(), separators },
                    }
                    separators += 1;
                }
            }
            _ => separators += usize::from(at == start || !bytes[at - 1].is_ascii_whitespace()),
        }
        if separators > MOST_ATTRIBUTES * 2 && cut.is_none() {
            cut = Some(at);
        }
        at += 1;
    }
    Scanned { cut, end: bytes.len(), separators }
}

/// Bytes that mean something between attributes.
const ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"><\"'/ \t\n\x0c\r";
    let mut at = 0;
    while at < special.len() {
        table[special[at] as usize] = true;
        at += 1;
    }
    table
};

fn follows_equals(before: &[u8]) -> bool {
    before.trim_ascii_end().last() == Some(&b'=')
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn attributes_beyond_the_limit_go_however_they_are_written() {
        let (few, many) = (30, 100_000);
        for attribute in [" a{}=1", " a{}=\"<b>\"", " <a{}", " x='>' y{}", "\n<1{} ", "/a{}", " a{} </script"] {
            let tag = |count: usize| {
                let all: String = (0..count).map(|number| attribute.replace("{}", &number.to_string())).collect();
                format!("<p{all}>It rained.</p>")
            };
            assert!(matches!(few_attributes(&tag(few)), Cow::Borrowed(_)), "{attribute}");
            let began = Instant::now();
            let tree = page(&tag(many)).tree;
            assert!(began.elapsed() < Duration::from_secs(10), "{attribute}");
            assert!(tree.root().text().contains("It rained."), "{attribute}");
        }
    }

    #[test]
    fn a_script_that_compares_numbers_ends_where_it_ends() {
        let script = format!("<script>if(a<b){{{}}}</script><p>It rained.</p>", "x = 1 / 2; ".repeat(2_000));
        assert_eq!(page(&script).tree.select("p").text().as_ref(), "It rained.");
    }
}
