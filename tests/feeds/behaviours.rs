//! Scripted servers: what is asked when, and what becomes of a feed and its articles.

use std::collections::BTreeSet;

use broadsheet::ingest::feeds::of_move;
use broadsheet::library::feeds::{self, Feed, looks};
use serde_json::Value;

use crate::cases::{self, Case, check_keys, texts};
use crate::requests;
use crate::rss_shorthand::{hours, time};
use crate::script::{hours_since_start, play};
use crate::support::now;
use crate::world::{World, with_own_texts};

const READ: &[&str] = &[
    "after",
    "after_answer",
    "articles_kept",
    "assert",
    "at",
    "counts_as_broken",
    "daily_from",
    "daily_to",
    "duplicates",
    "equals",
    "feed",
    "feed_title",
    "feed_url",
    "first_not_before",
    "for",
    "from",
    "gap_min",
    "growing",
    "header",
    "health_lines_for_host",
    "host",
    "items_all_up_to",
    "items_lost",
    "items_none_of",
    "max",
    "max_gap",
    "max_new",
    "min",
    "new_items_since",
    "next_look_within",
    "requests",
    "select",
    "state",
    "state_any",
    "state_not",
    "title",
    "to",
    "unread_lost",
    "until",
    "url",
    "url_prefix",
    "weekday",
    "words_any",
];

/// Remarks. Every time is UTC.
const REMARKS: &[&str] = &["note", "why", "zone"];

