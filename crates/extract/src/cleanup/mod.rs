//! Removes what is not the article, by names and by words.
//!
//! Before the article is selected:
//! - `boilerplate`: removes elements with telling classes, ids or roles, and by rules for single sites.
//! - `visible_text`: records every text that readers of the page can see.
//!
//! In the selection:
//! - `screen_reader_text`, `named_images`, `decorative_images`: hidden words, and images that are not part of the
//!   article.
//! - `phrase_rules`: judges each line by its words, with the phrase lists (`.txt`) in its folder; also used for plain
//!   text.
//! - `orphans`, `dangling_labels`: captions, headings and labels whose subject is gone.
//! - `reader_rules`: the reader's rules for the site.

pub(crate) mod boilerplate;
mod dangling_labels;
pub(crate) mod decorative_images;
pub(crate) mod hidden_text;
pub(crate) mod named_images;
mod orphans;
pub(crate) mod phrase_rules;
pub(crate) mod reader_rules;
pub(crate) mod screen_reader_text;
mod text_counts;
pub(crate) mod visible_text;

use dom_query::{NodeId, NodeRef};
use foldhash::HashSet;
use url::Url;

use crate::cleanup::visible_text::VisibleTexts;
use crate::dom::tree::{self, Walk};
use crate::dom::urls;
use crate::page::{Reason, Reasons};
pub(crate) use orphans::captions_to_paragraphs;
use phrase_rules::{BlockKind, TextBlock};

/// Removes an element and records the reason for each of its texts.
pub(crate) fn remove_with_reason(node: &NodeRef<'_>, reason: Reason, reasons: &mut Reasons) {
    record_reason(node, reason, reasons);
    node.remove_from_parent();
}

fn record_reason(node: &NodeRef<'_>, reason: Reason, reasons: &mut Reasons) {
    for inside in node.descendants_it().filter(|inside| inside.is_text()) {
        reasons.entry(inside.id).or_insert(reason);
    }
}

/// The facts about an article that [`remove_clutter`] needs.
pub(crate) struct ArticleContext<'a> {
    pub(crate) title: &'a str,
    pub(crate) byline: &'a str,
    /// Texts that repeat others on purpose.
    pub(crate) deliberate_repeats: &'a HashSet<NodeId>,
    /// Texts that are certainly part of the article.
    pub(crate) certain: &'a HashSet<NodeId>,
    /// Texts that we have inserted; they are never removed.
    pub(crate) inserted: &'a HashSet<NodeId>,
    /// The page is a discussion.
    pub(crate) is_thread: bool,
    /// The texts that were visible on the page.
    pub(crate) visible: &'a VisibleTexts,
}

impl ArticleContext<'_> {
    fn is_certain(&self, block: &NodeRef<'_>) -> bool {
        !self.certain.is_empty()
            && block.descendants_it().filter(tree::is_nonblank_text).all(|text| self.certain.contains(&text.id))
    }
}

/// Removes blocks of the selected, normalized tree that are not part of the article.
pub(crate) fn remove_clutter(root: &NodeRef<'_>, context: &ArticleContext<'_>, reasons: &mut Reasons) {
    let found = collect_blocks(root, context);
    let blocks: Vec<TextBlock> = found.iter().map(|(_, block)| block.clone()).collect();
    let is_inserted = |node: &NodeRef<'_>| {
        !context.inserted.is_empty() && node.descendants_it().any(|inside| context.inserted.contains(&inside.id))
    };
    let mut shortened_quotations = Vec::new();
    // In a post "Thank you all!" is somebody's answer; "Click to expand" is in many.
    let is_single = |block: &TextBlock| blocks.iter().filter(|other| other.text == block.text).count() == 1;
    let is_answer = |block: &TextBlock, reason: Reason| {
        context.is_thread && block.is_certain && reason != Reason::RepeatedText && is_single(block)
    };
    for ((node, block), reason) in
        found.iter().zip(phrase_rules::find_removal_reasons(context.title, context.byline, &blocks))
    {
        if let Some(reason) = reason.filter(|reason| !is_inserted(node) && !is_answer(block, *reason)) {
            if is_in_caption(node) {
                copy_caption_to_alt(node);
            }
            if reason == Reason::RepeatedText {
                shortened_quotations
                    .extend(node.ancestors_it(Some(3)).find(|above| tree::has_name(above, &["blockquote"])));
            }
            remove_line(node, reason, reasons);
        }
    }
    shortened_quotations.dedup_by_key(|quotation| quotation.id);
    orphans::remove_attributions(&shortened_quotations, reasons);
    decorative_images::remove(root);
    orphans::remove_captions(root, reasons);
    captions_to_paragraphs(root);
    dangling_labels::remove(&found, reasons);
    orphans::remove_headings(root, context.visible, reasons);
    crate::sanitize::normalize::remove_empty_elements(root);
}

/// Removes a line. A cell keeps its place in the row; an image stays when its button label goes.
fn remove_line(node: &NodeRef<'_>, reason: Reason, reasons: &mut Reasons) {
    record_reason(node, reason, reasons);
    if reason == Reason::ScriptOnlyWidget && tree::has_image(node) {
        let texts: Vec<_> = node.descendants_it().filter(tree::is_nonblank_text).collect();
        texts.iter().for_each(NodeRef::remove_from_parent);
    } else if tree::has_name(node, &["td", "th"]) {
        node.children().iter().for_each(NodeRef::remove_from_parent);
    } else {
        node.remove_from_parent();
    }
}

