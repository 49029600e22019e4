//! Folders of feeds as lists of articles.

use axum::http::StatusCode;
use broadsheet::library::feeds::{self, FeedSettings, NamedBy, NewFeed, folders};

use crate::feeds::site::{app_with_site, feed_of, follow_and_read, run_jobs};
use crate::mock_web::MockWeb;
use crate::support::{TestApp, now};

const HILLS: &str = "http://harbour.example/hills.xml";

/// The folder News (1) with the folder Sea (2). Harbour News is in Sea, and Hills in both. Both feeds list Boat 3.
async fn app_with_folders() -> (TestApp, MockWeb) {
    let (app, web) = app_with_site([3, 2, 1]).await;
    follow_and_read(&app).await;
    web.serve(HILLS, feed_of("Hills", [5, 4, 3]));
    let library = app.library().await;
    let settings = FeedSettings { text_from: Some(feeds::TextFrom::Feed), ..FeedSettings::default() };
    let (url, title) = (HILLS.parse().unwrap(), "Hills".to_owned());
    let new = NewFeed { url, title, site_url: None, named_by: NamedBy::Reader, settings };
    let hills = feeds::follow(&library, &new, now()).await.unwrap().id();
    let news = folders::add(&library, None, "News").await.unwrap();
    let sea = folders::add(&library, Some(news), "Sea").await.unwrap();
    folders::move_feed(&library, 1, &[sea]).await.unwrap();
    folders::move_feed(&library, hills, &[news, sea]).await.unwrap();
    run_jobs(&app).await;
    (app, web)
}

async fn titles(app: &TestApp, path: &str) -> Vec<String> {
    app.get(path).await.texts("#rows .card h2 a")
}

/// Articles and unread ones of each folder, as they are counted and as they are.
async fn counts(app: &TestApp) -> Vec<(i64, i64, usize)> {
    let mut counts = Vec::new();
    for folder in folders::list(&app.library().await).await.unwrap() {
        let listed = titles(app, &format!("/folder/{}", folder.id)).await.len();
        counts.push((folder.articles, folder.unread, listed));
    }
    counts
}

#[tokio::test]
async fn a_folder_is_a_list_of_all_that_is_in_it_each_article_once() {
    let (app, _web) = app_with_folders().await;
    assert_eq!(titles(&app, "/folder/1").await, ["Boat 5", "Boat 4", "Boat 3", "Boat 2", "Boat 1"]);
    let page = app.get("/folder/2").await;
    assert_eq!(page.text("h1"), "Sea");
    assert!(page.text(".feed-head").contains("5 articles, 5 unread"), "{}", page.text(".feed-head"));
    assert_eq!(page.attributes(".feed-head .meta a", "href"), ["/folder/1"]);
    assert_eq!(page.texts(".feed-head li bdi"), ["Harbour News", "Hills"]);
    let feeds = app.get("/feeds").await;
    assert_eq!(feeds.attributes(".source-group h2 a", "href"), ["/folder/1", "/folder/2"]);
    assert_eq!(feeds.texts(".source-group h2 .count"), ["5 unread", "5 unread"]);
    assert_eq!(titles(&app, "/articles?folder=1&sort=oldest").await[0], "Boat 1");
    assert_eq!(titles(&app, "/articles?folder=1&sort=shortest").await.len(), 5);
    assert_eq!(titles(&app, "/articles?folder=1&feed=1").await.len(), 3, "filters combine");
    assert_eq!(app.get("/articles?folder=1&unread=1").await.texts(".chips bdi"), ["News", "Unread"]);
    assert_eq!(app.get("/folder/9").await.status, StatusCode::NOT_FOUND);
    assert!(app.get("/articles?folder=x").await.text(".problem").contains("No folder called “x”"));
}

#[tokio::test]
async fn a_folder_is_read_through_marked_read_and_has_both_lanes() {
    let (app, _web) = app_with_folders().await;
    let link = app.get("/folder/1").await.attributes("#rows .card h2 a", "href").remove(0);
    assert!(link.contains("?list=folder%3D1"), "{link}");
    let article = app.get(&link).await;
    assert_eq!(
        article.attributes(".article-end [name=list]", "value"),
        ["folder=1&lane=both"],
        "it goes on in the list"
    );
    app.post(&link.replace("?list", "/action?list"), &[("action", "star")]).await;
    assert_eq!(titles(&app, "/articles?folder=1&lane=kept").await, ["Boat 5"]);
    assert_eq!(titles(&app, "/articles?folder=1&lane=stream").await.len(), 4);
    let all = [("list", "folder=1"), ("scope", "all"), ("seen_up_to", "999"), ("action", "read")];
    let done = app.post("/articles/change", &all).await;
    assert!(app.get(done.location()).await.text(".notice").contains("Marked 5 articles read."));
    assert_eq!(counts(&app).await, [(5, 0, 5), (5, 0, 5)]);
    assert!(app.get("/feeds").await.texts(".source-group h2 .count").is_empty());
    assert!(app.get("/articles?folder=1&unread=1").await.text(".empty").contains("No matching articles"));
}

#[tokio::test]
async fn a_folder_follows_its_feeds() {
    let (app, _web) = app_with_folders().await;
    let library = app.library().await;
    assert_eq!(counts(&app).await, [(5, 5, 5), (5, 5, 5)]);
    folders::move_feed(&library, 2, &[1]).await.unwrap();
    assert_eq!(counts(&app).await, [(5, 5, 5), (3, 3, 3)], "Boat 3 is in Sea by the other feed");
    let boat = app.get("/feed/1").await.attributes("#rows .card", "data-article").remove(1);
    app.post(&format!("/article/{boat}/action"), &[("action", "delete")]).await;
    assert_eq!(counts(&app).await, [(4, 4, 4), (2, 2, 2)]);
    let done = app.post("/feed/2/unfollow", &[("confirmed", "yes")]).await;
    assert_eq!(counts(&app).await, [(2, 2, 2), (2, 2, 2)]);
    let undo = app.get(done.location()).await.attributes(".notice form", "action").remove(0);
    app.post(&undo, &[("list", "")]).await;
    assert_eq!(counts(&app).await, [(4, 4, 4), (2, 2, 2)]);
    app.post("/feeds/folders/2/delete", &[]).await;
    assert_eq!(counts(&app).await, [(3, 3, 3)], "what is in the folder around it by its own feeds stays");
    folders::move_feed(&library, 2, &[]).await.unwrap();
    assert_eq!(counts(&app).await, [(0, 0, 0)]);
    let page = app.get("/folder/1").await;
    assert!(page.text(".empty").contains("No articles in this folder yet"));
    assert!(page.text(".feed-head").contains("No feeds in this folder."));
}
