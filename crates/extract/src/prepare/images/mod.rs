//! Pictures: what scripts would have loaded is loaded by the tree itself, and what only counts
//! visits is taken away.

mod full_size_link;
pub(crate) mod url_patterns;

use dom_query::NodeRef;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::urls;
pub(crate) use url_patterns::{is_placeholder, leads_to_face};

/// Where sites keep the address that a script puts in the place of `src`, best first.
const LAZY: &[&str] = &[
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
/// Where sites keep other sizes of the picture, for a closer look; they count when nothing else is a picture.
const OTHER_SIZES: &[&str] = &[
    "data-large-file",
    "data-orig-file",
    "data-full-src",
    "data-hi-res-src",
    "data-hires",
    "data-raw-src",
    "data-pin-media",
];
const LAZY_SETS: &[&str] = &["data-srcset", "data-lazy-srcset", "data-sizes-srcset", "srcset"];

/// Gives every picture its real address (absolute, http or https), and takes away those without one; `pictures` are the
/// `picture` elements around some. Answers the addresses of tracking pixels.
pub(crate) fn resolve(images: &[NodeRef<'_>], pictures: &[NodeRef<'_>], base: Option<&Url>) -> Vec<String> {
    let mut trackers = Vec::new();
    for image in images {
        if is_tracker(image) {
            trackers.push(attribute(image, "src").unwrap_or_default());
            image.remove_from_parent();
            continue;
        }
        match best(image, base) {
            Some(url) => {
                image.rename("img");
                let larger = full_size_link::linked(image, &url, base);
                if larger.is_some() {
                    // These were the sizes of the small one.
                    image.remove_attrs(&["width", "height"]);
                }
                keep_attributes(image, &larger.unwrap_or(url));
            }
            None => image.remove_from_parent(),
        }
    }
    for picture in pictures {
        for source in tree::elements(picture, |node| tree::is_any(node, &["source"])) {
            source.remove_from_parent();
        }
        tree::unwrap(picture);
    }
    trackers
}

/// Figures without a picture, which a script would put there by the address in an attribute, get it.
pub(crate) fn of_empty_figures<'a>(figures: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let mut made = Vec::new();
    for figure in figures {
        let address = LAZY.iter().chain(&["itemid"]).filter_map(|name| attribute(figure, name)).find(|value| {
            let path = value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            [".jpg", ".jpeg", ".png", ".webp"].iter().any(|ending| path.ends_with(ending))
        });
        let Some(address) = address else { continue };
        if figure.descendants_it().any(|node| tree::is_any(&node, &["img", "picture", "video", "iframe", "noscript"])) {
            continue;
        }
        let image = figure.tree.new_element("img");
        image.set_attr("src", &address);
        figure.prepend_child(&image);
        made.push(image);
    }
    made
}

fn keep_attributes(image: &NodeRef<'_>, url: &Url) {
    let alt = attribute(image, "alt").or_else(|| attribute(image, "title"));
    let size = ["width", "height"].map(|name| attribute(image, name).and_then(|size| pixels(&size)));
    let marks = ["class", "id"].map(|name| attribute(image, name));
    image.remove_all_attrs();
    image.set_attr("src", url.as_str());
    image.set_attr("alt", &alt.unwrap_or_default());
    for (name, value) in ["class", "id"].iter().zip(marks) {
        if let Some(value) = value {
            image.set_attr(name, &value);
        }
    }
    if let [Some(width), Some(height)] = size {
        image.set_attr("width", &width.to_string());
        image.set_attr("height", &height.to_string());
    }
}

fn pixels(size: &str) -> Option<u16> {
    size.trim_end_matches("px").trim().split('.').next()?.parse().ok().filter(|size| *size > 0)
}

/// A `noscript` beside a picture holds the same picture for browsers without scripts, often the
/// only one with a real address.
pub(crate) fn noscript_twins(root: &NodeRef<'_>, noscripts: Vec<NodeRef<'_>>) {
    let mut shown = None;
    for noscript in noscripts {
        // Some sites hold the whole text ready for readers without scripts, and show nothing else.
        let text = tree::line(&noscript).len();
        if text >= 300 && text > *shown.get_or_insert_with(|| tree::line(root).len()) {
            tree::unwrap(&noscript);
            continue;
        }
        let inside = tree::images(&noscript);
        let [twin] = inside.as_slice() else {
            noscript.remove_from_parent();
            continue;
        };
        let only_picture = !tree::has_words(&noscript);
        if is_tracker(twin) || !only_picture {
            noscript.remove_from_parent();
            continue;
        }
        if let Some(shown) = neighbour_picture(&noscript) {
            shown.remove_from_parent();
        }
        smaller_twins(&noscript, twin);
        noscript.insert_before(twin);
        noscript.remove_from_parent();
    }
}

