//! Resolves images: sets the real URL of lazily loaded images and removes tracking pixels.

pub(crate) mod carriers;
pub(crate) mod drawings;
mod full_size_link;
pub(crate) mod inline;
mod lightbox_words;
mod media_queries;
pub(crate) mod missing;
mod source_choice;
pub(crate) mod url_patterns;
mod variants;

use dom_query::NodeRef;
use url::Url;

use crate::dom::tree::{self, attribute};
use inline::InlineImages;
use source_choice::{LAZY_SOURCES, SRCSETS, best_url};
pub(crate) use url_patterns::{is_placeholder, mentions_avatar};

/// Marks images that were made out of other elements.
pub(crate) const ADDED: &str = "data-added";

/// Sets the absolute http(s) URL of each image, and removes images without one and tracking pixels. `pictures` are all
/// `<picture>` elements; they are unwrapped. Returns the URLs of the tracking pixels.
pub(crate) fn resolve_sources(
    images: &[NodeRef<'_>],
    pictures: &[NodeRef<'_>],
    base: Option<&Url>,
    inline: &mut InlineImages,
) -> Vec<String> {
    variants::remove_worse(images);
    lightbox_words::separate(images, base);
    let mut trackers = Vec::new();
    for image in images.iter().filter(|image| image.parent().is_some()) {
        if is_tracking_pixel(image) {
            trackers.push(attribute(image, "src").unwrap_or_default());
            image.remove_from_parent();
            continue;
        }
        let found = best_url(image, base).or_else(|| inline.add_from_image(image));
        match found.or_else(|| full_size_link::find_linked_image(image, base)) {
            Some(url) => {
                image.rename("img");
                let larger = full_size_link::find_full_size_url(image, &url, base);
                if larger.is_some() {
                    // They belong to the thumbnail.
                    image.remove_attrs(&["width", "height"]);
                }
                replace_attributes(image, &larger.unwrap_or(url));
            }
            None if missing::is_captioned(image) => mark_missing(image),
            None => image.remove_from_parent(),
        }
    }
    for picture in pictures {
        for source in tree::elements(picture, |node| tree::has_name(node, &["source"])) {
            source.remove_from_parent();
        }
        tree::unwrap(picture);
    }
    trackers
}

/// Adds the images that a script would put into empty figures, by the URL in an attribute. Returns the new images.
pub(crate) fn add_figure_images<'a>(figures: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let mut added = Vec::new();
    for figure in figures {
        let url_text =
            LAZY_SOURCES.iter().chain(&["itemid"]).filter_map(|name| attribute(figure, name)).find(|value| {
                let path = value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
                [".jpg", ".jpeg", ".png", ".webp"].iter().any(|ending| path.ends_with(ending))
            });
        let Some(url_text) = url_text else { continue };
        if figure.descendants_it().any(|node| tree::has_name(&node, &["img", "picture", "video", "iframe", "noscript"]))
        {
            continue;
        }
        let image = figure.tree.new_element("img");
        image.set_attr("src", &url_text);
        figure.prepend_child(&image);
        added.push(image);
    }
    added
}

/// Leaves an image without a URL, which says that the picture is missing.
fn mark_missing(image: &NodeRef<'_>) {
    let alt = attribute(image, "alt").unwrap_or_default();
    image.rename("img");
    image.remove_all_attrs();
    image.set_attr("alt", &alt);
    image.set_attr(ADDED, "");
}

fn replace_attributes(image: &NodeRef<'_>, url: &Url) {
    let alt = attribute(image, "alt").or_else(|| attribute(image, "title"));
    let size = ["width", "height"].map(|name| attribute(image, name).and_then(|size| parse_pixels(&size)));
    let is_added = image.has_attr(ADDED);
    let class_and_id = ["class", "id"].map(|name| attribute(image, name));
    image.remove_all_attrs();
    image.set_attr("src", url.as_str());
    image.set_attr("alt", &alt.unwrap_or_default());
    for (name, value) in ["class", "id"].iter().zip(class_and_id) {
        if let Some(value) = value {
            image.set_attr(name, &value);
        }
    }
    if is_added {
        image.set_attr(ADDED, "");
    }
    if let [Some(width), Some(height)] = size {
        image.set_attr("width", &width.to_string());
        image.set_attr("height", &height.to_string());
    }
}

fn parse_pixels(size: &str) -> Option<u16> {
    size.trim_end_matches("px").trim().split('.').next()?.parse().ok().filter(|size| *size > 0)
}

/// Replaces lazily loaded images by the copy in the adjacent `<noscript>`, often the only one with a real URL. Removes
/// the other `<noscript>` elements.
pub(crate) fn restore_noscript_images(root: &NodeRef<'_>, noscripts: Vec<NodeRef<'_>>) {
    let mut shown = None;
    for noscript in noscripts {
        // Some sites have the whole text in a `noscript`, and show nothing else.
        let text = tree::line_text(&noscript).len();
        if text >= 300 && text > *shown.get_or_insert_with(|| tree::line_text(root).len()) {
            tree::unwrap(&noscript);
            continue;
        }
        let inside = tree::images(&noscript);
        let [twin] = inside.as_slice() else {
            noscript.remove_from_parent();
            continue;
        };
        let has_only_image = !tree::has_any_text(&noscript);
        if is_tracking_pixel(twin) || !has_only_image {
            noscript.remove_from_parent();
            continue;
        }
        if let Some(shown) = adjacent_image(&noscript) {
            shown.remove_from_parent();
        }
        remove_smaller_copies(&noscript, twin);
        noscript.insert_before(twin);
        noscript.remove_from_parent();
    }
}

/// Returns the image just before or after a `<noscript>`, possibly wrapped.
fn adjacent_image<'a>(noscript: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    [noscript.prev_element_sibling(), noscript.next_element_sibling()].into_iter().flatten().find_map(|near| {
        if tree::has_name(&near, &["img"]) {
            return Some(near);
        }
        let inside = tree::images(&near);
        (inside.len() == 1 && !tree::has_visible_text(&near)).then(|| inside[0])
    })
}

