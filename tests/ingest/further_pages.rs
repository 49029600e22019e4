//! Articles of several pages.

use broadsheet::ingest::re_extraction::{self, ReExtractionOutcome};

use crate::site::Answer;
use crate::{Fixture, noon};

/// One page of three: its own words, and the pager under them.
fn report_page_html(number: usize) -> String {
    let words: String = ["the quay", "the crew", "the engine", "the passengers"]
        .map(|thing| {
            format!("<p>Chapter {number} of the long report on the ferry is about {thing}, of which it says in {number} careful sentences what was seen, heard and paid for that year.</p>")
        })
        .concat();
    format!(
        "<html lang=en><head><title>The long report</title><meta property=og:type content=article></head><body><article><h1>The long report</h1>{words}</article>\
         <nav><a href='/report?page=1'>1</a> <a href='/report?page=2'>2</a> <a href='/report?page=3'>3</a></nav></body></html>"
    )
}

#[tokio::test]
async fn multi_page_article_is_joined_and_re_extracted_offline() {
    let fixture = Fixture::new().await;
    fixture.web.put("harbour.example/report", Answer::html(report_page_html(1)));
    fixture.web.put("harbour.example/report?page=2", Answer::html(report_page_html(2)));
    fixture.web.put("harbour.example/report?page=3", Answer::html(report_page_html(3)));
    let added = fixture.import("http://harbour.example/report").await.unwrap();
    let article = fixture.article(added.id()).await;
    for number in 1..=3 {
        assert!(article.body.as_str().contains(&format!("Chapter {number} of the long report")), "{number}");
    }
    assert_eq!(article.rest, None);
    assert_eq!(fixture.web.asked().len(), 3);
    assert_eq!(
        re_extraction::re_extract(&fixture.library, article.id, noon()).await.unwrap(),
        ReExtractionOutcome::Unchanged
    );
    assert_eq!(fixture.web.asked().len(), 3, "nothing was fetched for it");
}

#[tokio::test]
async fn unavailable_further_page_keeps_the_pages_before_it() {
    let fixture = Fixture::new().await;
    fixture.web.put("harbour.example/report", Answer::html(report_page_html(1)));
    fixture.web.put("harbour.example/report?page=2", Answer::html(report_page_html(2)));
    fixture.web.put("harbour.example/report?page=3", Answer::status(503));
    let added = fixture.import("http://harbour.example/report").await.unwrap();
    let article = fixture.article(added.id()).await;
    assert!(article.body.as_str().contains("Chapter 2 of the long report"));
    let rest = article.rest.unwrap();
    assert_eq!(rest.address, "http://harbour.example/report?page=3");
    assert!(rest.problem.unwrap().ends_with('.'));
}

#[tokio::test]
async fn pagination_to_a_known_page_ends_the_article() {
    let fixture = Fixture::new().await;
    fixture.web.put("harbour.example/report", Answer::html(report_page_html(1)));
    let added = fixture.import("http://harbour.example/report").await.unwrap();
    assert_eq!(fixture.article(added.id()).await.rest, None);
    assert_eq!(fixture.web.asked().len(), 2, "the second was the first once more");
}
