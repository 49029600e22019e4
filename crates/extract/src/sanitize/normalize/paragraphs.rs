//! Turns groups into paragraphs.

use std::cell::RefCell;

use dom_query::NodeRef;

use crate::dom::tree::{self, Walk, element_name};
use crate::sanitize::allow_list::{self, ElementPolicy};

/// Wraps each run of inline content in a group in `<p>`, and unwraps the group; innermost groups first.
pub(super) fn replace_groups(root: &NodeRef<'_>) {
    let found: Vec<NodeRef<'_>> = root.descendants_it().filter(is_group).collect();
    for group in found.iter().rev() {
        let is_paragraph = tree::has_name(group, &["p"]);
        let holds_blocks = group.children_it(false).any(|child| is_or_contains_block(&child));
        if is_paragraph && !holds_blocks && !holds_only_image(group) {
            reduce_attributes(group, root);
            continue;
        }
        let inside_line = !holds_blocks && group.parent().is_some_and(|parent| is_single_line(&parent));
        if !inside_line && !holds_only_image(group) {
            wrap_inline_runs(group);
        }
        pass_down_attributes(group, root);
        tree::unwrap(group);
    }
    wrap_inline_runs(root);
}

/// Returns whether an element only groups or styles others: paragraphs, and block elements that the allow-list does not
/// keep.
fn is_group(node: &NodeRef<'_>) -> bool {
    element_name(node).is_some_and(|name| {
        &*name == "p" || (allow_list::element_policy(&name) == ElementPolicy::Unwrap && !tree::is_inline(&name))
    })
}

/// Returns whether a group in a figure contains only images, so that it needs no paragraph.
fn holds_only_image(group: &NodeRef<'_>) -> bool {
    group.parent().is_some_and(|parent| tree::has_name(&parent, &["figure"]))
        && !tree::has_visible_text(group)
        && tree::has_image(group)
}

/// Attributes that apply to all content of an element.
const INHERITED_ATTRIBUTES: [&str; 2] = ["lang", "dir"];

fn reduce_attributes(paragraph: &NodeRef<'_>, root: &NodeRef<'_>) {
    let is_card = paragraph.has_class("embed");
    paragraph.retain_attrs(if is_card { &["class", "dir", "lang", "id"] } else { &["dir", "lang", "id"] });
    for name in INHERITED_ATTRIBUTES {
        if tree::attribute(paragraph, name).is_some_and(|own| inherited_attribute(paragraph, name, root) == Some(own)) {
            paragraph.remove_attr(name);
        }
    }
}

/// Returns the value that an element inherits, from the nearest ancestor or from the page itself.
fn inherited_attribute(node: &NodeRef<'_>, name: &str, root: &NodeRef<'_>) -> Option<String> {
    let inside = node.ancestors_it(None).take_while(|above| above.id != root.id);
    let near = inside.into_iter().find_map(|above| tree::attribute(&above, name));
    near.or_else(|| tree::attribute(&root.tree.html_root(), name))
}

/// Copies a group's language and direction to its blocks without their own, and its id to the first block.
fn pass_down_attributes(group: &NodeRef<'_>, root: &NodeRef<'_>) {
    let blocks = || -> Vec<NodeRef<'_>> { group.children_it(false).filter(is_block_element).collect() };
    for name in INHERITED_ATTRIBUTES {
        let Some(value) = tree::attribute(group, name) else { continue };
        if inherited_attribute(group, name, root).as_ref() == Some(&value) {
            continue;
        }
        for block in blocks().iter().filter(|block| !block.has_attr(name)) {
            block.set_attr(name, &value);
        }
    }
    if let Some(id) = tree::attribute(group, "id")
        && let Some(first) = blocks().first().filter(|first| !first.has_attr("id"))
    {
        first.set_attr("id", &id);
    }
}

fn is_block_element(node: &NodeRef<'_>) -> bool {
    element_name(node).is_some_and(|name| !tree::is_inline(&name) && &*name != "br")
}

/// Returns whether a node is a block, or an inline element with a block inside.
fn is_or_contains_block(node: &NodeRef<'_>) -> bool {
    match element_name(node) {
        None => false,
        Some(name) if matches!(name.as_ref(), "br" | "img") => false,
        Some(name) => !tree::is_inline(&name) || tree::has_block(node),
    }
}

