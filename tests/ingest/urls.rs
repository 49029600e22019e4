//! From a URL to an article, and when two URLs give the same one.

use broadsheet::library::articles::{Added, article_page};
use broadsheet::library::{tags, topics};

use crate::mock_web::MockResponse;
use crate::{Fixture, bakery_article_html, ferry_article_html};

#[tokio::test]
async fn url_becomes_an_article_with_source_topic_and_keywords() {
    let fixture = Fixture::new().await;
    let head = r#"<meta property="og:site_name" content="The Harbour Post"><meta property="article:section" content="Politics">
                  <meta name="keywords" content="Ferries, Harbour board"><meta name="author" content="Anna Sorel">
                  <meta property="article:published_time" content="2026-11-20T08:00:00+01:00">"#;
    fixture.web.serve("news.harbour.example/politics/late", MockResponse::html(ferry_article_html("Osprey", head)));
    let added = fixture.import("http://news.harbour.example/politics/late?utm_source=letter#top").await;
    assert!(matches!(added, Ok(Added::New(_))), "{added:?}");
    let article = fixture.article(added.unwrap().id()).await;
    assert_eq!(article.title, "Why the Osprey was late");
    assert_eq!((article.source_domain.as_str(), article.source_name.as_str()), ("harbour.example", "The Harbour Post"));
    assert_eq!(article.topic, "politics");
    assert_eq!(article.published_at.unwrap().to_string(), "2026-11-20T07:00:00Z");
    assert_eq!(article.byline.as_deref(), Some("Anna Sorel"));
    assert!(article.html.as_str().contains("In part 6 of the report"), "{}", article.html.as_str());
    assert!(!article.html.as_str().contains("All rights reserved"));
    assert!(tags::list_for_article(&fixture.library, article.id).await.unwrap().is_empty());
    let (_, context) = article_page::find_page(&fixture.library, article.id).await.unwrap().unwrap();
    assert_eq!(context.keywords, ["Ferries", "Harbour board"]);
    assert_eq!(topics::article_counts(&fixture.library).await.unwrap().unread, 1);
}

#[tokio::test]
async fn equivalent_urls_give_the_saved_article() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("Osprey", "")));
    let first = fixture.import("http://harbour.example/late").await.unwrap();
    for same in [
        "https://www.harbour.example/late/",
        "http://harbour.example/late?utm_campaign=x&fbclid=y",
        "http://HARBOUR.example:80/late#part-2",
    ] {
        assert_eq!(fixture.import(same).await, Ok(Added::Existing(first.id())), "{same}");
    }
    assert_eq!(fixture.web.requests().len(), 1, "it was fetched once");
}

#[tokio::test]
async fn redirected_urls_give_one_article() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("Osprey", "")));
    fixture.web.serve("short.example/x", MockResponse::redirect("http://harbour.example/late"));
    let first = fixture.import("http://harbour.example/late").await.unwrap();
    assert_eq!(fixture.import("http://short.example/x").await, Ok(Added::Existing(first.id())));
    assert_eq!(fixture.import("http://short.example/x").await, Ok(Added::Existing(first.id())));
    assert_eq!(fixture.web.requests().len(), 3, "the short URL was known the second time");
}

#[tokio::test]
async fn canonical_link_counts_within_its_site_for_near_duplicates() {
    let fixture = Fixture::new().await;
    let link = r#"<link rel="canonical" href="http://harbour.example/late">"#;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("Osprey", link)));
    fixture.web.serve("m.harbour.example/amp/late", MockResponse::html(ferry_article_html("Osprey", link)));
    fixture.web.serve("harbour.example/other", MockResponse::html(bakery_article_html(link)));
    fixture.web.serve("thief.example/copy", MockResponse::html(ferry_article_html("Osprey", link)));
    let first = fixture.import("http://harbour.example/late").await.unwrap();
    assert_eq!(fixture.import("http://m.harbour.example/amp/late").await, Ok(Added::Existing(first.id())));
    assert!(matches!(fixture.import("http://harbour.example/other").await, Ok(Added::New(_))), "another text");
    assert!(matches!(fixture.import("http://thief.example/copy").await, Ok(Added::New(_))), "another site");
    assert!(fixture.web.requests().iter().all(|asked| asked != "harbour.example/"), "no canonical link is followed");
}

#[tokio::test]
async fn canonical_url_fetched_later_gives_the_saved_article() {
    let fixture = Fixture::new().await;
    let link = r#"<link rel="canonical" href="http://harbour.example/late">"#;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("Osprey", link)));
    fixture.web.serve("amp.harbour.example/late", MockResponse::html(ferry_article_html("Osprey", link)));
    let first = fixture.import("http://amp.harbour.example/late").await.unwrap();
    assert_eq!(fixture.import("http://harbour.example/late").await, Ok(Added::Existing(first.id())));
    assert_eq!(fixture.count().await, 1);
}

#[tokio::test]
async fn canonical_link_to_the_front_page_is_ignored() {
    let fixture = Fixture::new().await;
    let link = r#"<link rel="canonical" href="http://harbour.example/">"#;
    fixture.web.serve("harbour.example/a", MockResponse::html(ferry_article_html("Osprey", link)));
    fixture.web.serve("harbour.example/b", MockResponse::html(ferry_article_html("Osprey", link)));
    assert!(matches!(fixture.import("http://harbour.example/a").await, Ok(Added::New(_))));
    assert!(matches!(fixture.import("http://harbour.example/b").await, Ok(Added::New(_))));
}
