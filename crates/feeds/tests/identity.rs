//! Which items are known already.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use feeds::identity::{Identity, Match, Rules, recognize};
use proptest::prelude::*;
use url::Url;

fn link_key(link: &Url) -> String {
    let rest = link.as_str().split_once("://").unwrap().1;
    rest.split("?utm_").next().unwrap().trim_end_matches('/').to_owned()
}

/// An item, from `guid link title date`; `-` is nothing.
fn item(text: &str) -> Identity {
    let mut words = text.split(' ').map(|word| Some(word).filter(|word| *word != "-").map(str::to_owned));
    Identity {
        guid: words.next().flatten(),
        link: words.next().flatten().map(|link| Url::parse(&format!("https://{link}")).unwrap()),
        title: words.next().flatten(),
        published: words.next().flatten().map(|day| format!("{day}T08:00:00Z").parse().unwrap()),
        text_hash: words.next().flatten().map(|hash| hash.parse().unwrap()),
    }
}

fn found(known: &[&str], document: &[&str]) -> Vec<Match> {
    let known: Vec<Identity> = known.iter().map(|text| item(text)).collect();
    let document: Vec<Identity> = document.iter().map(|text| item(text)).collect();
    let site = Url::parse("https://example.org/").unwrap();
    recognize(&document, &known, &Rules { link_key: &link_key, site_link: Some(&site) })
}

#[test]
fn an_item_that_changed_is_the_same_item() {
    let known = ["http://example.org/?p=1 example.org/a Wick 2026-10-01"];
    for changed in [
        "http://example.org/?p=1 example.org/b Edited 2026-10-02",
        "https://example.org/?p=1 example.org/b Edited 2026-10-02",
        "https://new.example.net/?p=1 new.example.net/a Wick 2026-10-02",
        "new-id example.org/a?utm_source=feed Edited 2026-10-02",
        "new-id new.example.net/z Wick 2026-10-01",
    ] {
        assert_eq!(found(&known, &[changed]), [Match::Known(0)], "{changed}");
    }
}

#[test]
fn items_that_are_alike_are_not_the_same() {
    let known = ["http://example.org/?p=1 example.org/a Wick 2026-10-01"];
    for other in [
        "http://example.org/?p=2 example.org/b Wick 2026-10-08",
        "https://other.example.net/?p=1 other.example.net/x Oil 2026-10-02",
        "x example.org/b Wick -",
    ] {
        assert_eq!(found(&known, &[other]), [Match::New], "{other}");
    }
    // Every item leads to the site.
    assert_eq!(found(&["1 example.org/ A 2026-10-01"], &["2 example.org/ B 2026-10-02"]), [Match::New]);
    // Every item leads to the same page.
    let pages = ["1 example.org/s A 2026-10-01", "2 example.org/s B 2026-10-02", "3 example.org/s C 2026-10-03"];
    assert_eq!(found(&pages[..1], &pages), [Match::Known(0), Match::New, Match::New]);
    assert_eq!(found(&pages[..2], &pages[2..]), [Match::New]);
}

#[test]
fn an_identifier_that_several_items_share_is_none() {
    let items = ["x example.org/1 A -", "x example.org/2 B -", "x example.org/3 C -"];
    assert_eq!(found(&[], &items), [Match::New; 3]);
    assert_eq!(found(&items, &["x example.org/2 B -", "x example.org/4 D -"]), [Match::Known(1), Match::New]);
    assert_eq!(found(&items, &["x example.org/4 D -"]), [Match::New]);
}

#[test]
fn an_item_that_stands_twice_is_one() {
    let repeated = ["1 example.org/1 A -", "1 example.org/1 A -", "- example.org/2 B -", "- example.org/2 B -"];
    assert_eq!(found(&[], &repeated), [Match::New, Match::Repeated(0), Match::New, Match::Repeated(2)]);
    assert_eq!(found(&repeated[1..3], &repeated)[0], Match::Known(0));
}

#[test]
fn items_with_nothing_but_words_are_known_by_them() {
    let known = ["- - One - 11", "- - Two - 12", "- - - - 13"];
    let document = ["- - Two - 12", "- - One - 99", "- - - - 13", "- - - - 14"];
    assert_eq!(found(&known, &document), [Match::Known(1), Match::Known(0), Match::Known(2), Match::New]);
}

