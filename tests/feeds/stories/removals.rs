//! What the reader has removed, or does not want.

use broadsheet::library::articles::ArticleAction;
use broadsheet::library::feeds::{self, FeedSettings};
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
