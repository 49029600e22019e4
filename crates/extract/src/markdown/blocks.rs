//! Writes blocks, each as one or more lines, in document order.

use dom_query::NodeRef;

use super::{Context, Mark, MarkdownWriter, escape, inline};
use crate::dom::tree;

/// The marker of a list item, and its blocks.
type Item = (String, Vec<String>);

impl MarkdownWriter {
    /// Writes the children of an element as blocks.
    pub(super) fn blocks(&self, parent: &NodeRef<'_>, context: &Context) -> Vec<String> {
        if context.is_too_deep() {
            return non_empty(escape::escape_lines(&escape::escape_words(
                &tree::line_text(parent),
                escape::Place::default(),
            )))
            .into_iter()
            .collect();
        }
        self.sibling_blocks(parent.children_it(false), context)
    }

    /// Writes sibling nodes as blocks.
    fn sibling_blocks<'a>(&self, nodes: impl Iterator<Item = NodeRef<'a>>, context: &Context) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut run = Vec::new();
        for child in nodes {
            if inline::is_inline_content(&child) {
                run.push(child);
                continue;
            }
            blocks.extend(self.run(&run, context));
            run.clear();
            let written = self.block(&child, context);
            // Markdown would read two adjacent lists as one.
            let meet =
                |(last, next): (&String, &String)| list_sign(last).is_some_and(|sign| list_sign(next) == Some(sign));
            if blocks.last().zip(written.first()).is_some_and(meet) {
                blocks.push("<!-- -->".to_owned());
            }
            blocks.extend(written);
        }
        blocks.extend(self.run(&run, context));
        blocks
    }

    /// Writes a run of inline nodes as a block.
    fn run(&self, run: &[NodeRef<'_>], context: &Context) -> Option<String> {
        let words = apply_marks(&self.run_text(run, context), context);
        let words = if context.in_cell { words } else { escape::escape_lines(&words) };
        non_empty(escape::break_autolinks(&words))
    }

    fn block(&self, node: &NodeRef<'_>, context: &Context) -> Vec<String> {
        if let Some(label) = self.notes.label(node) {
            return vec![self.note(node, label, context)];
        }
        let name = tree::name(node);
        match &*name {
            "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name, context),
            "ul" | "ol" => self.list(node, context),
            "blockquote" if !context.in_cell => {
                let inner = self.blocks(node, &context.nested()).join("\n\n");
                non_empty(inner).map(|inner| indent(&inner, "> ", "> ")).into_iter().collect()
            }
            "pre" => fenced_code(node, context),
            "table" => self.table(node, context),
            "hr" if !context.in_cell => vec!["---".to_owned()],
            "dt" | "summary" => self.blocks(node, &context.with_mark(Mark::Bold)),
            "figcaption" | "caption" => self.blocks(node, &context.with_mark(Mark::Italic)),
            _ => match inline::mark_of(node) {
                Some(mark) => self.blocks(node, &context.with_mark(mark)),
                None => self.blocks(node, &context.nested()),
            },
        }
    }

    fn heading(&self, node: &NodeRef<'_>, name: &str, context: &Context) -> Vec<String> {
        if context.in_cell {
            return self.blocks(node, &context.with_mark(Mark::Bold));
        }
        let level = name.trim_start_matches('h').parse().unwrap_or(2);
        let words = apply_marks(&self.inner_text(node, context), context).replace("  \n", " ");
        let words = escape::break_autolinks(&escape::escape_heading_end(&words));
        let heading = |words: String| format!("{} {words}", "#".repeat(level));
        non_empty(words).map(heading).into_iter().collect()
    }

    /// Writes a list, and the footnotes in it.
    fn list(&self, list: &NodeRef<'_>, context: &Context) -> Vec<String> {
        let is_numbered = &*tree::name(list) == "ol";
        let mut number = number_attribute(list, "start").unwrap_or(1);
        let (mut written, mut items): (Vec<String>, Vec<Item>) = (Vec::new(), Vec::new());
        let children: Vec<NodeRef<'_>> = list.children_it(false).collect();
        let is_item = |node: &NodeRef<'_>| tree::has_name(node, &["li"]);
        for group in children.chunk_by(|one, next| !is_item(one) && !is_item(next)) {
            let blocks = || self.sibling_blocks(group.iter().copied(), &context.nested());
            if let Some(label) = self.notes.label(&group[0]) {
                written.extend(join_items(&mut items));
                written.push(self.note(&group[0], label, context));
            } else if is_item(&group[0]) {
                number = self::number_attribute(&group[0], "value").unwrap_or(number);
                let sign = if is_numbered { format!("{number}. ") } else { "- ".to_owned() };
                items.push((sign, blocks()));
                number += 1;
            } else if let Some((_, above)) = items.last_mut() {
                // Nested lists and other nodes between items belong to the item before.
                above.extend(blocks());
            } else {
                written.extend(blocks());
            }
        }
        written.extend(join_items(&mut items));
        written
    }

    fn note(&self, node: &NodeRef<'_>, label: &str, context: &Context) -> String {
        let text = self.blocks(node, &context.nested()).join("\n\n");
        indent(strip_note_mark(&text, label), &format!("[^{label}]: "), "    ")
    }
}

