//! Replaces thumbnails by the full-size image they link to.

use dom_query::NodeRef;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::urls;

/// The maximum width and height of a thumbnail, in pixels.
const MAX_THUMBNAIL_SIDE: u16 = 180;
const IMAGE_EXTENSIONS: [&str; 6] = [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"];

/// Returns the URL of the full-size image that a thumbnail links to.
pub(super) fn find_full_size_url(image: &NodeRef<'_>, shown: &Url, base: Option<&Url>) -> Option<Url> {
    let link = image.ancestors_it(Some(3)).find(|above| tree::has_name(above, &["a"]))?;
    let to = attribute(&link, "href").filter(|to| may_be_image_file(to));
    let to = to.and_then(|to| urls::resolve_http(&to, base))?;
    (is_image_file(&to) && is_thumbnail(image, shown)).then_some(to)
}

/// Returns the image file that the link around an image without a URL leads to.
pub(super) fn find_linked_image(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let link = image.ancestors_it(Some(3)).find(|above| tree::has_name(above, &["a"]))?;
    let to = attribute(&link, "href").and_then(|to| urls::resolve_http(&to, base))?;
    (is_image_file(&to) && tree::has_single_image(&link)).then_some(to)
}

/// Returns whether a link may lead to an image file. Cheaper than resolving it.
fn may_be_image_file(to: &str) -> bool {
    let lower = to.to_ascii_lowercase();
    IMAGE_EXTENSIONS.iter().any(|end| lower.contains(end))
}

pub(super) fn is_image_file(url: &Url) -> bool {
    let file = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    // "File:rain.jpg" is a page about an image.
    IMAGE_EXTENSIONS.iter().any(|end| file.ends_with(end)) && !file.contains(':') && !file.contains("%3a")
}

/// Returns whether the page shows the image small, by its attributes or else its URL.
fn is_thumbnail(image: &NodeRef<'_>, shown: &Url) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| super::parse_pixels(&size));
    match [side("width"), side("height")] {
        [Some(width), Some(height)] => width <= MAX_THUMBNAIL_SIDE && height <= MAX_THUMBNAIL_SIDE,
        // A single one of them is not kept.
        _ => {
            let path = shown.path().to_ascii_lowercase();
            let mut query = shown.query_pairs();
            let says_small = query.any(|(name, size)| matches!(&*name, "w" | "width") && is_small_size(&size));
            path.contains("thumb") || path_names_small_size(&path) || says_small
        }
    }
}

/// Returns whether a path contains a small size such as "56x56" as a word.
fn path_names_small_size(path: &str) -> bool {
    let mut words = path.split(['/', '-', '_', '.', ',']);
    words.any(|word| word.split_once('x').is_some_and(|(width, height)| is_small_size(width) && is_small_size(height)))
}

fn is_small_size(size: &str) -> bool {
    size.parse::<u16>().is_ok_and(|size| (1..=MAX_THUMBNAIL_SIDE).contains(&size))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_thumbnail_linked_to_its_full_image_is_replaced_by_it() {
        let base = url::Url::parse("https://a.example/").unwrap();
        let shown = |image: &str, to: &str| {
            let html = crate::sanitize::sanitize_html(&format!("<p><a href='{to}'>{image}</a></p>"), Some(&base));
            html.as_str().contains("src=\"https://a.example/large.jpg\"")
        };
        for image in [
            "<img src='/rain-150x150.jpg'>",
            "<img src='/thumbs/rain.jpg'>",
            "<img src='/rain.jpg' width=120 height=90>",
            "<img src='/rain.jpg?width=160'>",
        ] {
            assert!(shown(image, "/large.jpg"), "{image}");
            assert!(!shown(image, "/large.html") && !shown(image, "/wiki/File:large.jpg"), "{image}");
        }
        for image in [
            "<img src='/rain-1024x768.jpg'>",
            "<img src='/thumbs/rain.jpg' width=640 height=480>",
            "<img src='/rain.jpg'>",
        ] {
            assert!(!shown(image, "/large.jpg"), "{image}");
        }
    }
}
