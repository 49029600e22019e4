//! Pages that are too large, too long, or that end the program.

use broadsheet::ingest::Outcome;
use broadsheet::library::articles::Added;
use broadsheet::library::imports::{self, Import, ImportState, NewImport};
use extract::MAX_TEXT_BYTES;
use url::Url;

use crate::mock_web::MockResponse;
use crate::{Fixture, ferry_article_html, noon};

/// Returns a page of a report with so many bytes of text in paragraphs that differ.
fn long_page_html(number: usize, bytes: usize) -> String {
    let mut text = String::new();
    for paragraph in 0.. {
        if text.len() >= bytes {
            break;
        }
        let words = format!("Page {number}, entry {paragraph} of the harbour log: calm seas, good sight. ").repeat(100);
        text.push_str(&format!("<p>{words}</p>"));
    }
    format!(
        "<html lang=en><head><title>The harbour log</title><meta property=og:type content=article></head><body>\
         <article><h1>The harbour log</h1>{text}</article><nav><a href='/log?page=1'>1</a> <a href='/log?page=2'>2</a> \
         <a href='/log?page=3'>3</a></nav></body></html>"
    )
}

#[tokio::test]
async fn a_page_with_more_text_than_a_long_novel_fails_with_a_reason() {
    let fixture = Fixture::new().await;
    let nothing = format!("<title>Nothing</title><p>{}</p>", "\0".repeat(MAX_TEXT_BYTES + 1));
    fixture.web.serve("harbour.example/nothing", MockResponse::html(nothing));
    fixture
        .web
        .serve("harbour.example/spaces", MockResponse::html(format!("<p>Calm seas.{}", " \n".repeat(MAX_TEXT_BYTES))));
    fixture.web.serve("harbour.example/lines.txt", MockResponse::new("text/plain", "Calm seas.\n".repeat(400_000)));
    for path in ["nothing", "spaces", "lines.txt"] {
        let failure = fixture.import(&format!("http://harbour.example/{path}")).await.unwrap_err();
        assert_eq!(failure.code, "too-long", "{path}");
        assert!(failure.message.contains("8 MB of text") && failure.message.ends_with('.'), "{}", failure.message);
    }
}

#[tokio::test]
async fn a_page_that_grows_when_it_is_decoded_is_too_large() {
    let fixture = Fixture::new().await;
    // The quotation mark takes one byte in this charset, and three in UTF-8.
    let quotes = [b"<p>".to_vec(), vec![0x94; 9 * 1024 * 1024]].concat();
    fixture.web.serve("harbour.example/quotes", MockResponse::new("text/html; charset=windows-1252", quotes));
    let failure = fixture.import("http://harbour.example/quotes").await.unwrap_err();
    assert_eq!(failure.code, "too-large");
    assert!(failure.message.contains("25 MB"), "{}", failure.message);
}

#[tokio::test]
async fn an_article_of_several_pages_ends_where_it_would_become_too_long() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/log", MockResponse::html(long_page_html(1, MAX_TEXT_BYTES / 2)));
    for number in 2..=3 {
        let page = MockResponse::html(long_page_html(number, MAX_TEXT_BYTES / 2));
        fixture.web.serve(&format!("harbour.example/log?page={number}"), page);
    }
    let article = fixture.article(fixture.import("http://harbour.example/log").await.unwrap().id()).await;
    assert!(article.html.as_str().contains("Page 1, entry 0") && !article.html.as_str().contains("Page 3, entry 0"));
    let rest = article.next_page.unwrap();
    assert!(rest.error_message.unwrap().contains("longer than 8 MB"));
}

#[tokio::test]
async fn a_page_that_ends_the_program_twice_fails_and_others_resume() {
    let fixture = Fixture::new().await;
    for path in ["bomb", "late"] {
        fixture.web.serve(&format!("harbour.example/{path}"), MockResponse::html(ferry_article_html(path, "")));
        let url = Some(Url::parse(&format!("http://harbour.example/{path}")).unwrap());
        let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
        imports::accept(&fixture.library, &input, noon()).await.unwrap();
    }
    for nth in 0..imports::MAX_UNFINISHED_READS {
        let bomb = claim(&fixture).await;
        claim(&fixture).await;
        assert_eq!(bomb.unfinished_reads, nth);
        imports::note_reading(&fixture.library, bomb.id).await.unwrap();
        // Here the program ends. The other import was waiting for its server.
        imports::requeue_interrupted(&fixture.library, noon()).await.unwrap();
    }
    let late = claim(&fixture).await;
    assert!(matches!(fixture.ingest(&late).await, Outcome::Article(Added::New(_))));
    let bomb = imports::find(&fixture.library, 1).await.unwrap().unwrap();
    let ImportState::Failed { message, code } = bomb.state else { panic!("{bomb:?}") };
    assert_eq!(code, "stopped");
    assert!(message.contains("not enough memory") && message.contains("paste it instead"), "{message}");
    // A reader who tries again gets two more attempts.
    assert!(imports::retry(&fixture.library, 1, noon()).await.unwrap());
    assert!(matches!(fixture.ingest(&claim(&fixture).await).await, Outcome::Article(_)));
}

#[tokio::test]
async fn an_import_that_was_interrupted_once_is_read_and_the_note_about_it_goes() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/late", MockResponse::html("<p>Too little"));
    let url = Some(Url::parse("http://harbour.example/late").unwrap());
    let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&fixture.library, &input, noon()).await.unwrap();
    imports::note_reading(&fixture.library, claim(&fixture).await.id).await.unwrap();
    imports::requeue_interrupted(&fixture.library, noon()).await.unwrap();
    fixture.ingest(&claim(&fixture).await).await;
    assert_eq!(imports::find(&fixture.library, 1).await.unwrap().unwrap().unfinished_reads, 0);
}

async fn claim(fixture: &Fixture) -> Import {
    imports::claim_next(&fixture.library, noon()).await.unwrap().unwrap()
}
