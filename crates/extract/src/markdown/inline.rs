//! The words of a block, with the marks within them.

use std::cell::RefCell;

use dom_query::NodeRef;

use super::{Mark, Place, Writer, escape};
use crate::dom::tree::{self, Walk};

/// Whether a node is part of a line.
pub(super) fn runs_along(node: &NodeRef<'_>) -> bool {
    match tree::element_name(node) {
        Some(name) => &*name == "br" || tree::is_inline(&name) && !tree::has_block(node),
        None => true,
    }
}

/// What an element says of the words in it.
pub(super) fn mark(node: &NodeRef<'_>) -> Option<Mark> {
    Some(match &*tree::name(node) {
        "b" | "strong" => Mark::Bold,
        "i" | "em" | "var" => Mark::Italic,
        "del" | "s" => Mark::Struck,
        // Where it leads within the article, nothing is named that way in Markdown.
        "a" => Mark::Link(tree::attribute(node, "href").filter(|address| !address.starts_with('#'))?),
        _ => return None,
    })
}

/// The letters that stand directly before and after marked words; `None` where the block begins or ends.
#[derive(Clone, Copy, Default)]
pub(super) struct Neighbours {
    before: Option<char>,
    after: Option<char>,
}

impl Mark {
    /// Words within the mark.
    pub(super) fn around(&self, words: &str, beside: Neighbours) -> String {
        let (sign, name) = match self {
            Mark::Bold => ("**", "strong"),
            Mark::Italic => ("*", "em"),
            Mark::Struck => ("~~", "del"),
            Mark::Link(address) => return format!("[{words}]({})", escape::address(address)),
        };
        if words.is_empty() {
            String::new()
        } else if beside.let_signs_be_read(words) {
            format!("{sign}{words}{sign}")
        } else {
            format!("<{name}>{words}</{name}>")
        }
    }
}

impl Neighbours {
    /// Signs between a letter and a punctuation mark, or beside other signs, are not read as they are meant:
    /// <https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run>.
    fn let_signs_be_read(self, words: &str) -> bool {
        let is_sign = |letter: char| matches!(letter, '*' | '~' | '_');
        let fits = |inner: Option<char>, outer: Option<char>| {
            outer.is_none_or(|outer| outer.is_whitespace() || !is_sign(outer) && !outer.is_alphanumeric())
                || inner.is_some_and(char::is_alphanumeric) && outer.is_some_and(char::is_alphanumeric)
        };
        fits(words.chars().next(), self.before) && fits(words.chars().next_back(), self.after)
    }
}

