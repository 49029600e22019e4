//! Blocks, each a text of one or more lines, in the order of the page.

use dom_query::NodeRef;

use super::{Mark, Place, Writer, escape, inline};
use crate::dom::tree;

/// The sign of an item, and its blocks.
type Item = (String, Vec<String>);

impl Writer {
    /// What stands inside, block by block.
    pub(super) fn blocks(&self, parent: &NodeRef<'_>, place: &Place) -> Vec<String> {
        if place.is_too_deep() {
            return filled(escape::lines(&escape::words(&tree::line_text(parent)))).into_iter().collect();
        }
        self.in_turn(parent.children_it(false), place)
    }

    /// Nodes that follow one another, block by block.
    fn in_turn<'a>(&self, nodes: impl Iterator<Item = NodeRef<'a>>, place: &Place) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut run = Vec::new();
        for child in nodes {
            if inline::runs_along(&child) {
                run.push(child);
                continue;
            }
            blocks.extend(self.run(&run, place));
            run.clear();
            let written = self.block(&child, place);
            // Two lists that follow each other would be read as one.
            let meet =
                |(last, next): (&String, &String)| list_sign(last).is_some_and(|sign| list_sign(next) == Some(sign));
            if blocks.last().zip(written.first()).is_some_and(meet) {
                blocks.push("<!-- -->".to_owned());
            }
            blocks.extend(written);
        }
        blocks.extend(self.run(&run, place));
        blocks
    }

    /// A block that no element is around.
    fn run(&self, run: &[NodeRef<'_>], place: &Place) -> Option<String> {
        let words = marked(&self.words(run, place), place);
        filled(if place.in_cell { words } else { escape::lines(&words) })
    }

    fn block(&self, node: &NodeRef<'_>, place: &Place) -> Vec<String> {
        if let Some(label) = self.notes.label(node) {
            return vec![self.note(node, label, place)];
        }
        let name = tree::name(node);
        match &*name {
            "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name, place),
            "ul" | "ol" => self.list(node, place),
            "blockquote" if !place.in_cell => {
                let inner = self.blocks(node, &place.deeper()).join("\n\n");
                filled(inner).map(|inner| set_in(&inner, "> ", "> ")).into_iter().collect()
            }
            "pre" => code(node, place),
            "table" => self.table(node, place),
            "hr" if !place.in_cell => vec!["---".to_owned()],
            "dt" | "summary" => self.blocks(node, &place.within(Mark::Bold)),
            "figcaption" | "caption" => self.blocks(node, &place.within(Mark::Italic)),
            _ => match inline::mark(node) {
                Some(mark) => self.blocks(node, &place.within(mark)),
                None => self.blocks(node, &place.deeper()),
            },
        }
    }

    fn heading(&self, node: &NodeRef<'_>, name: &str, place: &Place) -> Vec<String> {
        if place.in_cell {
            return self.blocks(node, &place.within(Mark::Bold));
        }
        let level = name.trim_start_matches('h').parse().unwrap_or(2);
        let words = marked(&self.inside(node, place), place).replace("  \n", " ");
        let heading = |words: String| format!("{} {}", "#".repeat(level), escape::end_of_heading(&words));
        filled(words).map(heading).into_iter().collect()
    }

    /// A list, and the notes that stand in it.
    fn list(&self, list: &NodeRef<'_>, place: &Place) -> Vec<String> {
        let is_numbered = &*tree::name(list) == "ol";
        let mut number = number(list, "start").unwrap_or(1);
        let (mut written, mut items): (Vec<String>, Vec<Item>) = (Vec::new(), Vec::new());
        let children: Vec<NodeRef<'_>> = list.children_it(false).collect();
        let is_item = |node: &NodeRef<'_>| tree::has_name(node, &["li"]);
        for group in children.chunk_by(|one, next| !is_item(one) && !is_item(next)) {
            let blocks = || self.in_turn(group.iter().copied(), &place.deeper());
            if let Some(label) = self.notes.label(&group[0]) {
                written.extend(joined(&mut items));
                written.push(self.note(&group[0], label, place));
            } else if is_item(&group[0]) {
                number = self::number(&group[0], "value").unwrap_or(number);
                let sign = if is_numbered { format!("{number}. ") } else { "- ".to_owned() };
                items.push((sign, blocks()));
                number += 1;
            } else if let Some((_, above)) = items.last_mut() {
                // A list in a list, or words: they are shown below the item before.
                above.extend(blocks());
            } else {
                written.extend(blocks());
            }
        }
        written.extend(joined(&mut items));
        written
    }

    fn note(&self, node: &NodeRef<'_>, label: &str, place: &Place) -> String {
        let text = self.blocks(node, &place.deeper()).join("\n\n");
        set_in(without_mark(&text, label), &format!("[^{label}]: "), "    ")
    }
}

