//! The lead image of an article, and the list of all its images.

use dom_query::NodeRef;
use foldhash::HashSet;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};
use crate::metadata::site_logo::is_plain_site_image;
use crate::page::Image;

/// Least width and height, in pixels, of an image in the text that can be the lead image.
const MIN_LEAD_SIDE: u32 = 80;
/// Number of images above the text that are considered for the lead image.
const MAX_LEAD_CANDIDATES: usize = 5;
/// Most images of an article; further ones stay links.
const MAX_IMAGES: usize = 500;

/// Finds the lead image: the one that the metadata states, else the first suitable image above the text.
///
/// The body keeps its own copy of the image.
pub(super) fn find_lead_image(root: &NodeRef<'_>, stated: Option<&(Url, String)>, base: Option<&Url>) -> Option<Image> {
    let images = tree::images(root);
    let src_url = |image: &NodeRef<'_>| attribute(image, "src").and_then(|src| urls::resolve_http(&src, None));
    let Some((url, words)) = stated.cloned() else {
        let candidates = images
            .iter()
            .take_while(|image| is_above_text(image, root))
            .take(MAX_LEAD_CANDIDATES)
            .filter(|image| !is_too_small(image));
        let (first, url) = candidates
            .filter_map(|image| Some((image, src_url(image)?)))
            .find(|(_, url)| !is_plain_site_image(url, base))?;
        return Some(Image { url, description: describe(first, String::new()) });
    };
    let in_body =
        images.iter().find(|image| src_url(image).is_some_and(|url_in_body| urls::is_same_image(&url_in_body, &url)));
    let description = match in_body {
        Some(image) => describe(image, words),
        None => words,
    };
    Some(Image { url, description })
}

/// Whether the width or height attribute rules an image out as lead image.
fn is_too_small(image: &NodeRef<'_>) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| size.parse::<u32>().ok());
    side("width").is_some_and(|width| width < MIN_LEAD_SIDE)
        || side("height").is_some_and(|height| height < MIN_LEAD_SIDE)
}

/// Whether at most one paragraph precedes the image.
fn is_above_text(image: &NodeRef<'_>, root: &NodeRef<'_>) -> bool {
    root.descendants_it()
        .take_while(|node| node.id != image.id)
        .filter(|node| tree::has_name(node, &["p"]) && tree::has_visible_text(node))
        .count()
        <= 1
}

/// Describes an image: its caption, else its `alt` text, else the description from the metadata.
fn describe(image: &NodeRef<'_>, elsewhere: String) -> String {
    let found = find_caption(image).or_else(|| attribute(image, "alt")).unwrap_or(elsewhere);
    words::one_line(&found, 499)
}

/// Lists the images of lead and body in page order, each URL once, at most [`MAX_IMAGES`].
pub(crate) fn list_images(lead: Option<&Image>, root: &NodeRef<'_>) -> Vec<Image> {
    let mut found: Vec<Image> = lead.into_iter().cloned().collect();
    let mut seen: HashSet<Url> = found.iter().map(|image| image.url.clone()).collect();
    for image in tree::images(root) {
        let Some(url) = attribute(&image, "src").and_then(|src| urls::resolve_http(&src, None)) else { continue };
        if !seen.insert(url.clone()) {
            continue;
        }
        if found.len() == MAX_IMAGES {
            break;
        }
        let description = attribute(&image, "alt").or_else(|| find_caption(&image)).unwrap_or_default();
        found.push(Image { url, description: words::one_line(&description, 499) });
    }
    found
}

fn find_caption(image: &NodeRef<'_>) -> Option<String> {
    let figure = tree::enclosing_figure(image)?;
    let caption = tree::elements(&figure, |node| tree::has_name(node, &["figcaption"])).into_iter().next()?;
    Some(tree::line_text(&caption)).filter(|text| !text.is_empty())
}
