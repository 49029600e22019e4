//! The numbers for monitoring programs, and what the health check says of feeds.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use broadsheet::library::feeds::looks::{self, Look, LookResult};
use broadsheet::library::feeds::{self as followed, FeedSettings, LookError, NamedBy, NewFeed};
use broadsheet::web;
use jiff::SignedDuration;
use tower::ServiceExt as _;

use crate::feeds::site::{FEED, app_with_site, follow_and_read};
use crate::support::{TestApp, advance_clock, now};

/// Requests a path of the listener for monitoring programs.
async fn request(router: &Router, path: &str, host: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("Host", host).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_monitoring_program_sees_counts_and_no_names() {
    let (app, _web) = app_with_site(1..=3).await;
    follow_and_read(&app).await;
    app.get("/no-such-page").await;
    let (status, text) = request(&web::metrics_router(app.app.clone()), "/metrics", "127.0.0.1:9090").await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        "broadsheet_requests_total{status=\"4xx\"} 1",
        "broadsheet_feed_looks_total{answer=\"feed\"} 1",
        "broadsheet_feed_items_total 3",
        "broadsheet_feeds{library=\"1\",state=\"well\"} 1",
        "broadsheet_feeds{library=\"1\",state=\"failing\"} 0",
        "broadsheet_imports_listed{library=\"1\",state=\"waiting\"} 0",
        "broadsheet_unreachable_seconds{library=\"1\"} 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(text.contains("broadsheet_database_bytes{library=\"1\",database=\"articles\"} "), "{text}");
    assert!(!text.contains("harbour"), "{text}");
}

#[tokio::test]
async fn metrics_have_an_address_of_their_own_and_no_name_of_the_internet() {
    let app = TestApp::logged_in_as_ann().await;
    assert_eq!(app.get("/metrics").await.status, StatusCode::NOT_FOUND, "never on the public address");
    let router = web::metrics_router(app.app.clone());
    assert_eq!(request(&router, "/metrics", "attacker.example:9090").await.0, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(request(&router, "/", "127.0.0.1:9090").await.0, StatusCode::NOT_FOUND, "nothing else is there");
    assert_eq!(request(&router, "/metrics", "broadsheet:9090").await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_health_check_says_when_no_site_of_a_feed_can_be_reached() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let new = NewFeed {
        url: FEED.parse().unwrap(),
        title: "Harbour".into(),
        site_url: None,
        named_by: NamedBy::Reader,
        settings: FeedSettings::default(),
    };
    let id = followed::follow(&library, &new, now()).await.unwrap().id();
    let error = LookError { code: "network".into(), message: "The site can’t be reached.".into() };
    let look = Look {
        history: feeds::schedule::History::default(),
        next: Some(now()),
        host_pause: None,
        refused_by: None,
        moved_to: None,
        links: None,
        declared: None,
        result: LookResult::Nothing(error),
    };
    looks::record(&library, id, &look, now()).await.unwrap();
    advance_clock(SignedDuration::from_mins(119));
    assert_eq!(app.get("/healthcheck").await.body, "ok");
    advance_clock(SignedDuration::from_mins(2));
    let page = app.get("/healthcheck").await;
    assert_eq!(page.status, StatusCode::OK, "starting again would not help");
    assert!(page.body.starts_with("ok\nNothing could be fetched for 2 hours."), "{}", page.body);
    assert!(app.get("/").await.text("[role=alert]").starts_with("Nothing could be fetched for 2 hours."));
}
