//! The feeds of pages.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use feeds::discovery::{Candidate, Kind, MAX_GUESSES, Origin, Page, candidates};
use proptest::prelude::*;
use url::Url;

fn found(address: &str, html: &str) -> Vec<Candidate> {
    candidates(&Page { url: &Url::parse(address).unwrap(), html, link_headers: &[] })
}

fn addresses(candidates: &[Candidate]) -> Vec<&str> {
    candidates.iter().map(|candidate| candidate.url.as_str()).collect()
}

#[test]
fn declared_feeds_come_before_those_of_comments() {
    let html = "<link rel=alternate type=application/rss+xml href=/kommentare title='Kommentare zu allem'>
        <link rel='alternate' type='application/atom+xml; charset=utf-8' href='atom' title='Alles &amp; mehr'>";
    let found = found("https://example.org/news/", html);
    assert_eq!(addresses(&found), ["https://example.org/news/atom", "https://example.org/kommentare"]);
    assert_eq!((found[0].title.as_deref(), found[1].kind), (Some("Alles & mehr"), Kind::Comments));
    assert!(found.iter().all(|candidate| candidate.origin == Origin::Declared));
}

#[test]
fn a_feed_is_told_to_be_of_comments_by_its_title_or_address() {
    let kind = |page: &str, attributes: &str| {
        found(page, &format!("<link rel=alternate type=application/rss+xml {attributes}>"))[0].kind
    };
    for (page, attributes, expected) in [
        ("https://example.org/my-blog/", "href='feed/' title='My blog'", Kind::Main),
        ("https://example.org/category/sea-fog/", "href='feed/'", Kind::Main),
        ("https://example.org/fog/", "href='feed/' title='Harbour » Komentáře: Fog'", Kind::Comments),
        ("https://example.org/fog/", "href='feed/' title='Σχόλια για Fog'", Kind::Comments),
        ("https://example.org/", "href='/comments/feed/'", Kind::Comments),
    ] {
        assert_eq!(kind(page, attributes), expected, "{page} {attributes}");
    }
}

#[test]
fn a_feed_of_a_service_comes_first_and_once() {
    let html = "<link rel=alternate type=application/rss+xml title=Videos href='https://www.youtube.com/feeds/videos.xml?channel_id=UC1'>
        <link rel=canonical href='https://www.youtube.com/channel/UC1'>";
    let found = found("https://www.youtube.com/@somebody", html);
    assert_eq!(addresses(&found), ["https://www.youtube.com/feeds/videos.xml?channel_id=UC1"]);
    assert_eq!((found[0].origin, found[0].title.as_deref()), (Origin::Pattern, Some("Videos")));
}

#[test]
fn guesses_are_few_and_only_where_nothing_is_declared() {
    let links: String =
        (0..50).map(|n| format!("<a href='/{n}/feed.xml'>RSS</a><a href='https://other.example/{n}.rss'>")).collect();
    let guesses = found("https://example.org/blog/post", &links);
    assert_eq!(guesses.len(), MAX_GUESSES);
    assert!(guesses.iter().all(|candidate| candidate.url.host_str() == Some("example.org")));
    let declared = found("https://example.org/", &format!("{links}<link rel=feed href=/f>"));
    assert_eq!(addresses(&declared), ["https://example.org/f"]);
    assert_eq!(found("https://example.org/blog/post", "")[0].url.as_str(), "https://example.org/blog/feed");
}

#[test]
fn the_program_of_a_page_is_a_guess_and_only_what_it_calls_itself() {
    let first = |html: &str| found("https://example.org/tag/boats", html).remove(0);
    for says_so in
        ["<meta name=generator content='WordPress 6.8'>", "<meta name='Application-Name' content=' wordpress'>"]
    {
        let first = first(says_so);
        assert_eq!((first.url.as_str(), first.origin), ("https://example.org/tag/boats/feed/", Origin::Program));
        assert!(first.origin.is_guess());
    }
    for does_not in [
        "<img src='https://other.example/wp-content/a.png'>",
        "<meta property='og:site_name' content='WordPress Weekly'>",
        "<meta name=generator content='Hugo, not WordPress'>",
        "<meta name=generator content='WordPressExporter 1'>",
        "<p>discourse-analysis lemmy-ui</p>",
    ] {
        assert_ne!(first(does_not).origin, Origin::Program, "{does_not}");
    }
    let declared =
        "<meta name=generator content='WordPress 6.8'><link rel=alternate type=application/rss+xml href=/feed>";
    assert_eq!(addresses(&found("https://example.org/tag/boats", declared)), ["https://example.org/feed"]);
}

#[test]
fn other_alternates_are_no_feeds() {
    for link in [
        "<link rel=alternate hreflang=fr href=/fr/feed>x",
        "<link rel='alternate stylesheet' type=text/css href=/rss>",
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>",
        "<link rel=alternate type='text/xml+oembed' href=/oembed?url=x>",
        "<link rel=alternate type='application/atom+xml; type=entry' href=/e>",
        "<link rel=alternate type=application/rss+xml href='javascript:alert(1)'>",
        "<link rel=alternate type=application/rss+xml>",
        "<template><link rel=alternate type=application/rss+xml href=/t></template>",
    ] {
        let declared = found("https://example.org/", link).iter().any(|candidate| candidate.origin == Origin::Declared);
        assert!(!declared, "{link}");
    }
}

proptest! {
    #[test]
    fn no_page_panics(html in "(<(link|a|base|template|meta|script)( (rel|href|type|title)=[a-z/'\"&;:.]{0,9})*>?|</[a-z]{0,9}>|[<>&'\"é ]){0,30}", header in ".{0,60}") {
        let url = Url::parse("https://example.org/a/b?c").unwrap();
        candidates(&Page { url: &url, html: &html, link_headers: &[&header] });
    }
}
