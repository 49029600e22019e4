//! What is not the article inside the chosen part: its blocks are judged and taken out.

use dom_query::{NodeId, NodeRef};
use foldhash::HashSet;

use crate::Reason;
use crate::html::Reasons;
use crate::judge::{self, Block, Kind};
use crate::pictures::idle;
use crate::tree::{self, Walk};

/// Removes an element and notes the reason for each of its texts.
pub(crate) fn take(node: &NodeRef<'_>, reason: Reason, reasons: &mut Reasons) {
    for inside in node.descendants_it().filter(|inside| inside.is_text()) {
        reasons.entry(inside.id).or_insert(reason);
    }
    node.remove_from_parent();
}

/// What is known of the article.
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    pub(crate) byline: &'a str,
    /// Texts that are said more than once on purpose.
    pub(crate) meant: &'a HashSet<NodeId>,
    /// Texts that we have written into it, which are not judged.
    pub(crate) ours: &'a HashSet<NodeId>,
}

/// Judges the blocks inside the chosen part, which is in canonical form, and takes out what is not
/// the article.
pub(crate) fn after(root: &NodeRef<'_>, about: &About<'_>, reasons: &mut Reasons) {
    let found = blocks(root, about.meant);
    let blocks: Vec<Block> = found.iter().map(|(_, block)| block.clone()).collect();
    let is_ours = |node: &NodeRef<'_>| {
        !about.ours.is_empty() && node.descendants_it().any(|inside| about.ours.contains(&inside.id))
    };
    for ((node, _), verdict) in found.iter().zip(judge::blocks(about.title, about.byline, &blocks)) {
        if let Some(reason) = verdict.filter(|_| !is_ours(node)) {
            if block_is_caption(node) {
                describe_picture(node);
            }
            take(node, reason, reasons);
        }
    }
    idle::remove(root);
    crate::prepare::empty(root);
}

fn block_is_caption(node: &NodeRef<'_>) -> bool {
    tree::is_any(node, &["figcaption"]) || node.parent().is_some_and(|parent| tree::is_any(&parent, &["figcaption"]))
}

/// A caption that goes because it stands elsewhere still says what its picture shows.
fn describe_picture(caption: &NodeRef<'_>) {
    let figure = tree::figure_around(caption);
    let images = figure.as_ref().map(tree::images).unwrap_or_default();
    if let [image] = images.as_slice()
        && tree::attribute(image, "alt").is_none()
    {
        image.set_attr("alt", &crate::words::one_line(&tree::line(caption), 499));
    }
}

/// The blocks of a canonical tree in order: the innermost elements that are not inline.
fn blocks<'a>(root: &NodeRef<'a>, meant: &HashSet<NodeId>) -> Vec<(NodeRef<'a>, Block)> {
    let mut found = Vec::new();
    tree::walk(
        root,
        |node| {
            if !node.is_element() {
                return Walk::Past;
            }
            let name = tree::name(node);
            if matches!(&*name, "pre" | "hr") || tree::is_unseen(&name) || (&*name == "p" && node.has_class("embed")) {
                return Walk::Past;
            }
            if tree::is_inline(&name) || tree::has_block(node) {
                return Walk::Into;
            }
            let text = tree::line(node);
            if !text.is_empty() {
                let is_meant = !meant.is_empty() && node.descendants_it().any(|inside| meant.contains(&inside.id));
                found.push((*node, block(node, &name, text, is_meant)));
            }
            Walk::Past
        },
        |_| {},
    );
    found
}

fn block(node: &NodeRef<'_>, name: &str, text: String, meant: bool) -> Block {
    let around: Vec<_> = node.ancestors_it(Some(8)).map(|above| tree::name(&above)).collect();
    let inside = |names: &[&str]| around.iter().any(|name| names.contains(&&**name));
    let kind = match name {
        "figcaption" | "caption" => Kind::Caption,
        _ if inside(&["figure", "figcaption"]) => Kind::Caption,
        _ if inside(&["table", "blockquote", "details"]) => Kind::Other,
        "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "li" | "dt" | "dd" => Kind::Item,
        _ if inside(&["li", "dd"]) => Kind::Item,
        "p" => Kind::Paragraph,
        _ => Kind::Other,
    };
    let linked: usize =
        tree::elements(node, |inside| tree::is_any(inside, &["a"])).iter().map(|link| tree::line(link).len()).sum();
    let links = linked as f64 / text.len().max(1) as f64;
    Block { text, kind, links, meant }
}
