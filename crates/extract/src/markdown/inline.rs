//! Writes the text of a block with its inline marks.

use std::cell::RefCell;

use dom_query::NodeRef;

use super::{Context, Mark, MarkdownWriter, escape};
use crate::dom::tree::{self, Walk};

/// Returns whether a node is part of a line.
pub(super) fn is_inline_content(node: &NodeRef<'_>) -> bool {
    match tree::element_name(node) {
        Some(name) => &*name == "br" || tree::is_inline(&name) && !tree::has_block(node),
        None => true,
    }
}

/// Returns the mark of an element, if it has one.
pub(super) fn mark_of(node: &NodeRef<'_>) -> Option<Mark> {
    Some(match &*tree::name(node) {
        "b" | "strong" => Mark::Bold,
        "i" | "em" | "var" => Mark::Italic,
        "del" | "s" => Mark::Struck,
        // Markdown has no names for link targets within the article.
        "a" => Mark::Link(tree::attribute(node, "href").filter(|url| !url.starts_with('#'))?),
        _ => return None,
    })
}

/// The characters directly before and after marked text; `None` at the ends of the block.
#[derive(Clone, Copy, Default)]
pub(super) struct AdjacentChars {
    before: Option<char>,
    after: Option<char>,
}

impl Mark {
    /// Wraps text in the mark.
    pub(super) fn wrap(&self, words: &str, adjacent: AdjacentChars) -> String {
        let (sign, name) = match self {
            Mark::Bold => ("**", "strong"),
            Mark::Italic => ("*", "em"),
            Mark::Struck => ("~~", "del"),
            Mark::Link(url) => return format!("[{words}]({})", escape::escape_url(url)),
        };
        if words.is_empty() {
            String::new()
        } else if adjacent.allow_delimiters(words) {
            format!("{sign}{words}{sign}")
        } else {
            format!("<{name}>{words}</{name}>")
        }
    }
}

impl AdjacentChars {
    /// Returns whether delimiters around `words` are read as intended. Between a letter and punctuation, or beside
    /// other delimiters, they are not: <https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run>.
    fn allow_delimiters(self, words: &str) -> bool {
        let is_sign = |letter: char| matches!(letter, '*' | '~' | '_');
        let fits = |inner: Option<char>, outer: Option<char>| {
            outer.is_none_or(|outer| outer.is_whitespace() || !is_sign(outer) && !outer.is_alphanumeric())
                || inner.is_some_and(char::is_alphanumeric) && outer.is_some_and(char::is_alphanumeric)
        };
        fits(words.chars().next(), self.before) && fits(words.chars().next_back(), self.after)
    }
}

