//! Looking at feeds: new items become articles, once.

use std::sync::Arc;

use broadsheet::ingest::feeds as ingest_feeds;
use broadsheet::jobs::{look_at_due_feeds, process_imports};
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::feeds::{self, FeedSettings, NamedBy, NewFeed};
use futures_util::FutureExt as _;
use jiff::SignedDuration;
use tokio::sync::Barrier;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, advance_clock, now};

const ADDRESS: &str = "http://pier.example/feed";

fn feed_of(numbers: impl IntoIterator<Item = u32>) -> MockResponse {
    let paragraph =
        "The ferry was late again, and nobody at the pier could say when the next one would come. ".repeat(15);
    let items: String = numbers
        .into_iter()
        .map(|number| {
            format!(
                "<item><title>Ferry {number}</title><link>http://pier.example/{number}</link><guid>{number}</guid>\
                 <description>&lt;p&gt;{paragraph} Boat {number}.&lt;/p&gt;</description></item>"
            )
        })
        .collect();
    let feed = format!(
        "<rss version='2.0'><channel><title>The Pier</title><link>http://pier.example/</link>{items}</channel></rss>"
    );
    MockResponse::new("application/rss+xml", feed)
}

async fn follow(app: &TestApp, url: &str) -> i64 {
    let new = NewFeed {
        url: Url::parse(url).unwrap(),
        title: "The Pier".into(),
        site_url: None,
        named_by: NamedBy::Reader,
        settings: FeedSettings { text_from: Some(feeds::TextFrom::Feed), ..FeedSettings::default() },
    };
    feeds::follow(&app.library().await, &new, now()).await.unwrap().id()
}

async fn look(app: &TestApp) {
    let stop = CancellationToken::new();
    look_at_due_feeds(&app.app, &stop).await.unwrap();
    process_imports(&app.app, &app.library().await, &stop).await.unwrap();
}

async fn titles(app: &TestApp) -> Vec<(String, bool)> {
    let library = app.library().await;
    let page = lists::list(&library, &Filter::default(), Position::START, 100).await.unwrap();
    page.cards
        .into_iter()
        .filter(|card| card.source_domain == "pier.example")
        .map(|card| (card.title, card.read))
        .collect()
}

#[tokio::test]
async fn new_items_become_articles_once_and_the_oldest_of_the_first_look_are_read() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    web.serve(ADDRESS, feed_of((1..=12).rev()));
    let id = follow(&app, ADDRESS).await;
    look(&app).await;
    let found = titles(&app).await;
    assert_eq!(found.len(), 12);
    assert_eq!(found.iter().filter(|(_, read)| !read).count(), 10);
    assert!(
        found.iter().filter(|(_, read)| *read).all(|(title, _)| title == "Ferry 1" || title == "Ferry 2"),
        "{found:?}"
    );

    web.serve(ADDRESS, feed_of((2..=14).rev()));
    advance_clock(SignedDuration::from_hours(25));
    look(&app).await;
    look(&app).await;
    assert_eq!(titles(&app).await.len(), 14);
    let feed = feeds::find(&app.library().await, id).await.unwrap().unwrap();
    assert_eq!((feed.title.as_str(), feed.articles, feed.unread, feed.error), ("The Pier", 14, 12, None));
    assert!(feed.next_look_at > Some(now()));
}

#[tokio::test]
async fn a_site_that_does_not_answer_holds_up_no_feed_that_is_followed_meanwhile() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    let gate = Arc::new(Barrier::new(2));
    web.serve("http://slow.example/feed", feed_of([1]).after(&gate));
    web.serve(ADDRESS, feed_of([2]));
    follow(&app, "http://slow.example/feed").await;
    let stop = CancellationToken::new();
    let looking = look_at_due_feeds(&app.app, &stop);
    let following = async {
        gate.wait().await;
        let quick = follow(&app, ADDRESS).await;
        app.app.wakeups.feeds.notify_one();
        let library = app.library().await;
        while feeds::find(&library, quick).await.unwrap().unwrap().succeeded_at.is_none() {
            tokio::task::yield_now().await;
        }
        gate.wait().await;
    };
    let (looked_at, ()) = tokio::join!(looking, following);
    assert_eq!(looked_at.unwrap(), 2);
}

#[tokio::test]
async fn nothing_is_new_is_no_answer_to_who_has_nothing() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    web.serve(ADDRESS, MockResponse::status(304));
    let id = follow(&app, ADDRESS).await;
    look(&app).await;
    let feed = feeds::find(&app.library().await, id).await.unwrap().unwrap();
    assert_eq!((feed.error.unwrap().code.as_str(), feed.succeeded_at), ("not-modified", None));
    web.serve(ADDRESS, feed_of((1..=12).rev()));
    advance_clock(SignedDuration::from_hours(25));
    look(&app).await;
    assert_eq!(titles(&app).await.iter().filter(|(_, read)| !read).count(), 10, "its first items are the first");
}

#[tokio::test]
async fn an_answer_keeps_its_memory_until_it_is_stored() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    web.serve(ADDRESS, feed_of(1..=400));
    let id = follow(&app, ADDRESS).await;
    let (library, fetcher) = (app.library().await, &app.app.fetcher);
    let feed = feeds::find(&library, id).await.unwrap().unwrap();
    let request = ingest_feeds::plan_request(&library, &feed, now()).await.unwrap();
    let answer = ingest_feeds::fetch(fetcher, &feed, &request, 1).await.unwrap().unwrap();
    let is_free = |size: usize| fetcher.feed_memory().reserve_for_page(size).now_or_never().is_some();
    assert!(!is_free(usize::MAX), "what waits to be stored takes room");
    assert!(is_free(7 << 20), "as much as was read");
    drop(answer);
    assert!(is_free(usize::MAX));
}
