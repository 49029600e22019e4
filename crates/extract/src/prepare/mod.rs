//! Makes a parsed tree readable without scripts.
//!
//! - `images`: finds the real URL of lazily loaded images; drops tracking pixels.
//! - `embeds`: turns embedded posts, videos and maps into links and quotations.
//! - `formulas`: writes MathML as text.
//! - `scene_breaks`: turns lines of asterisks into rules.

pub(crate) mod embeds;
pub(crate) mod formulas;
pub(crate) mod images;
mod scene_breaks;

use dom_query::NodeRef;
use url::Url;

/// Resolves pictures and embeds and drops what needs scripts. Answers the addresses of tracking
/// pixels.
pub(crate) fn resolve(root: &NodeRef<'_>, base: Option<&Url>) -> Vec<String> {
    let (mut scripts, mut noscripts) = (Vec::new(), Vec::new());
    for node in root.descendants_it() {
        let Some(name) = node.qual_name_ref() else { continue };
        match name.local.as_ref() {
            "script" | "style" | "template" | "link" | "meta" => scripts.push(node),
            "noscript" => noscripts.push(node),
            _ => {}
        }
    }
    scripts.iter().for_each(NodeRef::remove_from_parent);
    images::noscript_twins(root, noscripts);
    let mut found = Loaded::of(root);
    found.images.extend(images::of_empty_figures(&found.figures));
    formulas::resolve(&found.formulas);
    scene_breaks::resolve(&found.paragraphs);
    let trackers = images::resolve(&found.images, &found.pictures, base);
    embeds::resolve(&found.posts, &found.frames, base);
    trackers
}

/// What a page loads from elsewhere, found in one walk.
#[derive(Default)]
struct Loaded<'a> {
    images: Vec<NodeRef<'a>>,
    pictures: Vec<NodeRef<'a>>,
    figures: Vec<NodeRef<'a>>,
    posts: Vec<NodeRef<'a>>,
    frames: Vec<NodeRef<'a>>,
    paragraphs: Vec<NodeRef<'a>>,
    formulas: Vec<NodeRef<'a>>,
}

impl<'a> Loaded<'a> {
    fn of(root: &NodeRef<'a>) -> Self {
        let mut found = Self::default();
        for node in root.descendants_it() {
            let Some(element) = node.element_ref() else { continue };
            match element.name.local.as_ref() {
                "img" | "amp-img" | "amp-anim" => found.images.push(node),
                "picture" => found.pictures.push(node),
                "figure" => found.figures.push(node),
                "p" => found.paragraphs.push(node),
                "math" => found.formulas.push(node),
                "blockquote" | "div" if element.class().is_some_and(|classes| embeds::is_post(&classes)) => {
                    found.posts.push(node);
                }
                name if embeds::is_frame(name) => found.frames.push(node),
                _ => {}
            }
        }
        found
    }
}