/// The picture whose twin stands in this `noscript`: just before or after it, perhaps wrapped.
fn neighbour_picture<'a>(noscript: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    [noscript.prev_element_sibling(), noscript.next_element_sibling()].into_iter().flatten().find_map(|near| {
        if tree::is_any(&near, &["img"]) {
            return Some(near);
        }
        let inside = tree::images(&near);
        (inside.len() == 1 && !tree::has_text(&near)).then(|| inside[0])
    })
}

/// Removes from the figure around a `noscript` what stands for the picture in it: the same file in another size, which
/// a script would have replaced.
fn smaller_twins(noscript: &NodeRef<'_>, twin: &NodeRef<'_>) {
    let file = |image: &NodeRef<'_>| {
        let source = attribute(image, "src")?;
        source.split(['?', '#']).next()?.rsplit('/').next().map(str::to_owned).filter(|file| file.len() >= 5)
    };
    let (Some(figure), Some(own)) =
        (noscript.ancestors_it(Some(8)).find(|above| tree::is_any(above, &["figure"])), file(twin))
    else {
        return;
    };
    for image in tree::elements(&figure, |node| tree::is_any(node, &["img"]) && node.id != twin.id) {
        if file(&image).is_some_and(|file| file == own) {
            image.remove_from_parent();
        }
    }
}

/// The address of the picture that the page shows in this place, absolute.
///
/// That is `src` where it is a picture: its size was chosen for a column of text such as ours, and other sizes (for a
/// closer look, for sharing) are often cut or marked differently. What a script would put in place of `src` comes first,
/// since `src` then is a grey or blurred stand-in. Only where `src` is nothing, or the stand-in says so itself, the best
/// of the other sizes is taken.
fn best(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let source = attribute(image, "src").filter(|source| !is_placeholder(source));
    let source = source.and_then(|source| urls::web(&source, base));
    let named = |names: &[&str]| {
        let values = names.iter().filter_map(|name| attribute(image, name));
        values
            .filter(|value| looks_like_picture(value) && !is_placeholder(value))
            .find_map(|value| urls::web(&value, base))
    };
    let of_set = || LAZY_SETS.iter().filter_map(|name| attribute(image, name)).find_map(|set| largest(&set, base));
    let has_data =
        image.element_ref().is_some_and(|image| image.attrs.iter().any(|one| one.name.local.starts_with("data-")));
    has_data
        .then(|| named(LAZY))
        .flatten()
        .or_else(|| source.clone().filter(|url| !is_preview(url)))
        .or_else(of_set)
        .or_else(|| from_sources(image, base))
        .or_else(|| named(OTHER_SIZES))
        .or(source)
        .or_else(|| any_address(image, base))
}

/// Whether an address says that its picture is only a blurred or tiny stand-in.
fn is_preview(url: &Url) -> bool {
    let tiny = |value: &str| value.parse::<u32>().is_ok_and(|pixels| pixels < 100);
    let mut query = url.query_pairs();
    let says_so = url.path().contains("lqip") || query.clone().any(|(name, _)| name == "blur" || name == "lqip");
    says_so || query.any(|(name, value)| matches!(name.as_ref(), "w" | "width") && tiny(&value))
}

/// Whether a lazy attribute holds an address and not a JSON object or a flag.
fn looks_like_picture(value: &str) -> bool {
    !value.starts_with(['{', '[', '#']) && !value.contains(char::is_whitespace) && value.contains(['/', '.'])
}

/// Some sites invent their own attribute; anything that ends like a picture will do.
fn any_address(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    image
        .attrs()
        .iter()
        .filter(|one| !matches!(one.name.local.as_ref(), "src" | "alt" | "title"))
        .filter(|one| {
            let path = one.value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"].iter().any(|end| path.ends_with(end))
        })
        .filter(|one| looks_like_picture(&one.value) && !is_placeholder(&one.value))
        .find_map(|one| urls::web(&one.value, base))
}

/// From the `source` elements of a `picture` around the image.
fn from_sources(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let picture = image.parent().filter(|parent| tree::is_any(parent, &["picture"]))?;
    tree::elements(&picture, |node| tree::is_any(node, &["source"])).iter().find_map(|source| {
        ["srcset", "data-srcset", "data-lazy-srcset", "data-src", "src"]
            .iter()
            .filter_map(|name| attribute(source, name))
            .find_map(|set| largest(&set, base))
    })
}

