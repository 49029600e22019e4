//! The images of an article: the one that stands for it, and all that are in it.

use dom_query::NodeRef;
use foldhash::HashSet;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};
use crate::metadata::site_logo::is_plain_site_image;
use crate::page::Image;

/// Pixels of a picture in the text that is no lead image.
const SMALL: u32 = 80;
/// Pictures above the text that are looked at for the lead image.
const MOST_ABOVE: usize = 5;
/// A page with more pictures than this is no article; those beyond stay links.
const MOST_PICTURES: usize = 500;
/// The lead image: what the page names, else a picture above the text. The body keeps its own copy where it stands;
/// [`crate::sanitize::CleanHtml::shows`] tells whether there is one.
pub(super) fn lead(root: &NodeRef<'_>, named: Option<&(Url, String)>, base: Option<&Url>) -> Option<Image> {
    let images = tree::images(root);
    let address = |image: &NodeRef<'_>| attribute(image, "src").and_then(|address| urls::web(&address, None));
    let Some((url, words)) = named.cloned() else {
        let above = images
            .iter()
            .take_while(|image| is_above_text(image, root))
            .take(MOST_ABOVE)
            .filter(|image| !is_small(image));
        let (first, url) = above
            .filter_map(|image| Some((image, address(image)?)))
            .find(|(_, url)| !is_plain_site_image(url, base))?;
        return Some(Image { url, description: words_of(first, String::new()) });
    };
    let own = images.iter().find(|image| address(image).is_some_and(|own| urls::is_same_picture(&own, &url)));
    let description = match own {
        Some(image) => words_of(image, words),
        None => words,
    };
    Some(Image { url, description })
}

/// Whether a picture says that it is too small to stand for anything.
fn is_small(image: &NodeRef<'_>) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| size.parse::<u32>().ok());
    side("width").is_some_and(|width| width < SMALL) || side("height").is_some_and(|height| height < SMALL)
}

/// Whether at most one paragraph stands before the picture.
fn is_above_text(image: &NodeRef<'_>, root: &NodeRef<'_>) -> bool {
    root.descendants_it()
        .take_while(|node| node.id != image.id)
        .filter(|node| tree::is_any(node, &["p"]) && tree::has_text(node))
        .count()
        <= 1
}

/// A picture's words: its caption, else its description, else what the page says of it elsewhere.
fn words_of(image: &NodeRef<'_>, elsewhere: String) -> String {
    let found = caption(image).or_else(|| attribute(image, "alt")).unwrap_or(elsewhere);
    words::one_line(&found, 499)
}

/// All pictures of lead and body, each address once, at most [`MOST_PICTURES`].
pub(super) fn pictures(lead: Option<&Image>, root: &NodeRef<'_>) -> Vec<Image> {
    let mut found: Vec<Image> = lead.into_iter().cloned().collect();
    let mut known: HashSet<Url> = found.iter().map(|picture| picture.url.clone()).collect();
    for image in tree::images(root) {
        let Some(url) = attribute(&image, "src").and_then(|address| urls::web(&address, None)) else { continue };
        if !known.insert(url.clone()) {
            continue;
        }
        if found.len() == MOST_PICTURES {
            break;
        }
        let description = attribute(&image, "alt").or_else(|| caption(&image)).unwrap_or_default();
        found.push(Image { url, description: words::one_line(&description, 499) });
    }
    found
}

fn caption(image: &NodeRef<'_>) -> Option<String> {
    let figure = tree::figure_around(image)?;
    let caption = tree::elements(&figure, |node| tree::is_any(node, &["figcaption"])).into_iter().next()?;
    Some(tree::line(&caption)).filter(|text| !text.is_empty())
}