fn is_in_caption(node: &NodeRef<'_>) -> bool {
    tree::has_name(node, &["figcaption"])
        || node.parent().is_some_and(|parent| tree::has_name(&parent, &["figcaption"]))
}

/// Keeps the text of a removed caption as the description of its image.
fn copy_caption_to_alt(caption: &NodeRef<'_>) {
    let figure = tree::enclosing_figure(caption);
    let images = figure.as_ref().map(tree::images).unwrap_or_default();
    if let [image] = images.as_slice()
        && tree::attribute(image, "alt").is_none()
    {
        image.set_attr("alt", &crate::dom::words::one_line(&tree::line_text(caption), 499));
    }
}

/// Returns the blocks of a normalized tree in order: the innermost elements that are not inline.
fn collect_blocks<'a>(root: &NodeRef<'a>, context: &ArticleContext<'_>) -> Vec<(NodeRef<'a>, TextBlock)> {
    let mut found = Vec::new();
    tree::walk(
        root,
        |node| {
            if !node.is_element() {
                return Walk::Skip;
            }
            let name = tree::name(node);
            if matches!(&*name, "pre" | "hr") || tree::is_non_text(&name) || (&*name == "p" && node.has_class("embed"))
            {
                return Walk::Skip;
            }
            if tree::is_inline(&name) || tree::has_block(node) {
                return Walk::Enter;
            }
            let text = tree::line_text(node);
            if !text.is_empty() {
                let is_deliberate = |inside: NodeRef<'_>| context.deliberate_repeats.contains(&inside.id);
                let mut block = classify_block(node, &name, text);
                block.is_deliberate_repeat =
                    !context.deliberate_repeats.is_empty() && node.descendants_it().any(is_deliberate);
                block.is_quoted &= !context.is_thread;
                block.is_certain = context.is_certain(node);
                found.push((*node, block));
            }
            Walk::Skip
        },
        |_| {},
    );
    found
}

fn classify_block(node: &NodeRef<'_>, name: &str, text: String) -> TextBlock {
    let ancestors: Vec<_> = node.ancestors_it(Some(8)).map(|above| tree::name(&above)).collect();
    let inside = |names: &[&str]| ancestors.iter().any(|name| names.contains(&&**name));
    let kind = match name {
        "figcaption" | "caption" => BlockKind::Caption,
        _ if inside(&["figure", "figcaption"]) => BlockKind::Caption,
        _ if inside(&["table", "blockquote", "details"]) => BlockKind::Other,
        "h2" | "h3" | "h4" | "h5" | "h6" => BlockKind::Heading,
        "li" | "dt" | "dd" => BlockKind::Item,
        _ if inside(&["li", "dd"]) => BlockKind::Item,
        "p" => BlockKind::Paragraph,
        _ => BlockKind::Other,
    };
    let linked: usize = tree::elements(node, |inside| tree::has_name(inside, &["a"]))
        .iter()
        .map(|link| tree::line_text(link).len())
        .sum();
    let link_share = linked as f64 / text.len().max(1) as f64;
    let picture = (kind == BlockKind::Caption).then(|| captioned_picture(node)).flatten();
    TextBlock {
        picture,
        is_quoted: inside(&["blockquote"]) || name == "blockquote",
        ..TextBlock::new(text, kind, link_share)
    }
}

/// Returns the URL of the first picture in the figure around a caption.
fn captioned_picture(caption: &NodeRef<'_>) -> Option<Url> {
    let figure = tree::enclosing_figure(caption)?;
    let image = figure.descendants_it().find(|inside| tree::has_name(inside, &["img"]))?;
    urls::resolve_http(&tree::attribute(&image, "src")?, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_certain_when_all_its_texts_are() {
        let page = crate::parse::parse_fragment("<p>It <b>rained</b> all day.</p>");
        let root = tree::body(&page);
        let texts: Vec<NodeId> = root.descendants_it().filter(tree::is_nonblank_text).map(|text| text.id).collect();
        let is_certain = |certain: &[NodeId]| {
            let (none, visible) = (HashSet::default(), VisibleTexts::collect(&page));
            let certain = certain.iter().copied().collect();
            let (deliberate_repeats, inserted, visible) = (&none, &none, &visible);
            let context = ArticleContext {
                title: "",
                byline: "",
                deliberate_repeats,
                certain: &certain,
                inserted,
                is_thread: false,
                visible,
            };
            collect_blocks(&root, &context)[0].1.is_certain
        };
        assert_eq!([is_certain(&texts), is_certain(&texts[1..]), is_certain(&[])], [true, false, false]);
    }

    #[test]
    fn removing_a_button_keeps_its_cell_or_image() {
        let prose = "<p>It rained in the valley from Monday to Friday, and the river rose by the height of a man.</p>";
        let image = "<img src=\"https://a.example/map.png\" alt=\"Map\">";
        let table = |more: &str| {
            format!(
                "<table><tbody><tr><td>Monday</td><td>2 m</td><td>{more}</td></tr><tr><td>Friday</td><td>4 m</td><td>At noon</td></tr></tbody></table>"
            )
        };
        let html = format!(
            "<body><article>{prose}<p>Bild vergrößern {image}</p>{prose_below}{table}</article></body>",
            prose_below = prose.replace("It rained", "It also rained"),
            table = table("Click to enlarge")
        );
        let page = crate::page::Page {
            source: crate::page::Source::Html(&html),
            url: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        let body = crate::article(&page).body.as_str().replace('\n', "");
        assert!(body.contains(&format!("<p>{image}</p>")), "{body}");
        assert!(body.contains(&table("")), "{body}");
    }
}
