//! The settings of a feed and its folders, and what follows for its articles.

use axum::http::StatusCode;
use broadsheet::library::feeds;
use broadsheet::library::feeds::folders;
use jiff::SignedDuration;

use crate::feeds::site::{FEED, app_with_site, feed_of, follow_and_read, run_jobs};
use crate::support::advance_clock;

#[tokio::test]
async fn settings_are_saved_and_shown_again() {
    let (app, _web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    let form = [
        ("name", "  My  harbour "),
        ("pause", "until"),
        ("until", "2026-12-24"),
        ("newest", "5"),
        ("never_unread", "1"),
        ("text", "page"),
        ("new_folder", "News/Sea"),
    ];
    let saved = app.post(&format!("{path}/settings"), &form).await;
    let page = app.get(saved.location()).await;
    assert_eq!((page.text("h1"), page.text(".notice p")), ("My harbour".to_owned(), "Settings saved.".to_owned()));
    assert!(page.text(".feed-head").contains("Paused until 24 December 2026."));
    let page = app.get(&format!("{path}/settings")).await;
    let value = |name: &str| page.attributes(&format!("input[name={name}]"), "value").remove(0);
    assert_eq!(
        (value("name"), value("until"), value("newest")),
        ("My harbour".into(), "2026-12-24".into(), "5".into())
    );
    let checked = page.attributes("input[checked]", "name");
    assert_eq!(checked, ["pause", "never_unread", "keep", "text", "folder"]);
    assert_eq!(page.texts("label bdi"), ["News", "News / Sea"]);
}

#[tokio::test]
async fn a_rejected_form_comes_back_as_it_was_sent() {
    let (app, _web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    let form = [("name", "Quay"), ("pause", "until"), ("until", ""), ("newest", "none"), ("new_folder", "/")];
    let page = app.post(&format!("{path}/settings"), &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attributes("input[name=newest]", "value"), ["none"]);
    assert_eq!(page.texts(".problem").len(), 3);
    assert_eq!(page.text("h1"), "Harbour News", "nothing is saved");
}

#[tokio::test]
async fn new_articles_of_a_feed_that_never_counts_arrive_read() {
    let (app, web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    app.post(&format!("{path}/settings"), &[("never_unread", "1"), ("text", "feed")]).await;
    web.serve(FEED, feed_of("Harbour News", [3, 2, 1]));
    advance_clock(SignedDuration::from_hours(25));
    run_jobs(&app).await;
    assert!(app.get(&path).await.text(".feed-head .lede").contains("3 articles, 1 unread"));
}

#[tokio::test]
async fn a_paused_feed_is_not_looked_at_until_its_date() {
    let (app, web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    app.post(&format!("{path}/settings"), &[("pause", "until"), ("until", "2026-12-24")]).await;
    let before = web.requests().len();
    advance_clock(SignedDuration::from_hours(24 * 10));
    run_jobs(&app).await;
    app.post("/feeds/refresh", &[]).await;
    run_jobs(&app).await;
    assert_eq!(web.requests().len(), before);
    advance_clock(SignedDuration::from_hours(24 * 30));
    run_jobs(&app).await;
    assert_eq!(web.requests().len(), before + 1);
}

#[tokio::test]
async fn folders_are_added_renamed_and_deleted() {
    let (app, _web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    let library = app.library().await;
    app.post("/feeds/folders", &[("name", "News/Sea")]).await;
    let names = async || -> Vec<String> {
        folders::list(&library).await.unwrap().into_iter().map(|folder| folder.name).collect()
    };
    assert_eq!(names().await, ["News", "Sea"]);
    app.post(&format!("{path}/settings"), &[("folder", "2")]).await;
    app.post("/feeds/folders/2/rename", &[("name", "Ocean")]).await;
    assert_eq!(names().await, ["News", "Ocean"]);
    assert_eq!(app.get("/feeds").await.texts(".source-group h2 bdi"), ["News", "News / Ocean"]);
    app.post("/feeds/folders", &[("name", "Hills")]).await;
    let page = app.post("/feeds/folders/1/rename", &[("name", "Hills")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text(".problem").contains("There is another folder called “Hills” beside it."));
    let page = app.post("/feeds/folders", &[("name", " / ")]).await;
    assert!(page.text("#name-problem").contains("Enter a name."));
    app.post("/feeds/folders/1/delete", &[]).await;
    assert_eq!(names().await, ["Hills"], "with the folder in it");
    assert!(feeds::find(&library, 1).await.unwrap().unwrap().unfollowed_at.is_none(), "its feeds stay");
    assert_eq!(app.post("/feeds/folders/9/rename", &[("name", "X")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_of_a_feed_is_a_list_like_others() {
    let (app, _web) = app_with_site([3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let page = app.get(&path).await;
    let link = page.attributes("#rows .card h2 a", "href").remove(0);
    assert!(link.contains("?list=feed%3D1"), "{link}");
    let article = app.get(&link).await;
    assert_eq!(article.attributes(".facts .hint a", "href"), ["/feed/1"]);
    let read = app.post(&link.replace("?list", "/action?list"), &[("action", "read")]).await;
    assert!(read.status.is_redirection());
    let page = app.get("/articles?feed=1&unread=1").await;
    assert_eq!(page.attributes("#rows .card", "data-article").len(), 2);
    assert_eq!(page.texts(".chips bdi"), ["Harbour News", "Unread"]);
    assert_eq!(app.get("/articles?feed=1&sort=oldest").await.texts("#rows .card h2 a"), ["Boat 1", "Boat 2", "Boat 3"]);
    assert_eq!(app.get("/articles?feed=1&sort=shortest").await.attributes("#rows .card", "data-article").len(), 3);
    assert!(app.get("/articles?feed=9").await.text(".problem").contains("No feed called “9”"));
    assert_eq!(app.get("/feed/9").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/feed/9/settings").await.status, StatusCode::NOT_FOUND);
}
