//! What hosts ask for.

use broadsheet::library::feeds;
use jiff::SignedDuration;

use super::{ADDRESS, Answers, rss};
use crate::origin::{Answer, Asked};
use crate::support::now;
use crate::world::{World, with_own_texts};

#[tokio::test]
async fn a_host_that_wants_pauses_is_asked_once_a_minute_and_its_longest_waiting_feed_first() {
    let answers = Answers::default();
    let urls: Vec<String> = (0..6)
        .map(|number| {
            format!("http://{}reddit.com/r/ferries{number}/.rss", if number % 2 == 0 { "www." } else { "old." })
        })
        .collect();
    urls.iter().for_each(|url| answers.set(url, rss(&[(1, "Wick", "<p>Text.")])));
    let mut world = answers.start().await;
    for url in &urls {
        world.follow(url, with_own_texts()).await;
    }
    world.look().await;
    world.look().await;
    let addr = world.origin.addr;
    world.app.restart(addr).await;
    world.run_hours(30).await;
    let asked = world.origin.asked();
    assert!(asked.len() > 12, "{}", asked.len());
    let gaps: Vec<i64> = asked.windows(2).map(|pair| pair[1].at.duration_since(pair[0].at).as_secs()).collect();
    assert!(gaps.iter().all(|gap| *gap >= 60), "{gaps:?}");
    for url in &urls {
        let times: Vec<_> = asked.iter().filter(|it| it.url == *url).map(|it| it.at).collect();
        assert!(times.len() > 1, "{url} was left behind");
        assert!(times.windows(2).all(|pair| pair[1].duration_since(pair[0]) >= SignedDuration::from_hours(1)));
    }
}

#[tokio::test]
async fn a_limit_that_says_only_when_it_is_over_is_waited_for_by_the_whole_host() {
    for (status, name, value) in
        [(429, "x-ratelimit-reset", "7200"), (503, "retry-after", "7200"), (429, "retry-after", "2 h")]
    {
        let answers = Answers::default();
        let answer = Answer::new(status, "Slow down.").with(name, value);
        answers.set("http://pier.example/a", answer);
        answers.set("http://pier.example/b", rss(&[(1, "Wick", "<p>Text.")]));
        let world = answers.start().await;
        let a = world.follow("http://pier.example/a", with_own_texts()).await;
        world.look().await;
        let b = world.follow("http://pier.example/b", with_own_texts()).await;
        world.look().await;
        assert!(world.feed(b).await.looked_at.is_none());
        world.run_hours(12).await;
        let asked = world.origin.asked();
        let first = asked[0].at;
        let least = if value == "7200" { SignedDuration::from_hours(2) } else { SignedDuration::from_hours(1) };
        assert!(asked[1..].iter().all(|it| it.at.duration_since(first) >= least), "{asked:?}");
        assert!(asked.iter().any(|it| it.url.ends_with("/b")));
        assert_eq!(world.feed(b).await.error, None);
        assert!(world.feed(a).await.error.is_some());
    }
}

/// Answers 304 to whatever is conditional, from the second day on.
fn sticky(asked: &Asked, before: &[Asked]) -> Answer {
    let start = before.first().map_or(asked.at, |first| first.at);
    let age = asked.at.duration_since(start);
    let days: Vec<(u32, String)> =
        (0..=u32::try_from(age.as_hours() / 24).unwrap()).map(|day| (day, format!("Day {day}"))).collect();
    let limit = SignedDuration::from_hours(24);
    if asked.url.ends_with("/limited") && before.len() == 1 {
        return Answer::new(429, "");
    }
    match asked.is_conditional() && age > limit {
        true => Answer::new(304, ""),
        false => {
            let items: Vec<super::Listed<'_>> =
                days.iter().rev().map(|(day, title)| (*day, &**title, "<p>Text.")).collect();
            rss(&items).with("etag", "\"same\"")
        }
    }
}

#[tokio::test]
async fn a_host_that_ever_answered_429_is_never_asked_without_conditions() {
    for (path, is_asked_afresh) in [("feed", true), ("limited", false)] {
        let world = World::start(sticky).await;
        let url = format!("http://pier.example/{path}");
        let feed = world.follow(&url, with_own_texts()).await;
        world.run_hours(30).await;
        // The rhythm must be known.
        for _ in 0..4 {
            feeds::look_now(&world.app.library().await, feed, now()).await.unwrap();
            world.look().await;
        }
        world.run_hours(24 * 40).await;
        let asked = world.origin.asked();
        let afresh = asked.iter().filter(|it| !it.is_conditional()).count();
        let is_afresh = afresh > if path == "limited" { 2 } else { 1 };
        let has_rhythm = world.items(feed).await.len() > 2;
        assert_eq!(is_afresh, is_asked_afresh && has_rhythm, "{path}: {afresh} of {}", asked.len());
    }
}

#[tokio::test]
async fn half_a_document_is_read_again_without_conditions() {
    let answers = Answers::default();
    let whole = rss(&[(2, "Oil", "<p>Text."), (1, "Wick", "<p>Text.")]).with("etag", "\"one\"");
    let half = Answer { body: whole.body[..whole.body.len() - 60].to_vec(), ..whole.clone() };
    answers.set(ADDRESS, half);
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    assert_eq!(world.titles(feed).await, ["Oil"]);
    answers.set(ADDRESS, whole);
    world.run_hours(30).await;
    assert_eq!(world.titles(feed).await.len(), 2);
    let asked = world.origin.asked();
    assert!(!asked[0].is_conditional() && !asked[1].is_conditional() && asked[2].is_conditional(), "{asked:?}");
}