impl Writer {
    /// The words of nodes that follow one another in a line.
    pub(super) fn words(&self, run: &[NodeRef<'_>], place: &Place) -> String {
        let mut out = String::new();
        run.iter().for_each(|node| self.inline(node, place, &mut out));
        out
    }

    pub(super) fn inside(&self, node: &NodeRef<'_>, place: &Place) -> String {
        self.words(&node.children_it(false).collect::<Vec<_>>(), &place.deeper())
    }

    fn inline(&self, node: &NodeRef<'_>, place: &Place, out: &mut String) {
        let Some(name) = tree::element_name(node) else {
            tree::read_text(node, |text| push(out, &escape::words(text)));
            return;
        };
        if place.is_too_deep() {
            return push(out, &escape::words(&tree::line_text(node)));
        }
        if let Some(label) = self.notes.referred(node) {
            return push_link(out, &format!("[^{label}]"));
        }
        match &*name {
            _ if self.notes.leads_back(node) => {}
            "br" => end_line(out),
            "img" => push_link(out, &picture(node)),
            "code" => self.code(node, place, out),
            "sup" | "sub" => self.raised(node, &name, place, out),
            "q" => spaced(out, &self.inside(node, place), |out, words| push(out, &format!("“{words}”"))),
            "rt" => spaced(out, &self.inside(node, place), |out, words| push(out, &format!("({words})"))),
            "rp" => {}
            _ => match mark(node).filter(|mark| !place.has(mark)) {
                Some(mark) => self.marked(node, &mark, place, out),
                None => self.unmarked(node, &name, place, out),
            },
        }
    }

    fn unmarked(&self, node: &NodeRef<'_>, name: &str, place: &Place, out: &mut String) {
        // A heading may hold blocks, which are parted by a space there.
        let edge = if tree::is_inline(name) { "" } else { " " };
        push(out, edge);
        node.children_it(false).for_each(|child| self.inline(&child, &place.deeper(), out));
        push(out, edge);
    }

    fn marked(&self, node: &NodeRef<'_>, mark: &Mark, place: &Place, out: &mut String) {
        let children: Vec<NodeRef<'_>> = node.children_it(false).collect();
        let inner = self.words(&children, &place.within(mark.clone()));
        let after = if inner.ends_with([' ', '\n']) { Some(' ') } else { letter_after(node) };
        spaced(out, &inner, |out, words| {
            let marked = mark.around(words, Neighbours { before: out.chars().next_back(), after });
            if matches!(mark, Mark::Link(_)) { push_link(out, &marked) } else { out.push_str(&marked) }
        });
    }

    /// Raised or lowered words; the marks of notes stand alone, without the brackets around them.
    fn raised(&self, node: &NodeRef<'_>, name: &str, place: &Place, out: &mut String) {
        let links = tree::elements(node, |inside| self.notes.referred(inside).is_some());
        let inner = self.inside(node, place);
        if links.is_empty() {
            return spaced(out, &inner, |out, words| push(out, &format!("<{name}>{words}</{name}>")));
        }
        let outside = |text: &NodeRef<'_>| !text.ancestors_it(None).any(|above| self.notes.referred(&above).is_some());
        let says_more = node
            .descendants_it()
            .filter(|inside| tree::is_nonblank_text(inside) && outside(inside))
            .any(|text| text.text().contains(char::is_alphanumeric));
        if says_more {
            return push(out, &inner);
        }
        links.iter().for_each(|link| self.inline(link, place, out));
    }

    /// Code within a line: without marks, but its links stay.
    fn code(&self, node: &NodeRef<'_>, place: &Place, out: &mut String) {
        let link = |inside: &NodeRef<'_>| mark(inside).filter(|mark| matches!(mark, Mark::Link(_)) && !place.has(mark));
        let mut plain = String::new();
        for child in node.children_it(false) {
            let words = verbatim(&child, " ");
            if let Some(link) = link(&child) {
                push_code(out, &std::mem::take(&mut plain));
                let linked = |words: &str| link.around(&escape::code(words), Neighbours::default());
                spaced(out, &words, |out, words| push_link(out, &linked(words)));
            } else {
                plain.push_str(&words);
            }
        }
        push_code(out, &plain);
    }
}

/// A text as it stands; `line_break` where elements begin a line.
pub(super) fn verbatim(node: &NodeRef<'_>, line_break: &str) -> String {
    let text = RefCell::new(String::new());
    let read = |node: &NodeRef<'_>| tree::read_text(node, |own| text.borrow_mut().push_str(own)).is_some();
    let edge = |node: &NodeRef<'_>| {
        let mut text = text.borrow_mut();
        let is_block = !tree::is_inline(&tree::name(node)) && !text.is_empty() && !text.ends_with(line_break);
        if is_block || tree::has_name(node, &["br"]) {
            text.push_str(line_break);
        }
    };
    let enter = |node: &NodeRef<'_>| {
        if read(node) {
            return Walk::Skip;
        }
        edge(node);
        if tree::has_name(node, &["br"]) { Walk::Skip } else { Walk::Enter }
    };
    if tree::has_name(node, &["br"]) {
        edge(node);
    } else if !read(node) {
        tree::walk(node, enter, edge);
    }
    text.into_inner()
}

fn picture(node: &NodeRef<'_>) -> String {
    let words = escape::words(&tree::attribute(node, "alt").unwrap_or_default());
    let address = tree::attribute(node, "src").map(|address| escape::address(&address));
    address.map(|address| format!("![{words}]({address})")).unwrap_or_default()
}

/// The letter that follows an element in its block; a sign where another mark begins.
fn letter_after(node: &NodeRef<'_>) -> Option<char> {
    let mut at = *node;
    loop {
        if let Some(next) = at.next_sibling() {
            let is_marked = mark(&next).is_some_and(|mark| !matches!(mark, Mark::Link(_)));
            let first = || if tree::has_name(&next, &["br"]) { None } else { next.text().chars().next().or(Some('!')) };
            return if is_marked { Some('*') } else { first() };
        }
        at = at.parent().filter(|above| tree::is_inline(&tree::name(above)))?;
    }
}

/// Adds words, with one space where two would meet.
fn push(out: &mut String, words: &str) {
    let words = if out.ends_with([' ', '\n']) { words.trim_start_matches(' ') } else { words };
    // Behind a bracket, this one would hold an address.
    if out.ends_with(']') && words.starts_with('(') {
        out.push('\\');
    }
    out.push_str(words);
}

/// Adds words that something is written around, with the space at their ends outside of it.
fn spaced(out: &mut String, inner: &str, write: impl FnOnce(&mut String, &str)) {
    let space = |out: &mut String, space: &str| if space.contains('\n') { end_line(out) } else { push(out, space) };
    let rest = inner.trim_start_matches([' ', '\n']);
    let words = rest.trim_end_matches([' ', '\n']);
    space(out, &inner[..inner.len() - rest.len()]);
    if !words.is_empty() {
        write(out, words);
        space(out, &rest[words.len()..]);
    }
}

fn push_code(out: &mut String, text: &str) {
    let text = text.replace('\n', " ");
    match text.trim() {
        "" => push(out, &text),
        // Backticks that meet are read as one sign.
        _ if out.ends_with('`') => out.push_str(&format!("<code>{}</code>", escape::words(&text))),
        _ => out.push_str(&escape::code(&text)),
    }
}

/// Adds what begins with a bracket: behind `!` it would be a picture.
fn push_link(out: &mut String, link: &str) {
    if out.ends_with('!') {
        out.pop();
        out.push_str("\\!");
    }
    out.push_str(link);
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.ends_with('\n') {
        out.push_str("  \n");
    }
}
