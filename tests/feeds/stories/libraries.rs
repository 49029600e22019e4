//! Several people's libraries.

use broadsheet::library::feeds::{self, NamedBy, NewFeed};
use url::Url;

use super::{ADDRESS, Answers, rss};
use crate::support::now;
use crate::world::with_own_texts;

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
