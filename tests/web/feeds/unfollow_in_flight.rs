//! Unfollowing a feed while its pages are still to be fetched, or are on their way.

use std::sync::Arc;

use broadsheet::jobs::{look_at_due_feeds, process_imports};
use broadsheet::library::articles::{self, Article, ArticleAction};
use broadsheet::library::feeds::{self, FeedSettings, NamedBy, NewFeed};
use broadsheet::library::imports::{self, Accepted, ImportState, NewImport};
use broadsheet::library::lanes::Lane;
use broadsheet::library::operations::{self, Progress};
use tokio::sync::Barrier;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::feeds::site::{FEED, app_with_site, feed_of, run_jobs};
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, now};

const OTHER: &str = "http://harbour.example/boats.xml";

fn page(number: u32) -> String {
    format!("http://harbour.example/{number}")
}

fn served(number: u32) -> MockResponse {
    let text = "The harbour was quiet, and the boats lay where they had been left the evening before. ".repeat(40);
    MockResponse::html(format!("<title>Boat {number}</title><article><h1>Boat {number}</h1><p>{text}</p></article>"))
}

async fn follow(app: &TestApp, url: &str) -> i64 {
    let url = Url::parse(url).unwrap();
    let settings = FeedSettings { text_from: Some(feeds::TextFrom::Page), ..FeedSettings::default() };
    let new = NewFeed { title: url.to_string(), url, site_url: None, named_by: NamedBy::Reader, settings };
    feeds::follow(&app.library().await, &new, now()).await.unwrap().id()
}

async fn look(app: &TestApp) {
    look_at_due_feeds(&app.app, &CancellationToken::new()).await.unwrap();
}

async fn fetch_pages(app: &TestApp) {
    process_imports(&app.app, &app.library().await, &CancellationToken::new()).await.unwrap();
}

async fn add_link(app: &TestApp, url: &str) -> Accepted {
    let input =
        NewImport { url: Some(Url::parse(url).unwrap()), snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&app.library().await, &input, now()).await.unwrap()
}

/// Runs an operation to its end.
async fn finish(app: &TestApp, operation: i64) {
    let library = app.library().await;
    while operations::run_batch(&library, operation, now()).await.unwrap() == Progress::Unfinished {}
}

async fn unfollow(app: &TestApp, feed: i64) -> i64 {
    let library = app.library().await;
    let feed = feeds::find(&library, feed).await.unwrap().unwrap();
    let operation = operations::unfollow(&library, &feed, now()).await.unwrap().unwrap();
    finish(app, operation).await;
    operation
}

async fn undo(app: &TestApp, operation: i64) {
    assert!(operations::undo(&app.library().await, operation).await.unwrap());
    finish(app, operation).await;
}

async fn article_at(app: &TestApp, url: &str) -> Option<Article> {
    let library = app.library().await;
    let id = articles::find_by_url(&library, &Url::parse(url).unwrap()).await.unwrap()?;
    articles::find(&library, id).await.unwrap()
}

async fn lane_of(app: &TestApp, url: &str) -> Option<Lane> {
    article_at(app, url).await.filter(|article| !article.state.deleted).map(|article| article.lane)
}

/// Serves an answer that waits at the gate.
fn hold(web: &MockWeb, url: &str, answer: MockResponse) -> Arc<Barrier> {
    let gate = Arc::new(Barrier::new(2));
    web.serve(url, answer.after(&gate));
    gate
}

#[tokio::test]
async fn a_link_that_the_reader_adds_too_is_kept_when_the_feed_goes() {
    let (app, _web) = app_with_site([3, 2, 1]).await;
    let feed = follow(&app, FEED).await;
    look(&app).await;
    assert!(matches!(add_link(&app, &page(2)).await, Accepted::AlreadyQueued(_)));
    unfollow(&app, feed).await;
    fetch_pages(&app).await;
    assert_eq!(lane_of(&app, &page(2)).await, Some(Lane::Kept));
    assert_eq!(lane_of(&app, &page(1)).await, None);
}

