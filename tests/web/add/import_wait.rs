//! Imports that wait for their site, and copies in the web archive.

use axum::http::StatusCode;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::library::imports::{self, Failure};
use futures_util::FutureExt as _;
use jiff::SignedDuration;

use super::import_form::article_about;
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, advance_clock, now};

const URL: &str = "http://harbour.example/late";

impl TestApp {
    /// Adds a link and processes the queue.
    async fn add_link(&self, url: &str) {
        let input = imports::NewImport {
            url: Some(url.parse().unwrap()),
            snapshot_id: None,
            file_name: None,
            replaces_id: None,
        };
        imports::accept(&self.library().await, &input, now()).await.unwrap();
        self.process_imports().await;
    }
}

#[tokio::test]
async fn an_import_waits_for_a_site_in_trouble_and_then_arrives() {
    let web = MockWeb::start().await;
    web.serve(URL, MockResponse::status(503));
    let app = TestApp::with_mock_web(web.addr).await;
    app.add_link(URL).await;
    let page = app.get("/import/1").await;
    assert_eq!(page.text("h1"), "Waiting for the site");
    let status = page.text(".status");
    assert!(status.starts_with("Waits until ") && status.ends_with(". The site has a problem (503)."), "{status}");
    assert!(page.has("#import-1[data-live]") && page.has("form[action='/import/1/stop']"));
    assert!(app.get(&page.attributes(".buttons a", "href")[0]).await.has(&format!("#original-url[value='{URL}']")));
    let list = app.get("/imports").await;
    assert!(list.text(".imports .status").starts_with("Waits until "), "{}", list.body);
    assert_eq!(list.texts(".imports .buttons button"), ["Try now", "Stop waiting"]);
    assert_eq!(app.get("/imports?state=failed").await.text(".tabs [aria-current] .count"), "0");

    app.process_imports().await;
    assert_eq!(web.requests().len(), 1, "it is not asked before its time");
    web.serve(URL, article_about("Osprey"));
    advance_clock(SignedDuration::from_secs(60));
    app.process_imports().await;
    assert_eq!(app.get("/import/1").await.location(), "/article/1");
}

#[tokio::test]
async fn a_reader_can_stop_waiting_or_try_now() {
    let web = MockWeb::start().await;
    web.serve(URL, MockResponse::status(503));
    let app = TestApp::with_mock_web(web.addr).await;
    app.add_link(URL).await;
    let stopped = app.post("/import/1/stop", &[]).await;
    assert_eq!((stopped.status, stopped.location()), (StatusCode::SEE_OTHER, "/import/1"));
    assert!(app.app.wakeups.imports.notified().now_or_never().is_some(), "a page that came along is read at once");
    let page = app.get("/import/1").await;
    let expected = "You stopped this import. The site has a problem (503). Try again later.";
    assert_eq!(page.text(".status.failed"), expected);
    assert!(!page.has("[data-live]"));

    app.post("/import/1/retry", &[("return_to", "/imports")]).await;
    app.process_imports().await;
    let list = app.post("/import/1/stop", &[("return_to", "/imports?state=failed")]).await;
    assert_eq!(list.location(), "/imports?state=failed");
    web.serve(URL, article_about("Osprey"));
    app.post("/import/1/retry", &[("return_to", "/imports")]).await;
    app.process_imports().await;
    assert_eq!(app.get("/import/1").await.location(), "/article/1");
}

#[tokio::test]
async fn all_that_wait_for_their_sites_can_be_stopped_at_once() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    for host in ["one", "two", "three"] {
        web.serve(&format!("{host}.example/"), MockResponse::status(502));
        app.add_link(&format!("http://{host}.example/")).await;
    }
    let list = app.get("/imports").await;
    assert!(list.has("form[action='/imports/stop']"), "{}", list.body);
    app.post("/imports/stop", &[]).await;
    assert!(app.app.wakeups.imports.notified().now_or_never().is_some());
    assert_eq!(imports::count_failed(&app.library().await).await.unwrap(), 3);
}

