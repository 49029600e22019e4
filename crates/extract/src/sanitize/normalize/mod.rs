//! Brings a tree into one normal form of few elements, so that the same text looks the same whatever page it came from.
//!
//! `drop_caps` and `word_boundaries` put words right, `links` and `layout_tables` resolve links and tables, `captions` and
//! `paragraphs` build figures and paragraphs, and `empty_elements` removes what is left with nothing in it.

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

use super::allow_list::{self, Fate};
use crate::dom::tree::{self, element_name};

/// The plainer name that means the same.
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

/// What the passes of [`canonical`] work on, found in one walk.
#[derive(Default)]
struct Parts<'a> {
    links: Vec<NodeRef<'a>>,
    /// Elements with an id or a name.
    named: Vec<NodeRef<'a>>,
    tables: Vec<NodeRef<'a>>,
    /// Elements whose class says that they are words under a picture.
    captions: Vec<NodeRef<'a>>,
    /// Captions as they should be.
    figcaptions: Vec<NodeRef<'a>>,
    breaks: Vec<NodeRef<'a>>,
}

/// Brings the inside of `root` into canonical form: whole words with spaces between them, paragraphs instead of groups, plain
/// names, links that work anywhere, no empty elements.
pub(crate) fn canonical(root: &NodeRef<'_>, base: Option<&Url>) {
    drop_caps::join(root);
    word_boundaries::open(root);
    let parts = plain(root);
    empty_elements::permalinks(&parts.links);
    links::resolve(&parts.links, &parts.named, base);
    layout_tables::layout(&parts.tables);
    captions::frames(&parts.figcaptions);
    captions::mark(&parts.captions);
    paragraphs::dissolve(root);
    paragraphs::lone_figures(root);
    captions::adopt(&parts.figcaptions);
    captions::credits(root);
    parts.breaks.iter().for_each(paragraphs::lonely_break);
    empty_elements::remove(root);
    empty(root);
}

/// Takes away what has no place in an article, opens what means nothing, gives the rest its plain name, and answers what
/// there is.
fn plain<'a>(root: &NodeRef<'a>) -> Parts<'a> {
    let mut parts = Parts::default();
    let (mut gone, mut opened, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
    tree::walk(
        root,
        |node| {
            let Some(element) = node.element_ref() else {
                if !node.is_text() {
                    gone.push(*node);
                }
                return tree::Walk::Skip;
            };
            let plainer = plain_name(&element.name.local);
            let name = plainer.unwrap_or(element.name.local.as_ref());
            if plainer.is_some() {
                renamed.push((*node, name.to_owned()));
            }
            match allow_list::fate(name) {
                Fate::Dropped => {
                    gone.push(*node);
                    return tree::Walk::Skip;
                }
                Fate::Opened if tree::is_inline(name) => opened.push(*node),
                _ => {}
            }
            let is_caption = || element.class().is_some_and(|classes| captions::is_named(&classes));
            match name {
                "a" => parts.links.push(*node),
                "table" => parts.tables.push(*node),
                "br" => parts.breaks.push(*node),
                "figcaption" => parts.figcaptions.push(*node),
                "div" | "p" | "span" | "small" if is_caption() => parts.captions.push(*node),
                "h2" | "h3" | "h4" | "h5" | "h6" if is_caption() && tree::enclosing_figure(node).is_some() => {
                    parts.captions.push(*node);
                }
                "b" if element.class().is_some_and(|classes| captions::is_button(&classes)) => {
                    gone.push(*node);
                    return tree::Walk::Skip;
                }
                // It only had a class, which goes.
                "span" if !says_something(&element) => opened.push(*node),
                _ => {}
            }
            if element.attrs.iter().any(|one| matches!(one.name.local.as_ref(), "id" | "name")) {
                parts.named.push(*node);
            }
            tree::Walk::Enter
        },
        |_| {},
    );
    renamed.iter().for_each(|(node, name)| node.rename(name));
    gone.iter().for_each(NodeRef::remove_from_parent);
    for node in &opened {
        // What holds blocks is one itself, and parts what stands before it from what stands in it.
        if tree::has_block(node) { node.rename("div") } else { tree::unwrap(node) }
    }
    parts
}

/// Whether an element has an attribute that means something on any element.
fn says_something(element: &Element) -> bool {
    element.attrs.iter().any(|one| matches!(one.name.local.as_ref(), "lang" | "dir" | "id" | "name"))
}

/// Takes away elements without text, picture or rule, innermost first.
pub(crate) fn empty(root: &NodeRef<'_>) {
    let found: Vec<NodeRef<'_>> =
        root.descendants_it().filter(|node| element_name(node).is_some_and(|name| may_be_empty(&name))).collect();
    for node in found.iter().rev() {
        if is_filled(node) {
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

/// Whether an element is nothing without something in it.
fn may_be_empty(name: &str) -> bool {
    !matches!(name, "img" | "hr" | "br" | "wbr" | "td" | "th" | "col" | "colgroup")
}

fn is_filled(node: &NodeRef<'_>) -> bool {
    node.children_it(false).any(|child| match element_name(&child) {
        Some(name) => !matches!(name.as_ref(), "br" | "wbr"),
        None => tree::is_nonblank_text(&child),
    })
}
