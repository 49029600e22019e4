//! The catalogue for e-readers: what an OPDS program requests, and who may.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use broadsheet::jobs;
use broadsheet::library::articles::Channel;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::fixtures::article;
use crate::support::{Page, TestApp, advance_clock, capture_log, now};

/// Ann's library with the editions of so many days before today, and one article today.
async fn app_with_editions(days: i64) -> TestApp {
    let app = TestApp::logged_in_as_ann().await;
    for number in 0..=days {
        let mut new = article(number);
        new.content.title = format!("Ferries & “piers” {number}");
        new.content.published_at = Some(now() - SignedDuration::from_mins(5));
        new.received_at = now();
        new.channel = Channel::Feed;
        app.add_article(&new).await;
        if number < days {
            advance_clock(SignedDuration::from_hours(24));
        }
    }
    jobs::close_editions(&app.app, &app.library().await, &TimeZone::system(), &CancellationToken::new()).await.unwrap();
    // The session may be over by then.
    app.log_in("Ann", "correct horse").await;
    app
}

/// Creates the link of the catalogue in the settings, and returns the token.
async fn create_token(app: &TestApp) -> String {
    let page = app.post("/settings/catalogue/create", &[]).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "private, no-store"));
    let token = page.attributes("#token", "value").remove(0);
    assert!(page.attributes("#url", "value")[0].ends_with(&format!("/opds/{token}")));
    token
}

/// Requests as an e-reader does: without cookies, following links as they are.
async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Page {
    let request =
        headers.iter().fold(Request::builder().uri(path), |request, (name, value)| request.header(*name, *value));
    app.another_browser().send(request.header("accept-encoding", "gzip").body(Body::empty()).unwrap()).await
}

/// The target of the link with a `rel`, with its media type.
fn link(page: &Page, rel: &str) -> (String, String) {
    let start = page.body.split("<link ").find(|link| link.starts_with(&format!("rel=\"{rel}\""))).unwrap_or_default();
    let value = |name: &str| {
        start.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
    };
    (value("href").replace("&amp;", "&"), value("type").to_owned())
}

const ACQUISITION: &str = "http://opds-spec.org/acquisition";

#[tokio::test]
async fn a_program_goes_from_the_link_to_a_book_and_its_cover() {
    let app = app_with_editions(2).await;
    let token = create_token(&app).await;
    let root = get(&app, &format!("/opds/{token}"), &[]).await;
    assert_eq!(root.header("content-type"), "application/atom+xml;profile=opds-catalog;kind=navigation");
    assert_eq!(root.header("content-length"), root.bytes.len().to_string());
    assert_eq!((root.header("x-robots-tag"), root.header("content-encoding")), ("noindex, nofollow", ""));
    let (editions, kind) = link(&root, "subsection");
    let feed = get(&app, &editions, &[]).await;
    assert_eq!(feed.header("content-type"), kind);
    assert_eq!(feed.texts("entry > title").len(), 3, "{}", feed.body);
    assert!(feed.body.contains("Monday, 23 November 2026") && feed.body.contains("(so far)"));
    let (book, media_type) = link(&feed, ACQUISITION);
    let book = get(&app, &book, &[]).await;
    assert_eq!(
        (book.header("content-type"), book.header("content-length")),
        (&*media_type, &*book.bytes.len().to_string())
    );
    assert_eq!(&book.bytes[..2], b"PK");
    let (cover, media_type) = link(&feed, "http://opds-spec.org/image");
    let cover = get(&app, &cover, &[]).await;
    assert_eq!((cover.header("content-type"), &cover.bytes[..2]), (&*media_type, &b"\xff\xd8"[..]));
    assert!(link(&feed, "self").0.starts_with(&format!("/opds/{token}/")), "it stays below its token");
}

#[tokio::test]
async fn basic_authentication_opens_the_same_and_small_images_are_passed_on() {
    let app = app_with_editions(1).await;
    let token = create_token(&app).await;
    let credentials = format!("Basic {}", STANDARD.encode(format!("Ann:{token}")));
    let asked = get(&app, "/opds", &[]).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(asked.header("www-authenticate").starts_with("Basic realm="));
    let headers = [("authorization", credentials.as_str())];
    let root = get(&app, "/opds", &headers).await;
    assert_eq!(link(&root, "subsection").0, "/opds/editions");
    let feed = get(&app, "/opds/editions?for=e-reader", &headers).await;
    let (book, _) = link(&feed, ACQUISITION);
    assert!(book.starts_with("/opds/edition/") && book.ends_with(".epub?for=e-reader"), "{book}");
    assert_eq!(get(&app, &book, &headers).await.status, StatusCode::OK);
    assert_eq!(get(&app, &book, &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let app = app_with_editions(33).await;
    let token = create_token(&app).await;
    let first = get(&app, &format!("/opds/{token}/editions?for=e-reader"), &[]).await;
    assert_eq!(first.body.matches("<entry>").count(), 31, "today, and thirty before");
    let (next, kind) = link(&first, "next");
    assert!(next.contains("before=") && next.ends_with("for=e-reader"), "{next}");
    let second = get(&app, &next, &[]).await;
    assert_eq!((second.header("content-type"), second.body.matches("<entry>").count()), (&*kind, 1));
    assert_eq!(link(&second, "next").0, "");
}

#[tokio::test]
async fn a_token_opens_nothing_else_and_nothing_once_it_is_revoked_or_replaced() {
    let app = app_with_editions(1).await;
    let log = capture_log();
    let first = create_token(&app).await;
    let settings = app.get("/settings").await;
    assert!(settings.body.contains("Create new link") && !settings.body.contains(&first), "it is shown once");
    let second = create_token(&app).await;
    let status = async |token: &str| get(&app, &format!("/opds/{token}/editions"), &[]).await.status;
    assert_eq!((status(&first).await, status(&second).await), (StatusCode::NOT_FOUND, StatusCode::OK));
    let day = Timestamp::from_second(1_795_435_200).unwrap().strftime("%F").to_string();
    assert_eq!(get(&app, &format!("/opds/{second}/edition/{day}.epub"), &[]).await.status, StatusCode::OK);
    let basic = format!("Basic {}", STANDARD.encode(format!("Ann:{second}")));
    for header in [("cookie", format!("broadsheet={second}")), ("authorization", basic)] {
        let page = get(&app, "/articles", &[(header.0, &header.1)]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{header:?}");
    }
    for file in [format!("{day}.pdf"), day.clone(), "1999-01-01.epub".into(), "x.epub".into(), "1999-01-01.jpg".into()]
    {
        let page = get(&app, &format!("/opds/{second}/edition/{file}"), &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{file}");
    }
    app.post("/settings/catalogue/revoke", &[]).await;
    assert_eq!(status(&second).await, StatusCode::NOT_FOUND);
    assert_eq!(status(&"0".repeat(64)).await, StatusCode::NOT_FOUND);
    let logged = log.text();
    assert!(logged.contains("/opds/…/editions") && !logged.contains(&first) && !logged.contains(&second));
}

#[tokio::test]
async fn without_an_account_there_is_no_catalogue() {
    let app = TestApp::new().await;
    assert!(app.get("/settings").await.body.contains("set a username and password first"));
    assert_eq!(app.post("/settings/catalogue/create", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/opds").await.status, StatusCode::UNAUTHORIZED);
}
