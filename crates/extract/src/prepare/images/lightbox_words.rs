//! Words in a link around a picture that leads to the picture itself. Such a link is no card of another page: its words
//! are a caption, or tell the size of the file.

use dom_query::NodeRef;
use url::Url;

use super::full_size_link;
use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};

/// The most nodes of such a link.
const MAX_NODES: usize = 40;
/// The most words of a caption.
const MAX_CAPTION_WORDS: usize = 60;
/// The most words of a label such as "Click to enlarge".
const MAX_LABEL_WORDS: usize = 4;

/// Moves the captions in links to pictures below them, and removes the names and sizes of files.
pub(super) fn separate(images: &[NodeRef<'_>], base: Option<&Url>) {
    for image in images {
        let link = image.ancestors_it(Some(4)).find(|above| tree::has_name(above, &["a"]));
        let Some(link) = link.filter(|link| is_lightbox(link, image, base)) else { continue };
        let text = tree::line_text(&link);
        if text.is_empty() || words::count(&text) > MAX_CAPTION_WORDS {
            continue;
        }
        let block = tree::enclosing_block(&link);
        if block.is_some_and(|block| tree::has_name(&block, &["p", "li", "td"]) && tree::line_text(&block) != text) {
            continue;
        }
        let texts: Vec<_> = link.descendants_it().filter(tree::is_nonblank_text).collect();
        texts.iter().for_each(NodeRef::remove_from_parent);
        tree::elements(&link, |node| tree::has_name(node, &["br"])).iter().for_each(NodeRef::remove_from_parent);
        if !tells_only_the_file(&text, image, &link) {
            insert_caption(&link, &text);
        }
    }
}

/// Returns whether a link holds this image alone and leads to an image file.
fn is_lightbox(link: &NodeRef<'_>, image: &NodeRef<'_>, base: Option<&Url>) -> bool {
    let to = || attribute(link, "href").and_then(|to| urls::resolve_http(&to, base));
    let shown = || attribute(image, "src").and_then(|source| urls::resolve_http(&source, base));
    // A figure in the link has its own caption.
    let is_figure = |node: NodeRef<'_>| tree::has_name(&node, &["figure", "figcaption"]);
    link.descendants_it().nth(MAX_NODES).is_none()
        && !link.descendants_it().any(is_figure)
        && tree::has_single_image(link)
        && to().is_some_and(|to| full_size_link::is_image_file(&to) || shown().as_ref() == Some(&to))
}

/// Returns whether the words are the name of the file, its size, a label, or what the image is described by anyway.
fn tells_only_the_file(text: &str, image: &NodeRef<'_>, link: &NodeRef<'_>) -> bool {
    let lower = text.to_lowercase();
    let states_pixels = || {
        let sides = |word: &str| {
            let (width, height) = word.split_once(['×', 'x'])?;
            Some(width.parse::<u32>().is_ok() && height.parse::<u32>().is_ok())
        };
        lower.split_whitespace().any(|word| sides(word).unwrap_or(false))
    };
    let states_bytes =
        || lower.split_whitespace().any(|word| matches!(word.trim_matches(['(', ')']), "kb" | "mb" | "kib" | "mib"));
    let repeats = |other: Option<String>| other.is_some_and(|other| words::match_key(&other) == words::match_key(text));
    states_pixels()
        || states_bytes()
        || repeats(attribute(image, "alt"))
        || repeats(attribute(link, "title"))
        || words::count(text) <= MAX_LABEL_WORDS
            && ["enlarge", "zoom", "full size", "fullsize", "vergrößern", "agrandir", "ampliar", "ingrandisci"]
                .iter()
                .any(|label| lower.contains(label))
}

/// Adds a caption to the figure around a link, or makes one.
fn insert_caption(link: &NodeRef<'_>, text: &str) {
    let figure = tree::enclosing_figure(link).unwrap_or_else(|| {
        let figure = link.tree.new_element("figure");
        link.insert_before(&figure);
        figure.append_child(link);
        figure
    });
    if figure.descendants_it().any(|inside| tree::has_name(&inside, &["figcaption"])) {
        return;
    }
    let caption = link.tree.new_element("figcaption");
    caption.set_text(text);
    figure.append_child(&caption);
}