#[tokio::test]
async fn servers_are_asked_as_they_should_and_no_item_is_lost() {
    let cases = cases::read("behaviours");
    check_keys(&cases, READ, REMARKS);
    let mut failures = Vec::new();
    for case in &cases {
        failures.extend(check(case).await.into_iter().map(|it| format!("{}: {it}", case.name)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns a text for a web without TLS.
fn over_http(text: &str) -> Value {
    serde_json::from_str(&text.replace("https://", "http://")).unwrap()
}

async fn check(case: &Case) -> Vec<String> {
    let (script, expected) = (over_http(&String::from_utf8_lossy(&case.bytes)), over_http(&case.expected.to_string()));
    let server = script["server"].clone();
    let world = World::start(move |asked, before| play(&server, asked, before)).await;
    let mut feeds = Vec::new();
    for url in texts(&script, "follow") {
        feeds.push((url, world.follow(url, with_own_texts()).await));
    }
    let end = hours(script["run"].as_str().unwrap());
    let mut moments: Vec<(f64, &Value)> = Vec::new();
    for state in expected["state"].as_array().unwrap() {
        match state["at"].as_str().unwrap() {
            "every 1d" => moments.extend((1..=(end / 24.0) as u32).map(|day| (f64::from(day) * 24.0, state))),
            "after first 429" => moments.push((0.0, state)),
            at => moments.push((hours(at), state)),
        }
    }
    let actions = script["actions"].as_array().into_iter().flatten();
    moments.extend(actions.map(|it| (hours(it["at"].as_str().unwrap()), it)));
    moments.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut failures = Vec::new();
    for (at, moment) in moments {
        world.run_until(time(at)).await;
        if moment["do"] == "refresh_all" {
            feeds::refresh::start(&world.app.library().await, now()).await.unwrap();
            world.look().await;
            continue;
        }
        while moment["at"] == "after first 429" && !world.origin.asked().iter().any(|it| it.status == 429) {
            assert!(now() < time(end), "no 429 in {}", case.name);
            world.run_hours(1).await;
        }
        failures.extend(check_state(&world, (&script, moment), &feeds).await.map(|it| format!("{moment}: {it}")));
    }
    world.run_until(time(end)).await;
    for wanted in expected["requests"].as_array().unwrap() {
        failures.extend(requests::check(&world.origin, wanted).err().map(|found| format!("{wanted}: {found}")));
    }
    failures
}

/// Returns what the state of a feed is called in the cases.
fn state_of(feed: &Feed) -> &'static str {
    match (&feed.error, feed.next_look_at) {
        (_, None) => "stopped",
        (None, _) => "ok",
        (Some(error), _) => match error.code.as_str() {
            "status-429" => "host_waits",
            "another-feed" => "foreign_feed",
            _ => "error",
        },
    }
}

async fn check_state(world: &World, (script, wanted): (&Value, &Value), feeds: &[(&str, i64)]) -> Option<String> {
    let Some((url, id)) = feeds.iter().find(|(url, _)| wanted["feed"] == *url) else {
        let pauses = looks::paused_hosts(&world.app.library().await, now()).await.unwrap();
        let is_fine = wanted["health_lines_for_host"].as_u64() == Some(pauses.len() as u64);
        return (!is_fine).then(|| format!("{pauses:?}"));
    };
    let feed = world.feed(*id).await;
    let state = state_of(&feed);
    let said = feed.error.iter().map(|error| error.message.clone()).chain(feed.problems.clone()).chain(of_move(&feed));
    let said = said.collect::<Vec<_>>().join(" ");
    let items = world.items(*id).await;
    let guids: Vec<&str> = items.iter().filter_map(|item| item.guid.as_deref()).collect();
    let (any, words) = (texts(wanted, "state_any"), texts(wanted, "words_any"));
    let any_of = |name: &&str| *name == state || (*name == "error_retrying" && state == "error");
    let is_title = |key: &str| wanted[key].is_null() || wanted[key] == feed.title.as_str();
    let next = feed.next_look_at.map(|at| at.duration_since(now()).as_secs_f64() / 3600.0);
    let within = wanted["next_look_within"].as_str().map(hours);
    let checks = [
        (wanted["state"].is_null() || wanted["state"] == state, "state"),
        (any.is_empty() || any.iter().any(any_of), "state"),
        (!texts(wanted, "state_not").contains(&state), "state"),
        (wanted["feed_url"].is_null() || wanted["feed_url"] == feed.url.as_str(), "address"),
        (is_title("title") && is_title("feed_title"), "title"),
        (texts(wanted, "items_none_of").iter().all(|guid| !guids.contains(guid)), "foreign items"),
        (words.is_empty() || words.iter().any(|word| said.contains(word)), "words"),
        (wanted["counts_as_broken"] != false || ["ok", "host_waits"].contains(&state), "broken"),
        (within.is_none_or(|within| next.is_some_and(|next| next <= within)), "next look"),
        (wanted["articles_kept"] != true || !items.is_empty(), "articles"),
    ];
    let failed = checks.iter().find(|(is_fine, _)| !is_fine).map(|(_, what)| (*what).to_owned());
    failed
        .or_else(|| check_items(&script["server"][*url], wanted, &guids))
        .map(|what| format!("{what}: {state} {} {:?} {guids:?} {said}", feed.url, feed.title))
}

/// Checks that the articles of a feed are those that it has listed.
fn check_items(rules: &Value, wanted: &Value, guids: &[&str]) -> Option<String> {
    let rules = rules.as_array().unwrap();
    let rss = rules.iter().map(|rule| &rule["respond"]["body"]["rss"]).rfind(|rss| rss["guid"].is_string())?;
    let (start, end) = rss["guid"].as_str().unwrap().split_once("{n}").unwrap();
    let number = |guid: &&str| guid.strip_prefix(start)?.strip_suffix(end)?.parse::<u32>().ok();
    let numbers: BTreeSet<u32> = guids.iter().filter_map(number).collect();
    if wanted["duplicates"] == 0 && numbers.len() != guids.len() {
        return Some("doubled items".into());
    }
    let at = |number: u32| {
        hours(rss["first_item_at"].as_str().unwrap()) + f64::from(number) * hours(rss["items_every"].as_str().unwrap())
    };
    if let (Some(most), Some(since)) = (wanted["max_new"].as_u64(), wanted["new_items_since"].as_str()) {
        let new = numbers.iter().filter(|number| at(**number) > hours(since)).count() as u64;
        return (new > most).then(|| "new items".into());
    }
    // What was out a day ago must be here.
    let up_to = match wanted["items_all_up_to"].as_str() {
        Some(up_to) => hours(up_to),
        None if wanted["items_lost"] == 0 || wanted["unread_lost"] == 0 => hours_since_start(now()) - 26.0,
        None => return None,
    };
    let Some(first) = numbers.first() else { return Some("no items".into()) };
    let missing = (*first..).take_while(|number| at(*number) <= up_to).find(|number| !numbers.contains(number));
    missing.map(|number| format!("item {number} is missing"))
}
