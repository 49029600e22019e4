//! Histories of a feed and its reader: which articles there are in the end, and what the reader did with them.

use broadsheet::library::articles::ArticleAction;
use broadsheet::library::articles::versions::earlier;
use jiff::SignedDuration;
use serde_json::Value;

use crate::cases::{self, Case, check_keys, texts};
use crate::origin::Answer;
use crate::rss_shorthand::{hours, render, time};
use crate::script::hours_since_start;
use crate::support::{now, set_clock};
use crate::world::{World, with_own_texts};

const READ: &[&str] = &[
    "articles",
    "changed_at",
    "must_not_appear",
    "order_top_at",
    "read",
    "should_not_appear",
    "starred",
    "state",
    "title",
    "titles",
    "top_two_any_order",
    "unread",
    "unread_titles_exclude",
    "unread_titles_include",
    "versions",
];

const REMARKS: &[&str] = &["note", "order_note"];

#[tokio::test]
async fn histories_end_as_they_should() {
    let cases = cases::read("identity");
    check_keys(&cases, READ, REMARKS);
    let mut failures = Vec::new();
    for case in &cases {
        failures.extend(check(case).await.into_iter().map(|it| format!("{}: {it}", case.name)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The documents of a feed, each from its time on.
fn answer(documents: &[Value], url: &str) -> Answer {
    let at = hours_since_start(now());
    let is_it = |it: &&Value| it["feed"].as_str().is_some_and(|feed| feed.replace("https://", "http://") == url);
    let is_out = |it: &&Value| hours(it["at"].as_str().unwrap()) <= at;
    match documents.iter().filter(is_it).rfind(is_out) {
        Some(document) => Answer::new(200, render(&document["rss"], at)).with("content-type", "application/rss+xml"),
        None => Answer::new(404, ""),
    }
}

async fn check(case: &Case) -> Vec<String> {
    let history: Value = serde_json::from_slice(&case.bytes).unwrap();
    let documents = history["documents"].as_array().unwrap().clone();
    let played = documents.clone();
    let world = World::start(move |asked, _| answer(&played, &asked.url)).await;
    let mut feeds = Vec::new();
    for url in texts(&history, "follow") {
        feeds.push(world.follow(&url.replace("https://", "http://"), with_own_texts()).await);
    }
    let mut top = Vec::new();
    let order_at = case.expected["order_top_at"].as_str().map(hours);
    for (position, step) in documents.iter().enumerate() {
        let at = hours(step["at"].as_str().unwrap());
        world.run_until(time(at)).await;
        match step["do"].as_str() {
            Some(action) => act(&world, feeds[0], (action, &step["title"])).await,
            None => {
                broadsheet::library::feeds::refresh::start(&world.app.library().await, now()).await.unwrap();
                world.look().await;
            }
        }
        let next = documents.get(position + 1).map_or(f64::MAX, |next| hours(next["at"].as_str().unwrap()));
        if let Some(order_at) = order_at.filter(|order_at| (at..next).contains(order_at)) {
            world.run_until(time(order_at)).await;
            top = world.titles(feeds[0]).await.into_iter().take(2).collect();
        }
    }
    set_clock(now() + SignedDuration::from_hours(1));
    compare(&world, feeds[0], (&case.expected, &top)).await
}

async fn act(world: &World, feed: i64, (action, title): (&str, &Value)) {
    let action = match action {
        "mark_read" => ArticleAction::Read,
        "star" => ArticleAction::Star,
        "remove" => ArticleAction::Delete,
        "empty_trash" => return world.empty_trash().await,
        other => panic!("nothing does {other}"),
    };
    let items = world.items(feed).await;
    let item = items.iter().find(|item| *title == item.title.as_str()).unwrap();
    world.act(item.id, action).await;
}

async fn compare(world: &World, feed: i64, (expected, top): (&Value, &[String])) -> Vec<String> {
    let items: Vec<_> = world.items(feed).await.into_iter().filter(|item| !item.is_deleted).collect();
    let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
    let unread: Vec<&str> = items.iter().filter(|item| !item.is_read).map(|item| item.title.as_str()).collect();
    let mut failures = Vec::new();
    let mut check = |is_fine: bool, what: &str| {
        if !is_fine {
            failures.push(format!("{what}: {items:#?} {top:?}"));
        }
    };
    check(expected["articles"].as_u64() == Some(items.len() as u64), "articles");
    check(expected["unread"].as_u64().is_none_or(|count| count == unread.len() as u64), "unread");
    check(texts(expected, "unread_titles_include").iter().all(|it| unread.contains(it)), "unread titles");
    check(!texts(expected, "unread_titles_exclude").iter().any(|it| unread.contains(it)), "read titles");
    check(texts(expected, "titles").iter().all(|it| titles.contains(it)), "titles");
    let forbidden = [texts(expected, "must_not_appear"), texts(expected, "should_not_appear")].concat();
    check(!titles.iter().any(|title| forbidden.contains(title)), "removed titles");
    let wanted_top = texts(expected, "top_two_any_order");
    check(wanted_top.iter().all(|title| top.iter().any(|it| it == title)), "order");
    for state in expected["state"].as_array().into_iter().flatten() {
        let Some(item) = items.iter().find(|item| state["title"] == item.title.as_str()) else {
            check(false, "state of an article");
            continue;
        };
        let versions = earlier::list(&world.app.library().await, item.id).await.unwrap();
        check(state["read"].as_bool().is_none_or(|read| read == item.is_read), "read");
        check(state["starred"].as_bool().is_none_or(|starred| starred == item.is_starred), "starred");
        check(state["versions"].as_u64().is_none_or(|count| count == versions.len() as u64 + 1), "versions");
        let changed_at = state["changed_at"].as_str().map(|at| time(hours(at)));
        check(changed_at.is_none_or(|at| versions.iter().any(|version| version.replaced_at == at)), "date of a change");
    }
    failures
}
