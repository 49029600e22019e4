//! Feeds that move, or seem to.

use broadsheet::ingest::feeds::of_move;

use super::{ADDRESS, rss};
use crate::origin::{Answer, Asked};
use crate::script::hours_since_start;
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
    broadsheet::library::feeds::look_now(&world.app.library().await, feed, crate::support::now()).await.unwrap();
    world.look().await;
    let back = world.feed(feed).await;
    assert!(back.error.is_none() && back.next_look_at.is_some());
}