#[tokio::test]
async fn sixty_links_of_a_busy_host_all_arrive_while_others_go_on() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    let library = app.library().await;
    for number in 0..60 {
        web.serve(&format!("busy.example/{number}"), article_about(&format!("Osprey {number}")));
        let url = format!("http://busy.example/{number}").parse().unwrap();
        let input = imports::NewImport { url: Some(url), snapshot_id: None, file_name: None, replaces_id: None };
        imports::accept(&library, &input, now()).await.unwrap();
    }
    // Every fifth answer of the site is that it is busy.
    for number in (0..60).step_by(5) {
        web.serve(&format!("busy.example/{number}"), MockResponse::status(429));
    }
    app.process_imports().await;
    for number in (0..60).step_by(5) {
        web.serve(&format!("busy.example/{number}"), article_about(&format!("Heron {number}")));
    }
    for _ in 0..60 {
        advance_clock(SignedDuration::from_secs(10));
        app.process_imports().await;
    }
    let states = imports::list(&library, i64::MAX, 100).await.unwrap();
    assert!(states.iter().all(|import| import.state.is_final()), "{states:?}");
    assert_eq!(imports::count_failed(&library).await.unwrap(), 0);
}

#[tokio::test]
async fn a_dead_link_offers_the_newest_copy_in_the_archive() {
    let web = MockWeb::start().await;
    let mut app = TestApp::with_mock_web(web.addr).await;
    let policy = Policy { archive: "http://archive.example/".parse().unwrap(), ..Policy::default() };
    app.app.fetcher = Fetcher::new(policy, Resolver::all_hosts_at(web.addr)).unwrap();
    app.set_images_limit(1 << 30);
    app.add_link(URL).await;
    let page = app.get("/import/1").await;
    assert!(page.has("form[action='/import/1/archived-copy'] button"), "{}", page.body);
    assert!(
        web.requests().iter().all(|url| !url.contains("archive.example")),
        "it is asked only if the reader says so"
    );

    let copy = format!("archive.example/web/20240131120000id_/{URL}");
    web.serve(&format!("archive.example/web/2id_/{URL}"), MockResponse::redirect(&format!("http://{copy}")));
    web.serve(&copy, article_about("Osprey"));
    app.post("/import/1/archived-copy", &[("return_to", "/imports")]).await;
    app.process_imports().await;
    let article = app.get("/article/1").await;
    assert_eq!(article.text(".facts .hint"), "Archived copy of 31 January 2024, from the Internet Archive.");
    assert_eq!(article.attributes(".actions a[rel]", "href"), [URL]);

    app.add_link("http://harbour.example/other").await;
    app.post("/import/2/archived-copy", &[("return_to", "/imports")]).await;
    app.process_imports().await;
    let page = app.get("/import/2").await;
    assert!(page.text(".status.failed").starts_with("The Internet Archive has no copy"), "{}", page.body);
    assert!(!page.has("form[action='/import/2/archived-copy']"));
}

#[tokio::test]
async fn other_failures_offer_no_archived_copy() {
    let app = TestApp::new().await;
    let library = app.library().await;
    for (number, code) in [(1, "status-403"), (2, "not-a-page"), (3, "status-410"), (4, "no-host")] {
        let url = format!("http://harbour.example/{number}").parse().unwrap();
        let input = imports::NewImport { url: Some(url), snapshot_id: None, file_name: None, replaces_id: None };
        imports::accept(&library, &input, now()).await.unwrap();
        let failure = Failure { code: code.into(), message: "It is not here.".into() };
        imports::fail(&library, number, &failure, now()).await.unwrap();
        let form = format!("form[action='/import/{number}/archived-copy']");
        assert_eq!(app.get(&format!("/import/{number}")).await.has(&form), number > 2, "{code}");
    }
}
