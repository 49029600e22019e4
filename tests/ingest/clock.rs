//! A computer whose clock starts in 1970 keeps the dates of articles.

use broadsheet::ingest::extractor::Extractor;
use broadsheet::ingest::{Outcome, ingest, re_extraction};
use broadsheet::library::articles::{Article, versions};
use broadsheet::library::imports::{self, NewImport};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::mock_web::MockResponse;
use crate::{Fixture, ferry_article_html, noon};

async fn import_at(fixture: &Fixture, path: &str, published: Option<&str>, now: Timestamp) -> Article {
    let meta = published.map(|date| format!("<meta property='article:published_time' content='{date}'>"));
    let html = ferry_article_html(path, &meta.unwrap_or_default());
    fixture.web.serve(&format!("harbour.example/{path}"), MockResponse::html(html));
    let url = Some(Url::parse(&format!("http://harbour.example/{path}")).unwrap());
    let new = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&fixture.library, &new, now).await.unwrap();
    let import = imports::claim_next(&fixture.library, &[], now).await.unwrap().unwrap();
    match ingest(&fixture.library, (&fixture.fetcher, &Extractor::default()), &import, now).await.unwrap() {
        Outcome::Article(added) => fixture.article(added.id()).await,
        ended => panic!("{ended:?}"),
    }
}

#[tokio::test]
async fn a_clock_in_1970_drops_no_date() {
    let fixture = Fixture::new().await;
    broadsheet::library::clock::settle(&fixture.library, noon()).await.unwrap();
    let (day, first_start) = (SignedDuration::from_hours(24), Timestamp::UNIX_EPOCH);
    for (path, published, expected, received) in [
        ("osprey", Some("2026-11-20T08:00:00Z"), Some(noon() - day * 3 - SignedDuration::from_hours(4)), noon()),
        ("heron", Some("2026-12-01T12:00:00Z"), Some(noon() + day * 8), noon() + day * 8),
        ("kestrel", None, None, noon()),
        ("phoenix", Some("2033-01-01T00:00:00Z"), None, noon()),
    ] {
        let article = import_at(&fixture, path, published, first_start).await;
        assert_eq!((article.published_at, article.received_at), (expected, received), "{path}");
        assert!(article.published_at.is_none_or(|published| published <= article.received_at));
    }
}

#[tokio::test]
async fn a_clock_in_1970_takes_no_date_from_an_article_that_is_extracted_again() {
    let fixture = Fixture::new().await;
    let before = import_at(&fixture, "osprey", Some("2026-11-20T08:00:00Z"), noon()).await;
    let mut other = versions::load_current(&fixture.library, before.id).await.unwrap().unwrap();
    other.title = "What older code made of it".into();
    versions::replace(&fixture.library, before.id, &other, noon()).await.unwrap();
    re_extraction::re_extract(&fixture.library, before.id, Timestamp::UNIX_EPOCH).await.unwrap();
    let after = fixture.article(before.id).await;
    assert_eq!((after.published_at, after.title), (before.published_at, before.title));
}
