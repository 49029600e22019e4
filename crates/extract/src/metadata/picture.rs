//! The picture a page names as its own.

use url::Url;

use crate::jsonld::Facts;
use crate::metadata::survey::{Metas, Survey};
use crate::{names, pictures, urls};

const IMAGES: &[&str] = &[
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

/// The lead image and its words.
pub(super) fn find(survey: &Survey<'_>, facts: &Facts, base: Option<&Url>) -> Option<(Url, String)> {
    let Survey { metas, images, .. } = survey;
    let of_links = images.iter().map(String::as_str).filter(|address| !pictures::leads_to_face(address));
    let mut stated = metas.all(IMAGES).chain(facts.images.iter().map(String::as_str)).chain(of_links);
    let url = stated.find_map(|address| {
        let url = urls::web(address, base)?;
        (!is_emblem(&url) && !pictures::is_placeholder(address)).then_some(url)
    })?;
    Some((url, words(metas)))
}

fn words(metas: &Metas) -> String {
    metas.all(&["og:image:alt", "twitter:image:alt"]).find_map(names::fact).unwrap_or_default()
}

/// Whether a picture stands for the site rather than for the article, by the words of its file name.
fn is_emblem(url: &Url) -> bool {
    let mut folders = url.path().rsplit('/').filter(|part| !part.is_empty());
    let file = folders.next().unwrap_or_default().to_ascii_lowercase();
    let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
    let words = || stem.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    // Below a number, "default" is the name of a size.
    let numbered = folders.next().is_some_and(|folder| folder.bytes().any(|byte| byte.is_ascii_digit()));
    let names_site = |word: &&str| match *word {
        "logo" | "logos" | "favicon" | "placeholder" | "blank" | "spacer" | "pixel" | "noimage" | "fallback" => true,
        "icon" | "icons" | "avatar" | "sprite" | "dummy" => words().count() <= 2,
        "default" => !numbered,
        _ => false,
    };
    // A long name that also says "logo" may well be a picture of one: an article about a brand.
    let named = words().filter(names_site).count();
    (named > 0 && words().count() - named <= 3) || (stem.ends_with("logo") && words().count() <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(head: &str) -> String {
        let html = format!("<head>{head}</head><body><h1>Rain</h1><p>It rained all day in the valley.</p></body>");
        let url = Url::parse("https://a.example/rain").unwrap();
        let page = crate::Page {
            source: crate::Source::Html(&html),
            url: Some(&url),
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        crate::article(&page).lead_image.map_or("none".into(), |picture| picture.url.to_string())
    }

    #[test]
    fn the_page_may_name_its_picture_in_many_ways() {
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
            "<meta property=og:image content='/logo.png'><meta name=twitter:image content='/rain.jpg'>",
        ] {
            assert_eq!(lead(head), "https://a.example/rain.jpg", "{head}");
        }
    }

    #[test]
    fn a_logo_or_a_placeholder_is_no_lead_image() {
        for file in
            ["logo.png", "site-logo.svg", "default.jpg", "og-default-image.png", "favicon-32.png", "placeholder.gif"]
        {
            assert_eq!(lead(&format!("<meta property=og:image content='/img/{file}'>")), "none", "{file}");
        }
        assert_eq!(lead("<img itemprop=image src='/avatars/7.jpg' alt='Ann'>"), "none");
        let picture = "/how-the-old-valley-logo-was-made-in-one-day.jpg";
        assert_eq!(
            lead(&format!("<meta property=og:image content='{picture}'>")),
            format!("https://a.example{picture}")
        );
    }
}
