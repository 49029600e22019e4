//! Fetching the page of a saved article again.

use axum::http::StatusCode;

use super::import_form::article_about;
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::TestApp;

const URL: &str = "http://harbour.example/late";

#[tokio::test]
async fn an_article_can_be_fetched_again_and_put_back() {
    let web = MockWeb::start().await;
    web.serve(URL, article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    app.post("/import", &[("url", URL)]).await;
    assert!(app.get("/article/1").await.has(".article-details form[action='/article/1/fetch-again'] button"));
    let done = app.post("/article/1/fetch-again", &[]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/article/1?done=fetched-again-unchanged"));
    assert_eq!(app.get(done.location()).await.text(".notice p"), "Fetched again. Nothing changed.");

    web.serve(URL, article_about("Heron"));
    let done = app.post("/article/1/fetch-again", &[("list", "starred=1")]).await;
    assert_eq!(done.location(), "/article/1?list=starred%3D1&done=fetched-again", "the way back to the list stays");
    let page = app.get(done.location()).await;
    assert_eq!(page.attributes(".notice [name=list]", "value"), ["starred=1"], "with Undo too");
    assert_eq!(page.text("article h1"), "The Heron was late");
    assert_eq!(page.text(".notice p"), "Fetched again. The text has changed.");
    assert!(app.get("/article/1/changes").await.body.contains("Osprey"));
    app.post("/article/1/restore-version", &[]).await;
    assert_eq!(app.get("/article/1").await.text("article h1"), "The Osprey was late");
    let states = app.get("/imports").await.texts(".imports .status");
    assert_eq!(states, ["Fetched again", "Fetched again, unchanged", "Added"]);
}

#[tokio::test]
async fn a_worse_page_leaves_the_saved_text_and_the_reader_is_told() {
    let web = MockWeb::start().await;
    web.serve(URL, article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    app.post("/import", &[("url", URL)]).await;
    web.serve(
        URL,
        MockResponse::html("<title>Ferry</title><article><p>The ferry was late, as ever, on Monday.</article>"),
    );
    let done = app.post("/article/1/fetch-again", &[]).await;
    let page = app.get(done.location()).await;
    assert_eq!(page.text("article h1"), "The Osprey was late");
    assert!(page.text(".notice p").contains("The saved text was kept."), "{}", page.body);
    let list = app.get("/imports").await;
    assert_eq!(list.texts(".imports .status")[0], "Fetched again, saved text kept");
    assert!(list.texts(".imports p")[1].contains("less than half of the text"), "{}", list.body);

    web.serve(URL, MockResponse::status(410));
    let failed = app.post("/article/1/fetch-again", &[]).await;
    let page = app.get(failed.location()).await;
    assert_eq!(page.text(".status.failed"), "The page was removed (410).");
    assert!(page.has("a[href='/article/1']") && page.has("form[action$='/archived-copy']"));
}

#[tokio::test]
async fn the_list_is_not_lost_while_a_page_fails() {
    let web = MockWeb::start().await;
    web.serve(URL, article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    app.post("/import", &[("url", URL)]).await;
    web.serve(URL, MockResponse::status(410));
    let list = ("list", "topic=sport&unread=1");
    let failed = app.post("/article/1/fetch-again", &[list]).await;
    let page = app.get(failed.location()).await;
    assert!(page.has("a[href='/article/1?list=topic%3Dsport%26unread%3D1']"), "{}", page.body);
    let retry = page.attributes("form[action$='/retry']", "action").remove(0);
    assert_eq!(page.attributes("form[action$='/retry'] [name=list]", "value"), [list.1]);
    let stop = app.post(&retry.replace("retry", "stop"), &[list]).await;
    assert_eq!(stop.location(), failed.location());
    let form = app.get(&page.attributes("a[href^='/import?replaces=']", "href")[0]).await;
    assert_eq!(form.attributes("[name=list]", "value"), [list.1]);
    web.serve(URL, article_about("Heron"));
    let done = app.post(&retry, &[list]).await;
    assert_eq!(done.location(), "/article/1?list=topic%3Dsport%26unread%3D1&done=fetched-again");
}

#[tokio::test]
async fn a_link_that_is_here_offers_to_be_fetched_again() {
    let web = MockWeb::start().await;
    web.serve(URL, article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    app.post("/import", &[("url", URL)]).await;
    let again = app.post("/import", &[("url", URL)]).await;
    let page = app.get(again.location()).await;
    assert_eq!(page.text(".notice p"), "Already in your library.");
    assert_eq!(page.text(".notice form[action='/article/1/fetch-again'] button"), "Fetch again");
    assert_eq!(web.requests().len(), 1);
}

#[tokio::test]
async fn a_pasted_text_has_nothing_to_fetch() {
    let app = TestApp::new().await;
    app.submit_import(&[("text", &"Words that were pasted from a letter. ".repeat(40))], &[]).await;
    app.process_imports().await;
    assert!(!app.get("/article/1").await.has("form[action='/article/1/fetch-again']"));
    assert_eq!(app.post("/article/1/fetch-again", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.post("/article/99/fetch-again", &[]).await.status, StatusCode::NOT_FOUND);
}
