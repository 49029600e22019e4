//! Small pictures that lead to the same picture in a size to look at.

use dom_query::NodeRef;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::urls;

/// Pixels of a picture that only shows what would be seen.
const SMALL: u16 = 180;
/// Endings of pictures.
const ENDS: [&str; 6] = [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"];

/// The picture to which a small one leads.
pub(super) fn linked(image: &NodeRef<'_>, shown: &Url, base: Option<&Url>) -> Option<Url> {
    let link = image.ancestors_it(Some(3)).find(|above| tree::is_any(above, &["a"]))?;
    let to = attribute(&link, "href").and_then(|to| urls::web(&to, base))?;
    (is_picture(&to) && is_small(image, shown)).then_some(to)
}

fn is_picture(url: &Url) -> bool {
    let file = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    // Pages about pictures are called "File:rain.jpg".
    ENDS.iter().any(|end| file.ends_with(end)) && !file.contains(':') && !file.contains("%3a")
}

/// Whether the page shows a picture small, as its attributes say, else its address.
fn is_small(image: &NodeRef<'_>, shown: &Url) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| super::pixels(&size));
    match [side("width"), side("height")] {
        [Some(width), Some(height)] => width <= SMALL && height <= SMALL,
        // One of them alone is not kept.
        _ => {
            let path = shown.path().to_ascii_lowercase();
            let mut query = shown.query_pairs();
            let says_small = query.any(|(name, size)| matches!(&*name, "w" | "width") && is_at_most(&size));
            path.contains("thumb") || names_small_size(&path) || says_small
        }
    }
}

/// Whether "56x56" stands in a path, as a word of its own.
fn names_small_size(path: &str) -> bool {
    let mut words = path.split(['/', '-', '_', '.', ',']);
    words.any(|word| word.split_once('x').is_some_and(|(width, height)| is_at_most(width) && is_at_most(height)))
}

fn is_at_most(size: &str) -> bool {
    size.parse::<u16>().is_ok_and(|size| (1..=SMALL).contains(&size))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_small_picture_that_leads_to_a_large_one_is_shown_large() {
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
