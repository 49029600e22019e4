//! Editions of days that have ended: their pages, and their list.

use axum::http::StatusCode;
use broadsheet::jobs;
use broadsheet::library::articles::{self, ArticleAction, Channel};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use crate::fixtures::article;
use crate::support::{TestApp, advance_clock, now};

async fn close(app: &TestApp) {
    jobs::close_editions(&app.app, &app.library().await, &TimeZone::system(), &CancellationToken::new()).await.unwrap();
}

/// Adds so many articles of a feed that have just arrived. Returns their ids.
async fn arrive(app: &TestApp, numbers: std::ops::RangeInclusive<i64>) -> Vec<i64> {
    let mut ids = Vec::new();
    for number in numbers {
        let mut new = article(number);
        new.content.published_at = Some(now() - SignedDuration::from_mins(number));
        new.channel = Channel::Feed;
        ids.push(app.add_article(&new).await);
    }
    ids
}

/// An app with the editions of 23 and 25 November, on the 26th.
async fn app_with_editions() -> TestApp {
    let app = TestApp::new().await;
    arrive(&app, 1..=6).await;
    advance_clock(SignedDuration::from_hours(48));
    arrive(&app, 11..=12).await;
    advance_clock(SignedDuration::from_hours(24));
    close(&app).await;
    app
}

#[tokio::test]
async fn a_past_edition_stays_as_it_was_when_its_day_ended() {
    let app = app_with_editions().await;
    let page = app.get("/edition/2026-11-23").await;
    assert_eq!(page.text("h1"), "Monday, 23 November 2026");
    assert_eq!(page.text(".lead h2"), "Ferry report 1");
    let titles = page.texts(".tops h3, .briefs h3");
    assert_eq!(titles, [2, 3, 4, 5, 6].map(|number| format!("Ferry report {number}")));
    app.post("/topic/politics/edit", &[("name", "Assembly")]).await;
    let mut late = article(20);
    late.content.published_at = Some("2026-11-23T13:00:00Z".parse().unwrap());
    late.received_at = "2026-11-23T14:00:00Z".parse().unwrap();
    app.add_article(&late).await;
    close(&app).await;
    let again = app.get("/edition/2026-11-23").await;
    assert_eq!(again.texts(".tops h3, .briefs h3"), titles, "not even by an article that is added with an old date");
}

#[tokio::test]
async fn editions_lead_to_each_other_and_are_listed() {
    let app = app_with_editions().await;
    let links = async |path: &str| app.get(path).await.attributes(".edition-head .go-on a", "href");
    assert_eq!(links("/edition/2026-11-23").await, ["/edition/2026-11-25"], "over the day on which nothing came");
    assert_eq!(links("/edition/2026-11-25").await, ["/edition/2026-11-23", "/"]);
    let list = app.get("/editions").await;
    assert_eq!(list.texts(".rows h2"), ["Wednesday, 25 November 2026", "Monday, 23 November 2026"]);
    assert_eq!(list.texts(".rows .meta"), ["2 stories", "6 stories"]);
    assert_eq!(
        app.get("/").await.attributes(".edition-end .go-on a", "href")[2..4],
        ["/edition/2026-11-25", "/editions"]
    );
    assert_eq!(app.get("/editions?before=2026-11-23").await.text(".empty p:first-child"), "No older editions.");
    assert!(TestApp::new().await.get("/editions").await.text(".empty p").starts_with("No past editions yet."));
}

#[tokio::test]
async fn the_trash_and_what_was_deleted_for_good_leave_a_short_edition() {
    let app = app_with_editions().await;
    for id in [1, 3] {
        articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    }
    let page = app.get("/edition/2026-11-23").await;
    assert_eq!((page.text(".lead h2"), page.texts(".tops h3, .briefs h3").len()), ("Ferry report 2".into(), 3));
    assert_eq!(app.post("/trash/1/delete", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get("/edition/2026-11-23").await.text(".lead h2"), "Ferry report 2");
    for id in [2, 4, 5, 6] {
        articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    }
    let page = app.get("/edition/2026-11-23").await;
    assert_eq!((page.status, page.text(".empty h2")), (StatusCode::OK, "No edition".into()));
}

#[tokio::test]
async fn days_without_an_edition_say_so() {
    let app = app_with_editions().await;
    assert_eq!(app.get("/edition/2026-11-24").await.text(".empty h2"), "No edition");
    assert_eq!(app.get("/edition/1999-12-31").await.text(".empty h2"), "No edition");
    assert_eq!(app.get("/edition/2026-12-24").await.text(".empty h2"), "Not printed yet");
    assert_eq!(app.get("/edition/2026-11-26").await.location(), "/");
    for odd in ["2026-11-31", "2026-1-1", "20261123", "tomorrow", "-009999-01-01", "9999-12-31x"] {
        assert_eq!(app.get(&format!("/edition/{odd}")).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn an_edition_from_before_there_were_editions_is_composed_when_asked_for_and_marked_read() {
    let app = TestApp::new().await;
    arrive(&app, 1..=3).await;
    advance_clock(SignedDuration::from_hours(24));
    let page = app.get("/edition/2026-11-23").await;
    assert_eq!(page.texts(".lead h2, .tops h3").len(), 3);
    let articles = page.attributes("[name=articles]", "value").remove(0);
    let answer = app.post("/edition/read", &[("day", "2026-11-23"), ("articles", &articles)]).await;
    assert!(answer.location().starts_with("/edition/2026-11-23?operation="));
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Marked 3 articles read.");
    assert_eq!(page.attributes(".notice button", "value"), ["/edition/2026-11-23"]);
    assert_eq!(app.post("/edition/read", &[("day", "never")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_edition_is_a_book() {
    let app = app_with_editions().await;
    for path in ["/edition/2026-11-23.epub", "/edition/2026-11-23.epub?for=e-reader"] {
        let book = app.get(path).await;
        assert_eq!((book.status, book.header("content-type")), (StatusCode::OK, "application/epub+zip"));
        assert_eq!(book.header("content-length"), book.bytes.len().to_string());
        assert_eq!(book.header("content-disposition"), "attachment; filename=\"broadsheet-2026-11-23.epub\"");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&book.bytes)).unwrap();
        let mut contents = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("EPUB/nav.xhtml").unwrap(), &mut contents).unwrap();
        assert!(contents.contains("Front page") && contents.contains("Ferry report 6"), "{contents}");
        assert!(archive.by_name("EPUB/cover.jpg").is_ok());
    }
    assert_eq!(app.get("/edition/2026-11-24.epub").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/edition/2027-01-01.epub").await.status, StatusCode::NOT_FOUND);
    let link = app.get("/edition/2026-11-23").await.attributes(".edition-end .go-on a", "href").remove(0);
    assert_eq!(link, "/edition/2026-11-23.epub");
}
