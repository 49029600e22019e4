//! Makes code plain: each block one `<pre>`, each line a line of text, no line numbers.
//!
//! Highlighters draw code as tables, gutters and elements that a stylesheet turns into lines. A reader wants the text
//! that was highlighted.
//!
//! - `unshown`: code in read-only text fields and in scripts of plain text.
//! - `code_tables`: tables with a column of line numbers.
//! - `language`: names of languages.
//! - `line_numbers`: numbers beside and inside `<pre>`.
//! - `lines`: elements that are lines.
//! - `white_space`: line breaks that a style keeps outside `<pre>`.

mod code_tables;
mod language;
mod line_numbers;
mod lines;
mod unshown;
mod white_space;

use std::sync::LazyLock;

use dom_query::NodeRef;

use super::attributes::Attributes;
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::tree;

/// Words in the classes of containers of code.
const CODE_WORDS: &[&str] = &["code", "highlight", "syntax", "mono", "terminal", "console", "listing", "fragment"];

/// The elements that may hold code, in document order.
#[derive(Default)]
pub(super) struct CodeElements<'a> {
    tables: Vec<NodeRef<'a>>,
    blocks: Vec<NodeRef<'a>>,
    fields: Vec<NodeRef<'a>>,
    scripts: Vec<NodeRef<'a>>,
    /// Elements that may be a column of line numbers, if the page has code.
    gutters: Vec<NodeRef<'a>>,
    /// The page has `<code>`.
    has_inline: bool,
    /// Elements named like a container of code, that are neither `<pre>` nor tables.
    containers: Vec<NodeRef<'a>>,
    /// Elements whose style keeps line breaks.
    styled: Vec<NodeRef<'a>>,
}

impl<'a> CodeElements<'a> {
    /// Adds an element if it may hold code. Returns whether it is a script that does.
    pub(super) fn add(&mut self, node: NodeRef<'a>, name: &str, attributes: &Attributes) -> bool {
        static CODE_NAMES: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(CODE_WORDS));

        self.has_inline |= name == "code";
        match name {
            "script" => {
                let is_code = unshown::is_code_script(&node);
                self.scripts.extend(is_code.then_some(node));
                return is_code;
            }
            "pre" => self.blocks.push(node),
            "table" => self.tables.push(node),
            "textarea" => self.fields.push(node),
            "div" | "p" | "span" | "code" | "samp" | "kbd" | "tt" | "section" | "td" | "li" | "blockquote" | "font" => {
                let may_keep = attributes.has_style
                    || attributes.classes.contains("pre")
                    || attributes.classes.contains("whitespace");
                if may_keep && white_space::keeps_breaks(&node) {
                    self.styled.push(node);
                } else if name == "div" && CODE_NAMES.is_match(&attributes.classes) {
                    self.containers.push(node);
                }
            }
            _ => {}
        }
        let may_be_gutter = || attributes.has_style || attributes.may_number || !attributes.classes.is_empty();
        if matches!(name, "pre" | "div" | "ol" | "ul") && may_be_gutter() {
            self.gutters.push(node);
        }
        false
    }

    /// Makes the code in these elements plain.
    pub(super) fn make_plain(mut self) {
        self.blocks.extend(unshown::show(&self.fields, &self.scripts));
        if self.has_inline || !self.blocks.is_empty() {
            line_numbers::remove_gutters(&self.gutters);
        }
        self.blocks.extend(code_tables::replace(&self.tables));
        self.blocks.extend(lines::join_containers(&self.containers));
        self.blocks.extend(white_space::keep_breaks(&self.styled));
        for block in &self.blocks {
            let is_inside = block.ancestors_it(None).any(|above| tree::has_name(&above, &["pre"]));
            if !is_inside && lines::holds_only_lines(block) {
                line_numbers::remove_from_block(block);
                lines::flatten(block);
            }
            if !is_inside {
                language::state(block);
            }
        }
    }
}

/// Returns whether the class of an element holds one of these words.
fn has_word(node: &NodeRef<'_>, words: &[&str]) -> bool {
    node.attr("class").is_some_and(|classes| {
        let classes = classes.to_ascii_lowercase();
        words.iter().any(|word| classes.contains(word))
    })
}

/// Returns an inline style in lower case without white space.
fn style(node: &NodeRef<'_>) -> Option<String> {
    let style = node.attr("style")?;
    let letters = style.chars().take(2_000).filter(|letter| !letter.is_whitespace());
    Some(letters.map(|letter| letter.to_ascii_lowercase()).collect())
}

/// Returns all text inside an element, as it stands in the source.
fn source_text(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    tree::walk(
        node,
        |inside| {
            tree::read_text(inside, |part| text.push_str(part));
            if tree::has_name(inside, &["br"]) {
                text.push('\n');
            }
            tree::Walk::Enter
        },
        |_| {},
    );
    text
}

#[cfg(test)]
mod tests;