impl MarkdownWriter {
    /// Writes a run of inline nodes.
    pub(super) fn run_text(&self, run: &[NodeRef<'_>], context: &Context) -> String {
        let mut out = String::new();
        run.iter().for_each(|node| self.write_inline(node, context, &mut out));
        out
    }

    pub(super) fn inner_text(&self, node: &NodeRef<'_>, context: &Context) -> String {
        self.run_text(&node.children_it(false).collect::<Vec<_>>(), &context.nested())
    }

    fn write_inline(&self, node: &NodeRef<'_>, context: &Context, out: &mut String) {
        let Some(name) = tree::element_name(node) else {
            let before = out.chars().next_back();
            let place = escape::Place { before, is_followed: char_after(node).is_some() };
            tree::read_text(node, |text| push(out, &escape::escape_words(text, place)));
            return;
        };
        if context.is_too_deep() {
            return push(out, &escape::escape_words(&tree::line_text(node), escape::Place::default()));
        }
        if let Some(label) = self.notes.reference(node) {
            return push_link(out, &format!("[^{label}]"));
        }
        match &*name {
            _ if self.notes.is_back_link(node) => {}
            "br" => end_line(out),
            "img" => push_link(out, &image(node)),
            "code" => self.write_code(node, context, out),
            "sup" | "sub" => self.write_superscript(node, &name, context, out),
            "q" => push_trimmed(out, &self.inner_text(node, context), |out, words| push(out, &format!("“{words}”"))),
            "rt" => push_trimmed(out, &self.inner_text(node, context), |out, words| push(out, &format!("({words})"))),
            "rp" => {}
            _ => match mark_of(node).filter(|mark| !context.has_mark(mark)) {
                Some(mark) => self.write_marked(node, &mark, context, out),
                None => self.write_children(node, &name, context, out),
            },
        }
    }

    fn write_children(&self, node: &NodeRef<'_>, name: &str, context: &Context, out: &mut String) {
        // Blocks within a heading are separated by spaces.
        let edge = if tree::is_inline(name) { "" } else { " " };
        push(out, edge);
        node.children_it(false).for_each(|child| self.write_inline(&child, &context.nested(), out));
        push(out, edge);
    }

    fn write_marked(&self, node: &NodeRef<'_>, mark: &Mark, context: &Context, out: &mut String) {
        let children: Vec<NodeRef<'_>> = node.children_it(false).collect();
        let inner = self.run_text(&children, &context.with_mark(mark.clone()));
        let after = if inner.ends_with([' ', '\n']) { Some(' ') } else { char_after(node) };
        push_trimmed(out, &inner, |out, words| {
            let marked = mark.wrap(words, AdjacentChars { before: out.chars().next_back(), after });
            if matches!(mark, Mark::Link(_)) { push_link(out, &marked) } else { out.push_str(&marked) }
        });
    }

    /// Writes superscript or subscript. Footnote references stand alone, without brackets.
    fn write_superscript(&self, node: &NodeRef<'_>, name: &str, context: &Context, out: &mut String) {
        let links = tree::elements(node, |inside| self.notes.reference(inside).is_some());
        let inner = self.inner_text(node, context);
        if links.is_empty() {
            return push_trimmed(out, &inner, |out, words| push(out, &format!("<{name}>{words}</{name}>")));
        }
        let outside = |text: &NodeRef<'_>| !text.ancestors_it(None).any(|above| self.notes.reference(&above).is_some());
        let says_more = node
            .descendants_it()
            .filter(|inside| tree::is_nonblank_text(inside) && outside(inside))
            .any(|text| text.text().contains(char::is_alphanumeric));
        if says_more {
            return push(out, &inner);
        }
        links.iter().for_each(|link| self.write_inline(link, context, out));
    }

    /// Writes inline code without marks, but with its links.
    fn write_code(&self, node: &NodeRef<'_>, context: &Context, out: &mut String) {
        let link = |inside: &NodeRef<'_>| {
            mark_of(inside).filter(|mark| matches!(mark, Mark::Link(_)) && !context.has_mark(mark))
        };
        let mut plain = String::new();
        for child in node.children_it(false) {
            let words = verbatim(&child, " ");
            if let Some(link) = link(&child) {
                push_code(out, &std::mem::take(&mut plain));
                let linked = |words: &str| link.wrap(&escape::inline_code(words), AdjacentChars::default());
                push_trimmed(out, &words, |out, words| push_link(out, &linked(words)));
            } else {
                plain.push_str(&words);
            }
        }
        push_code(out, &plain);
    }
}

/// Returns the text of a node verbatim, with `line_break` where elements start a line.
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

fn image(node: &NodeRef<'_>) -> String {
    let words = escape::escape_words(&tree::attribute(node, "alt").unwrap_or_default(), escape::Place::default());
    let url = tree::attribute(node, "src").map(|url| escape::escape_url(&url));
    url.map(|url| format!("![{words}]({url})")).unwrap_or_default()
}

/// Returns the character after an element within its block, or a sign if another mark begins there.
fn char_after(node: &NodeRef<'_>) -> Option<char> {
    let mut at = *node;
    loop {
        if let Some(next) = at.next_sibling() {
            let is_marked = mark_of(&next).is_some_and(|mark| !matches!(mark, Mark::Link(_)));
            let first = || if tree::has_name(&next, &["br"]) { None } else { next.text().chars().next().or(Some('!')) };
            return if is_marked { Some('*') } else { first() };
        }
        at = at.parent().filter(|above| tree::is_inline(&tree::name(above)))?;
    }
}

/// Appends text, with one space where two would meet.
fn push(out: &mut String, words: &str) {
    let words = if out.ends_with([' ', '\n']) { words.trim_start_matches(' ') } else { words };
    // After a closing bracket, a parenthesis would start a URL.
    if out.ends_with(']') && words.starts_with('(') {
        out.push('\\');
    }
    out.push_str(words);
}

/// Writes trimmed text with `write`, and the space at its ends around that.
fn push_trimmed(out: &mut String, inner: &str, write: impl FnOnce(&mut String, &str)) {
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
        // Adjacent backticks would be read as one delimiter.
        _ if out.ends_with('`') => {
            out.push_str(&format!("<code>{}</code>", escape::escape_words(&text, escape::Place::default())))
        }
        _ => out.push_str(&escape::inline_code(&text)),
    }
}

/// Appends a link. After `!` it would be read as an image.
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