/// The widest candidate of a `srcset` up to 2,000 pixels (or twofold), else the narrowest.
pub(crate) fn largest(set: &str, base: Option<&Url>) -> Option<Url> {
    let mut best: Option<(f64, Url)> = None;
    for (address, size) in candidates(set) {
        if is_placeholder(address) {
            continue;
        }
        let Some(url) = urls::web(address, base) else { continue };
        let sane = |size: f64| if size > 2_000.0 { -size } else { size };
        if best.as_ref().is_none_or(|(known, _)| sane(size) > sane(*known)) {
            best = Some((size, url));
        }
    }
    best.map(|(_, url)| url)
}

/// The addresses of a `srcset` with their width (a density counts as so many hundred pixels).
fn candidates(set: &str) -> Vec<(&str, f64)> {
    let mut found = Vec::new();
    let mut rest = set.trim_start_matches([',', ' ', '\n', '\t']);
    while !rest.is_empty() && found.len() < 100 {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        if let Some(address) = address.strip_suffix(',') {
            found.push((address.trim_end_matches(','), 100.0));
            rest = after.trim_start();
            continue;
        }
        let (descriptor, next) = after.split_once(',').unwrap_or((after, ""));
        found.push((address, width(descriptor)));
        rest = next.trim_start_matches(|letter: char| letter == ',' || letter.is_whitespace());
    }
    found
}

fn width(descriptor: &str) -> f64 {
    let descriptor = descriptor.trim();
    if let Some(width) = descriptor.strip_suffix('w') {
        return width.trim().parse().unwrap_or(100.0);
    }
    descriptor.strip_suffix('x').and_then(|density| density.trim().parse::<f64>().ok()).map_or(100.0, |d| d * 100.0)
}

/// Whether a picture is that of the one who wrote: a face beside a post, or a flag for where it is from.
pub(crate) fn is_face(image: &NodeRef<'_>) -> bool {
    leads_to_face(&tree::marks(image)) || attribute(image, "src").is_some_and(|source| leads_to_face(&source))
}

/// Whether a picture only counts visits: one pixel in size or from a known counter.
pub(crate) fn is_tracker(image: &NodeRef<'_>) -> bool {
    let tiny =
        |name: &str| attribute(image, name).is_some_and(|size| matches!(size.trim_end_matches("px"), "0" | "1" | "2"));
    let style = attribute(image, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    let source = attribute(image, "src").unwrap_or_default();
    let lazy = || LAZY.iter().chain(LAZY_SETS).any(|name| attribute(image, name).is_some());
    (tiny("width") && tiny("height") && !lazy())
        || (style.contains("width:1px") && style.contains("height:1px"))
        // A size of nothing alone is often that of a picture that a script shows.
        || (style.contains("width:0px") && style.contains("height:0px") && tree::hides(&style))
        || (url_patterns::counts_visits(&source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_sane_candidate_of_a_set_is_taken() {
        let base = Url::parse("https://a.example/").unwrap();
        for (set, wanted) in [
            ("a.jpg 320w, b.jpg 1600w, c.jpg 4000w", Some("b.jpg")),
            ("a.jpg, b.jpg 2x", Some("b.jpg")),
            ("w_10,h_20/a.jpg 1x, w_20,h_40/b.jpg 2x", Some("w_20,h_40/b.jpg")),
            ("data:image/gif;base64,R0lGOD 1w", None),
            ("big.jpg 5000w, huge.jpg 9000w", Some("big.jpg")),
            (",,,", None),
        ] {
            let found = largest(set, Some(&base)).map(|url| url.path()[1..].to_owned());
            assert_eq!(found.as_deref(), wanted, "{set}");
        }
    }

    #[test]
    fn the_small_picture_a_script_would_replace_goes() {
        let html = "<figure><div><img src='/max/60/rain-on-hill.png?q=20'></div><div><img class=late><noscript>\
                    <img src='/max/1200/rain-on-hill.png'></noscript></div><figcaption>Rain</figcaption></figure>";
        let base = Url::parse("https://a.example/").unwrap();
        assert_eq!(
            crate::sanitize::sanitize_html(html, Some(&base)).as_str(),
            "<figure><img src=\"https://a.example/max/1200/rain-on-hill.png\" alt=\"\"><figcaption>Rain</figcaption></figure>"
        );
    }

    #[test]
    fn a_link_to_a_part_that_is_not_here_leads_to_the_original_page() {
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
