//! Makes a parsed tree readable without scripts.
//!
//! - `attributes`: what the first walk asks of every element.
//! - `images`: finds the real URL of lazily loaded images; removes tracking pixels.
//! - `code`: makes code plain text in blocks, without line numbers.
//! - `embeds`: turns embedded posts, videos and maps into links and quotations.
//! - `drawn_formulas`: shows formulas that scripts draw once each.
//! - `emoji`: makes emoji in elements of their own part of their sentence.
//! - `formulas`: writes MathML as text.
//! - `mail_archive`: marks up messages of mailing lists, before the metadata are read.
//! - `notes`: keeps each footnote in one element; `margin_notes`: sets notes within a sentence off.
//! - `folded`: unfolds sections and tabs that a control opens.
//! - `speech`: writes chats as paragraphs, each with its speaker.
//! - `scene_breaks`: turns lines of asterisks into `<hr>`.
//! - `task_lists`: writes the state of tasks as text.

mod attributes;
mod code;
mod drawn_formulas;
pub(crate) mod embeds;
mod emoji;
pub(crate) mod formulas;
pub(crate) mod images;
pub(crate) mod mail_archive;
mod margin_notes;
mod notes;
mod folded;
mod scene_breaks;
mod speech;
mod task_lists;

use dom_query::NodeRef;
use url::Url;

use attributes::Attributes;
use code::CodeElements;
use folded::FoldedElements;
use images::inline::InlineImages;

/// Resolves images and embeds, and removes what needs scripts. Returns the URLs of tracking pixels.
pub(crate) fn prepare_tree(root: &NodeRef<'_>, base: Option<&Url>, inline: &mut InlineImages) -> Vec<String> {
    let (mut scripts, mut noscripts, mut code) = (Vec::new(), Vec::new(), CodeElements::default());
    let (mut tasks, mut templates) = (Vec::new(), Vec::new());
    let (mut formula_scripts, mut drawn, mut margin_notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut folded = FoldedElements::default();
    for node in root.descendants_it() {
        let Some(name) = node.qual_name_ref() else { continue };
        let attributes = Attributes::read(&node);
        let is_code_script = code.add(node, &name.local, &attributes);
        folded.add(node, &name.local, &attributes);
        match name.local.as_ref() {
            "script" if is_code_script => {}
            "script" if drawn_formulas::is_formula_script(&node) => formula_scripts.push(node),
            "script" | "style" | "link" | "meta" => scripts.push(node),
            "template" => templates.push(node),
            "noscript" => noscripts.push(node),
            "input" | "div" | "span" if task_lists::is_state(&node, &attributes.classes) => tasks.push(node),
            "mjx-container" => drawn.push(node),
            "span" if drawn_formulas::is_drawing(&node) => drawn.push(node),
            "span" | "small" | "i" | "em" | "label" | "input" | "ul"
                if margin_notes::is_candidate(&attributes.classes) =>
            {
                margin_notes.push(node);
            }
            _ => {}
        }
    }
    images::carriers::open_templates(&templates);
    scripts.extend(templates);
    scripts.iter().for_each(NodeRef::remove_from_parent);
    drawn_formulas::show(&formula_scripts, &drawn);
    margin_notes::set_off(&margin_notes);
    notes::complete(root, base);
    folded.unfold(root);
    code.make_plain();
    task_lists::write_states(&tasks);
    images::restore_noscript_images(root, noscripts);
    images::carriers::insert_images(root, base);
    let mut elements = PageElements::collect(root);
    elements.images.extend(images::add_figure_images(&elements.figures));
    elements.images.extend(images::drawings::replace_with_images(&elements.drawings, inline));
    elements.images.extend(images::missing::mark_drawings(&elements.figures));
    emoji::replace_with_text(&elements.emoji);
    elements.images.retain(|image| image.parent().is_some());
    embeds::bare_addresses::replace_with_cards(&elements.embed_boxes, &elements.paragraphs);
    formulas::replace_with_text(&elements.formulas);
    speech::write_as_paragraphs(&elements.chats);
    scene_breaks::replace_with_rules(&elements.paragraphs);
    let trackers = images::resolve_sources(&elements.images, &elements.pictures, base, inline);
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
    embed_boxes: Vec<NodeRef<'a>>,
    emoji: Vec<NodeRef<'a>>,
    formulas: Vec<NodeRef<'a>>,
    drawings: Vec<NodeRef<'a>>,
    chats: Vec<NodeRef<'a>>,
}

impl<'a> PageElements<'a> {
    fn collect(root: &NodeRef<'a>) -> Self {
        let mut elements = Self::default();
        for node in root.descendants_it() {
            let Some(element) = node.element_ref() else { continue };
            let name: &str = &element.name.local;
            if emoji::may_be_emoji(&node, name) {
                elements.emoji.push(node);
            }
            if matches!(name, "figure" | "div")
                && element.class().is_some_and(|classes| embeds::bare_addresses::has_box_class(&classes))
            {
                elements.embed_boxes.push(node);
            }
            match element.name.local.as_ref() {
                "img" | "amp-img" | "amp-anim" => elements.images.push(node),
                "picture" => elements.pictures.push(node),
                "figure" => elements.figures.push(node),
                "p" => elements.paragraphs.push(node),
                "math" => elements.formulas.push(node),
                "svg" => elements.drawings.push(node),
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
