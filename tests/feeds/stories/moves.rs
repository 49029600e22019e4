//! Feeds that move, or seem to.

use broadsheet::ingest::feeds::of_move;
use broadsheet::library::articles::ArticleAction;
use broadsheet::library::feeds::{self, FeedSettings, Keep, folders, merging};
use broadsheet::library::operations;

use super::{ADDRESS, Listed, rss};
use crate::origin::{Answer, Asked};
use crate::script::hours_since_start;
use crate::support::now;
use crate::world::{World, with_own_texts};

const NEW: &str = "http://harbour.example/feed";

/// Leads from the old address to `target` from the second day on.
fn lead(asked: &Asked, status: u16, target: &str) -> Answer {
    match asked.url.as_str() {
        ADDRESS if hours_since_start(asked.at) >= 24.0 => Answer::new(status, "").with("location", target),
        _ if asked.headers.contains_key("if-none-match") => Answer::new(304, ""),
        _ => rss(&[(2, "Oil", "<p>Text."), (1, "Wick", "<p>Text.")]).with("etag", "\"one\""),
    }
}

#[tokio::test]
async fn a_move_counts_although_nothing_is_new_there() {
    let world = World::start(|asked, _| lead(asked, 308, NEW)).await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.run_hours(24 * 9).await;
    let moved = world.feed(feed).await;
    assert_eq!(moved.url.as_str(), NEW);
    let said = of_move(&moved).unwrap();
    assert!(
        said.contains("has moved for good, from http://pier.example/feed to http://harbour.example/feed"),
        "{said}"
    );
    assert_eq!(world.items(feed).await.len(), 2);
    let asked = world.origin.asked();
    assert!(asked.last().is_some_and(|it| it.url == NEW && it.is_conditional()));
    let at_new = asked.iter().filter(|it| it.url == NEW).collect::<Vec<_>>();
    assert!(!at_new[0].is_conditional(), "the conditions are those of the old address");
}

#[tokio::test]
async fn a_redirect_that_is_not_for_good_or_leads_elsewhere_each_time_changes_no_address() {
    let world = World::start(|asked, _| lead(asked, 302, NEW)).await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.run_hours(24 * 9).await;
    assert_eq!(world.feed(feed).await.url.as_str(), ADDRESS);

    let world = World::start(|asked, before| lead(asked, 301, &format!("http://h{}.example/feed", before.len()))).await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.run_hours(24 * 9).await;
    assert_eq!(world.feed(feed).await.url.as_str(), ADDRESS);
    assert_eq!(world.items(feed).await.len(), 2);
}

#[tokio::test]
async fn a_feed_that_is_gone_for_a_day_is_not_asked_again_until_the_reader_says_so() {
    let world = World::start(|asked, _| match hours_since_start(asked.at) {
        24.0..200.0 => Answer::new(410, "Gone."),
        _ => rss(&[(1, "Wick", "<p>Text.")]),
    })
    .await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.run_hours(24 * 10).await;
    let gone = world.feed(feed).await;
    assert!(gone.next_look_at.is_none() && gone.error.unwrap().message.contains("gone for good"));
    assert_eq!(world.items(feed).await.len(), 1);
    feeds::look_now(&world.app.library().await, feed, now()).await.unwrap();
    world.look().await;
    let back = world.feed(feed).await;
    assert!(back.error.is_none() && back.next_look_at.is_some());
}

/// The feed of a pier that moves to the harbour's address after a day; both have one item in common.
async fn pier_that_moves_to_the_harbour() -> World {
    const PIER: &[Listed<'_>] = &[(2, "Oil", "<p>Text of oil."), (1, "Wick", "<p>Text of wick.")];
    const HARBOUR: &[Listed<'_>] = &[(3, "Rope", "<p>Text of rope."), (2, "Oil", "<p>Text of oil.")];
    World::start(|asked, _| match asked.url.as_str() {
        ADDRESS if hours_since_start(asked.at) >= 24.0 => Answer::new(301, "").with("location", NEW),
        ADDRESS => rss(PIER),
        _ => rss(HARBOUR),
    })
    .await
}

#[tokio::test]
async fn a_feed_that_moves_to_the_address_of_another_becomes_one_with_it() {
    let world = pier_that_moves_to_the_harbour().await;
    let library = world.app.library().await;
    let pier = world.follow(ADDRESS, with_own_texts()).await;
    let harbour = world.follow(NEW, FeedSettings { keep: Some(Keep::Newest(2)), ..with_own_texts() }).await;
    let (sea, news) =
        (folders::add(&library, None, "Sea").await.unwrap(), folders::add(&library, None, "News").await.unwrap());
    folders::move_feed(&library, pier, &[sea]).await.unwrap();
    folders::move_feed(&library, harbour, &[news]).await.unwrap();
    world.run_hours(24 * 9).await;
    assert!(feeds::find(&library, pier).await.unwrap().is_none());
    assert_eq!(merging::find_merged(&library, pier).await.unwrap(), Some(harbour));
    let feed = world.feed(harbour).await;
    assert!(of_move(&feed).unwrap().contains("from http://pier.example/feed to http://harbour.example/feed"));
    assert_eq!(feed.settings.keep, Some(Keep::Forever), "what one of them keeps stays");
    let mut titles = world.titles(harbour).await;
    titles.sort();
    assert_eq!(titles, ["Oil", "Rope", "Wick"], "each once");
    assert_eq!(feed.articles, 3);
    for folder in folders::list(&library).await.unwrap() {
        assert_eq!((folder.feeds, folder.articles), (vec![harbour], 3), "{}", folder.name);
    }
}

#[tokio::test]
async fn a_feed_takes_the_address_of_one_that_is_not_followed_any_more() {
    let world = pier_that_moves_to_the_harbour().await;
    let library = world.app.library().await;
    let harbour = world.follow(NEW, with_own_texts()).await;
    world.look().await;
    let rope = world.items(harbour).await.into_iter().find(|item| item.title == "Rope").unwrap();
    world.act(rope.id, ArticleAction::Delete).await;
    world.empty_trash().await;
    let unfollowed = world.feed(harbour).await;
    operations::unfollow(&library, &unfollowed, now()).await.unwrap().unwrap();
    let pier = world.follow(ADDRESS, with_own_texts()).await;
    world.run_hours(24 * 9).await;
    let feed = world.feed(pier).await;
    assert_eq!(feed.url.as_str(), NEW);
    assert!(feeds::find(&library, harbour).await.unwrap().is_none());
    let mut titles = world.titles(pier).await;
    titles.sort();
    assert_eq!(titles, ["Oil", "Wick"], "what the reader removed from the other does not come back");
}
