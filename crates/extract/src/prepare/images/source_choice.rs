//! Chooses among the URLs of an image.

use dom_query::NodeRef;
use url::Url;

use super::media_queries;
use super::url_patterns::is_placeholder;
use crate::dom::tree::{self, attribute};
use crate::dom::urls;

/// Attributes with the URL that a script puts into `src`, best first.
pub(super) const LAZY_SOURCES: &[&str] = &[
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
/// Attributes with the sizes that a script puts into `srcset`.
const LAZY_SRCSETS: &[&str] = &["data-srcset", "data-lazy-srcset", "data-sizes-srcset"];
pub(super) const SRCSETS: &[&str] = &["data-srcset", "data-lazy-srcset", "data-sizes-srcset", "srcset"];
/// Classes of images whose `src` only holds their place.
const STAND_IN_CLASSES: &[&str] = &["lazyload", "lazyloading", "blur-up", "lqip", "b-lazy", "lozad"];
/// Least width of an image in a column of text, in pixels, where a `<source>` has a wider one.
const MIN_COLUMN_WIDTH: u32 = 400;
/// Least width and height of a picture for readers, in pixels.
const MIN_PICTURE_SIDE: u32 = 100;

/// Returns the absolute URL of the image that the page shows here.
///
/// Usually that is `src`: it fits a column of text like ours, while other sizes (for zooming, for sharing) are often
/// cropped or watermarked. The source that a script would put into `src` or `srcset` goes first, since then `src` is a
/// gray or blurred placeholder. If `src` is missing or a stand-in, the best of the other sizes is used.
pub(super) fn best_url(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let from_attributes = |names: &[&str]| {
        let values = names.iter().filter_map(|name| attribute(image, name));
        values
            .filter(|value| looks_like_image_url(value) && !is_placeholder(value))
            .find_map(|value| urls::resolve_http(&value, base))
    };
    let from_srcset = |names: &[&str]| {
        names.iter().filter_map(|name| attribute(image, name)).find_map(|set| best_srcset_url(&set, base))
    };
    let has_data_attribute =
        image.element_ref().is_some_and(|image| image.attrs.iter().any(|attr| attr.name.local.starts_with("data-")));
    let lazy = || from_attributes(LAZY_SOURCES).or_else(|| from_srcset(LAZY_SRCSETS));
    if let Some(url) = has_data_attribute.then(lazy).flatten() {
        return Some(url);
    }
    let source = attribute(image, "src").filter(|source| !is_placeholder(source));
    let source = source.and_then(|source| urls::resolve_http(&source, base));
    let for_screen = source.as_ref().and_then(|source| url_for_screen(image, source, base));
    for_screen
        .or_else(|| source.clone().filter(|url| !is_stand_in(image, url)))
        .or_else(|| from_srcset(&["srcset"]))
        .or_else(|| url_from_picture_element(image, base, media_queries::fits))
        .or_else(|| url_from_picture_element(image, base, |_| true))
        .or_else(|| from_attributes(OTHER_SIZES))
        .or(source)
        .or_else(|| url_from_any_attribute(image, base))
}

/// Returns whether `src` only holds the place of the image until it is loaded, by its URL or by a class.
fn is_stand_in(image: &NodeRef<'_>, source: &Url) -> bool {
    let has_class = || {
        let is_known = |class: &str| STAND_IN_CLASSES.iter().any(|known| class.eq_ignore_ascii_case(known));
        image.attr("class").is_some_and(|classes| classes.split_ascii_whitespace().any(is_known))
    };
    is_low_quality_preview(source) || names_tiny_size(source.as_str()) || has_class()
}

/// Returns whether a URL names a blurred or tiny preview.
fn is_low_quality_preview(url: &Url) -> bool {
    let mut query = url.query_pairs();
    url.path().contains("lqip") || query.any(|(name, _)| name == "blur" || name == "lqip")
}

/// Returns whether a URL states a width and height, or a width, that no picture for readers has: `/20x13/`, `-32x24.jpg`,
/// `w_30`, `?w=40`.
pub(super) fn names_tiny_size(url: &str) -> bool {
    let is_tiny = |size: &str| size.parse::<u32>().is_ok_and(|pixels| (1..MIN_PICTURE_SIDE).contains(&pixels));
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let mut words = path.split(['/', '-', '.', ',', '_']).map(str::trim);
    let mut widths = path.split(['/', ',']).filter_map(|step| step.strip_prefix("w_"));
    let mut queried =
        query.split(['&', ';']).filter_map(|part| part.strip_prefix("width=").or(part.strip_prefix("w=")));
    words.any(|word| word.split_once('x').is_some_and(|(width, height)| is_tiny(width) && is_tiny(height)))
        || widths.any(is_tiny)
        || queried.any(is_tiny)
}

/// Returns whether a `data:` URL is a drawing without content, or a blurred picture, that keeps the place of another.
pub(super) fn is_drawn_placeholder(url: &str) -> bool {
    url.starts_with("data:image/svg+xml")
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

/// Returns the URL of a `<source>` for screens as wide as a column of text, if `src` is that for narrow ones.
fn url_for_screen(image: &NodeRef<'_>, source: &Url, base: Option<&Url>) -> Option<Url> {
    let is_narrow =
        || url_from_picture_element(image, base, |media| !media_queries::fits(media)).as_ref() == Some(source);
    (stated_width(source).is_some_and(|width| width < MIN_COLUMN_WIDTH) || is_narrow())
        .then(|| url_from_picture_element(image, base, |media| media.contains("width") && media_queries::fits(media)))?
}

/// Returns the width that the query of a URL states.
fn stated_width(url: &Url) -> Option<u32> {
    let width = url.query_pairs().find(|(name, _)| matches!(&**name, "w" | "width"))?.1;
    width.parse().ok()
}

/// Returns the URL from the `<source>` elements of the `<picture>` around the image, of those whose `media` fits.
fn url_from_picture_element(image: &NodeRef<'_>, base: Option<&Url>, fits: impl Fn(&str) -> bool) -> Option<Url> {
    let picture = image.ancestors_it(Some(2)).find(|above| tree::has_name(above, &["picture"]))?;
    let sources = tree::elements(&picture, |node| tree::has_name(node, &["source"]));
    sources.iter().filter(|source| fits(&attribute(source, "media").unwrap_or_default())).find_map(|source| {
        ["data-srcset", "data-lazy-srcset", "srcset", "data-src", "src"]
            .iter()
            .filter_map(|name| attribute(source, name))
            .find_map(|set| best_srcset_url(&set, base))
    })
}

/// Returns the widest candidate of a `srcset` up to 2,000 pixels, else the narrowest.
fn best_srcset_url(set: &str, base: Option<&Url>) -> Option<Url> {
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
}
