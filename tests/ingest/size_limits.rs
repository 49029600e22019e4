//! Pages that are too large, too long, or that end the program.

use broadsheet::ingest::Outcome;
use broadsheet::ingest::extractor::Extractor;
use broadsheet::library::articles::Added;
use broadsheet::library::imports::{self, Import, NewImport};
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
    // As HTML, each of these characters takes five bytes.
    let grows = "&".repeat(MAX_TEXT_BYTES / 4);
    fixture.web.serve("harbour.example/grows", MockResponse::html(format!("<p>Calm seas. {grows}")));
    fixture.web.serve("harbour.example/grows.txt", MockResponse::new("text/plain", format!("Calm seas. {grows}")));
    for path in ["nothing", "spaces", "lines.txt", "grows", "grows.txt"] {
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
async fn a_page_that_ended_the_program_is_tried_in_a_process_of_its_own() {
    let mut fixture = Fixture::new().await;
    for path in ["bomb", "late"] {
        fixture.web.serve(&format!("harbour.example/{path}"), MockResponse::html(ferry_article_html(path, "")));
        let url = Some(Url::parse(&format!("http://harbour.example/{path}")).unwrap());
        let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
        imports::accept(&fixture.library, &input, noon()).await.unwrap();
    }
    let (bomb, _) = (claim(&fixture).await, claim(&fixture).await);
    imports::note_reading(&fixture.library, bomb.id).await.unwrap();
    // Here the program ends. The other import was waiting for its server.
    imports::requeue_interrupted(&fixture.library, noon()).await.unwrap();
    let ending = fixture.program("kill -9 $$");
    fixture.extractor = Extractor::default().with_trial(ending);
    let bomb = claim(&fixture).await;
    let Outcome::Failed(failure) = fixture.ingest(&bomb).await else { panic!("it was read") };
    assert_eq!(failure.code, "stopped");
    assert!(failure.message.contains("more memory than there is") && failure.message.ends_with('.'));
    imports::fail(&fixture.library, bomb.id, &failure, noon()).await.unwrap();
    // The other page is not suspected, so it is not tried.
    assert!(matches!(fixture.ingest(&claim(&fixture).await).await, Outcome::Article(Added::New(_))));
    // A reader who tries again gets the usual attempts.
    assert!(imports::retry(&fixture.library, bomb.id, noon()).await.unwrap());
    assert!(matches!(fixture.ingest(&claim(&fixture).await).await, Outcome::Article(Added::New(_))));
}

#[tokio::test]
async fn a_page_that_was_interrupted_by_chance_survives_the_trial_and_is_read() {
    let mut fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("late", "")));
    let url = Some(Url::parse("http://harbour.example/late").unwrap());
    let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&fixture.library, &input, noon()).await.unwrap();
    for _ in 0..3 {
        imports::note_reading(&fixture.library, claim(&fixture).await.id).await.unwrap();
        imports::requeue_interrupted(&fixture.library, noon()).await.unwrap();
    }
    let surviving = fixture.program("cat >/dev/null");
    fixture.extractor = Extractor::default().with_trial(surviving);
    assert!(matches!(fixture.ingest(&claim(&fixture).await).await, Outcome::Article(Added::New(_))));
    assert_eq!(imports::find(&fixture.library, 1).await.unwrap().unwrap().unfinished_reads, 0);
}

async fn claim(fixture: &Fixture) -> Import {
    imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap()
}
