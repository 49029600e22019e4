//! Normalizes a tree to few elements, so that the same text looks the same whatever page it came from.
//!
//! `drop_caps` and `word_boundaries` repair words, `links` and `layout_tables` resolve links and tables, `captions` and
//! `paragraphs` build figures and paragraphs, and `empty_elements` removes leftovers.

mod captions;
mod drop_caps;
mod empty_elements;
mod layout_tables;
mod links;
mod paragraphs;
mod word_boundaries;

use dom_query::{Element, NodeRef};
use html5ever::LocalName;
use url::Url;

use super::allow_list::{self, ElementPolicy};
use crate::dom::tree::{self, element_name};

/// Returns the plainer element name with the same meaning.
fn plain_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "h1" => "h2",
        "tt" => "code",
        "strike" => "s",
        "acronym" => "abbr",
        "menu" | "dir" => "ul",
        "rtc" => "rt",
        "listing" | "plaintext" | "xmp" => "pre",
        _ => return None,
    })
}

/// The elements that [`normalize_tree`] works on, found in one walk.
#[derive(Default)]
struct TreeParts<'a> {
    links: Vec<NodeRef<'a>>,
    /// Elements with an id or a name.
    named: Vec<NodeRef<'a>>,
    tables: Vec<NodeRef<'a>>,
    /// Elements that a class marks as captions.
    captions: Vec<NodeRef<'a>>,
    /// `<figcaption>` elements.
    figcaptions: Vec<NodeRef<'a>>,
    breaks: Vec<NodeRef<'a>>,
}

/// Normalizes the contents of `root`: repaired words, paragraphs instead of groups, plain element names, resolved
/// links, no empty elements.
pub(crate) fn normalize_tree(root: &NodeRef<'_>, base: Option<&Url>) {
    drop_caps::rejoin(root);
    word_boundaries::insert_spaces(root);
    let parts = simplify_elements(root);
    empty_elements::remove_permalinks(&parts.links);
    links::resolve(&parts.links, &parts.named, base);
    layout_tables::convert_to_groups(&parts.tables);
    captions::rename_misused_figcaptions(&parts.figcaptions);
    captions::build_figures(&parts.captions);
    paragraphs::replace_groups(root);
    paragraphs::unwrap_empty_figures(root);
    captions::move_into_figures(&parts.figcaptions);
    captions::move_credits_into_figures(root);
    parts.breaks.iter().for_each(paragraphs::remove_edge_break);
    empty_elements::remove(root);
    remove_empty_elements(root);
}

/// Removes disallowed elements, unwraps meaningless ones, renames the rest, and collects the elements for the later
/// passes.
fn simplify_elements<'a>(root: &NodeRef<'a>) -> TreeParts<'a> {
    let mut parts = TreeParts::default();
    let (mut removed, mut unwrapped, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
    tree::walk(
        root,
        |node| {
            let Some(element) = node.element_ref() else {
                if !node.is_text() {
                    removed.push(*node);
                }
                return tree::Walk::Skip;
            };
            let plain = plain_name(&element.name.local);
            let name = plain.unwrap_or(element.name.local.as_ref());
            if plain.is_some() {
                renamed.push((*node, name.to_owned()));
            }
            match allow_list::element_policy(name) {
                ElementPolicy::Drop => {
                    removed.push(*node);
                    return tree::Walk::Skip;
                }
                ElementPolicy::Unwrap if tree::is_inline(name) => unwrapped.push(*node),
                _ => {}
            }
            let is_caption = || element.class().is_some_and(|classes| captions::has_caption_class(&classes));
            match name {
                "a" => parts.links.push(*node),
                "table" => parts.tables.push(*node),
                "br" => parts.breaks.push(*node),
                "figcaption" => parts.figcaptions.push(*node),
                "div" | "p" | "span" | "small" if is_caption() => parts.captions.push(*node),
                "h2" | "h3" | "h4" | "h5" | "h6" if is_caption() && tree::enclosing_figure(node).is_some() => {
                    parts.captions.push(*node);
                }
                "b" if element.class().is_some_and(|classes| captions::has_toggle_class(&classes)) => {
                    removed.push(*node);
                    return tree::Walk::Skip;
                }
                // It only had a class.
                "span" if !has_meaningful_attribute(&element) => unwrapped.push(*node),
                _ => {}
            }
            if element.attrs.iter().any(|attribute| matches!(attribute.name.local.as_ref(), "id" | "name")) {
                parts.named.push(*node);
            }
            tree::Walk::Enter
        },
        |_| {},
    );
    renamed.iter().for_each(|(node, name)| node.rename(name));
    removed.iter().for_each(NodeRef::remove_from_parent);
    for node in &unwrapped {
        // An inline element that contains blocks separates its content from what precedes it, as a block does.
        if tree::has_block(node) { node.rename("div") } else { tree::unwrap(node) }
    }
    parts
}

/// Returns whether the element has an attribute with a meaning on any element.
fn has_meaningful_attribute(element: &Element) -> bool {
    element.attrs.iter().any(|attribute| matches!(attribute.name.local.as_ref(), "lang" | "dir" | "id" | "name"))
}

/// Removes elements without text, images or rules, innermost first.
pub(crate) fn remove_empty_elements(root: &NodeRef<'_>) {
    let found: Vec<NodeRef<'_>> =
        root.descendants_it().filter(|node| element_name(node).is_some_and(|name| needs_content(&name))).collect();
    for node in found.iter().rev() {
        if has_content(node) {
            continue;
        }
        let name = element_name(node).unwrap_or_else(|| LocalName::from(""));
        if matches!(name.as_ref(), "tr" | "tbody" | "thead" | "table") && tree::has_visible_text(node) {
            continue;
        }
        if node.first_child().is_some() && tree::is_inline(&name) {
            tree::unwrap(node);
        } else if !node.has_attr("id") {
            node.remove_from_parent();
        }
    }
}

/// Returns whether elements of this name mean nothing when empty.
fn needs_content(name: &str) -> bool {
    !matches!(name, "img" | "hr" | "br" | "wbr" | "td" | "th" | "col" | "colgroup")
}

fn has_content(node: &NodeRef<'_>) -> bool {
    node.children_it(false).any(|child| match element_name(&child) {
        Some(name) => !matches!(name.as_ref(), "br" | "wbr"),
        None => tree::is_nonblank_text(&child),
    })
}
