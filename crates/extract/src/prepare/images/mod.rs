//! Resolves images: sets the real URL of lazily loaded images and removes tracking pixels.

mod full_size_link;
pub(crate) mod url_patterns;

use dom_query::NodeRef;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::urls;
pub(crate) use url_patterns::{is_placeholder, mentions_avatar};

/// Attributes with the URL that a script puts into `src`, best first.
const LAZY_SOURCES: &[&str] = &[
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-img-src",
    "data-original-src",
    "data-src-large",
    "data-default-src",
    "data-actualsrc",
    "data-echo",
    "data-flickity-lazyload",
    "data-cfsrc",
    "data-runner-src",
    "data-delayed-url",
    "data-img",
    "data-image",
    "data-url",
    "data-original-mos",
];
/// Attributes with other sizes of the image, for when nothing else is an image.
const OTHER_SIZES: &[&str] = &[
    "data-large-file",
    "data-orig-file",
    "data-full-src",
    "data-hi-res-src",
    "data-hires",
    "data-raw-src",
    "data-pin-media",
];
const SRCSETS: &[&str] = &["data-srcset", "data-lazy-srcset", "data-sizes-srcset", "srcset"];

/// Sets the absolute http(s) URL of each image, and removes images without one and tracking pixels. `pictures` are all
/// `<picture>` elements; they are unwrapped. Returns the URLs of the tracking pixels.
pub(crate) fn resolve_sources(images: &[NodeRef<'_>], pictures: &[NodeRef<'_>], base: Option<&Url>) -> Vec<String> {
    let mut trackers = Vec::new();
    for image in images {
        if is_tracking_pixel(image) {
            trackers.push(attribute(image, "src").unwrap_or_default());
            image.remove_from_parent();
            continue;
        }
        match best_url(image, base) {
            Some(url) => {
                image.rename("img");
                let larger = full_size_link::find_full_size_url(image, &url, base);
                if larger.is_some() {
                    // They belong to the thumbnail.
                    image.remove_attrs(&["width", "height"]);
                }
                replace_attributes(image, &larger.unwrap_or(url));
            }
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

fn replace_attributes(image: &NodeRef<'_>, url: &Url) {
    let alt = attribute(image, "alt").or_else(|| attribute(image, "title"));
    let size = ["width", "height"].map(|name| attribute(image, name).and_then(|size| parse_pixels(&size)));
    let class_and_id = ["class", "id"].map(|name| attribute(image, name));
    image.remove_all_attrs();
    image.set_attr("src", url.as_str());
    image.set_attr("alt", &alt.unwrap_or_default());
    for (name, value) in ["class", "id"].iter().zip(class_and_id) {
        if let Some(value) = value {
            image.set_attr(name, &value);
        }
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

/// Returns the absolute URL of the image that the page shows here.
///
/// Usually that is `src`: it fits a column of text like ours, while other sizes (for zooming, for sharing) are often
/// cropped or watermarked. The source that a script would put into `src` goes first, since then `src` is a gray or
/// blurred placeholder. If `src` is missing or clearly a placeholder, the best of the other sizes is used.
fn best_url(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let source = attribute(image, "src").filter(|source| !is_placeholder(source));
    let source = source.and_then(|source| urls::resolve_http(&source, base));
    let from_attributes = |names: &[&str]| {
        let values = names.iter().filter_map(|name| attribute(image, name));
        values
            .filter(|value| looks_like_image_url(value) && !is_placeholder(value))
            .find_map(|value| urls::resolve_http(&value, base))
    };
    let from_srcset =
        || SRCSETS.iter().filter_map(|name| attribute(image, name)).find_map(|set| best_srcset_url(&set, base));
    let has_data_attribute =
        image.element_ref().is_some_and(|image| image.attrs.iter().any(|attr| attr.name.local.starts_with("data-")));
    has_data_attribute
        .then(|| from_attributes(LAZY_SOURCES))
        .flatten()
        .or_else(|| source.clone().filter(|url| !is_low_quality_preview(url)))
        .or_else(from_srcset)
        .or_else(|| url_from_picture_element(image, base))
        .or_else(|| from_attributes(OTHER_SIZES))
        .or(source)
        .or_else(|| url_from_any_attribute(image, base))
}

/// Returns whether a URL names a blurred or tiny preview.
fn is_low_quality_preview(url: &Url) -> bool {
    let tiny = |value: &str| value.parse::<u32>().is_ok_and(|pixels| pixels < 100);
    let mut query = url.query_pairs();
    let names_preview = url.path().contains("lqip") || query.clone().any(|(name, _)| name == "blur" || name == "lqip");
    names_preview || query.any(|(name, value)| matches!(name.as_ref(), "w" | "width") && tiny(&value))
}

/// Returns whether a lazy attribute holds a URL, not a JSON object or a flag.
fn looks_like_image_url(value: &str) -> bool {
    !value.starts_with(['{', '[', '#']) && !value.contains(char::is_whitespace) && value.contains(['/', '.'])
}

/// Finds an image URL in any attribute, since some sites invent their own.
fn url_from_any_attribute(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    image
        .attrs()
        .iter()
        .filter(|attr| !matches!(attr.name.local.as_ref(), "src" | "alt" | "title"))
        .filter(|attr| {
            let path = attr.value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"].iter().any(|end| path.ends_with(end))
        })
        .filter(|attr| looks_like_image_url(&attr.value) && !is_placeholder(&attr.value))
        .find_map(|attr| urls::resolve_http(&attr.value, base))
}

/// Returns the URL from the `<source>` elements of the `<picture>` around the image.
fn url_from_picture_element(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let picture = image.parent().filter(|parent| tree::has_name(parent, &["picture"]))?;
    tree::elements(&picture, |node| tree::has_name(node, &["source"])).iter().find_map(|source| {
        ["srcset", "data-srcset", "data-lazy-srcset", "data-src", "src"]
            .iter()
            .filter_map(|name| attribute(source, name))
            .find_map(|set| best_srcset_url(&set, base))
    })
}

/// Returns the widest candidate of a `srcset` up to 2,000 pixels, else the narrowest.
pub(crate) fn best_srcset_url(set: &str, base: Option<&Url>) -> Option<Url> {
    let mut best: Option<(f64, Url)> = None;
    for (url_text, size) in parse_srcset(set) {
        if is_placeholder(url_text) {
            continue;
        }
        let Some(url) = urls::resolve_http(url_text, base) else { continue };
        let rank = |size: f64| if size > 2_000.0 { -size } else { size };
        if best.as_ref().is_none_or(|(known, _)| rank(size) > rank(*known)) {
            best = Some((size, url));
        }
    }
    best.map(|(_, url)| url)
}

/// Splits a `srcset` into URLs and widths in pixels. A pixel density counts as 100 pixels per unit.
fn parse_srcset(set: &str) -> Vec<(&str, f64)> {
    let mut found = Vec::new();
    let mut rest = set.trim_start_matches([',', ' ', '\n', '\t']);
    while !rest.is_empty() && found.len() < 100 {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (url_text, after) = rest.split_at(end);
        if let Some(url_text) = url_text.strip_suffix(',') {
            found.push((url_text.trim_end_matches(','), 100.0));
            rest = after.trim_start();
            continue;
        }
        let (descriptor, next) = after.split_once(',').unwrap_or((after, ""));
        found.push((url_text, parse_width(descriptor)));
        rest = next.trim_start_matches(|letter: char| letter == ',' || letter.is_whitespace());
    }
    found
}

fn parse_width(descriptor: &str) -> f64 {
    let descriptor = descriptor.trim();
    if let Some(width) = descriptor.strip_suffix('w') {
        return width.trim().parse().unwrap_or(100.0);
    }
    descriptor.strip_suffix('x').and_then(|density| density.trim().parse::<f64>().ok()).map_or(100.0, |d| d * 100.0)
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
    fn picks_the_largest_srcset_candidate_up_to_2000_pixels() {
        let base = Url::parse("https://a.example/").unwrap();
        for (set, wanted) in [
            ("a.jpg 320w, b.jpg 1600w, c.jpg 4000w", Some("b.jpg")),
            ("a.jpg, b.jpg 2x", Some("b.jpg")),
            ("w_10,h_20/a.jpg 1x, w_20,h_40/b.jpg 2x", Some("w_20,h_40/b.jpg")),
            ("data:image/gif;base64,R0lGOD 1w", None),
            ("big.jpg 5000w, huge.jpg 9000w", Some("big.jpg")),
            (",,,", None),
        ] {
            let found = best_srcset_url(set, Some(&base)).map(|url| url.path()[1..].to_owned());
            assert_eq!(found.as_deref(), wanted, "{set}");
        }
    }

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
