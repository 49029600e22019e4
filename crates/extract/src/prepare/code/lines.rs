//! Turns the elements that are lines of a block into lines of text.

use std::cell::RefCell;

use dom_query::{NodeId, NodeRef};

use super::style;
use crate::dom::tree::{self, Walk};

/// Classes that turn an inline element into a line.
const BLOCK_CLASSES: &[&str] = &["block", "d-block", "display-block"];
/// Classes of lines.
const LINE_CLASSES: &[&str] = &["line", "loc", "cl-line"];

/// Returns whether a block holds only text and lines, rather than paragraphs, tables or images.
pub(super) fn holds_only_lines(block: &NodeRef<'_>) -> bool {
    block.descendants_it().all(|node| match tree::element_name(&node) {
        Some(name) => {
            tree::is_inline(&name) && &*name != "img" && &*name != "svg"
                || matches!(&*name, "div" | "li" | "ol" | "br" | "pre")
        }
        None => true,
    })
}

/// Turns containers of nothing but named lines into blocks. Returns the blocks.
pub(super) fn join_containers<'a>(containers: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let is_of_lines = |node: &&NodeRef<'a>| {
        let mut lines = 0;
        let only_lines = node.children_it(false).all(|child| match tree::element_name(&child) {
            Some(_) => {
                lines += 1;
                is_named_line(&child) && !child.descendants_it().any(|inside| tree::has_name(&inside, &["p", "table"]))
            }
            None => !tree::is_nonblank_text(&child),
        });
        only_lines && lines > 1
    };
    let found: Vec<NodeRef<'a>> = containers.iter().filter(is_of_lines).copied().collect();
    for container in &found {
        container.rename("pre");
        super::white_space::replace_no_break_spaces(container);
        let blank: Vec<NodeRef<'_>> = container.children_it(false).filter(tree::is_blank_text).collect();
        blank.iter().for_each(NodeRef::remove_from_parent);
    }
    found
}

/// Returns whether an element is a line by its own name or style.
pub(super) fn is_line(node: &NodeRef<'_>) -> bool {
    let Some(name) = tree::element_name(node) else { return false };
    !tree::is_inline(&name) && &*name != "br" && &*name != "ol" || has_line_style(node) || is_named_line(node)
}

fn has_line_style(node: &NodeRef<'_>) -> bool {
    let is_block = |style: String| {
        ["display:block", "display:flex", "display:grid", "display:table"].iter().any(|value| style.contains(value))
    };
    style(node).is_some_and(is_block) || tree::has_any_class(node, BLOCK_CLASSES)
}

/// Returns whether an element is named a line.
pub(super) fn is_named_line(node: &NodeRef<'_>) -> bool {
    let is_known = |class: &str| {
        let class = class.to_ascii_lowercase();
        LINE_CLASSES.contains(&class.as_str()) || class.ends_with("-line") || class.ends_with("__line")
    };
    node.has_attr("data-line")
        || node.attr("class").is_some_and(|classes| classes.split_ascii_whitespace().any(is_known))
}

/// Returns whether a block is one line of text in several `<code>`, so that each of these is a line.
fn has_code_lines(block: &NodeRef<'_>) -> bool {
    let mut lines = 0;
    let only_code = block.children_it(false).all(|child| {
        let is_code = tree::has_name(&child, &["code"]);
        lines += usize::from(is_code);
        is_code || tree::has_name(&child, &["br"]) || tree::is_blank_text(&child)
    });
    only_code && lines > 1 && !super::source_text(block).trim().contains('\n')
}

/// Puts line breaks between the lines of a block, in place of elements.
pub(super) fn flatten(block: &NodeRef<'_>) {
    let has_code_lines = has_code_lines(block);
    let is_code_line = |node: &NodeRef<'_>| has_code_lines && tree::has_name(node, &["code"]);
    let state = RefCell::new(Breaks { starts_line: true, ..Breaks::default() });
    tree::walk(
        block,
        |node| {
            let mut state = state.borrow_mut();
            if node.is_text() {
                state.pass_text(node);
            } else if tree::has_name(node, &["br"]) {
                state.pass_break(node);
            } else if is_line(node) || is_code_line(node) {
                state.open_line(node);
            }
            Walk::Enter
        },
        |node| state.borrow_mut().close(node),
    );
    let state = state.into_inner();
    for (place, node) in &state.breaks {
        let text = node.tree.new_text("\n");
        match place {
            Place::Before => node.insert_before(&text),
            Place::Inside => node.append_child(&text),
        }
    }
    state.removed.iter().for_each(NodeRef::remove_from_parent);
    let is_group = |node: &NodeRef<'_>| tree::has_name(node, &["div", "li", "ol", "pre"]);
    tree::elements(block, is_group).iter().for_each(|node| node.rename("span"));
    if has_code_lines {
        join_code_lines(block);
    }
}

