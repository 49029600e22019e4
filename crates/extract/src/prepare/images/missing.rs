//! Marks pictures that cannot be had, so that their captions are not taken for leftovers.

use dom_query::{NodeId, NodeRef};

use crate::dom::tree::{self, attribute};

/// What a figure may show besides a picture.
const SHOWN: &[&str] = &[
    "img",
    "amp-img",
    "picture",
    "table",
    "pre",
    "code",
    "blockquote",
    "ul",
    "ol",
    "dl",
    "math",
    "video",
    "audio",
    "noscript",
    "figure",
];
/// What a script or a browser draws.
const DRAWN: &[&str] = &["svg", "canvas"];
/// The most nodes of a figure.
const MAX_NODES: usize = 200;

/// Returns whether the caption of an image without a URL should say what is missing: it is the figure's only one.
pub(super) fn is_captioned(image: &NodeRef<'_>) -> bool {
    tree::enclosing_figure(image).is_some_and(|figure| {
        figure.descendants_it().nth(MAX_NODES).is_none() && tree::has_single_image(&figure) && has_caption(&figure)
    })
}

/// Puts an image without a URL into each figure that has nothing but a drawing and a caption. Returns these images.
pub(crate) fn mark_drawings<'a>(figures: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let mut marked = Vec::new();
    for figure in figures.iter().filter(|figure| figure.descendants_it().nth(MAX_NODES).is_none()) {
        let holds = |names: &[&str]| figure.descendants_it().any(|inside| tree::has_name(&inside, names));
        let is_framed = || figure.descendants_it().any(|inside| inside.has_class("embed"));
        if holds(DRAWN) && !holds(SHOWN) && has_caption(figure) && !is_framed() {
            let image = figure.tree.new_element("img");
            image.set_attr(super::ADDED, "");
            figure.prepend_child(&image);
            marked.push(image);
        }
    }
    marked
}

/// Returns the texts of captions that only a missing picture is left of: shown, but no running text.
pub(crate) fn find_captions(root: &NodeRef<'_>) -> Vec<NodeId> {
    let is_missing = |image: &NodeRef<'_>| tree::has_name(image, &["img"]) && attribute(image, "src").is_none();
    let figures = tree::elements(root, is_missing).into_iter().filter_map(|image| tree::enclosing_figure(&image));
    let captions = figures.flat_map(|figure| tree::elements(&figure, |node| tree::has_name(node, &["figcaption"])));
    captions.flat_map(|caption| caption.descendants()).filter(tree::is_nonblank_text).map(|text| text.id).collect()
}

fn has_caption(figure: &NodeRef<'_>) -> bool {
    let captions = tree::elements(figure, |node| tree::has_name(node, &["figcaption"]));
    captions.iter().any(tree::has_visible_text)
}
