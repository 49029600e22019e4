//! Removes images and links without information: share buttons, icons, ads, repeated images.

use dom_query::NodeRef;
use foldhash::HashSet;

use super::text_counts::TextCounts;
use crate::dom::tree::{self, attribute};
use crate::dom::words;
use crate::prepare::images::url_patterns;

/// The maximum width and height of an icon, in pixels.
const MAX_ICON_SIDE: u16 = 48;
/// The maximum number of words on a share button.
const MAX_BUTTON_WORDS: usize = 4;

/// Removes decorative images and share links from a normalized article.
pub(crate) fn remove(root: &NodeRef<'_>) {
    let links = tree::elements(root, |node| tree::has_name(node, &["a"]));
    for link in links.iter().filter(|link| is_share_button(link)) {
        link.remove_from_parent();
    }
    let mut texts = TextCounts::new(root);
    let mut seen = HashSet::default();
    for image in tree::images(root) {
        let source = attribute(&image, "src").unwrap_or_default();
        let is_decorative = || {
            url_patterns::is_ad_image(&source)
                || is_without_text(&image, &texts) && (is_icon(&image, &source) || seen.contains(&source))
        };
        if is_decorative() {
            texts.remove(&sole_figure_or_image(&image));
        }
        seen.insert(source);
    }
}

/// Returns whether a link with few words or none shares the page.
fn is_share_button(link: &NodeRef<'_>) -> bool {
    attribute(link, "href").is_some_and(|to| url_patterns::is_share_link(&to))
        && words::count(&tree::line_text(link)) <= MAX_BUTTON_WORDS
}

/// Returns whether no text stands beside an image, so that it does not stand in for a word. In a table it may be all
/// that a cell contains.
pub(super) fn is_without_text(image: &NodeRef<'_>, texts: &TextCounts) -> bool {
    let is_silent = |element: &NodeRef<'_>| !texts.has_text(element);
    tree::enclosing_block(image).as_ref().is_some_and(is_silent)
        && tree::enclosing_figure(image).as_ref().is_none_or(is_silent)
        && !is_in_table_cell(image)
}

pub(super) fn is_in_table_cell(image: &NodeRef<'_>) -> bool {
    image.ancestors_it(Some(4)).any(|above| tree::has_name(&above, &["td", "th"]))
}

fn is_icon(image: &NodeRef<'_>, source: &str) -> bool {
    let is_small = |name: &str| {
        attribute(image, name).and_then(|size| size.parse().ok()).is_some_and(|size: u16| size <= MAX_ICON_SIDE)
    };
    (is_small("width") && is_small("height")) || url_patterns::is_icon(source)
}

/// Returns the figure around an image if it is the figure's only one, else the image.
pub(super) fn sole_figure_or_image<'a>(image: &NodeRef<'a>) -> NodeRef<'a> {
    let is_only = |figure: &NodeRef<'_>| tree::has_single_image(figure);
    tree::enclosing_figure(image).filter(is_only).unwrap_or(*image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(html: &str) -> String {
        let parsed = crate::parse::parse_fragment(html);
        let body = tree::body(&parsed);
        remove(&body);
        crate::sanitize::normalize::remove_empty_elements(&body);
        body.inner_html().to_string()
    }

    #[test]
    fn removes_only_decorative_images() {
        for html in [
            "<p><a href=\"https://www.facebook.com/sharer/sharer.php?u=x\"><img src=\"/f.svg\"></a></p>",
            "<ul><li><a href=\"https://twitter.com/intent/tweet?url=x\">Tweet this</a></li></ul>",
            "<p><img src=\"/img/icon-play-alt-white.svg\"></p>",
            "<p><img src=\"/pic.png\" width=\"24\" height=\"24\"></p>",
            "<p><a href=\"https://shop.example\"><img src=\"https://adserver.example/www/delivery/avw.php?zoneid=3\"></a></p>",
        ] {
            assert_eq!(cleaned(html), "", "{html}");
        }
        for html in [
            "<p>Press <img src=\"/icons/play.svg\"> to begin.</p>",
            "<p><a href=\"https://twitter.com/intent/tweet?url=x\">The words he wrote on Monday night about us</a></p>",
            "<figure><img src=\"/icons/1.png\"><figcaption>The first icon of 1984</figcaption></figure>",
            "<p><img src=\"/iconic-bridge.jpg\"></p>",
            "<table><tbody><tr><td><img src=\"/icons/yes.png\"></td><td><img src=\"/icons/yes.png\"></td></tr></tbody></table>",
        ] {
            assert_eq!(cleaned(html), html);
        }
    }

    #[test]
    fn removes_repeated_images() {
        let image_html = "<figure><img src=\"/rain.jpg\"></figure>";
        assert_eq!(cleaned(&format!("{image_html}<p>Rain.</p>{image_html}")), format!("{image_html}<p>Rain.</p>"));
    }
}
