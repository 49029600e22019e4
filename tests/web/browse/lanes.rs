//! The two lanes: the switch, the front page, and keeping what a feed brought.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction, Channel};
use broadsheet::library::lanes::Lane;
use jiff::SignedDuration;

use crate::fixtures::article;
use crate::support::{Page, TestApp, now};

/// Adds an article that a feed brought, so many hours old.
async fn stream(app: &TestApp, number: i64) -> i64 {
    let mut new = article(number);
    new.channel = Channel::Feed;
    app.add_article(&new).await
}

/// Adds an article that was saved a week ago.
async fn keep_earlier(app: &TestApp, number: i64) -> i64 {
    let mut new = article(number);
    new.received_at = now() - SignedDuration::from_hours(7 * 24);
    app.add_article(&new).await
}

/// Presses a button of the switch on a page, and opens the page it leads to.
async fn switch(app: &TestApp, path: &str, lane: &str) -> Page {
    let page = app.get(path).await;
    let list = page.attributes(".lanes [name=list]", "value");
    let mut form = vec![("lane", lane)];
    form.extend(list.first().map(|list| ("list", list.as_str())));
    let answer = app.post("/articles/lane", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    app.get(answer.location()).await
}

async fn act(app: &TestApp, article: i64, fields: &[(&str, &str)]) -> Page {
    let answer = app.post(&format!("/article/{article}/action"), fields).await;
    app.get(answer.location()).await
}

fn selected(page: &Page) -> String {
    page.text(".lanes [aria-pressed=true]")
}

#[tokio::test]
async fn who_only_pastes_sees_nothing_of_lanes() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    for path in ["/", "/articles", "/articles?q=ferry", "/topic/politics", &format!("/article/{id}")] {
        let page = app.get(path).await;
        let said = ["Stream", "stream", "lane="].into_iter().find(|word| page.body.contains(word));
        assert!(!page.has(".lanes") && said.is_none(), "{path}: {said:?}");
    }
    let page = app.get("/articles?lane=stream").await;
    assert_eq!(page.text(".empty h2"), "Nothing in the stream yet");
    assert_eq!(page.attributes(".empty a", "href"), ["/feeds"]);
}

