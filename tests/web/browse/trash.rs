//! The trash.

use broadsheet::jobs::{CleanUp, clean_up_library};
use broadsheet::library::articles::{self, ArticleAction};
use jiff::{SignedDuration, Timestamp};

use crate::fixtures::article;
use crate::support::{Page, TestApp, advance_clock, now};

#[tokio::test]
async fn the_trash_shows_the_days_left_and_restores_articles() {
    let app = TestApp::new().await;
    assert!(app.get("/trash").await.body.contains("The trash is empty."));
    for number in 1..=2 {
        let id = app.add_article(&article(number)).await;
        articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
        advance_clock(SignedDuration::from_hours(36));
    }
    let page = app.get("/trash").await;
    assert_eq!(page.texts(".rows h2"), ["Ferry report 2", "Ferry report 1"]);
    assert!(page.texts(".meta")[0].ends_with("29 days left"), "{:?}", page.texts(".meta"));
    assert!(page.texts(".meta")[1].ends_with("27 days left"));
    let action = page.attributes(".rows form", "action").remove(0);
    let answer = app.post(&action, &[("return_to", "trash"), ("action", "restore")]).await;
    assert_eq!(answer.location(), "/trash");
    assert_eq!(app.get("/trash").await.texts(".rows h2"), ["Ferry report 1"]);
    assert_eq!(app.get("/articles").await.texts(".rows h2"), ["Ferry report 2"]);
}

/// Runs the cleanup job at a time. Returns whether it deleted what is due.
async fn cleans_up_at(app: &TestApp, time: Timestamp) -> bool {
    clean_up_library(&app.library().await, time).await.unwrap() == CleanUp::Done
}

