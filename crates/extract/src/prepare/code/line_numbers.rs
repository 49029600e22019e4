//! Removes the numbers of lines beside and inside code.

use std::cell::Cell;
use std::sync::LazyLock;

use dom_query::{NodeId, NodeRef};
use foldhash::HashSet;

use super::{lines, source_text, style};
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::tree::{self, Walk};

/// Classes of line numbers, apart from those that hold one of [`GUTTER_WORDS`].
const GUTTER_CLASSES: &[&str] = &["ln", "lnt", "lnum", "lno", "hljsln", "hljslnn", "hljslnnumbers", "blobnum"];
/// Words in the classes of line numbers, without hyphens.
const GUTTER_WORDS: &[&str] = &["lineno", "linenum", "linenr", "linesnum", "gutter", "crayonnum", "linecounter"];
/// Classes of numbers that are part of the code.
const NUMBER_TOKENS: &[&str] = &["number", "hljs-number", "mi", "mf", "m", "mh", "nu0", "nu", "num", "pl-c1", "int"];
/// The maximum length of a line number with the space around it, and of the nodes inside its element.
const MAX_NUMBER_BYTES: usize = 24;
const MAX_NUMBER_NODES: usize = 6;

/// The line numbers in a cell: none if it is empty.
pub(super) struct Numbers {
    pub(super) first: Option<u32>,
    pub(super) last: Option<u32>,
}

/// Returns whether an element is named like a line number or a column of them, or cannot be selected.
pub(super) fn has_gutter_name(node: &NodeRef<'_>) -> bool {
    node.attr("class").is_some_and(|classes| names_gutter(&classes))
        || node.has_attr("data-line-number")
        || node.attr("unselectable").is_some_and(|value| &*value == "on")
        || style(node).is_some_and(|style| style.contains("user-select:none"))
}

/// Returns whether one of several classes names line numbers, whatever its case and hyphens.
fn names_gutter(classes: &str) -> bool {
    static WORDS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(GUTTER_WORDS));
    // Nearly all classes of a page have none of the beginnings.
    static BEGINNINGS: LazyLock<MultiPattern> = LazyLock::new(|| {
        let names = [GUTTER_CLASSES, GUTTER_WORDS].concat();
        MultiPattern::new(&names.iter().map(|name| &name[..2]).collect::<Vec<_>>())
    });
    if !BEGINNINGS.is_match(&classes.to_ascii_lowercase()) {
        return false;
    }
    let letters = classes.bytes().filter(|byte| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace());
    let bare: String = letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    WORDS.is_match(&bare) || bare.split_ascii_whitespace().any(|class| GUTTER_CLASSES.contains(&class))
}

/// Reads a cell of nothing but rising numbers. An empty one may have its number in an attribute.
pub(super) fn read_cell(cell: &NodeRef<'_>) -> Option<Numbers> {
    let text = tree::line_text(cell);
    if !text.trim().is_empty() {
        return read_rising(&text);
    }
    let attribute = || {
        std::iter::once(*cell)
            .chain(cell.descendants_it().take(MAX_NUMBER_NODES))
            .find_map(|node| node.attr("data-line-number").and_then(|number| number.trim().parse().ok()))
    };
    let number: Option<u32> = attribute();
    (number.is_some() || has_gutter_name(cell)).then_some(Numbers { first: number, last: number })
}

/// Reads a text of numbers, each greater by one than the one before.
fn read_rising(text: &str) -> Option<Numbers> {
    let (mut first, mut last): (Option<u32>, Option<u32>) = (None, None);
    for word in text.split_whitespace() {
        let number = read_number(word)?;
        if last.is_some_and(|last| number != last + 1) {
            return None;
        }
        first.get_or_insert(number);
        last = Some(number);
    }
    first.is_some().then_some(Numbers { first, last })
}

