//! Pictures that are called something else than a picture of the article, by the classes, the words and the addresses that the page
//! gives them: advertisements, badges, stars, the mark of the site, the face of the one who wrote.

use dom_query::NodeRef;
use url::Url;

use super::decorative_images::{around, is_in_cell, stands_alone};
use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};
use crate::prepare::images::url_patterns;

/// Words of the classes of what holds such a picture and nothing else.
const CLASSES: &[&str] =
    &["award", "awards", "badge", "badges", "rating", "ratings", "reaction", "reactions", "qrcode", "bannerize"];
/// The same for the face of the one who wrote.
const AUTHORS: &[&str] = &["author", "autor", "auteur"];
/// Words of a name; what is described in more is no face.
const LONGEST_NAME: usize = 5;
/// All that an advertisement says of itself.
const ADVERTISEMENT: &[&str] =
    &["reklama", "werbung", "anzeige", "advertisement", "advert", "publicité", "publicidad", "pubblicità"];
/// How the description of a face begins.
const FACES: &[&str] = &["headshot of ", "profile picture of ", "profile photo of ", "avatar of "];
/// Sizes in which advertisements are sold, and hardly anything else is shown.
const SOLD: &[[u16; 2]] = &[[728, 90], [468, 60], [970, 90], [970, 250], [160, 600], [120, 600], [300, 600]];
/// Nodes of a frame around some icons; what has more is not looked through.
const MOST_NODES: usize = 40;

/// Takes them out of what was chosen, as long as it is as the page has it. `byline` is a name, or empty.
pub(crate) fn remove(root: &NodeRef<'_>, byline: &str, page: Option<&Url>) {
    let byline = words::match_key(byline);
    for image in tree::images(root) {
        let source = attribute(&image, "src").unwrap_or_default();
        let alt = words::match_key(&attribute(&image, "alt").unwrap_or_default());
        let is_idle = || {
            is_design(&image, &source)
                || is_classed(&image, words::count(&alt) <= LONGEST_NAME)
                || is_sold(&image, page)
                || stands_alone(&image) && is_face(&image, &alt, &byline)
        };
        if ADVERTISEMENT.contains(&alt.as_str()) {
            around(&image).remove_from_parent();
        } else if is_idle() {
            image.remove_from_parent();
        }
    }
}

/// Whether a picture belongs to the looks of the site, as its folder says.
fn is_design(image: &NodeRef<'_>, source: &str) -> bool {
    let is_button =
        || image.parent().is_some_and(|link| tree::has_name(&link, &["a"]) && !tree::has_visible_text(&link));
    url_patterns::is_theme_asset(source) && (stands_alone(image) || is_button())
}

/// Whether the classes of a picture, or of what holds it and no words, say that it is none; or a face, if it `may_be_face`. In a table
/// it is what a cell says.
fn is_classed(image: &NodeRef<'_>, may_be_face: bool) -> bool {
    let is_small =
        |above: &NodeRef<'_>| above.descendants_it().nth(MOST_NODES).is_none() && !tree::has_visible_text(above);
    let frames = image.ancestors_it(Some(3)).take_while(is_small);
    std::iter::once(*image).chain(frames).any(|node| says_so(&node, may_be_face))
        && !has_caption(image)
        && !is_in_cell(image)
}

fn says_so(node: &NodeRef<'_>, may_be_face: bool) -> bool {
    let authors = if may_be_face { AUTHORS } else { &[] };
    let is_known = |word: &str| CLASSES.iter().chain(authors).any(|name| name.eq_ignore_ascii_case(word));
    node.attr("class").is_some_and(|classes| classes.split([' ', '-', '_']).any(is_known))
        || node.attr("itemprop").is_some_and(|property| &*property == "logo")
        || node.attr("itemtype").is_some_and(|kind| kind.ends_with("schema.org/Person"))
}

/// Whether words stand under a picture that has its figure to itself.
fn has_caption(image: &NodeRef<'_>) -> bool {
    tree::enclosing_figure(image)
        .is_some_and(|figure| tree::has_visible_text(&figure) && tree::images(&figure).len() == 1)
}

/// Whether a picture has the size of an advertisement and leads away.
fn is_sold(image: &NodeRef<'_>, page: Option<&Url>) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| size.parse::<u16>().ok());
    let Some(size) = side("width").zip(side("height")).map(|(width, height)| [width, height]) else { return false };
    let leads_away = |link: NodeRef<'_>| {
        let to = attribute(&link, "href").and_then(|to| urls::resolve_http(&to, page));
        to.is_some_and(|to| page.is_some_and(|page| urls::host_without_www(&to) != urls::host_without_www(page)))
    };
    let link = || image.ancestors_it(Some(3)).find(|above| tree::has_name(above, &["a"]));
    SOLD.contains(&size) && link().is_some_and(leads_away)
}

fn is_face(image: &NodeRef<'_>, alt: &str, byline: &str) -> bool {
    FACES.iter().any(|begin| alt.starts_with(begin)) || (byline.contains(' ') && alt == byline) || {
        let person =
            |above: &NodeRef<'_>| above.attr("itemtype").is_some_and(|kind| kind.ends_with("schema.org/Person"));
        image.ancestors_it(Some(4)).any(|above| person(&above))
    }
}

#[cfg(test)]
mod tests {
    const RAIN: &str =
        "<p>It rained in the valley from Monday to Friday, and the river rose by the height of a man.</p>";

    /// The body of a page by Ann Lee.
    fn read(article: &str) -> String {
        let html = format!(
            "<meta name=author content='Ann Lee'><body><article>{RAIN}{article}{RAIN2}</article>",
            RAIN2 = RAIN.replace("Monday", "Sunday")
        );
        let url = url::Url::parse("https://a.example/rain").unwrap();
        let source = crate::page::Source::Html(&html);
        let page = crate::page::Page { source, url: Some(&url), now: jiff::Timestamp::UNIX_EPOCH, rules: &[] };
        crate::article(&page).body.as_str().to_owned()
    }

    #[test]
    fn removes_images_named_as_something_else() {
        for html in [
            "<figure><a href='https://shop.example'><img src='/r.jpg' alt=Reklama></a><figcaption>Reklama</figcaption></figure>",
            "<div class=wp_bannerize_container><a href='/x'><img src='/r.jpg'></a></div>",
            "<p><span class=post-ratings><img src='/r.jpg'><img src='/r.jpg'></span></p>",
            "<p><a href='https://shop.example'><img src='/r.jpg' width=728 height=90></a></p>",
            "<p><img src='/wp-content/themes/rain/drop.svg'></p>",
            "<p><img src='/r.jpg' alt='Headshot of Ann Lee'></p>",
            "<p><img src='/r.jpg' alt='Ann Lee'></p>",
            "<div itemprop=logo><img src='/r.jpg'></div>",
        ] {
            let body = read(html);
            assert!(!body.contains("<img") && !body.contains("Reklama"), "{html}: {body}");
        }
        for html in [
            "<figure><img class=logo src='/r.jpg'><figcaption>The old sign of the ferry</figcaption></figure>",
            "<p><a href='/levels'><img src='/r.jpg' width=728 height=90></a></p>",
            "<figure><img src='/r.jpg' alt='Ann Lee'><figcaption>Ann Lee on the ferry</figcaption></figure>",
        ] {
            assert!(read(html).contains("<img"), "{html}");
        }
    }
}