#[tokio::test]
async fn the_switch_shows_one_lane_or_both_and_is_remembered_for_every_list() {
    let app = TestApp::new().await;
    app.add_article(&article(1)).await;
    for number in 2..=4 {
        stream(&app, number).await;
    }
    let page = app.get("/articles").await;
    assert_eq!(page.texts(".lanes button"), ["Kept 1", "Stream 3", "Both 4"]);
    assert_eq!((selected(&page), page.texts(".rows h2").len()), ("Both 4".into(), 4));
    assert_eq!(page.attributes(".rows [data-kept]", "data-article").len(), 1, "kept ones are marked among the others");
    let page = switch(&app, "/articles", "stream").await;
    assert_eq!((selected(&page), page.texts(".rows h2").len()), ("Stream 3".into(), 3));
    for (path, articles) in [
        ("/topic/politics", 3),
        ("/source/harbour.example", 3),
        ("/tag/ferries", 3),
        ("/articles?unread=1", 3),
        ("/articles?q=ferry", 3),
        ("/articles?q=ferry&lane=both", 4),
        ("/topic/politics?by=source", 3),
        ("/articles?lane=kept", 1),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.texts(".rows [data-article]").len(), articles, "{path}");
    }
    let links = app.get("/articles").await.attributes(".tabs a", "href");
    assert!(
        links.iter().all(|link| link.contains("lane=stream")),
        "what a list leads to is of the same lane: {links:?}"
    );
    let by_source =
        app.post("/articles/lane", &[("lane", "stream"), ("list", "topic=politics"), ("by", "source")]).await;
    assert_eq!(by_source.location(), "/articles?topic=politics&by=source", "the view stays");
    let page = switch(&app, "/articles?topic=politics&unread=1", "kept").await;
    assert_eq!(page.texts(".rows h2"), ["Ferry report 1"]);
    assert_eq!(page.texts(".chips li").len(), 3, "other filters stay");
    let refused = app.post("/articles/lane", &[("lane", "fast")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_lane_without_matches_says_what_the_other_has() {
    let app = TestApp::new().await;
    stream(&app, 1).await;
    let page = app.get("/articles?lane=kept").await;
    assert_eq!(page.text(".empty h2"), "No kept article matches");
    assert_eq!(page.text(".empty a"), "1 article of both");
    assert_eq!(page.attributes(".empty a", "href"), ["/articles?lane=both"]);
    let page = app.get("/articles?q=zebra&lane=stream").await;
    assert_eq!(page.text(".empty h2"), "No matching articles");
}

#[tokio::test]
async fn the_stream_never_pushes_kept_articles_off_the_front_page() {
    let app = TestApp::new().await;
    let old = keep_earlier(&app, 500).await;
    let read = keep_earlier(&app, 400).await;
    let earlier = now() - SignedDuration::from_hours(48);
    articles::apply_action(&app.library().await, read, ArticleAction::Read, earlier).await.unwrap();
    for number in 1..=80 {
        stream(&app, number).await;
    }
    let page = app.get("/").await;
    assert_eq!(selected(&page), "Both");
    assert_eq!(page.text(".kept h2"), "Kept 1 unread");
    assert_eq!(page.attributes(".kept [data-article]", "data-article"), [old.to_string(), read.to_string()]);
    assert_eq!((page.text(".lead h2"), page.text(".dateline a")), ("Ferry report 1".into(), "81 unread".into()));
    for id in 3..=82 {
        articles::apply_action(&app.library().await, id, ArticleAction::Archive, now()).await.unwrap();
    }
    let page = app.get("/").await;
    assert!(page.has(".kept") && !page.has(".empty"), "without a stream to read, kept articles are there");
    for id in 3..=82 {
        articles::apply_action(&app.library().await, id, ArticleAction::Unarchive, now()).await.unwrap();
    }
    let page = switch(&app, "/", "kept").await;
    assert_eq!((selected(&page), page.text(".dateline a")), ("Kept".into(), "1 unread".into()));
    assert_eq!((page.text(".lead h2"), page.has(".kept")), ("Ferry report 500".into(), false));
    assert_eq!(page.attributes("[data-article]", "data-article").len(), 1, "the other was read before today");
    let page = switch(&app, "/", "stream").await;
    assert_eq!((page.text(".lead h2"), page.text(".dateline a")), ("Ferry report 1".into(), "80 unread".into()));
    assert!(!page.has(".kept") && !page.has(".recently-added"));
    let page = switch(&app, "/", "both").await;
    assert!(page.has(".kept"));
    app.add_article(&article(600)).await;
    assert_eq!(app.get("/").await.texts(".recently-added h3"), ["Ferry report 600"], "however much arrived before");
}

#[tokio::test]
async fn an_article_is_kept_by_its_button_a_star_a_tag_or_its_link_and_can_go_back() {
    let app = TestApp::new().await;
    let id = stream(&app, 1).await;
    let lane = async || articles::find(&app.library().await, id).await.unwrap().unwrap().lane;
    let buttons = |page: &Page| page.texts("[data-toggle=keep]");
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!(buttons(&page), ["Keep", "Keep"], "above the text and at its end");
    let page = act(&app, id, &[("action", "keep")]).await;
    assert_eq!((page.text(".notice p"), buttons(&page)), ("Kept.".into(), vec!["Move to stream".into(); 2]));
    let undo = page.attributes(".notice button", "value").remove(0);
    let page = act(&app, id, &[("action", &undo)]).await;
    assert_eq!(page.text(".notice p"), "Moved to the stream.");
    assert_eq!(lane().await, Lane::Stream);

    let tags = format!("/article/{id}/topic-and-tags");
    let tagged = [("topic", "politics"), ("topic_before", "politics"), ("tags_before", "Ferries")];
    app.post(&tags, &[&tagged[..], &[("tags", "Ferries")]].concat()).await;
    assert_eq!(lane().await, Lane::Stream, "nothing was added");
    app.post(&tags, &[&tagged[..], &[("tags", "Ferries, Sea")]].concat()).await;
    assert_eq!(lane().await, Lane::Kept);
    act(&app, id, &[("action", "stream")]).await;
    app.post(&format!("/article/{id}/suggested-tags"), &[("add", "Harbours")]).await;
    assert_eq!(lane().await, Lane::Kept);
    act(&app, id, &[("action", "stream")]).await;
    act(&app, id, &[("action", "star")]).await;
    assert_eq!(lane().await, Lane::Kept);
    act(&app, id, &[("action", "stream")]).await;
    let added = app.post("/import", &[("url", "https://harbour.example/1")]).await;
    assert!(added.location().starts_with(&format!("/article/{id}")), "{}", added.location());
    assert_eq!(lane().await, Lane::Kept);
    let saved = app.add_article(&article(2)).await;
    assert!(buttons(&app.get(&format!("/article/{saved}")).await).is_empty(), "what was saved is always kept");
}

#[tokio::test]
async fn rows_keep_one_by_one_and_the_form_keeps_many() {
    let app = TestApp::new().await;
    app.add_article(&article(1)).await;
    for number in 2..=5 {
        stream(&app, number).await;
    }
    let page = app.get("/articles?lane=stream").await;
    assert_eq!(page.texts(".row-actions [value=keep]").len(), 4);
    assert_eq!(page.texts("#bulk [value=keep], #bulk [value=stream]"), ["Keep"]);
    let page = act(&app, 2, &[("action", "keep"), ("return_to", "list"), ("list", "lane=stream")]).await;
    assert_eq!(page.text(".notice p"), "Kept “Ferry report 2”.");
    assert_eq!(page.texts(".rows h2"), ["Ferry report 3", "Ferry report 4", "Ferry report 5"]);

    let form = [("list", "lane=stream"), ("scope", "all"), ("seen_up_to", "5")];
    let read = app.post("/articles/change", &[&form[..], &[("action", "read")]].concat()).await;
    assert_eq!(app.get(read.location()).await.text(".notice p"), "Marked 3 articles read.");
    assert_eq!(app.get("/articles?unread=1&lane=both").await.texts(".rows h2").len(), 2, "the kept ones");
    let kept = app.post("/articles/change", &[&form[..], &[("action", "keep")]].concat()).await;
    let page = app.get(kept.location()).await;
    assert_eq!((page.text(".notice p"), page.texts(".rows h2").len()), ("Kept 3 articles.".into(), 0));
    let undo = page.attributes(".notice form", "action").remove(0);
    app.post(&undo, &[("list", "lane=stream")]).await;
    assert_eq!(app.get("/articles?lane=stream").await.texts(".rows h2").len(), 3);
    let listed = app.get("/recent-changes").await;
    assert!(listed.texts(".rows .meta")[0].starts_with("all of Articles, stream"), "{:?}", listed.texts(".meta"));
}
