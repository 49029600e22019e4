//! What people hand in, and what is made of it.

use crate::ingest::intake::*;
use crate::library::imports;
use crate::library::test_library;

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> File {
    File { name: name.to_owned(), bytes: bytes.into() }
}

/// What a file was read as, in a word or two.
fn read_as(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let read = files(vec![file(name, bytes)]);
    let words = read.iter().map(|one| match one {
        Ok(Ready { page: Some(page), .. }) => format!("{:?}", page.format),
        Ok(Ready { address: Some(address), .. }) => address.to_string(),
        Ok(_) => unreachable!("a page or an address"),
        Err(refused) => format!("{}: {}", refused.what, refused.problem),
    });
    words.collect::<Vec<_>>().join(" | ")
}

#[test]
fn pasted_text_is_kept_as_utf_8_with_where_it_came_from() {
    let ready = pasted("<p>Žluťoučký kůň</p>", Kind::Auto, " www.example.org/a ").unwrap();
    assert_eq!(ready.address.as_ref().map(Url::as_str), Some("https://www.example.org/a"));
    let page = ready.page.unwrap();
    assert_eq!((page.format, page.content_type.as_deref()), (SnapshotFormat::Html, Some("text/html; charset=utf-8")));
    assert_eq!((page.url.as_deref(), page.bytes), (Some("https://www.example.org/a"), "<p>Žluťoučký kůň</p>".into()));
}

#[test]
fn the_reader_knows_better_what_was_pasted() {
    let form = |kind| pasted("<p>Words</p>", kind, "").unwrap().page.unwrap().format;
    assert_eq!(
        (form(Kind::Auto), form(Kind::Html), form(Kind::Text)),
        (SnapshotFormat::Html, SnapshotFormat::Html, SnapshotFormat::Text)
    );
}

#[test]
fn a_bad_paste_names_the_field_that_is_wrong() {
    assert!(matches!(pasted(" \n", Kind::Auto, ""), Err(BadPaste::Page(_))));
    assert!(matches!(pasted("Words", Kind::Auto, "not an address"), Err(BadPaste::Address(_))));
    assert!(address("two words").unwrap_err().contains("two words"));
}

#[test]
fn bytes_that_are_no_text_are_none_when_they_are_pasted_either() {
    let said = |bytes: &[u8]| match pasted(&String::from_utf8_lossy(bytes), Kind::Auto, "") {
        Err(BadPaste::Page(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let pixels: Vec<u8> = (0..=255).cycle().take(2000).collect();
    let picture = [&b"\x89PNG\r\n\x1A\n"[..], &pixels].concat();
    assert_eq!(said(&picture), "This is a binary file. Use .html or .txt.");
    let pdf = [&b"%PDF-1.7\n"[..], &pixels].concat();
    assert_eq!(said(&pdf), "This is a PDF file. Use .html or .txt.");
    assert!(said(&[0xFF; 30]).starts_with("This is a binary file."));
    assert!(pasted("A text with a \u{FFFD} in it, and a bell\u{7}, is a text.", Kind::Auto, "").is_ok());
}

#[test]
fn files_are_read_as_what_they_are() {
    for (name, content, expected) in [
        ("saved.html", "<p>Words", "Html"),
        ("SAVED.HTM", "Words without a single tag", "Html"),
        ("page.txt", "<!doctype html><p>Words", "Html"),
        ("text.txt", "A headline\n\nA text of some words.", "Text"),
        ("notes", "A text of some words.", "Text"),
        (
            "C:\\Users\\me\\links.txt",
            "example.org/a\n\n# later\nhttps://example.org/b",
            "https://example.org/a | https://example.org/b",
        ),
        ("links.txt", "https://example.org/a A title of several words\n", "https://example.org/a"),
        ("text.txt", "A headline\nA sentence.\nhttps://example.org/a", "Text"),
    ] {
        assert_eq!(read_as(name, content), expected, "{name}");
    }
}

#[test]
fn a_mistyped_line_is_refused_and_the_rest_of_the_list_taken() {
    let read = read_as(
        "links.txt",
        "https://a.example/1\nhttps://a.example/2\nferry timetable\nftp://a.example/4\nhttps://a.example/5\nhttps://a.example/6\nhttps://a.example/7",
    );
    assert_eq!(read.matches("https://a.example/").count(), 5, "{read}");
    assert!(read.contains("links.txt, line 3: “ferry timetable” isn’t a link"), "{read}");
    assert!(read.contains("links.txt, line 4: Links that begin with “ftp:”"), "{read}");
}

#[test]
fn files_that_are_no_pages_are_refused_by_what_they_are() {
    for (name, bytes, expected) in [
        ("paper.html", &b"%PDF-1.7"[..], "paper.html: This is a PDF file. Use"),
        ("empty.txt", b" \n", "empty.txt: This file is empty."),
        ("page.mhtml", b"MIME-Version: 1.0", "page.mhtml: This is a web archive"),
        ("", b"\0\x01\x02\x03", "Unnamed file: This is "),
    ] {
        assert!(read_as(name, bytes).starts_with(expected), "{}", read_as(name, bytes));
    }
    let endless = "https://a.example/\n".repeat(MOST_ADDRESSES + 1);
    assert!(read_as("links.txt", endless).starts_with("links.txt: 10001 links; the limit is"));
}

#[test]
fn a_page_that_a_browser_saved_says_where_it_is_from() {
    let html = "<!DOCTYPE html>\n<!-- saved from url=(0021)https://example.org/a -->\n<html><p>Words";
    let read = files(vec![file("a.html", html)]);
    let ready = read[0].as_ref().unwrap();
    assert_eq!(ready.address.as_ref().map(Url::as_str), Some("https://example.org/a"));
    assert_eq!(ready.page.as_ref().unwrap().url.as_deref(), Some("https://example.org/a"));
}

#[tokio::test]
async fn a_page_pasted_for_an_address_that_waits_is_read_in_place_of_fetching_it() {
    let (library, _folder) = test_library().await;
    let accepted = hand_in(&library, &[address("https://example.org/a").unwrap()], noon()).await.unwrap();
    let paste = pasted("The ferry was late.", Kind::Auto, "http://www.example.org/a/").unwrap();
    let again = hand_in(&library, &[paste.clone(), paste], noon()).await.unwrap();
    assert_eq!(
        (accepted, again),
        (vec![Accepted::New(1)], vec![Accepted::AlreadyQueued(1), Accepted::AlreadyQueued(1)])
    );
    let import = imports::claim_next(&library, noon()).await.unwrap().unwrap();
    let page = crate::library::snapshots::load(&library, import.snapshot_id.unwrap()).await.unwrap().unwrap();
    assert_eq!(page.bytes, b"The ferry was late.");
}