/// Reads a number of at most six digits, which a point, colon or bar may follow.
fn read_number(word: &str) -> Option<u32> {
    let digits = word.trim().trim_end_matches(['.', ':', '|']).trim_end();
    let is_number = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// Removes columns of line numbers that stand beside code.
pub(super) fn remove_gutters(gutters: &[NodeRef<'_>]) {
    for gutter in gutters {
        let is_beside_code = || {
            let (before, after) = (gutter.prev_element_sibling(), gutter.next_element_sibling());
            let holds_code = |node: NodeRef<'_>| {
                let is_block = |node: &NodeRef<'_>| tree::has_name(node, &["pre", "code"]);
                is_block(&node) || node.descendants_it().take(MAX_NUMBER_NODES).any(|inside| is_block(&inside))
            };
            before.is_some_and(holds_code) || after.is_some_and(holds_code)
        };
        let is_column = || read_rising(&tree::line_text(gutter)).is_some_and(|numbers| numbers.first != numbers.last);
        if is_beside_code() && has_gutter_name(gutter) && is_column() {
            gutter.remove_from_parent();
        }
    }
}

/// Removes the line numbers inside a block of code: elements of nothing but a number that say so by their name, or
/// with which every line begins.
pub(super) fn remove_from_block(block: &NodeRef<'_>) {
    let found = NumberElements::find(block);
    let unnamed = if found.begins_every_line() { found.unnamed.as_slice() } else { &[] };
    found.named.iter().chain(unnamed).for_each(NodeRef::remove_from_parent);
}

/// Elements of nothing but a number at the start of lines.
#[derive(Default)]
struct NumberElements<'a> {
    named: Vec<NodeRef<'a>>,
    unnamed: Vec<NodeRef<'a>>,
    numbers: Vec<u32>,
    /// Lines that begin with something else.
    other_lines: usize,
    /// There is something behind the numbers.
    has_code: bool,
}

impl<'a> NumberElements<'a> {
    fn find(block: &NodeRef<'a>) -> NumberElements<'a> {
        let mut found = NumberElements::default();
        let mut is_line_start = true;
        // The line whose number was passed: what else it contains begins no line.
        let numbered_line: Cell<Option<NodeId>> = Cell::new(None);
        tree::walk(
            block,
            |node| {
                let Some(name) = tree::element_name(node) else {
                    tree::read_text(node, |text| found.pass_text(text, &mut is_line_start));
                    return Walk::Skip;
                };
                let is_in_numbered_line = numbered_line.get().is_some() || found.is_beside_last(node);
                is_line_start |= &*name == "br" || lines::is_line(node) && !is_in_numbered_line;
                if has_gutter_name(node) && read_rising(&source_text(node)).is_some() {
                    found.named.push(*node);
                    return Walk::Skip;
                }
                let Some(number) = short_number(node).filter(|_| is_line_start) else { return Walk::Enter };
                found.unnamed.push(*node);
                found.numbers.push(number);
                is_line_start = false;
                numbered_line
                    .set(node.parent().filter(lines::is_line).filter(|line| line.id != block.id).map(|line| line.id));
                Walk::Skip
            },
            |node| {
                if numbered_line.get() == Some(node.id) {
                    numbered_line.set(None);
                }
            },
        );
        found
    }

    fn pass_text(&mut self, text: &str, is_line_start: &mut bool) {
        for (at, line) in text.split('\n').enumerate() {
            *is_line_start |= at > 0;
            if !line.trim().is_empty() {
                self.other_lines += usize::from(*is_line_start);
                self.has_code |= !*is_line_start;
                *is_line_start = false;
            }
        }
    }

    /// Returns whether the node stands right after the last number.
    fn is_beside_last(&self, node: &NodeRef<'_>) -> bool {
        let last = self.unnamed.last();
        last.is_some_and(|last| node.prev_element_sibling().is_some_and(|before| before.id == last.id))
    }

    /// Returns whether every line begins with its number in an element of the same kind.
    fn begins_every_line(&self) -> bool {
        let kinds: HashSet<(String, String)> = self
            .unnamed
            .iter()
            .map(|node| (tree::name(node).to_string(), node.attr("class").unwrap_or_default().to_string()))
            .collect();
        self.other_lines == 0
            && self.has_code
            && self.numbers.len() > 1
            && kinds.len() == 1
            && self.numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
            && !self.unnamed.iter().any(goes_on)
    }
}

/// Returns whether a number is part of what follows it, as in a list of values.
fn goes_on(number: &NodeRef<'_>) -> bool {
    let next = number.next_sibling().and_then(|next| tree::read_text(&next, |text| text.chars().next()).flatten());
    next.is_some_and(|letter| matches!(letter, ',' | ';' | ')' | '.' | '-' | '+' | '*' | '/' | '='))
}

/// Returns the number that is all the content of an element.
fn short_number(node: &NodeRef<'_>) -> Option<u32> {
    // A row with an empty line is not its number.
    node.first_child().filter(|only| only.next_sibling().is_none())?;
    if tree::has_any_class(node, NUMBER_TOKENS) {
        return None;
    }
    let mut text = String::new();
    for (at, inside) in node.descendants_it().enumerate() {
        tree::read_text(&inside, |part| {
            text.push_str(&part[..part.len().min(part.floor_char_boundary(MAX_NUMBER_BYTES))])
        });
        if at >= MAX_NUMBER_NODES || has_gutter_name(&inside) || text.len() >= MAX_NUMBER_BYTES {
            return None;
        }
    }
    read_number(&text)
}