/// An app with an article in the trash, cleaned up once.
async fn app_with_trash() -> TestApp {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    assert!(cleans_up_at(&app, now()).await);
    app
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn the_trash_is_emptied_after_thirty_days_of_use() {
    let app = app_with_trash().await;
    for day in 1..=30 {
        assert!(cleans_up_at(&app, now() + DAY * day).await);
        assert!(app.get("/trash").await.has(".rows h2"), "day {day}");
    }
    assert!(cleans_up_at(&app, now() + DAY * 31).await);
    assert!(!app.get("/trash").await.has(".rows h2"));
}

#[tokio::test]
async fn a_clock_that_is_far_off_empties_no_trash() {
    for start in ["2026-11-03T00:00:00Z", "2027-02-01T00:00:00Z", "2099-06-01T00:00:00Z"] {
        let app = app_with_trash().await;
        let wrong: Timestamp = start.parse().unwrap();
        assert!(!cleans_up_at(&app, wrong).await, "{start}");
        assert!(!cleans_up_at(&app, wrong + DAY - SignedDuration::from_mins(10)).await, "{start}");
        // After a day it is believed, but the trash has all its days again.
        for day in 1..=30 {
            assert!(cleans_up_at(&app, wrong + DAY * day).await, "{start}");
            assert!(app.get("/trash").await.has(".rows h2"), "{start}, day {day}");
        }
        assert!(cleans_up_at(&app, wrong + DAY * 32).await);
        assert!(!app.get("/trash").await.has(".rows h2"), "{start}");
    }
}

#[tokio::test]
async fn a_computer_that_stays_in_1970_never_empties_the_trash() {
    let app = app_with_trash().await;
    for day in 0..400 {
        assert!(!cleans_up_at(&app, Timestamp::UNIX_EPOCH + DAY * day).await);
    }
    assert!(app.get("/trash").await.has(".rows h2"));
}

#[tokio::test]
async fn what_was_deleted_under_a_wrong_clock_has_thirty_days_once_it_is_right() {
    for wrong in ["1970-01-01T00:00:00Z", "2099-06-01T00:00:00Z"] {
        let app = app_with_trash().await;
        let wrong: Timestamp = wrong.parse().unwrap();
        let id = app.add_article(&article(2)).await;
        assert!(!cleans_up_at(&app, wrong).await);
        articles::apply_action(&app.library().await, id, ArticleAction::Delete, wrong).await.unwrap();
        advance_clock(DAY);
        assert!(cleans_up_at(&app, now()).await, "the clock is right again");
        let days = app.get("/trash").await.texts(".meta");
        assert!(days.len() == 2 && days.iter().all(|row| row.ends_with("30 days left")), "{days:?}");
    }
}

#[tokio::test]
async fn the_trash_says_that_the_clock_may_be_wrong() {
    let app = app_with_trash().await;
    assert!(!app.get("/trash").await.has(".notice"));
    advance_clock(DAY * 26_000);
    cleans_up_at(&app, now()).await;
    let page = app.get("/trash").await;
    assert!(page.texts(".meta").iter().all(|row| !row.contains("left")), "no days are counted with a wrong clock");
    let notice = page.text(".notice");
    assert!(notice.starts_with("This computer’s clock says ") && notice.contains("23 November 2026"), "{notice}");
    advance_clock(DAY);
    cleans_up_at(&app, now()).await;
    assert!(!app.get("/trash").await.has(".notice"));
}

/// Answers yes to the question whether to empty the trash.
async fn answer_yes(app: &TestApp, question: &Page) -> Page {
    let form = "form[action='/trash/empty'] [type=hidden]";
    let (names, values) = (question.attributes(form, "name"), question.attributes(form, "value"));
    let fields: Vec<_> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    app.post("/trash/empty", &fields).await
}

#[tokio::test]
async fn what_is_deleted_after_the_question_stays_in_the_trash() {
    let app = TestApp::new().await;
    articles::add_many(&app.library().await, &(1..=5).map(article).collect::<Vec<_>>()).await.unwrap();
    let delete = async |id| {
        articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    };
    delete(4).await;
    delete(5).await;
    let question = app.get("/trash/empty").await;
    assert_eq!(question.text("h1"), "Delete 2 articles for good?");
    delete(3).await;
    let asked_again = answer_yes(&app, &question).await;
    assert_eq!(asked_again.location(), "/trash/empty", "in the same second, so the reader is asked again");
    let question = app.get("/trash/empty").await;
    assert_eq!(question.text("h1"), "Delete 3 articles for good?");
    advance_clock(SignedDuration::from_secs(1));
    delete(1).await;
    let answer = answer_yes(&app, &question).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice"), "Deleted 3 articles for good.");
    assert_eq!(page.texts(".rows h2"), ["Ferry report 1"]);
    assert_eq!(app.post("/trash/empty", &[]).await.location(), "/trash/empty", "there was no question");
    assert_eq!(app.get("/trash").await.texts(".rows h2"), ["Ferry report 1"]);
    articles::apply_action(&app.library().await, 1, ArticleAction::Restore, now()).await.unwrap();
    assert_eq!(app.get("/trash/empty").await.location(), "/trash", "there is nothing to ask");
}

#[tokio::test]
async fn the_trash_has_pages_and_is_emptied_after_a_question() {
    let app = TestApp::new().await;
    let all: Vec<_> = (1..=120).map(article).collect();
    articles::add_many(&app.library().await, &all).await.unwrap();
    for id in 1..=119 {
        articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    }
    let (mut url, mut shown) = ("/trash".to_owned(), Vec::new());
    loop {
        let page = app.get(&url).await;
        shown.extend(page.attributes(".rows h2 a", "href"));
        let Some(next) = page.attributes("[rel=next]", "href").pop() else { break };
        url = next;
    }
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), 119);

    let question = app.get("/trash/7/delete").await;
    assert_eq!(question.text("h1"), "Delete “Ferry report 7” for good?");
    let answer = app.post("/trash/7/delete", &[]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice"), "Deleted 1 article for good.");
    assert_eq!(app.get("/article/7").await.status, axum::http::StatusCode::NOT_FOUND);
    assert_eq!(app.get("/trash/120/delete").await.location(), "/trash", "it is not in the trash");
    app.post("/trash/120/delete", &[]).await;
    assert!(app.get("/article/120").await.has("article"));

    let question = app.get("/trash/empty").await;
    assert_eq!(question.text("h1"), "Delete 118 articles for good?");
    let answer = answer_yes(&app, &question).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice"), "Deleted 118 articles for good.");
    assert!(page.body.contains("The trash is empty."));
    let changes = app.get("/recent-changes").await;
    assert_eq!(changes.texts(".rows h2"), ["Deleted 118 articles for good", "Deleted 1 article for good"]);
    assert!(!changes.has(".rows button"), "that can’t be undone");
}
