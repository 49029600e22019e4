//! Reading on: from the end of an article to the next one of its list, and back.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction};

use crate::fixtures::article;
use crate::support::{Page, TestApp, now};

/// Five articles, newest first; 3 is read.
async fn app_with_five() -> TestApp {
    let app = TestApp::new().await;
    for number in 1..=5 {
        app.add_article(&article(number)).await;
    }
    articles::apply_action(&app.library().await, 3, ArticleAction::Read, now()).await.unwrap();
    app
}

/// Presses a button at the end of the article. Returns where it leads.
async fn press(app: &TestApp, url: &str, action: &str) -> String {
    press_in(app, &app.get(url).await, action).await
}

async fn press_in(app: &TestApp, page: &Page, action: &str) -> String {
    let end = page.attributes(".article-end", "action").remove(0);
    let list = page.attributes(".article-end [name=list]", "value");
    let mut form: Vec<_> = list.iter().map(|list| ("list", list.as_str())).collect();
    form.push(("action", action));
    let answer = app.post(&end, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn the_end_of_an_article_leads_on_within_its_list() {
    let app = app_with_five().await;
    let list = app.get("/articles?tag=ferries&sort=oldest").await;
    let links = list.attributes(".rows h2 a", "href");
    assert_eq!(links[1], "/article/4?list=tag%3Dferries%26sort%3Doldest");
    let page = app.get(&links[1]).await;
    assert_eq!(page.texts(".article-end button"), ["Next unread", "Star", "Archive", "Back to the list"]);
    assert_eq!(press(&app, &links[1], "next").await, "/article/2?list=tag%3Dferries%26sort%3Doldest", "3 is read");
    assert!(!app.get("/article/4").await.has("[data-mark-read-url]"), "who goes on has read it");
    assert_eq!(press(&app, &links[0], "back").await, "/articles?tag=ferries&sort=oldest#article-5");
    let page = app.get(&links[1]).await;
    let read = ["/article/4/next?list=tag%3Dferries%26sort%3Doldest", "/articles?tag=ferries&sort=oldest#article-4"];
    assert_eq!(page.attributes(".article-end a", "href"), read, "what is read needs no button");
    let next = app.get("/article/2/next?list=tag%3Dferries%26sort%3Doldest").await;
    assert_eq!(next.location(), "/article/1?list=tag%3Dferries%26sort%3Doldest");
}

#[tokio::test]
async fn after_the_last_unread_article_come_those_before_it_and_then_the_list() {
    let app = app_with_five().await;
    assert_eq!(press(&app, "/article/5?list=", "next").await, "/article/1?list=");
    for number in [2, 4] {
        articles::apply_action(&app.library().await, number, ArticleAction::Read, now()).await.unwrap();
    }
    let place = press(&app, "/article/1?list=unread%3D1", "next").await;
    assert_eq!(place, "/articles?unread=1&done=none-unread");
    assert_eq!(app.get(&place).await.text(".notice"), "You’ve read all articles of this list.");
}

#[tokio::test]
async fn archiving_and_deleting_go_on_to_the_next_article() {
    let app = app_with_five().await;
    let place = press(&app, "/article/2?list=", "archive").await;
    assert_eq!(place, "/article/3?list=&done=archived&of=2", "the next one of the list, read or not");
    let page = app.get(&place).await;
    assert_eq!(
        (page.text("h1"), page.text(".notice p")),
        ("Ferry report 3".into(), "Archived “Ferry report 2”.".into())
    );
    let undone = app.post("/article/2/action", &[("list", ""), ("action", "unarchive")]).await;
    assert_eq!(undone.location(), "/article/2?list=");
    assert!(!app.get(&place).await.has(".notice"), "what is undone is not said any more");
    let place = press(&app, "/article/5?list=", "delete").await;
    assert_eq!(place, "/articles?done=deleted&of=5", "the last one leads to the list");
    assert_eq!(app.get(&place).await.text(".notice p"), "Moved to the trash: “Ferry report 5”.");
    assert_eq!(
        press(&app, "/article/1", "archive").await,
        "/article/2?done=archived&of=1",
        "without a list: next unread"
    );
}

#[tokio::test]
async fn a_reader_may_prefer_to_return_to_the_list() {
    let app = app_with_five().await;
    app.post("/settings/display", &[("after-action", "list")]).await;
    assert_eq!(app.get("/settings").await.texts("[name=after-action][aria-pressed=true]"), ["Back to the list"]);
    let place = press(&app, "/article/2?list=tag%3Dferries", "archive").await;
    assert_eq!(place, "/articles?tag=ferries&done=archived&of=2");
    assert_eq!(press(&app, "/article/3", "delete").await, "/articles?done=deleted&of=3");
}

#[tokio::test]
async fn what_is_changed_in_an_article_keeps_the_way_back_to_its_list() {
    let app = app_with_five().await;
    let url = "/article/2?list=tag%3Dferries%26sort%3Doldest";
    let page = app.get(url).await;
    let (posts, lists) =
        (page.attributes("article form", "action"), page.attributes("article form [name=list]", "value"));
    let own: Vec<_> = posts.iter().filter(|action| !action.starts_with("/settings")).collect();
    assert!(own.len() > 4 && own.len() == lists.len(), "each form has the list: {own:?}");
    assert!(lists.iter().all(|list| list == "tag=ferries&sort=oldest"), "{lists:?}");
    for (form, field) in [
        ("topic-and-tags", ("tags", "Ferries, Piers")),
        ("details", ("title", "Late")),
        ("details/original", ("detail", "title")),
        ("keywords", ("keyword", "Quays")),
        ("re-extract", ("", "")),
        ("dismiss-notice", ("", "")),
    ] {
        let list = ("list", "tag=ferries&sort=oldest");
        let answer = app.post(&format!("/article/2/{form}"), &[("topic", "politics"), list, field]).await;
        let place = answer.location().split('#').next().unwrap().to_owned();
        assert!(place.starts_with(&format!("{url}&done=")), "{form}: {place}");
        assert_eq!(app.get(&place).await.attributes(".article-end [name=list]", "value"), [list.1], "{form}");
    }
    let rejected = app.post("/article/2/details", &[("list", "tag=ferries"), ("title", "")]).await;
    assert_eq!(rejected.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(press_in(&app, &rejected, "back").await, "/articles?tag=ferries#article-2");
}

#[tokio::test]
async fn a_list_that_is_none_of_ours_leads_nowhere_else() {
    let app = app_with_five().await;
    for list in ["//evil.example", "https%3A%2F%2Fevil.example", "topic%3Dgossip%26sort%3Dbest"] {
        let place = press(&app, &format!("/article/1?list={list}"), "back").await;
        assert!(place.starts_with("/articles"), "{place}");
        let next = app.get(&format!("/article/1/next?list={list}")).await;
        assert!(next.location().starts_with("/article/2?list="), "{}", next.location());
        articles::apply_action(&app.library().await, 1, ArticleAction::Unread, now()).await.unwrap();
    }
}

#[tokio::test]
async fn pages_that_must_be_true_after_back_are_not_stored() {
    let app = app_with_five().await;
    for path in ["/", "/articles?unread=1", "/topic/politics", "/article/1", "/trash", "/recent-changes"] {
        assert_eq!(app.get(path).await.header("cache-control"), "private, no-store", "{path}");
    }
    assert_eq!(app.get("/import").await.header("cache-control"), "private, no-cache", "what was typed stays");
}

#[tokio::test]
async fn an_article_counts_as_read_after_a_third_of_its_time() {
    let app = app_with_five().await;
    let page = app.get("/article/1").await;
    assert_eq!(page.attributes("article", "data-read-after"), ["41"], "460 words take two minutes");
    assert!(app.get("/keyboard-shortcuts").await.body.contains("a third of its reading time"));
}