/// Words with the marks that are around the block.
fn marked(words: &str, place: &Place) -> String {
    let around = |words: String, mark: &Mark| mark.around(&words, inline::Neighbours::default());
    match words.trim() {
        "" => String::new(),
        words => place.marks.iter().rev().fold(words.to_owned(), around),
    }
}

/// The items of a list as one block, if there are any; close together if none has more than a paragraph and a list in it.
fn joined(items: &mut Vec<Item>) -> Option<String> {
    // Only a list that begins with one may follow a paragraph without an empty line.
    let follows = |block: &String| block.starts_with("- ") || block.starts_with("1. ");
    items.retain(|(_, blocks)| !blocks.is_empty());
    let is_close = items.iter().all(|(_, blocks)| blocks[1..].iter().all(follows));
    let between = if is_close { "\n" } else { "\n\n" };
    let lines: Vec<String> =
        items.drain(..).map(|(sign, blocks)| set_in(&blocks.join(between), &sign, &" ".repeat(sign.len()))).collect();
    filled(lines.join(between))
}

/// The sign of the first item, if a block is a list.
fn list_sign(block: &str) -> Option<char> {
    let digits = block.trim_start_matches(|letter: char| letter.is_ascii_digit());
    match digits.len() < block.len() {
        true => digits.starts_with(". ").then_some('.'),
        false => block.starts_with("- ").then_some('-'),
    }
}

/// A note begins with its own mark already.
fn without_mark<'t>(text: &'t str, label: &str) -> &'t str {
    let text = text.trim_start_matches(['^', '↑', '↩', ' ']);
    let rest = text.strip_prefix(label).map(|rest| rest.trim_start_matches('\\'));
    let is_mark = |rest: &&str| rest.starts_with(['.', ')', ':', ' ']);
    rest.filter(is_mark).map_or(text, |rest| rest.trim_start_matches(['.', ')', ':', ' ']))
}

fn number(node: &NodeRef<'_>, name: &str) -> Option<usize> {
    tree::attribute(node, name)?.parse().ok()
}

/// Code in its lines. The cell of a table has none, so there each of them is code of its own.
fn code(node: &NodeRef<'_>, place: &Place) -> Vec<String> {
    let text = inline::verbatim(node, "\n");
    let text = text.trim_start_matches('\n').trim_end();
    if place.in_cell {
        return text.lines().filter(|line| !line.is_empty()).map(escape::code).collect();
    }
    let fence = "`".repeat(escape::longest_run(text).max(2) + 1);
    filled(text.to_owned()).map(|text| format!("{fence}{}\n{text}\n{fence}", language(node))).into_iter().collect()
}

/// The language that code is written in, as its class says.
fn language(pre: &NodeRef<'_>) -> String {
    let inside = tree::elements(pre, |node| tree::has_name(node, &["code"]));
    let class = [*pre].iter().chain(&inside).find_map(|node| tree::attribute(node, "class")).unwrap_or_default();
    class.trim_start_matches("language-").trim_start_matches("lang-").to_owned()
}

/// A text behind a sign, its further lines set in as far; empty lines stay empty, but for the sign of a quotation.
fn set_in(text: &str, sign: &str, further: &str) -> String {
    let mut lines = text.split('\n');
    let first = format!("{sign}{}", lines.next().unwrap_or_default());
    lines.fold(first, |out, line| out + "\n" + if line.is_empty() { further.trim_end() } else { further } + line)
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