/// Removes other sizes of the image in a `<noscript>` from the figure around it: the same file, which a script would
/// replace.
fn remove_smaller_copies(noscript: &NodeRef<'_>, twin: &NodeRef<'_>) {
    let file = |image: &NodeRef<'_>| {
        let source = attribute(image, "src")?;
        source.split(['?', '#']).next()?.rsplit('/').next().map(str::to_owned).filter(|file| file.len() >= 5)
    };
    let (Some(figure), Some(own)) =
        (noscript.ancestors_it(Some(8)).find(|above| tree::has_name(above, &["figure"])), file(twin))
    else {
        return;
    };
    for image in tree::elements(&figure, |node| tree::has_name(node, &["img"]) && node.id != twin.id) {
        if file(&image).is_some_and(|file| file == own) {
            image.remove_from_parent();
        }
    }
}

/// Returns whether an image shows the author of a post: a face, or the flag of a country.
pub(crate) fn is_avatar(image: &NodeRef<'_>) -> bool {
    mentions_avatar(&tree::class_and_id(image))
        || attribute(image, "src").is_some_and(|source| mentions_avatar(&source))
}

/// Returns whether an image only counts visits: one pixel in size or from a known tracker.
pub(crate) fn is_tracking_pixel(image: &NodeRef<'_>) -> bool {
    let tiny =
        |name: &str| attribute(image, name).is_some_and(|size| matches!(size.trim_end_matches("px"), "0" | "1" | "2"));
    let style = attribute(image, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    let source = attribute(image, "src").unwrap_or_default();
    let lazy = || LAZY_SOURCES.iter().chain(SRCSETS).any(|name| attribute(image, name).is_some());
    (tiny("width") && tiny("height") && !lazy())
        || (style.contains("width:1px") && style.contains("height:1px"))
        // Zero size alone is common for images that a script shows.
        || (style.contains("width:0px") && style.contains("height:0px") && tree::style_hides(&style))
        || (url_patterns::is_tracker(&source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_the_preview_beside_a_noscript_image() {
        let html = "<figure><div><img src='/max/60/rain-on-hill.png?q=20'></div><div><img class=late><noscript>\
                    <img src='/max/1200/rain-on-hill.png'></noscript></div><figcaption>Rain</figcaption></figure>";
        let base = Url::parse("https://a.example/").unwrap();
        assert_eq!(
            crate::sanitize::sanitize_html(html, Some(&base)).as_str(),
            "<figure><img src=\"https://a.example/max/1200/rain-on-hill.png\" alt=\"\"><figcaption>Rain</figcaption></figure>"
        );
    }

    #[test]
    fn fragment_links_without_a_target_point_to_the_original_page() {
        let base = Url::parse("https://a.example/rain").unwrap();
        let clean = |html: &str| crate::sanitize::sanitize_html(html, Some(&base)).as_str().to_owned();
        let once = clean(
            "<p>It rained<a href='#n1'>1</a>, see <a href='#n2' id=r2>2</a>.</p><p id=n2>A note. <a href='#top'>Up</a></p>",
        );
        assert!(once.contains("href=\"https://a.example/rain#n1\"") && once.contains("href=\"#a-n2\""), "{once}");
        assert!(once.contains("<p id=\"a-n2\">") && !once.contains("Up</a>"), "{once}");
        assert_eq!(clean(&once), once);
    }
}
