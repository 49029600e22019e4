//! Hostile pages: no panic, no stack overflow, no forbidden markup, and time linear in size.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

use std::time::{Duration, Instant};

use dom_query::Document;
use extract::sanitize_html;
use extract::{Article, Page, Source};
use proptest::prelude::*;

fn read(html: &str) -> Article {
    let url = url::Url::parse("https://a.example/news/page.html").unwrap();
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    extract::article(&Page { source: Source::Html(html), url: Some(&url), now, rules: &[] })
}

const ALLOWED_TAGS: &str = "html head body a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn dl \
    dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small \
    span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr";

const ALLOWED_ATTRIBUTES: &str = "href src alt title class span open width height value start reversed type colspan rowspan scope \
    datetime lang dir id rel";

/// Parses sanitized HTML and checks that it holds only allowed elements, attributes and values.
fn assert_safe(html: &str) {
    let tree = Document::from(html);
    for node in tree.root().descendants_it().filter(|node| node.is_element()) {
        let name = node.node_name().unwrap();
        assert!(ALLOWED_TAGS.split(' ').any(|tag| tag == &*name), "<{name}> in {html}");
        for attribute in node.attrs() {
            let (key, value) = (attribute.name.local.to_string(), attribute.value.to_string());
            assert!(ALLOWED_ATTRIBUTES.split(' ').any(|known| known == key), "{key}={value} in {html}");
            let web = ["http://", "https://"].iter().any(|scheme| value.starts_with(scheme));
            match key.as_str() {
                "src" => assert!(web, "src={value}"),
                "href" => assert!(web || value.starts_with("mailto:") || value.starts_with("#a-"), "href={value}"),
                "id" => assert!(value.starts_with("a-"), "id={value}"),
                _ => {}
            }
        }
    }
}

fn assert_sanitized(html: &str) {
    let once = sanitize_html(html, None);
    assert_safe(once.as_str());
    assert_eq!(sanitize_html(once.as_str(), None), once, "sanitizing twice: {html}");
    assert_safe(read(html).body.as_str());
    let shown = once.resolve_images(|_| extract::ImageState::Missing);
    assert!(!shown.as_str().contains("<img"));
}

/// Runs on a small stack, like that of a server's worker threads.
fn run_on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn page_nested_a_million_deep_keeps_its_text_in_linear_time() {
    // A debug build is many times slower, so it reads a smaller page. The limit still tells linear from quadratic time,
    // which would be hours.
    let (tags_in_all, limit) =
        if cfg!(debug_assertions) { (200_000, Duration::from_secs(100)) } else { (1_000_000, Duration::from_secs(1)) };
    let whole = [
        "<div>",
        "<ul><li>",
        "<b>",
        "<a href=/x><i>",
        "<table><tr><td>",
        "<svg><g>",
        "<font size=1>",
        "<p><b id=x>",
        "<span>",
        "<blockquote>",
        "<table><div>",
        "<section><h2>",
        "<select><option>",
        "<math><mi>",
        "<template>",
        "<div class=caption>",
        "<figure><b>",
        "<div lang=en id=x>",
        "<em></p>",
    ];
    for tags in whole {
        run_on_small_stack(move || {
            let depth = tags_in_all / tags.matches('<').count();
            let page =
                format!("<p>The first sentence of the page.</p>{}the last words of the page", tags.repeat(depth));
            let start = Instant::now();
            let article = read(&page);
            let took = start.elapsed();
            let allowed = limit.mul_f64((page.len() as f64 / 10e6).max(0.5));
            assert!(took < allowed, "{tags}: {took:?} for {} bytes", page.len());
            if !["<template>", "<select><option>", "<svg><g>", "<math><mi>"].contains(&tags) {
                assert!(article.text.contains("the last words of the page"), "{tags}: {}", article.text.len());
            }
        });
    }
}

#[test]
fn tag_with_a_million_attributes_is_read_in_time() {
    let attributes: String = (0..400_000).map(|number| format!(" a{number}=1")).collect();
    let start = Instant::now();
    let article = read(&format!("<p{attributes}>It rained all day in the valley and the river rose.</p>"));
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(article.text.contains("It rained all day"));
}

#[test]
fn text_between_deep_tags_is_kept_and_separated() {
    let page = format!("{}end", "<div>word ".repeat(3_000));
    let text = read(&page).text;
    assert_eq!(text.matches("word").count(), 3_000);
    assert!(!text.contains("wordword"));
}

