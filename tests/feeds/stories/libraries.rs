//! Several people's libraries.

use std::collections::HashSet;

use broadsheet::jobs::process_all_imports;
use broadsheet::library::Library;
use broadsheet::library::feeds::{self, NamedBy, NewFeed};
use broadsheet::library::imports::{self, NewImport};
use tokio_util::sync::CancellationToken;
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

/// The place of Ben's link among all pages that were asked for.
async fn find_place_of(world: &World) -> usize {
    let ben = world.app.app.libraries.get(2).await.unwrap();
    add_link(&ben, "http://ben.example/").await;
    process_all_imports(&world.app.app, &CancellationToken::new()).await.unwrap();
    let asked = world.origin.asked();
    asked.iter().filter(|it| it.host() != "pier.example").position(|it| it.host() == "ben.example").unwrap()
}

async fn add_link(library: &Library, url: &str) {
    let url = Some(Url::parse(url).unwrap());
    let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(library, &input, now()).await.unwrap();
}

#[tokio::test]
async fn a_long_list_of_one_reader_holds_up_no_other() {
    let world = Answers::default().start().await;
    let ann = world.app.library().await;
    for number in 0..30 {
        add_link(&ann, &format!("http://site-{number}.example/")).await;
    }
    let place = find_place_of(&world).await;
    assert!(place < 6, "{place}");
}

#[tokio::test]
async fn one_host_has_two_places_in_all_libraries_together() {
    let world = Answers::default().start().await;
    for library in 1..=4 {
        let library = world.app.app.libraries.get(library).await.unwrap();
        for number in 0..3 {
            add_link(&library, &format!("http://slow.example/{}/{number}", library.id())).await;
        }
    }
    process_all_imports(&world.app.app, &CancellationToken::new()).await.unwrap();
    assert!(world.origin.most_in_flight("slow.example") <= 2);
    let asked: HashSet<String> = world.origin.asked().into_iter().map(|it| it.url).collect();
    assert_eq!(asked.len(), 12);
}
