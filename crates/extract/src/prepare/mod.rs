//! Makes a parsed tree readable without scripts.
//!
//! - `images`: finds the real URL of lazily loaded images; removes tracking pixels.
//! - `code`: makes code plain text in blocks, without line numbers.
//! - `embeds`: turns embedded posts, videos and maps into links and quotations.
//! - `formulas`: writes MathML as text.
//! - `folded`: unfolds sections and tabs that a control opens.
//! - `speech`: writes chats as paragraphs, each with its speaker.
//! - `scene_breaks`: turns lines of asterisks into `<hr>`.

mod code;
pub(crate) mod embeds;
pub(crate) mod formulas;
pub(crate) mod images;
mod folded;
mod scene_breaks;
mod speech;

use dom_query::NodeRef;
use url::Url;

use code::CodeElements;
use folded::FoldedElements;

/// Resolves images and embeds, and removes what needs scripts. Returns the URLs of tracking pixels.
pub(crate) fn prepare_tree(root: &NodeRef<'_>, base: Option<&Url>) -> Vec<String> {
    let (mut scripts, mut noscripts, mut code) = (Vec::new(), Vec::new(), CodeElements::default());
    let mut folded = FoldedElements::default();
    for node in root.descendants_it() {
        let Some(name) = node.qual_name_ref() else { continue };
        let is_code_script = code.add(node, &name.local);
        folded.add(node, &name.local);
        match name.local.as_ref() {
            "script" if is_code_script => {}
            "script" | "style" | "template" | "link" | "meta" => scripts.push(node),
            "noscript" => noscripts.push(node),
            _ => {}
        }
    }
    scripts.iter().for_each(NodeRef::remove_from_parent);
    folded.unfold();
    code.make_plain();
    images::restore_noscript_images(root, noscripts);
    let mut elements = PageElements::collect(root);
    elements.images.extend(images::add_figure_images(&elements.figures));
    formulas::replace_with_text(&elements.formulas);
    speech::write_as_paragraphs(&elements.chats);
    scene_breaks::replace_with_rules(&elements.paragraphs);
    let trackers = images::resolve_sources(&elements.images, &elements.pictures, base);
    embeds::replace_with_cards(&elements.posts, &elements.frames, base);
    trackers
}

/// The elements to prepare, found in one walk.
#[derive(Default)]
struct PageElements<'a> {
    images: Vec<NodeRef<'a>>,
    pictures: Vec<NodeRef<'a>>,
    figures: Vec<NodeRef<'a>>,
    posts: Vec<NodeRef<'a>>,
    frames: Vec<NodeRef<'a>>,
    paragraphs: Vec<NodeRef<'a>>,
    formulas: Vec<NodeRef<'a>>,
    chats: Vec<NodeRef<'a>>,
}

impl<'a> PageElements<'a> {
    fn collect(root: &NodeRef<'a>) -> Self {
        let mut elements = Self::default();
        for node in root.descendants_it() {
            let Some(element) = node.element_ref() else { continue };
            match element.name.local.as_ref() {
                "img" | "amp-img" | "amp-anim" => elements.images.push(node),
                "picture" => elements.pictures.push(node),
                "figure" => elements.figures.push(node),
                "p" => elements.paragraphs.push(node),
                "math" => elements.formulas.push(node),
                "blockquote" | "div" if element.class().is_some_and(|classes| embeds::has_post_class(&classes)) => {
                    elements.posts.push(node);
                }
                name if speech::is_chat(&node, name) => elements.chats.push(node),
                name if embeds::is_frame_element(name) => elements.frames.push(node),
                _ => {}
            }
        }
        elements
    }
}