/// Pieces of markup that break each other.
const MARKUP_PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<div class=content>",
    "</div>",
    "<b>",
    "</b>",
    "<a href='javascript:x()'>",
    "<a href=/x?utm_a=1>",
    "</a>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<svg>",
    "<math>",
    "<mi>",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<img src=x onerror=y>",
    "<img src=https://a.example/p.jpg alt='a\"b<c'>",
    "<iframe src=//youtube.com/embed/x>",
    "</iframe>",
    "<!--",
    "-->",
    "<h1>",
    "</h1>",
    "<ul>",
    "<li>",
    "</ul>",
    "<noscript>",
    "</noscript>",
    "<template>",
    "</template>",
    "<select>",
    "<option>",
    "<form>",
    "<title>",
    "</title>",
    "<textarea>",
    "<pre>\n",
    "</pre>",
    "<figure>",
    "<figcaption>",
    "</figure>",
    "<blockquote class=twitter-tweet>",
    "<br>",
    "<br><br>",
    "<span id=x>",
    "<a href=#x>",
    "<details>",
    "<ruby>",
    "<rt>",
    "<p><b id=1>",
    "<frameset>",
    "<plaintext>",
    "&lt;img src=x&gt;",
    "\0",
    "It rained all day in the valley, and the river rose by a metre. ",
];

/// Generates markup from such pieces and random text.
fn tag_soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z .,&;<>\"'/=é東🦀-]{0,12}",
        proptest::sample::select(MARKUP_PIECES).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tag_soup_never_produces_forbidden_markup(html in tag_soup()) {
        assert_sanitized(&html);
    }

    #[test]
    fn plain_text_never_panics(text in "(\\PC|\n){0,400}") {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let article = extract::article(&Page { source: Source::Text(&text), url: None, now, rules: &[] });
        assert_safe(article.body.as_str());
    }
}

#[test]
fn truncated_page_is_safe() {
    let page = include_str!("pages/cluttered-news/page.html");
    for end in (0..page.len()).step_by(97).filter(|end| page.is_char_boundary(*end)) {
        assert_safe(read(&page[..end]).body.as_str());
    }
}

#[test]
fn very_long_page_uses_the_reader_mode_fallback() {
    let words = "It rained all day in the valley, and the river rose by a metre before noon.";
    let paragraphs: String = (0..13_000).map(|at| format!("<p>{at} {words}</p>")).collect();
    let html = format!("<nav><p><a href=/>Home</a></p></nav><article>{paragraphs}</article><footer>Imprint</footer>");
    let article = read(&html);
    assert!(article.text.starts_with("0 It rained") && article.text.contains("12999 It rained"));
    assert!(!article.text.contains("Home") && !article.text.contains("Imprint"));
}

#[test]
fn excess_links_are_reduced_to_their_text() {
    let html: String = (0..30_000).map(|at| format!("<li><a href='/{at}'>Rain number {at}</a></li>")).collect();
    let article = read(&html);
    let links = article.body.as_str().matches("<a href").count();
    assert!((20_000..30_000).contains(&links), "{links}");
    assert!(article.text.ends_with("Rain number 29999"));
}

#[test]
fn image_list_is_capped() {
    let words = "It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said. ";
    let images: String = (0..2_500).map(|n| format!("<p>{words}<img src='https://a.example/{n}.jpg'></p>")).collect();
    let article = read(&format!("<title>Rain</title><article>{images}</article>"));
    assert_eq!(article.images.len(), 500);
}

#[test]
fn ampersands_take_linear_time() {
    let began = std::time::Instant::now();
    let signs = "&".repeat(1_000_000);
    let article = read(&format!("<title>{signs}</title><p>It rained all day in the valley.</p><p>{signs}</p>"));
    assert!(article.text.contains("It rained"));
    // Searching to the end of the page from each of them would take hours.
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}

#[test]
fn similar_paragraphs_take_linear_time() {
    let words = "It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said. ";
    let began = std::time::Instant::now();
    let paragraphs: String = (0..1_500).map(|n| format!("<p>{} {n} {}</p>", words.repeat(10), n * 7_919)).collect();
    let article = read(&format!("<title>Rain</title><article>{paragraphs}</article>"));
    assert!(article.text.contains("1499"), "what differs in a number stays");
    // Without a limit, a debug build takes an hour.
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
