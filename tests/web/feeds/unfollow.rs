//! Unfollowing a feed, and following it again.

use axum::http::StatusCode;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::articles::{self, ArticleAction, edits};
use broadsheet::library::feeds;
use broadsheet::library::feeds::folders;
use broadsheet::library::operations;
use broadsheet::library::tags::TagChanges;
use jiff::SignedDuration;

use crate::feeds::site::{FEED, app_with_site, feed_of, follow_and_read, run_jobs};
use crate::support::{TestApp, advance_clock, now};

async fn titles(app: &TestApp) -> Vec<(String, bool)> {
    let page = lists::list(&app.library().await, &Filter::default(), Position::START, 100).await.unwrap();
    let cards = page.cards.into_iter().filter(|card| card.source_domain == "harbour.example");
    cards.map(|card| (card.title, card.read)).collect()
}

async fn article(app: &TestApp, title: &str) -> i64 {
    let page = lists::list(&app.library().await, &Filter::default(), Position::START, 100).await.unwrap();
    page.cards.into_iter().find(|card| card.title == title).unwrap().id
}

#[tokio::test]
async fn unfollowing_asks_and_keeps_what_is_starred_or_tagged() {
    let (app, _web) = app_with_site([4, 3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let (starred, tagged, read) =
        (article(&app, "Boat 1").await, article(&app, "Boat 2").await, article(&app, "Boat 3").await);
    app.post(&format!("/article/{starred}/action"), &[("action", "star")]).await;
    app.post(&format!("/article/{read}/action"), &[("action", "read")]).await;
    app.post(&format!("/article/{tagged}/topic-and-tags"), &[("topic", "unsorted"), ("tags", "Boats")]).await;
    let library = app.library().await;
    let folder = folders::add(&library, None, "Sea").await.unwrap();
    folders::move_feed(&library, 1, &[folder]).await.unwrap();

    let page = app.get(&format!("{path}/unfollow")).await;
    assert!(page.text("h1").contains("Unfollow “Harbour News”?"));
    let asked = app.post(&format!("{path}/unfollow"), &[]).await;
    assert_eq!(asked.location(), format!("{path}/unfollow"), "nothing is done unasked");
    let done = app.post(&format!("{path}/unfollow"), &[("confirmed", "yes")]).await;
    let page = app.get(done.location()).await;
    assert!(page.text(".notice").contains("Unfollowed “Harbour News”, and moved 2 articles to the trash."));
    let mut left: Vec<String> = titles(&app).await.into_iter().map(|(title, _)| title).collect();
    left.sort();
    assert_eq!(left, ["Boat 1", "Boat 2"]);
    assert!(app.get(&path).await.text(".feed-head").contains("You don’t follow this feed."));
    let settings = format!("{path}/settings");
    assert_eq!(app.get(&settings).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.post(&settings, &[("name", "Quay")]).await.status, StatusCode::NOT_FOUND);

    let undo = page.attributes(".notice form", "action").remove(0);
    app.post(&undo, &[("list", "")]).await;
    let mut back = titles(&app).await;
    back.sort();
    let expected = [("Boat 1", false), ("Boat 2", false), ("Boat 3", true), ("Boat 4", false)];
    assert_eq!(back, expected.map(|(title, read)| (title.to_owned(), read)));
    assert_eq!(folders::list(&library).await.unwrap()[0].feeds, [1], "it is in its folder again");
    assert!(feeds::find(&library, 1).await.unwrap().unwrap().unfollowed_at.is_none());
}

#[tokio::test]
async fn what_the_reader_archived_edited_or_filed_stays() {
    let (app, _web) = app_with_site([4, 3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let find = async |title: &str| article(&app, title).await;
    let (archived, edited, filed) = (find("Boat 1").await, find("Boat 2").await, find("Boat 3").await);
    let library = app.library().await;
    let own = edits::Edits { byline: Some(Some("Ann".into())), ..edits::Edits::default() };
    edits::save(&library, edited, &own).await.unwrap();
    operations::move_to_topic(&library, filed, "sport", &TagChanges::default(), now()).await.unwrap();
    articles::apply_action(&library, archived, ArticleAction::Archive, now()).await.unwrap();
    let question = app.get(&format!("{path}/unfollow")).await;
    assert!(question.body.contains("kept, starred, tagged, archived, edited or moved to a topic"), "{}", question.body);
    app.post(&format!("{path}/unfollow"), &[("confirmed", "yes")]).await;
    let mut left: Vec<String> = titles(&app).await.into_iter().map(|(title, _)| title).collect();
    left.sort();
    assert_eq!(left, ["Boat 2", "Boat 3"]);
    assert!(articles::find(&library, archived).await.unwrap().unwrap().deleted_at.is_none());
}

#[tokio::test]
async fn following_again_later_brings_everything_back_once() {
    let (app, web) = app_with_site([3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let read = article(&app, "Boat 2").await;
    app.post(&format!("/article/{read}/action"), &[("action", "read")]).await;
    app.post(&format!("{path}/unfollow"), &[("confirmed", "yes")]).await;
    web.serve(FEED, feed_of("Harbour News", [4, 3, 2, 1]));
    advance_clock(SignedDuration::from_hours(72));
    run_jobs(&app).await;
    assert!(titles(&app).await.is_empty(), "a feed that is not followed is not looked at");

    let again = app.post("/feeds/follow", &[("url", FEED)]).await;
    assert_eq!(again.location(), "/feed/1?followed=again");
    assert!(app.get(again.location()).await.text(".notice").contains("Following “Harbour News” again."));
    run_jobs(&app).await;
    let mut back = titles(&app).await;
    back.sort();
    let expected = [("Boat 1", false), ("Boat 2", true), ("Boat 3", false), ("Boat 4", false)];
    assert_eq!(back, expected.map(|(title, read)| (title.to_owned(), read)));
}

#[tokio::test]
async fn an_article_of_another_feed_stays() {
    let (app, web) = app_with_site([2, 1]).await;
    let path = follow_and_read(&app).await;
    web.serve("http://harbour.example/boats.xml", feed_of("All Boats", [1]));
    let other = app.post("/feeds/follow", &[("url", "http://harbour.example/boats.xml")]).await;
    assert_eq!(other.location(), "/feed/2?followed=new");
    run_jobs(&app).await;
    app.post(&format!("{path}/unfollow"), &[("confirmed", "yes")]).await;
    assert_eq!(titles(&app).await, [("Boat 1".to_owned(), false)]);
}

#[tokio::test]
async fn what_was_still_to_be_fetched_for_it_is_not_fetched() {
    let (app, web) = app_with_site([3, 2, 1]).await;
    let path = crate::feeds::site::follow(&app).await;
    let stop = tokio_util::sync::CancellationToken::new();
    broadsheet::jobs::look_at_due_feeds(&app.app, &stop).await.unwrap();
    let page = app.get(&path).await;
    assert!(page.text(".feed-head .status").contains("Fetching the pages of 3 articles."), "{}", page.body);
    app.post(&format!("{path}/unfollow"), &[("confirmed", "yes")]).await;
    let before = web.requests().len();
    run_jobs(&app).await;
    assert_eq!(web.requests().len(), before);
    assert!(titles(&app).await.is_empty());
}