/// Puts all lines of a block into one `<code>`.
fn join_code_lines(block: &NodeRef<'_>) {
    let code = block.tree.new_element("code");
    let lines: Vec<NodeRef<'_>> = block.children_it(false).collect();
    for line in &lines {
        code.append_child(line);
        if tree::has_name(line, &["code"]) {
            tree::unwrap(line);
        }
    }
    block.append_child(&code);
}

/// Reduces a text between lines, which is the indentation of the page's source, to its line breaks. Returns whether it
/// has any.
fn keep_line_breaks(text: &NodeRef<'_>) -> bool {
    let breaks = tree::read_text(text, |text| text.matches('\n').collect::<String>()).unwrap_or_default();
    text.set_text(breaks.as_str());
    !breaks.is_empty()
}

/// Where a line break goes.
enum Place {
    Before,
    /// At the end of the element.
    Inside,
}

/// The lines of a block that is being walked.
#[derive(Default)]
struct Breaks<'a> {
    /// Nothing was passed since the last line break.
    starts_line: bool,
    /// Nothing but space was passed since.
    is_blank_line: bool,
    /// A line has ended, and its break must come before whatever follows.
    is_due: bool,
    /// The next line has begun since, so that a break in its text is its own.
    in_new_line: bool,
    /// The number of texts, breaks and lines passed.
    passed: usize,
    /// The lines that are open, with `passed` at their start.
    open: Vec<(NodeId, usize)>,
    breaks: Vec<(Place, NodeRef<'a>)>,
    removed: Vec<NodeRef<'a>>,
}

impl<'a> Breaks<'a> {
    fn open_line(&mut self, node: &NodeRef<'a>) {
        if !tree::is_inline(&tree::name(node))
            && let Some(before) = node.prev_sibling().filter(tree::is_blank_text)
        {
            keep_line_breaks(&before);
            self.starts_line |= self.is_blank_line;
        }
        self.is_due |= !self.starts_line;
        self.in_new_line = self.is_due;
        self.open.push((node.id, self.passed));
    }

    fn pass_text(&mut self, node: &NodeRef<'a>) {
        let is_between_lines = self.is_due && !self.in_new_line;
        let Some((starts, ends)) = tree::read_text(node, |text| (text.starts_with('\n'), text.ends_with('\n'))) else {
            return;
        };
        let is_before_line = || node.next_sibling().is_none_or(|next| is_line(&next));
        if tree::is_blank_text(node) && is_before_line() {
            let is_after_block = |node: NodeRef<'_>| is_line(&node) && !tree::is_inline(&tree::name(&node));
            if node.prev_sibling().is_some_and(is_after_block) {
                return node.set_text("");
            }
            if is_between_lines {
                let has_breaks = keep_line_breaks(node);
                (self.is_due, self.starts_line, self.is_blank_line) = (!has_breaks, has_breaks, true);
                self.passed += 1;
                return;
            }
        }
        if self.is_due && (self.in_new_line || !starts) {
            self.breaks.push((Place::Before, *node));
        }
        (self.is_due, self.in_new_line) = (false, false);
        let is_blank_line = |text: &str| text.rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
        self.is_blank_line = (self.starts_line && tree::is_blank_text(node))
            || tree::read_text(node, |text| text.contains('\n') && is_blank_line(text)).unwrap_or(false);
        self.starts_line = ends;
        self.passed += 1;
    }

    fn pass_break(&mut self, node: &NodeRef<'a>) {
        self.removed.push(*node);
        let is_last = node.next_sibling().is_none()
            && node.parent().map(|parent| parent.id) == self.open.last().map(|line| line.0);
        if is_last {
            return;
        }
        if self.is_due && self.in_new_line {
            self.breaks.push((Place::Before, *node));
        }
        self.breaks.push((Place::Before, *node));
        (self.is_due, self.in_new_line, self.starts_line) = (false, false, true);
        self.passed += 1;
    }

    fn close(&mut self, node: &NodeRef<'a>) {
        let Some((_, passed_before)) = self.open.pop_if(|line| line.0 == node.id) else { return };
        if self.passed > passed_before && self.starts_line {
            self.is_due = false;
            return;
        }
        if self.passed == passed_before && self.is_due {
            self.breaks.push((Place::Inside, *node));
        }
        self.passed += usize::from(self.passed == passed_before);
        (self.is_due, self.in_new_line, self.starts_line) = (true, false, false);
    }
}
