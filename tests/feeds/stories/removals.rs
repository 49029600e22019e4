//! What the reader has removed, or does not want.

use broadsheet::library::Library;
use broadsheet::library::articles::ArticleAction;
use broadsheet::library::feeds::{self, FeedSettings, NamedBy, NewFeed};
use broadsheet::library::operations;

use super::{ADDRESS, Answers, rss};
use crate::support::now;
use crate::world::with_own_texts;

const OTHER: &str = "http://planet.example/feed";

#[tokio::test]
async fn what_was_removed_does_not_come_back_by_another_feed() {
    let answers = Answers::default();
    let items = [(1, "Wick", "<p>One text."), (2, "Oil", "<p>Another text.")];
    answers.set(ADDRESS, rss(&items));
    answers.set(OTHER, rss(&items));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let wick = world.items(feed).await.into_iter().find(|item| item.title == "Wick").unwrap();
    world.act(wick.id, ArticleAction::Delete).await;
    world.empty_trash().await;
    let other = world.follow(OTHER, with_own_texts()).await;
    world.look().await;
    assert_eq!(world.titles(other).await, ["Oil"]);
    // Not even with another text, or after the feed is followed again.
    answers.set(ADDRESS, rss(&[(1, "Wick", "<p>Quite another text with many words.")]));
    let library = world.app.library().await;
    let followed = feeds::find(&library, feed).await.unwrap().unwrap();
    operations::unfollow(&library, &followed, now()).await.unwrap().unwrap();
    world.follow(ADDRESS, with_own_texts()).await;
    world.run_hours(30).await;
    assert_eq!(world.titles(feed).await, ["Oil"]);
}

#[tokio::test]
async fn only_the_newest_items_are_read_and_the_others_may_come_by_another_feed() {
    let answers = Answers::default();
    let items = [(3, "Three", "<p>Text."), (2, "Two", "<p>Text."), (1, "One", "<p>Text.")];
    answers.set(ADDRESS, rss(&items));
    answers.set(OTHER, rss(&items));
    let world = answers.start().await;
    let newest = FeedSettings { newest: Some(2), never_unread: true, ..with_own_texts() };
    let feed = world.follow(ADDRESS, newest).await;
    world.look().await;
    let read = world.items(feed).await;
    assert_eq!(read.len(), 2);
    assert!(read.iter().all(|item| item.is_read && item.title != "One"), "{read:?}");
    world.run_hours(30).await;
    assert_eq!(world.items(feed).await.len(), 2);
    let other = world.follow(OTHER, with_own_texts()).await;
    world.look().await;
    assert_eq!(world.titles(other).await.len(), 3);
}

/// Does what operations have still to do.
async fn finish_operations(library: &Library) {
    while let Some(operation) = operations::find_unfinished(library).await.unwrap() {
        operations::run_batch(library, operation, now()).await.unwrap();
    }
}

#[tokio::test]
async fn a_feed_that_is_unfollowed_again_before_all_its_articles_are_back_leaves_none() {
    let answers = Answers::default();
    let items: Vec<_> = (1..=250).map(|number| (number, "Wick", "<p>One text.")).collect();
    answers.set(ADDRESS, rss(&items));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let (library, url) = (world.app.library().await, ADDRESS.parse().unwrap());
    let all = world.titles(feed).await.len();
    operations::unfollow(&library, &world.feed(feed).await, now()).await.unwrap().unwrap();
    finish_operations(&library).await;
    let undone = operations::follow_again(&library, &url).await.unwrap().unwrap();
    operations::run_batch(&library, undone, now()).await.unwrap();
    assert_eq!(world.titles(feed).await.len(), 100, "a part is back");
    operations::unfollow(&library, &world.feed(feed).await, now()).await.unwrap().unwrap();
    finish_operations(&library).await;
    assert_eq!(world.titles(feed).await.len(), 0);
    operations::follow_again(&library, &url).await.unwrap().unwrap();
    finish_operations(&library).await;
    assert_eq!(world.titles(feed).await.len(), all, "each comes back, once");
}

#[tokio::test]
async fn whoever_types_the_address_of_a_feed_vouches_for_it() {
    let world = Answers::default().start().await;
    let library = world.app.library().await;
    let follow = async |named_by| {
        let new = NewFeed {
            url: ADDRESS.parse().unwrap(),
            title: "The Pier".into(),
            site_url: None,
            named_by,
            settings: with_own_texts(),
        };
        feeds::follow(&library, &new, now()).await.unwrap().id()
    };
    let feed = follow(NamedBy::File).await;
    operations::unfollow(&library, &world.feed(feed).await, now()).await.unwrap().unwrap();
    follow(NamedBy::Reader).await;
    assert_eq!(world.feed(feed).await.named_by, NamedBy::Reader);
    follow(NamedBy::File).await;
    assert_eq!(world.feed(feed).await.named_by, NamedBy::Reader, "a file takes nothing back");
}