/// Applies the marks around the block.
fn apply_marks(words: &str, context: &Context) -> String {
    let around = |words: String, mark: &Mark| mark.wrap(&words, inline::AdjacentChars::default());
    match words.trim() {
        "" => String::new(),
        words => context.marks.iter().rev().fold(words.to_owned(), around),
    }
}

/// Joins list items into one block. They are set tight if none has more than a paragraph and a list.
fn join_items(items: &mut Vec<Item>) -> Option<String> {
    // Without an empty line, only a list that starts with 1 may follow a paragraph.
    let follows = |block: &String| block.starts_with("- ") || block.starts_with("1. ");
    items.retain(|(_, blocks)| !blocks.is_empty());
    let is_close = items.iter().all(|(_, blocks)| blocks[1..].iter().all(follows));
    let between = if is_close { "\n" } else { "\n\n" };
    let lines: Vec<String> =
        items.drain(..).map(|(sign, blocks)| indent(&blocks.join(between), &sign, &" ".repeat(sign.len()))).collect();
    non_empty(lines.join(between))
}

/// Returns the marker of the first item, if a block is a list.
fn list_sign(block: &str) -> Option<char> {
    let digits = block.trim_start_matches(|letter: char| letter.is_ascii_digit());
    match digits.len() < block.len() {
        true => digits.starts_with(". ").then_some('.'),
        false => block.starts_with("- ").then_some('-'),
    }
}

/// Strips the footnote's own mark at its start.
fn strip_note_mark<'t>(text: &'t str, label: &str) -> &'t str {
    let text = text.trim_start_matches(['^', '↑', '↩', ' ']);
    let rest = text.strip_prefix(label).map(|rest| rest.trim_start_matches('\\'));
    let is_mark = |rest: &&str| rest.starts_with(['.', ')', ':', ' ']);
    rest.filter(is_mark).map_or(text, |rest| rest.trim_start_matches(['.', ')', ':', ' ']))
}

fn number_attribute(node: &NodeRef<'_>, name: &str) -> Option<usize> {
    tree::attribute(node, name)?.parse().ok()
}

/// Writes a fenced code block. In a table cell, each line becomes inline code.
fn fenced_code(node: &NodeRef<'_>, context: &Context) -> Vec<String> {
    let text = inline::verbatim(node, "\n");
    let text = text.trim_start_matches('\n').trim_end();
    if context.in_cell {
        return text.lines().filter(|line| !line.is_empty()).map(escape::inline_code).collect();
    }
    let fence = "`".repeat(escape::longest_backtick_run(text).max(2) + 1);
    non_empty(text.to_owned())
        .map(|text| format!("{fence}{}\n{text}\n{fence}", code_language(node)))
        .into_iter()
        .collect()
}

/// Returns the language of a code block from its class.
fn code_language(pre: &NodeRef<'_>) -> String {
    let inside = tree::elements(pre, |node| tree::has_name(node, &["code"]));
    let class = [*pre].iter().chain(&inside).find_map(|node| tree::attribute(node, "class")).unwrap_or_default();
    class.trim_start_matches("language-").trim_start_matches("lang-").to_owned()
}

/// Prefixes the first line of a text with `sign` and the others with `further`. Empty lines get no trailing space.
fn indent(text: &str, sign: &str, further: &str) -> String {
    let mut lines = text.split('\n');
    let first = format!("{sign}{}", lines.next().unwrap_or_default());
    lines.fold(first, |out, line| out + "\n" + if line.is_empty() { further.trim_end() } else { further } + line)
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