#[tokio::test]
async fn a_link_that_the_reader_adds_too_is_kept_also_while_the_feed_stays() {
    let (app, _web) = app_with_site([2, 1]).await;
    follow(&app, FEED).await;
    look(&app).await;
    add_link(&app, &page(2)).await;
    fetch_pages(&app).await;
    assert_eq!(lane_of(&app, &page(2)).await, Some(Lane::Kept));
    assert_eq!(lane_of(&app, &page(1)).await, Some(Lane::Stream));
}

#[tokio::test]
async fn a_failed_page_of_a_feed_that_the_reader_adds_again_is_hers() {
    let (app, web) = app_with_site([1]).await;
    // Without a text in the feed there is nothing to fall back on.
    let item = "<item><title>Boat 9</title><link>http://harbour.example/9</link><guid>9</guid></item>";
    let feed = format!("<rss version='2.0'><channel><title>Harbour News</title>{item}</channel></rss>");
    web.serve(FEED, MockResponse::new("application/rss+xml", feed));
    let feed = follow(&app, FEED).await;
    look(&app).await;
    let library = app.library().await;
    let claimed = imports::claim_next(&library, &[], now()).await.unwrap().unwrap();
    for _ in 0..2 {
        let failure = imports::Failure { code: "status-404".into(), message: "There is no such page.".into() };
        imports::fail(&library, claimed.id, &failure, now()).await.unwrap();
    }
    let is_failed = |state: &ImportState| matches!(state, ImportState::Failed { .. });
    assert!(is_failed(&imports::find(&library, claimed.id).await.unwrap().unwrap().state));
    web.serve(&page(9), served(9));
    add_link(&app, &page(9)).await;
    unfollow(&app, feed).await;
    fetch_pages(&app).await;
    assert_eq!(lane_of(&app, &page(9)).await, Some(Lane::Kept));
}

#[tokio::test]
async fn a_link_that_the_reader_adds_while_its_page_is_fetched_is_kept() {
    let (app, web) = app_with_site([1]).await;
    let gate = hold(&web, &page(1), served(1));
    let feed = follow(&app, FEED).await;
    look(&app).await;
    let meanwhile = async {
        gate.wait().await;
        add_link(&app, &page(1)).await;
        unfollow(&app, feed).await;
        gate.wait().await;
    };
    tokio::join!(fetch_pages(&app), meanwhile);
    assert_eq!(lane_of(&app, &page(1)).await, Some(Lane::Kept));
}

#[tokio::test]
async fn a_page_that_another_feed_waits_for_too_still_arrives() {
    let (app, web) = app_with_site([3, 2, 1]).await;
    web.serve(OTHER, feed_of("All Boats", [2]));
    let feed = follow(&app, FEED).await;
    look(&app).await;
    let other = follow(&app, OTHER).await;
    look(&app).await;
    unfollow(&app, feed).await;
    fetch_pages(&app).await;
    assert_eq!(lane_of(&app, &page(2)).await, Some(Lane::Stream));
    assert_eq!(lane_of(&app, &page(1)).await, None);
    let other = feeds::find(&app.library().await, other).await.unwrap().unwrap();
    assert_eq!(other.articles, 1);
}

#[tokio::test]
async fn a_page_that_two_feeds_waited_for_arrives_when_either_is_followed_again() {
    let (app, web) = app_with_site([1]).await;
    web.serve(OTHER, feed_of("All Boats", [1]));
    let feed = follow(&app, FEED).await;
    look(&app).await;
    let other = follow(&app, OTHER).await;
    look(&app).await;
    unfollow(&app, other).await;
    unfollow(&app, feed).await;
    fetch_pages(&app).await;
    assert_eq!(lane_of(&app, &page(1)).await, None);
    follow(&app, OTHER).await;
    run_jobs(&app).await;
    assert_eq!(lane_of(&app, &page(1)).await, Some(Lane::Stream));
}

