//! Finds the image that the page names as its own.

use foldhash::HashSet;
use url::Url;

use super::site_logo::is_site_image;
use crate::dom::short_text;
use crate::dom::urls;
use crate::metadata::json_ld::JsonLdFacts;
use crate::metadata::meta_elements::{MetaElements, PageElements};
use crate::prepare::images;

const IMAGE_NAMES: &[&str] = &[
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "twitter:image0",
    "parsely-image-url",
    "sailthru.image.full",
    "sailthru.image.thumb",
    "itemprop:image",
    "itemprop:thumbnailurl",
    "thumbnail",
    "thumbnailurl",
    "image",
    "msapplication-tileimage_article",
];

/// Sides of an icon, in pixels, at most.
const ICON_PIXELS: u32 = 120;

/// Returns the lead image and its description.
pub(super) fn find(elements: &PageElements<'_>, facts: &JsonLdFacts, base: Option<&Url>) -> Option<(Url, String)> {
    let PageElements { metas, image_urls, .. } = elements;
    let in_links = image_urls.iter().map(String::as_str).filter(|text| !images::mentions_avatar(text));
    let mut stated = metas.contents(IMAGE_NAMES).chain(facts.images.iter().map(String::as_str)).chain(in_links);
    let tiny = metas.contents(IMAGE_NAMES).next().filter(|_| states_icon_size(metas));
    let logos: HashSet<Url> = facts.logos.iter().filter_map(|logo| urls::resolve_http(logo, base)).collect();
    let url = stated.find_map(|text| {
        let url = urls::resolve_http(first_url(text), base)?;
        let is_tiny = || tiny.is_some_and(|tiny| tiny == text);
        let is_other = images::is_placeholder(text) || is_site_image(&url, base) || logos.contains(&url) || is_tiny();
        (!is_other).then_some(url)
    })?;
    Some((url, image_description(metas)))
}

/// Returns the first of several URLs joined without a separator.
fn first_url(text: &str) -> &str {
    let glued = ["https://", "http://"].iter().filter_map(|start| text.get(8..)?.find(start)).min();
    let is_end =
        |end: &usize| [".jpg", ".jpeg", ".png", ".webp", ".gif"].iter().any(|name| text[..*end].ends_with(name));
    glued.map(|at| at + 8).filter(is_end).map_or(text, |end| &text[..end])
}

fn image_description(metas: &MetaElements) -> String {
    metas.contents(&["og:image:alt", "twitter:image:alt"]).find_map(short_text::clean_text).unwrap_or_default()
}

/// Returns whether the page states that its first image has the size of an icon.
fn states_icon_size(metas: &MetaElements) -> bool {
    let side = |name: &str| metas.get(name).first().and_then(|size| size.trim().parse::<u32>().ok());
    let is_small = |name: &str| side(name).is_some_and(|side| side <= ICON_PIXELS);
    is_small("og:image:width") && is_small("og:image:height")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(head: &str) -> String {
        let html = format!("<head>{head}</head><body><h1>Rain</h1><p>It rained all day in the valley.</p></body>");
        let url = Url::parse("https://a.example/rain").unwrap();
        let page = crate::page::Page {
            source: crate::page::Source::Html(&html),
            url: Some(&url),
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        crate::article(&page).lead_image.map_or("none".into(), |image| image.url.to_string())
    }

    #[test]
    fn lead_image_is_found_in_all_metadata_forms() {
        for head in [
            "<meta property=og:image content='/rain.jpg'>",
            "<meta name=og:image content='/rain.jpg'>",
            "<meta property=og:image:url content='https://a.example/rain.jpg'>",
            "<meta name=twitter:image content='/rain.jpg'>",
            "<meta name=twitter:image:src content='//a.example/rain.jpg'>",
            "<meta itemprop=image content='/rain.jpg'>",
            "<link rel=image_src href='/rain.jpg'>",
            "<link itemprop=thumbnailUrl href='/rain.jpg'>",
            "<meta name=thumbnail content='/rain.jpg'>",
            r#"<script type="application/ld+json">{"@type":"NewsArticle","image":"/rain.jpg"}</script>"#,
            r#"<script type="application/ld+json">{"@type":"NewsArticle","image":["/rain.jpg","/b.jpg"]}</script>"#,
            r#"<script type="application/ld+json">{"@type":"NewsArticle","image":{"url":"/rain.jpg"}}</script>"#,
            r#"<script type="application/ld+json">{"@graph":[{"@type":"Article","image":{"@id":"p1"}},
               {"@type":"ImageObject","@id":"p1","contentUrl":"/rain.jpg"}]}</script>"#,
            "<meta property=og:image content='https://a.example/rain.jpghttps://a.example/b.jpg'>",
            "<meta property=og:image content='/logo.png'><meta name=twitter:image content='/rain.jpg'>",
        ] {
            assert_eq!(lead(head), "https://a.example/rain.jpg", "{head}");
        }
    }

    #[test]
    fn logos_and_placeholders_are_no_lead_image() {
        for file in
            ["logo.png", "site-logo.svg", "default.jpg", "og-default-image.png", "favicon-32.png", "placeholder.gif"]
        {
            assert_eq!(lead(&format!("<meta property=og:image content='/img/{file}'>")), "none", "{file}");
        }
        let logo = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"Rain","image":"/post.png",
            "publisher":{"@type":"Organization","name":"Post","logo":{"@type":"ImageObject","url":"/post.png"}}}</script>"#;
        assert_eq!(lead(logo), "none");
        let small = "<meta property=og:image content=/p.png><meta property=og:image:width content=64>\
                     <meta property=og:image:height content=64><meta name=twitter:image content=/rain.jpg>";
        assert_eq!(lead(small), "https://a.example/rain.jpg");
        assert_eq!(lead("<img itemprop=image src='/avatars/7.jpg' alt='Ann'>"), "none");
        let file = "/how-the-old-valley-logo-was-made-in-one-day.jpg";
        assert_eq!(lead(&format!("<meta property=og:image content='{file}'>")), format!("https://a.example{file}"));
    }
}
