//! Keeps the line breaks that a style keeps: as a block for code, as `<br>` for verse and letters.

use dom_query::NodeRef;

use super::{CODE_WORDS, has_word, source_text, style};
use crate::dom::tree;

/// Classes of style libraries that keep line breaks.
const KEEPING_CLASSES: &[&str] = &[
    "whitespace-pre",
    "whitespace-pre-line",
    "whitespace-pre-wrap",
    "whitespace-break-spaces",
    "text-pre-wrap",
    "pre-line",
    "pre-wrap",
];
/// Names of typefaces for code.
const CODE_FONTS: &[&str] = &["mono", "courier", "consolas", "menlo"];

/// How a style treats white space.
#[derive(PartialEq)]
enum Kept {
    /// Line breaks only.
    Breaks,
    /// Line breaks and spaces.
    All,
}

/// Returns whether the element's style keeps its line breaks.
pub(super) fn keeps_breaks(node: &NodeRef<'_>) -> bool {
    kept(node).is_some()
}

fn kept(node: &NodeRef<'_>) -> Option<Kept> {
    let is_stated = node.attr("style").is_some_and(|style| style.contains("white-space"));
    if let Some(style) = is_stated.then(|| style(node)).flatten()
        && let Some((_, value)) = style.rsplit_once("white-space:")
    {
        return match value {
            value if value.starts_with("pre-line") => Some(Kept::Breaks),
            value if value.starts_with("pre") || value.starts_with("break-spaces") => Some(Kept::All),
            _ => None,
        };
    }
    let classes = node.attr("class").filter(|classes| classes.contains("pre") || classes.contains("whitespace"))?;
    let class = classes.split_ascii_whitespace().find(|class| KEEPING_CLASSES.contains(class))?;
    Some(if class.ends_with("pre-line") { Kept::Breaks } else { Kept::All })
}

/// Turns such elements into blocks if they hold code, else their line breaks into `<br>`. Returns the blocks.
pub(super) fn keep_breaks<'a>(elements: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let mut blocks = Vec::new();
    for element in elements {
        let is_in_block = element.ancestors_it(None).any(|above| tree::has_name(&above, &["pre"]));
        let Some(kept) = kept(element).filter(|_| !is_in_block) else { continue };
        if !source_text(element).trim().contains('\n') {
            continue;
        }
        if kept == Kept::All && is_code(element) && !tree::has_block(element) && stands_alone(element) {
            element.rename("pre");
            blocks.push(*element);
        } else {
            break_lines(element, &kept);
        }
    }
    blocks
}

fn is_code(element: &NodeRef<'_>) -> bool {
    tree::has_name(element, &["code", "samp", "kbd", "tt"])
        || has_word(element, CODE_WORDS)
        || style(element).is_some_and(|style| CODE_FONTS.iter().any(|font| style.contains(font)))
}

/// Returns whether an element is a block, or has no text beside it in the same line.
fn stands_alone(element: &NodeRef<'_>) -> bool {
    if !tree::is_inline(&tree::name(element)) {
        return !tree::has_name(element, &["p", "td", "li"]);
    }
    let is_edge = |sibling: Option<NodeRef<'_>>| {
        sibling.is_none_or(|node| match tree::element_name(&node) {
            Some(name) => !tree::is_inline(&name),
            None => tree::is_blank_text(&node),
        })
    };
    let in_paragraph = element.ancestors_it(Some(3)).any(|above| tree::has_name(&above, &["p"]));
    !in_paragraph && is_edge(element.prev_sibling()) && is_edge(element.next_sibling())
}

/// Replaces the line breaks in the texts of an element by `<br>`, and indentation by no-break spaces.
fn break_lines(element: &NodeRef<'_>, kept: &Kept) {
    let texts: Vec<NodeRef<'_>> = element
        .descendants_it()
        .filter(|node| tree::read_text(node, |text| text.contains('\n')).unwrap_or(false))
        .collect();
    for text in texts.iter().filter(|text| !is_between_blocks(text) && !is_in_unbroken(text, element)) {
        let Some(contents) = tree::read_text(text, str::to_owned) else { continue };
        for (at, line) in contents.split('\n').enumerate() {
            if at > 0 {
                text.insert_before(&text.tree.new_element("br"));
            }
            let words = line.trim_start_matches(' ');
            let indent = if at > 0 && *kept == Kept::All && !words.is_empty() { line.len() - words.len() } else { 0 };
            if !words.is_empty() || at == 0 {
                let line = if at > 0 && *kept == Kept::Breaks {
                    words.to_owned()
                } else if indent > 0 {
                    format!("{}{words}", "\u{a0}".repeat(indent))
                } else {
                    line.to_owned()
                };
                text.insert_before(&text.tree.new_text(line));
            }
        }
        text.remove_from_parent();
    }
}

/// Returns whether a text is nothing but the space between two blocks, or between a block and its parent.
fn is_between_blocks(text: &NodeRef<'_>) -> bool {
    let is_block = |node: Option<NodeRef<'_>>| {
        node.is_none_or(|node| tree::element_name(&node).is_some_and(|name| !tree::is_inline(&name)))
    };
    tree::is_blank_text(text)
        && (is_block(text.prev_sibling()) || is_block(text.next_sibling()))
        && text.parent().is_none_or(|parent| !tree::is_inline(&tree::name(&parent)))
}

/// Returns whether a text is in a block, table or element between it and `root` that treats white space as usual.
fn is_in_unbroken(text: &NodeRef<'_>, root: &NodeRef<'_>) -> bool {
    text.ancestors_it(None).take_while(|above| above.id != root.id).any(|above| {
        tree::has_name(&above, &["pre", "textarea", "svg", "math"])
            || style(&above).is_some_and(|style| style.contains("white-space:") && kept(&above).is_none())
    })
}

/// Replaces no-break spaces, with which elements indent code and hold empty lines open.
pub(super) fn replace_no_break_spaces(node: &NodeRef<'_>) {
    let texts: Vec<NodeRef<'_>> = node
        .descendants_it()
        .filter(|inside| tree::read_text(inside, |text| text.contains('\u{a0}')).unwrap_or(false))
        .collect();
    for text in texts {
        let is_alone = text.prev_sibling().is_none() && text.next_sibling().is_none();
        let plain = tree::read_text(&text, |text| {
            if is_alone && text == "\u{a0}" { String::new() } else { text.replace('\u{a0}', " ") }
        });
        text.set_text(plain.unwrap_or_default());
    }
}
