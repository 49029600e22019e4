//! Captions that a page marks by a class instead of `figcaption`: the picture and its words become a figure.

use dom_query::NodeRef;

use crate::tree;

/// Classes of the words under a picture, as content systems write them.
const NAMES: &[&str] = &[
    "caption",
    "caption-text",
    "wp-caption-text",
    "image-caption",
    "img-caption",
    "photo-caption",
    "picture-caption",
    "media-caption",
    "caption__text",
    "image__caption",
    "gallery-caption",
    "figcaption",
    "bildunterschrift",
    "legende",
];

/// A picture with its words is a small thing: more nodes than this are something else, and are not looked through.
const MOST_NODES: usize = 200;

/// Longest caption, in bytes; more is a text that only stands beside a picture.
const LONGEST: usize = 1_000;

/// Whether one of these classes is that of a caption.
pub(super) fn is_named(classes: &str) -> bool {
    let is_known = |class: &str| NAMES.iter().any(|name| name.eq_ignore_ascii_case(class));
    // Almost no element has one, so most are sent away by one look.
    classes.len() >= 7 && classes.split_ascii_whitespace().any(is_known)
}

/// Makes figures of these captions and their pictures.
pub(super) fn mark(captions: &[NodeRef<'_>]) {
    for caption in captions {
        if !is_small(caption) {
            continue;
        }
        let words = tree::line(caption).len();
        if words == 0 || words > LONGEST || holds_picture(caption) {
            continue;
        }
        let around: Vec<NodeRef<'_>> = caption.ancestors_it(Some(3)).take_while(is_small).collect();
        let figure = around.iter().find(|above| tree::is_any(above, &["figure"]));
        if let Some(figure) = figure {
            if !figure.descendants_it().any(|node| tree::is_any(&node, &["figcaption"])) {
                caption.rename("figcaption");
            }
            continue;
        }
        let frame = around.iter().find(|above| holds_picture(above));
        if let Some(frame) = frame.filter(|frame| is_frame(frame, words)) {
            frame.rename("figure");
            caption.rename("figcaption");
        }
    }
}

/// Moves captions that stand outside of any figure into the one right before them, if that has no words yet.
pub(super) fn adopt(figcaptions: &[NodeRef<'_>]) {
    let is_figure = |node: &NodeRef<'_>| tree::is_any(node, &["figure"]);
    for caption in figcaptions.iter().filter(|caption| !caption.ancestors_it(Some(3)).any(|above| is_figure(&above))) {
        let mut before = caption.prev_sibling();
        while let Some(blank) = before.filter(tree::is_blank_text) {
            before = blank.prev_sibling();
        }
        let Some(figure) = before.filter(is_figure) else { continue };
        if is_small(&figure) && !figure.descendants_it().any(|node| tree::is_any(&node, &["figcaption"])) {
            figure.append_child(caption);
        }
    }
}

/// Whether an element is there for one picture and the words under it.
fn is_frame(frame: &NodeRef<'_>, words: usize) -> bool {
    let name = tree::local(frame);
    let plain = name.is_some_and(|name| matches!(name.as_ref(), "div" | "section" | "span" | "p" | "aside"));
    plain && pictures(frame) == 1 && tree::line(frame).len() <= words + 80
}

fn holds_picture(node: &NodeRef<'_>) -> bool {
    pictures(node) > 0
}

fn is_small(node: &NodeRef<'_>) -> bool {
    node.descendants_it().nth(MOST_NODES).is_none()
}

fn pictures(node: &NodeRef<'_>) -> usize {
    node.descendants_it().filter(|inside| tree::is_any(inside, &["img", "amp-img"])).count()
}