/// Reads a document twice. Returns how many articles there are, and how many of them the second look found.
fn read_twice(items: &str) -> (usize, usize) {
    let xml = format!("<rss><channel><link>https://example.org/</link>{items}</channel></rss>");
    let feed = feeds::parse(&feeds::Document { bytes: xml.as_bytes(), url: None, content_type: None }).unwrap();
    let items: Vec<Identity> = feed.items.iter().map(Identity::from).collect();
    let rules = Rules { link_key: &link_key, site_link: feed.site_link.as_ref() };
    let new = |known: &[Identity]| {
        let matches = recognize(&items, known, &rules);
        items.iter().zip(matches).filter(|(_, it)| *it == Match::New).map(|(item, _)| item.clone()).collect::<Vec<_>>()
    };
    let known = new(&[]);
    (known.len(), new(&known).len())
}

#[test]
fn a_document_that_is_read_twice_has_nothing_new_and_loses_nothing() {
    let date = "<pubDate>Thu, 01 Oct 2026 08:00:00 GMT</pubDate>";
    let page = "<link>https://example.org/changes</link>";
    let site = "<link>https://example.org/</link>";
    for (name, items) in [
        ("the only link is the site", [format!("<title>A</title>{site}"), format!("<title>B</title>{site}")]),
        ("same title at the site", [format!("<title>A</title>{site}"), format!("<title>A</title>{site}")]),
        ("a shared page", [format!("<title>A</title>{page}"), format!("<title>B</title>{page}")]),
        ("same title and page", [format!("<title>A</title>{page}"), format!("<title>A</title>{page}{date}")]),
        ("same title and date", [format!("<title>A</title>{date}"), format!("<title>A</title>{date}")]),
        ("same date, no title", [date.to_owned(), date.to_owned()]),
        ("a guid for all, titles", ["<guid>x</guid><title>A</title>".into(), "<guid>x</guid><title>B</title>".into()]),
        ("a guid for all, no titles", ["<guid>x</guid>".into(), "<guid>x</guid>".into()]),
        (
            "a guid for all, the site",
            [format!("<guid>x</guid><title>A</title>{site}"), format!("<guid>x</guid>{site}")],
        ),
        (
            "a guid for all, same title",
            [
                format!("<guid>x</guid><title>A</title>{date}"),
                "<guid>x</guid><title>A</title><pubDate>Fri, 02 Oct 2026 08:00:00 GMT</pubDate>".into(),
            ],
        ),
        ("no sign at all", [String::new(), String::new()]),
    ] {
        let item = |at: usize| format!("<item>{}<description>Text {at}</description></item>", items[at]);
        assert_eq!(read_twice(&(item(0) + &item(1))), (2, 0), "{name}");
        // Twice the same is one.
        assert_eq!(read_twice(&(item(0) + &item(1) + &item(1))), (2, 0), "{name}, one twice");
    }
    let files = |name| format!("<item><title>A</title><enclosure url='https://example.org/{name}.mp3'/></item>");
    assert_eq!(read_twice(&(files("1") + &files("2"))), (2, 0), "files");
    assert_eq!(read_twice(&format!("<item>{date}</item><item>{site}</item>")), (2, 0), "hardly anything");
}

#[test]
fn items_at_one_page_are_known_again_when_others_come() {
    let items = ["- example.org/s A - 1", "- example.org/s A - 2", "- example.org/s B - 3"];
    assert_eq!(found(&items[..1], &items), [Match::Known(0), Match::New, Match::New]);
    assert_eq!(found(&items[..2], &items[1..]), [Match::Known(1), Match::New]);
    // A date that is always now, and a text that is edited.
    assert_eq!(found(&["- - A 2026-10-01 1"], &["- - A 2026-10-02 1"]), [Match::Known(0)]);
    assert_eq!(found(&["- - A 2026-10-01 1"], &["- - A 2026-10-01 2"]), [Match::Known(0)]);
    assert_eq!(found(&["- - A 2026-10-01 1"], &["- - A 2026-10-02 2"]), [Match::New]);
}

proptest! {
    #[test]
    fn nothing_is_new_in_a_document_of_known_items(words in prop::collection::vec(r"[-xyz] (-|example\.org/|example\.org/[sp]) [-AB] (-|2026-10-0[12]) [-12]", 0..12)) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let first = found(&[], &words);
        let known: Vec<&str> = words.iter().zip(first).filter(|(_, it)| *it == Match::New).map(|(word, _)| *word).collect();
        prop_assert!(!found(&known, &words).contains(&Match::New));
    }
}
