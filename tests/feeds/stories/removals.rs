//! What the reader has removed, or does not want.

use broadsheet::library::Library;
use broadsheet::library::articles::ArticleAction;
use broadsheet::library::feeds::{self, FeedSettings, Keep, NamedBy, NewFeed};
use broadsheet::library::operations::{self, Progress};

use super::{ADDRESS, Answers, Listed, rss};
use crate::support::now;
use crate::world::{World, with_own_texts};

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

/// Unfollows a feed, with all that goes with it.
async fn unfollow(world: &World, feed: i64) {
    let library = world.app.library().await;
    let followed = world.feed(feed).await;
    let operation = operations::unfollow(&library, &followed, now()).await.unwrap().unwrap();
    while operations::run_batch(&library, operation, now()).await.unwrap() == Progress::Unfinished {}
}

#[tokio::test]
async fn what_went_with_a_feed_comes_by_another_one_of_the_site() {
    for is_purged in [false, true] {
        let answers = Answers::default();
        let items = [(3, "Rope", "<p>A third text."), (2, "Oil", "<p>Another text."), (1, "Wick", "<p>One text.")];
        answers.set(ADDRESS, rss(&items));
        answers.set(OTHER, rss(&items));
        let world = answers.start().await;
        let feed = world.follow(ADDRESS, with_own_texts()).await;
        world.look().await;
        let wick = world.items(feed).await.into_iter().find(|item| item.title == "Wick").unwrap();
        world.act(wick.id, ArticleAction::Delete).await;
        unfollow(&world, feed).await;
        assert!(world.titles(feed).await.is_empty());
        if is_purged {
            world.empty_trash().await;
        }
        let other = world.follow(OTHER, with_own_texts()).await;
        world.look().await;
        let mut titles = world.titles(other).await;
        titles.sort();
        assert_eq!(titles, ["Oil", "Rope"], "the reader removed the third; purged: {is_purged}");
        assert!(world.items(other).await.iter().all(|item| !item.is_read));
    }
}

#[tokio::test]
async fn a_feed_that_is_followed_again_after_its_articles_are_gone_begins_anew() {
    let answers = Answers::default();
    let titles: Vec<String> = (1..=14).map(|number| format!("Boat {number}")).collect();
    let items: Vec<Listed<'_>> =
        (1..=14).rev().map(|number| (number, titles[number as usize - 1].as_str(), "<p>One text.")).collect();
    answers.set(ADDRESS, rss(&items));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let last = world.items(feed).await.into_iter().find(|item| item.title == "Boat 14").unwrap();
    world.act(last.id, ArticleAction::Delete).await;
    unfollow(&world, feed).await;
    world.empty_trash().await;
    world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let back = world.items(feed).await;
    assert_eq!(back.len(), 13, "the reader deleted one by hand");
    assert_eq!(back.iter().filter(|item| !item.is_read).count(), 9, "of the newest ten");
}

#[tokio::test]
async fn what_a_limit_took_from_one_feed_comes_by_another_that_keeps_it() {
    let answers = Answers::default();
    let items = [(3, "Rope", "<p>A third text."), (2, "Oil", "<p>Another text."), (1, "Wick", "<p>One text.")];
    answers.set(ADDRESS, rss(&items));
    answers.set(OTHER, rss(&items));
    let world = answers.start().await;
    let library = world.app.library().await;
    let feed = world.follow(ADDRESS, FeedSettings { keep: Some(Keep::Newest(1)), ..with_own_texts() }).await;
    world.look().await;
    operations::apply_limits(&library, now()).await.unwrap();
    assert_eq!(world.titles(feed).await.len(), 1);
    world.look().await;
    let other = world.follow(OTHER, with_own_texts()).await;
    world.look().await;
    assert_eq!(world.titles(other).await.len(), 3);
    world.run_hours(30).await;
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
