//! Several people's libraries.

use broadsheet::library::feeds::{self, NamedBy, NewFeed};
use url::Url;

use super::{ADDRESS, Answers, Listed, rss};
use crate::script::hours_since_start;
use crate::support::now;
use crate::world::{World, with_own_texts};

#[tokio::test]
async fn two_libraries_that_follow_one_feed_cause_one_request() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Wick", "<p>Text.")]).with("etag", "\"one\""));
    let world = answers.start().await;
    world.follow(ADDRESS, with_own_texts()).await;
    let other = world.app.app.libraries.get(2).await.unwrap();
    world.run_hours(3).await;
    let new = NewFeed {
        url: Url::parse(ADDRESS).unwrap(),
        title: "The Pier".into(),
        site_url: None,
        named_by: NamedBy::Reader,
        settings: with_own_texts(),
    };
    feeds::follow(&other, &new, now()).await.unwrap();
    world.look().await;
    let before = world.origin.asked().len();
    world.run_hours(24 * 4).await;
    let asked = world.origin.asked();
    assert!(asked.len() > before + 1);
    assert!(asked.windows(2).all(|pair| pair[0].at < pair[1].at), "{asked:?}");
    for later in &asked[before..] {
        assert!(later.is_conditional(), "{later:?}");
        assert!(later.headers["user-agent"].contains('2'), "{later:?}");
    }
    for library in [world.app.library().await, other] {
        assert_eq!(feeds::list(&library).await.unwrap()[0].articles, 1);
    }
}

#[tokio::test]
async fn a_library_that_nobody_opens_is_looked_at_once_a_day_until_somebody_does() {
    // An item an hour.
    let mut world = World::start(|asked, _| {
        let newest = hours_since_start(asked.at) as u32;
        let texts: Vec<String> = (newest..newest + 6).map(|number| format!("Boat {number}")).collect();
        let items: Vec<Listed<'_>> = texts
            .iter()
            .rev()
            .zip((newest..newest + 6).rev())
            .map(|(title, number)| (number, title.as_str(), "<p>Text."))
            .collect();
        rss(&items)
    })
    .await;
    world.follow(ADDRESS, with_own_texts()).await;
    world.run_hours(24).await;
    let looks_a_day = |world: &World| {
        let asked = world.origin.asked();
        asked.iter().filter(|it| now().duration_since(it.at).as_hours() < 24).count()
    };
    assert!(looks_a_day(&world) > 5, "{}", looks_a_day(&world));
    world.is_deserted = true;
    world.run_hours(24 * 29).await;
    assert!(looks_a_day(&world) > 5);
    world.run_hours(24 * 4).await;
    assert_eq!(looks_a_day(&world), 1);
    let before = world.origin.asked().len();
    world.is_deserted = false;
    world.look().await;
    world.look().await;
    assert_eq!(world.origin.asked().len(), before + 1, "all feeds are looked at when somebody is back");
    world.run_hours(24).await;
    assert!(looks_a_day(&world) > 5);
}
