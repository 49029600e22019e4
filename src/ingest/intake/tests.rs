//! Tests for reading input.

use crate::ingest::intake::*;
use crate::library::imports;
use crate::library::test_library;

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> UploadedFile {
    UploadedFile { name: name.to_owned(), bytes: bytes.into() }
}

/// Reads a file and describes the result in a word or two.
fn read_as(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let read = read_files(vec![file(name, bytes)]);
    let words = read.iter().map(|one| match one {
        Ok(ImportRequest { page: Some(page), .. }) => format!("{:?}", page.format),
        Ok(ImportRequest { url: Some(url), .. }) => url.to_string(),
        Ok(_) => unreachable!("a page or a URL"),
        Err(rejected) => format!("{}: {}", rejected.name, rejected.problem),
    });
    words.collect::<Vec<_>>().join(" | ")
}

#[test]
fn pasted_text_is_stored_as_utf_8_with_its_url() {
    let request = read_paste("<p>Žluťoučký kůň</p>", PasteFormat::Auto, " www.example.org/a ").unwrap();
    assert_eq!(request.url.as_ref().map(Url::as_str), Some("https://www.example.org/a"));
    let page = request.page.unwrap();
    assert_eq!((page.format, page.content_type.as_deref()), (SnapshotFormat::Html, Some("text/html; charset=utf-8")));
    assert_eq!((page.url.as_deref(), page.bytes), (Some("https://www.example.org/a"), "<p>Žluťoučký kůň</p>".into()));
}

#[test]
fn chosen_paste_format_overrides_detection() {
    let form = |kind| read_paste("<p>Words</p>", kind, "").unwrap().page.unwrap().format;
    assert_eq!(
        (form(PasteFormat::Auto), form(PasteFormat::Html), form(PasteFormat::Text)),
        (SnapshotFormat::Html, SnapshotFormat::Html, SnapshotFormat::Text)
    );
}

#[test]
fn paste_error_names_the_invalid_field() {
    assert!(matches!(read_paste(" \n", PasteFormat::Auto, ""), Err(PasteError::Page(_))));
    assert!(matches!(read_paste("Words", PasteFormat::Auto, "not an address"), Err(PasteError::Url(_))));
    assert!(read_url("two words").unwrap_err().contains("two words"));
}

#[test]
fn pasted_binary_data_is_rejected() {
    let problem = |bytes: &[u8]| match read_paste(&String::from_utf8_lossy(bytes), PasteFormat::Auto, "") {
        Err(PasteError::Page(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let pixels: Vec<u8> = (0..=255).cycle().take(2000).collect();
    let image = [&b"\x89PNG\r\n\x1A\n"[..], &pixels].concat();
    assert_eq!(problem(&image), "This is a binary file. Use .html, .txt or .md.");
    let pdf = [&b"%PDF-1.7\n"[..], &pixels].concat();
    assert_eq!(problem(&pdf), "This is a PDF file. Use .html, .txt or .md.");
    assert!(problem(&[0xFF; 30]).starts_with("This is a binary file."));
    assert!(read_paste("A text with a \u{FFFD} in it, and a bell\u{7}, is a text.", PasteFormat::Auto, "").is_ok());
}

#[test]
fn files_are_read_by_their_type() {
    for (name, content, expected) in [
        ("saved.html", "<p>Words", "Html"),
        ("SAVED.HTM", "Words without a single tag", "Html"),
        ("page.txt", "<!doctype html><p>Words", "Html"),
        ("text.txt", "A headline\n\nA text of some words.", "Text"),
        ("notes", "A text of some words.", "Text"),
        ("notes.md", "<h1>A headline</h1>\n\nA text of some words.", "Text"),
        ("links.md", "https://example.org/a\nhttps://example.org/b", "https://example.org/a | https://example.org/b"),
        ("links.html", "<ul><li><a href=https://example.org/a>A</a></ul>", "https://example.org/a"),
        ("A ferry.url", "[InternetShortcut]\r\nURL=https://example.org/a", "https://example.org/a"),
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
fn invalid_line_is_rejected_and_the_rest_of_the_list_accepted() {
    let read = read_as(
        "links.txt",
        "https://a.example/1\nhttps://a.example/2\nferry timetable\nftp://a.example/4\nhttps://a.example/5\nhttps://a.example/6\nhttps://a.example/7",
    );
    assert_eq!(read.matches("https://a.example/").count(), 5, "{read}");
    assert!(read.contains("links.txt, line 3: “ferry timetable” isn’t a link"), "{read}");
    assert!(read.contains("links.txt, line 4: Links that begin with “ftp:”"), "{read}");
}

#[test]
fn unsupported_files_are_rejected_by_type() {
    for (name, bytes, expected) in [
        ("paper.html", &b"%PDF-1.7"[..], "paper.html: This is a PDF file. Use"),
        ("empty.txt", b" \n", "empty.txt: This file is empty."),
        ("page.mhtml", b"MIME-Version: 1.0", "page.mhtml: This is a web archive"),
        ("soup.eml", b"From: <Saved>\nContent-Type: multipart/related\n\n--A", "soup.eml: This is a web archive. Save"),
        ("", b"\0\x01\x02\x03", "Unnamed file: This is "),
        ("x.json", b"{\"checksum\": \"1\", \"roots\": {}}", "x.json: Broadsheet doesn’t know this kind of JSON file."),
    ] {
        assert!(read_as(name, bytes).starts_with(expected), "{}", read_as(name, bytes));
    }
    let endless = "https://a.example/\n".repeat(MAX_URLS + 1);
    assert!(read_as("links.txt", endless).starts_with("links.txt: 100001 links; the limit is"));
}

#[test]
fn file_named_xhtml_is_stored_as_xml() {
    let read = read_files(vec![file("Soup.XHTML", "<html><title/><p>Soup")]);
    let page = read[0].as_ref().unwrap().page.as_ref().unwrap();
    assert_eq!((page.format, page.content_type.as_deref()), (SnapshotFormat::Html, Some("application/xhtml+xml")));
}

#[test]
fn saved_from_comment_gives_the_base_of_links_and_no_more() {
    let html = "<!DOCTYPE html>\n<!-- saved from url=(0021)https://example.org/a -->\n<html><p>Words";
    let read = read_files(vec![file("a.html", html)]);
    let request = read[0].as_ref().unwrap();
    assert_eq!((&request.url, request.display_name()), (&None, "a.html".to_owned()));
    assert_eq!(request.page.as_ref().unwrap().url.as_deref(), Some("https://example.org/a"));
}

#[tokio::test]
async fn page_pasted_for_a_queued_url_replaces_the_fetch() {
    let (library, _folder) = test_library().await;
    let accepted = enqueue(&library, &[read_url("https://example.org/a").unwrap()], noon()).await.unwrap();
    let paste = read_paste("The ferry was late.", PasteFormat::Auto, "http://www.example.org/a/").unwrap();
    let again = enqueue(&library, &[paste.clone(), paste], noon()).await.unwrap();
    assert_eq!(
        (accepted, again),
        (vec![Accepted::New(1)], vec![Accepted::AlreadyQueued(1), Accepted::AlreadyQueued(1)])
    );
    let import = imports::claim_next(&library, &[], noon()).await.unwrap().unwrap();
    let page = crate::library::snapshots::load(&library, import.snapshot_id.unwrap()).await.unwrap().unwrap();
    assert_eq!(page.bytes, b"The ferry was late.");
}