#[tokio::test]
async fn a_page_that_is_on_its_way_does_not_arrive_and_comes_with_the_undo() {
    let (app, web) = app_with_site([2, 1]).await;
    let gate = hold(&web, &page(1), served(1));
    web.serve(&page(2), served(2));
    let feed = follow(&app, FEED).await;
    look(&app).await;
    let meanwhile = async {
        gate.wait().await;
        let operation = unfollow(&app, feed).await;
        gate.wait().await;
        operation
    };
    let ((), operation) = tokio::join!(fetch_pages(&app), meanwhile);
    assert_eq!(lane_of(&app, &page(1)).await, None);
    web.serve(&page(1), served(1));
    undo(&app, operation).await;
    run_jobs(&app).await;
    assert_eq!(lane_of(&app, &page(1)).await, Some(Lane::Stream));
    assert_eq!(lane_of(&app, &page(2)).await, Some(Lane::Stream));
}

#[tokio::test]
async fn a_look_that_is_on_its_way_brings_nothing_and_is_made_again_later() {
    let (app, web) = app_with_site([1]).await;
    let gate = hold(&web, FEED, feed_of("Harbour News", 1..=20));
    let feed = follow(&app, FEED).await;
    let meanwhile = async {
        gate.wait().await;
        let operation = unfollow(&app, feed).await;
        gate.wait().await;
        operation
    };
    let ((), operation) = tokio::join!(look(&app), meanwhile);
    fetch_pages(&app).await;
    assert_eq!(lane_of(&app, &page(1)).await, None);
    assert!(feeds::find(&app.library().await, feed).await.unwrap().unwrap().succeeded_at.is_none());
    web.serve(FEED, feed_of("Harbour News", (1..=20).rev()));
    undo(&app, operation).await;
    run_jobs(&app).await;
    let followed = feeds::find(&app.library().await, feed).await.unwrap().unwrap();
    assert_eq!((followed.articles, followed.unread), (20, 10), "as after any first look");
}

#[tokio::test]
async fn what_is_old_at_a_first_look_that_was_not_finished_arrives_read_also_later() {
    let (app, web) = app_with_site((1..=20).rev()).await;
    let gate = hold(&web, &page(3), served(3));
    let feed = follow(&app, FEED).await;
    look(&app).await;
    let meanwhile = async {
        gate.wait().await;
        // The other place of the host takes all that is left but this one.
        let library = app.library().await;
        while imports::count_unfinished_of_feed(&library, feed).await.unwrap() > 1 {
            tokio::task::yield_now().await;
        }
        let operation = unfollow(&app, feed).await;
        gate.wait().await;
        operation
    };
    let ((), operation) = tokio::join!(fetch_pages(&app), meanwhile);
    web.serve(&page(3), served(3));
    undo(&app, operation).await;
    run_jobs(&app).await;
    let article = article_at(&app, &page(3)).await.unwrap();
    assert!(article.state.read && !article.state.deleted, "{:?}", article.state);
    let followed = feeds::find(&app.library().await, feed).await.unwrap().unwrap();
    assert_eq!((followed.articles, followed.unread), (20, 10));
}

#[tokio::test]
async fn an_article_that_is_starred_before_its_batch_is_not_deleted() {
    let (app, _web) = app_with_site([2, 1]).await;
    let feed = follow(&app, FEED).await;
    run_jobs(&app).await;
    let library = app.library().await;
    let followed = feeds::find(&library, feed).await.unwrap().unwrap();
    let operation = operations::unfollow(&library, &followed, now()).await.unwrap().unwrap();
    let starred = article_at(&app, &page(1)).await.unwrap().id;
    articles::apply_action(&library, starred, ArticleAction::Star, now()).await.unwrap();
    finish(&app, operation).await;
    assert_eq!(lane_of(&app, &page(1)).await, Some(Lane::Kept));
    assert_eq!(lane_of(&app, &page(2)).await, None);
}