/// Returns whether the element's content is one line already, so that a lone group inside needs no paragraph.
fn is_single_line(node: &NodeRef<'_>) -> bool {
    // Takes at most two: an element may contain a hundred thousand groups.
    let only = || {
        node.children_it(false).filter(|child| child.is_element() || tree::is_nonblank_text(child)).take(2).count() == 1
    };
    element_name(node).is_some_and(|name| match name.as_ref() {
        "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "figcaption" | "caption" | "summary" | "dt" | "pre" => true,
        "li" | "td" | "th" | "dd" => only(),
        other => tree::is_inline(other),
    })
}

/// Wraps each run of inline children in a paragraph; two line breaks in a row end one.
fn wrap_inline_runs(group: &NodeRef<'_>) {
    let mut run: Vec<NodeRef<'_>> = Vec::new();
    for child in group.children() {
        if is_or_contains_block(&child) {
            wrap_in_paragraph(&mut run);
        } else if tree::has_name(&child, &["br"]) && ends_with_break(&run) {
            child.remove_from_parent();
            wrap_in_paragraph(&mut run);
        } else {
            run.push(child);
        }
    }
    wrap_in_paragraph(&mut run);
}

fn ends_with_break(run: &[NodeRef<'_>]) -> bool {
    run.iter().rev().find(|node| !tree::is_blank_text(node)).is_some_and(|node| tree::has_name(node, &["br"]))
}

fn wrap_in_paragraph(run: &mut Vec<NodeRef<'_>>) {
    let nodes = std::mem::take(run);
    let filled = |node: &NodeRef<'_>| !tree::is_blank_text(node) && !tree::has_name(node, &["br"]);
    let (Some(first), Some(last)) = (nodes.iter().position(filled), nodes.iter().rposition(filled)) else {
        let is_seen = |node: &NodeRef<'_>| tree::read_text(node, |text| !text.trim_ascii().is_empty()).unwrap_or(true);
        nodes.iter().filter(|node| is_seen(node)).for_each(NodeRef::remove_from_parent);
        return;
    };
    let paragraph = nodes[0].tree.new_element("p");
    nodes[first].insert_before(&paragraph);
    for (at, node) in nodes.iter().enumerate() {
        if (first..=last).contains(&at) {
            paragraph.append_child(node);
        } else {
            node.remove_from_parent();
        }
    }
}

/// Unwraps figures without content, such as those around an embed that became a link.
pub(super) fn unwrap_empty_figures(root: &NodeRef<'_>) {
    // For each open figure, whether content was found in it.
    let open_figures: RefCell<Vec<bool>> = RefCell::default();
    let mut empty = Vec::new();
    tree::walk(
        root,
        |node| {
            let mut open_figures = open_figures.borrow_mut();
            match element_name(node) {
                Some(name) if *name == *"figure" => open_figures.push(false),
                Some(name) if is_figure_content(&name) => {
                    open_figures.last_mut().into_iter().for_each(|seen| *seen = true)
                }
                _ => {}
            }
            Walk::Enter
        },
        |node| {
            if tree::has_name(node, &["figure"]) {
                let mut open_figures = open_figures.borrow_mut();
                let seen = open_figures.pop().unwrap_or(true);
                open_figures.last_mut().into_iter().for_each(|outer| *outer |= seen);
                if !seen {
                    empty.push(*node);
                }
            }
        },
    );
    // Innermost first, in the order the walk left them.
    for figure in empty {
        wrap_inline_runs(&figure);
        tree::unwrap(&figure);
    }
}

fn is_figure_content(name: &str) -> bool {
    matches!(name, "img" | "table" | "pre" | "code" | "blockquote" | "figcaption" | "ul" | "ol" | "dl")
}

/// Removes a line break at the start or end of its block.
pub(super) fn remove_edge_break(line_break: &NodeRef<'_>) {
    let in_block =
        line_break.parent().and_then(|parent| element_name(&parent)).is_some_and(|name| !tree::is_inline(&name));
    let first = || is_only_blank(line_break.prev_sibling(), |node| node.prev_sibling());
    let last = || is_only_blank(line_break.next_sibling(), |node| node.next_sibling());
    if in_block && (first() || last()) {
        line_break.remove_from_parent();
    }
}

/// Returns whether only white space follows in the direction of `step`.
fn is_only_blank<'a>(mut at: Option<NodeRef<'a>>, step: impl Fn(&NodeRef<'a>) -> Option<NodeRef<'a>>) -> bool {
    while let Some(node) = at {
        if !tree::is_blank_text(&node) {
            return false;
        }
        at = step(&node);
    }
    true
}
