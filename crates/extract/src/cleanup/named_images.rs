//! Removes images whose classes, descriptions or URLs name something other than an image of the article: ads, badges,
//! ratings, the site's logo, the author's portrait.

use dom_query::NodeRef;
use url::Url;

use super::decorative_images::{is_in_table_cell, is_without_text, sole_figure_or_image};
use super::text_counts::TextCounts;
use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};
use crate::prepare::images::url_patterns;

/// Class words of elements around such an image and nothing else.
const CLASS_WORDS: &[&str] =
    &["award", "awards", "badge", "badges", "rating", "ratings", "reaction", "reactions", "qrcode", "bannerize"];
/// The same for the author's portrait.
const AUTHOR_WORDS: &[&str] = &["author", "autor", "auteur"];
/// The maximum number of words in a name; an image with a longer description is not a portrait.
const MAX_NAME_WORDS: usize = 5;
/// Descriptions of ads.
const AD_LABELS: &[&str] =
    &["reklama", "werbung", "anzeige", "advertisement", "advert", "publicité", "publicidad", "pubblicità"];
/// The start of a portrait's description.
const PORTRAIT_PREFIXES: &[&str] = &["headshot of ", "profile picture of ", "profile photo of ", "avatar of "];
/// Standard sizes of ads, unusual for anything else.
const AD_SIZES: &[[u16; 2]] = &[[728, 90], [468, 60], [970, 90], [970, 250], [160, 600], [120, 600], [300, 600]];
/// The maximum number of nodes around some icons; larger elements are not searched.
const MAX_FRAME_NODES: usize = 40;

/// Removes such images from the selection, before it is normalized. `byline` is a name or empty.
pub(crate) fn remove(root: &NodeRef<'_>, byline: &str, page: Option<&Url>) {
    let byline = words::match_key(byline);
    let mut texts = TextCounts::new(root);
    for image in tree::images(root) {
        let source = attribute(&image, "src").unwrap_or_default();
        let alt = words::match_key(&attribute(&image, "alt").unwrap_or_default());
        let is_not_of_article = || {
            is_theme_image(&image, &source, &texts)
                || is_named_by_class(&image, &texts, words::count(&alt) <= MAX_NAME_WORDS)
                || is_ad_sized_link(&image, page)
                || is_without_text(&image, &texts) && is_portrait(&image, &alt, &byline)
        };
        if AD_LABELS.contains(&alt.as_str()) {
            texts.remove(&sole_figure_or_image(&image));
        } else if is_not_of_article() {
            texts.remove(&image);
        }
    }
}

/// Returns whether an image belongs to the site's theme, by its folder.
fn is_theme_image(image: &NodeRef<'_>, source: &str, texts: &TextCounts) -> bool {
    let is_button = || image.parent().is_some_and(|link| tree::has_name(&link, &["a"]) && !texts.has_text(&link));
    url_patterns::is_theme_asset(source) && (is_without_text(image, texts) || is_button())
}

/// Returns whether the classes of an image, or of a wrapper without text, say that it is not part of the article, or,
/// if it `may_be_portrait`, that it shows the author. Images in table cells and images with a caption stay.
fn is_named_by_class(image: &NodeRef<'_>, texts: &TextCounts, may_be_portrait: bool) -> bool {
    let is_small =
        |above: &NodeRef<'_>| above.descendants_it().nth(MAX_FRAME_NODES).is_none() && !texts.has_text(above);
    let frames = image.ancestors_it(Some(3)).take_while(is_small);
    std::iter::once(*image).chain(frames).any(|node| has_non_article_name(&node, may_be_portrait))
        && !has_caption(image, texts)
        && !is_in_table_cell(image)
}

fn has_non_article_name(node: &NodeRef<'_>, may_be_portrait: bool) -> bool {
    let authors = if may_be_portrait { AUTHOR_WORDS } else { &[] };
    let is_known = |word: &str| CLASS_WORDS.iter().chain(authors).any(|name| name.eq_ignore_ascii_case(word));
    node.attr("class").is_some_and(|classes| classes.split([' ', '-', '_']).any(is_known))
        || node.attr("itemprop").is_some_and(|property| &*property == "logo")
        || node.attr("itemtype").is_some_and(|kind| kind.ends_with("schema.org/Person"))
}

/// Returns whether an image that is alone in its figure has a caption.
fn has_caption(image: &NodeRef<'_>, texts: &TextCounts) -> bool {
    tree::enclosing_figure(image).is_some_and(|figure| texts.has_text(&figure) && tree::has_single_image(&figure))
}

/// Returns whether an image has the size of an ad and links to another site.
fn is_ad_sized_link(image: &NodeRef<'_>, page: Option<&Url>) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| size.parse::<u16>().ok());
    let Some(size) = side("width").zip(side("height")).map(|(width, height)| [width, height]) else { return false };
    let leads_away = |link: NodeRef<'_>| {
        let to = attribute(&link, "href").and_then(|to| urls::resolve_http(&to, page));
        to.is_some_and(|to| page.is_some_and(|page| urls::host_without_www(&to) != urls::host_without_www(page)))
    };
    let link = || image.ancestors_it(Some(3)).find(|above| tree::has_name(above, &["a"]));
    AD_SIZES.contains(&size) && link().is_some_and(leads_away)
}

fn is_portrait(image: &NodeRef<'_>, alt: &str, byline: &str) -> bool {
    PORTRAIT_PREFIXES.iter().any(|begin| alt.starts_with(begin)) || (byline.contains(' ') && alt == byline) || {
        let person =
            |above: &NodeRef<'_>| above.attr("itemtype").is_some_and(|kind| kind.ends_with("schema.org/Person"));
        image.ancestors_it(Some(4)).any(|above| person(&above))
    }
}

#[cfg(test)]
mod tests {
    const RAIN: &str =
        "<p>It rained in the valley from Monday to Friday, and the river rose by the height of a man.</p>";

    /// Returns the body extracted from a page by Ann Lee.
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
