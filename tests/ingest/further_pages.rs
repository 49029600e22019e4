//! Articles of several pages.

use broadsheet::ingest::re_extraction::{self, ReExtractionOutcome};

use crate::mock_web::MockResponse;
use crate::{Fixture, noon};

/// Returns one page of three, with links to the others.
pub(crate) fn report_page_html(number: usize) -> String {
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
    fixture.web.serve("harbour.example/report", MockResponse::html(report_page_html(1)));
    fixture.web.serve("harbour.example/report?page=2", MockResponse::html(report_page_html(2)));
    fixture.web.serve("harbour.example/report?page=3", MockResponse::html(report_page_html(3)));
    let added = fixture.import("http://harbour.example/report").await.unwrap();
    let article = fixture.article(added.id()).await;
    for number in 1..=3 {
        assert!(article.html.as_str().contains(&format!("Chapter {number} of the long report")), "{number}");
    }
    assert_eq!(article.next_page, None);
    assert_eq!(fixture.web.requests().len(), 3);
    assert_eq!(
        re_extraction::re_extract(&fixture.library, article.id, noon()).await.unwrap(),
        ReExtractionOutcome::Unchanged
    );
    assert_eq!(fixture.web.requests().len(), 3, "nothing was fetched again");
}

#[tokio::test]
async fn pages_counted_from_zero_are_joined_in_the_order_of_their_links() {
    let fixture = Fixture::new().await;
    let pager = "<nav><a href='/report'>1</a> <a href='/report?page=1'>2</a> <a href='/report?page=2'>3</a></nav>";
    for (at, path) in ["report", "report?page=1", "report?page=2"].iter().enumerate() {
        let page = report_page_html(at + 1);
        let page = format!("{}{pager}</body></html>", page.split("<nav>").next().unwrap());
        fixture.web.serve(&format!("harbour.example/{path}"), MockResponse::html(page));
    }
    let added = fixture.import("http://harbour.example/report").await.unwrap();
    let article = fixture.article(added.id()).await;
    let text = article.html.as_str();
    let places: Vec<usize> = (1..=3).map(|number| text.find(&format!("Chapter {number} of")).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[tokio::test]
async fn unavailable_further_page_keeps_the_pages_before_it() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/report", MockResponse::html(report_page_html(1)));
    fixture.web.serve("harbour.example/report?page=2", MockResponse::html(report_page_html(2)));
    fixture.web.serve("harbour.example/report?page=3", MockResponse::status(503));
    let added = fixture.import("http://harbour.example/report").await.unwrap();
    let article = fixture.article(added.id()).await;
    assert!(article.html.as_str().contains("Chapter 2 of the long report"));
    let rest = article.next_page.unwrap();
    assert_eq!(rest.url, "http://harbour.example/report?page=3");
    assert!(rest.error_message.unwrap().ends_with('.'));
}

#[tokio::test]
async fn pagination_to_a_known_page_ends_the_article() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/report", MockResponse::html(report_page_html(1)));
    let added = fixture.import("http://harbour.example/report").await.unwrap();
    assert_eq!(fixture.article(added.id()).await.next_page, None);
    assert_eq!(fixture.web.requests().len(), 2, "the second page repeated the first");
}
