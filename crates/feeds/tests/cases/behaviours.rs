//! Scripted servers: what is asked when, and what a feed's state is then. What only the whole program can do is not checked
//! here: several requests at once, words of the health page.

use serde_json::Value;

use crate::folder::{Case, cases, check_keys, texts};
use crate::rss_shorthand::hours;
use crate::simulation::{Followed, Request, Simulation, State};

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
    "until",
    "url",
    "url_prefix",
    "weekday",
    "words_any",
];

/// What only the whole program can do, and remarks. Every zone is UTC.
const ELSEWHERE: &[&str] = &["note", "unread_lost", "why", "zone"];

#[test]
fn servers_are_asked_as_they_should() {
    check_keys("behaviours", &[], READ, ELSEWHERE);
    let failures: Vec<String> = cases("behaviours").iter().flat_map(check).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(case: &Case) -> Vec<String> {
    let script: Value = serde_json::from_slice(&case.input).unwrap();
    let end = hours(script["run"].as_str().unwrap());
    let mut simulation = Simulation::new(&script);
    // States at given times, actions in between.
    let mut moments: Vec<(f64, &Value)> = Vec::new();
    for state in case.expected["state"].as_array().unwrap() {
        match state["at"].as_str().unwrap() {
            "every 1d" => moments.extend((1..=(end / 24.0) as u32).map(|day| (f64::from(day) * 24.0, state))),
            // The first request after the sixth hour.
            "after first 429" => moments.push((20.0, state)),
            at => moments.push((hours(at), state)),
        }
    }
    moments
        .extend(script["actions"].as_array().into_iter().flatten().map(|it| (hours(it["at"].as_str().unwrap()), it)));
    moments.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut failures = Vec::new();
    for (at, moment) in moments {
        simulation.run_until(at);
        match moment["do"] == "refresh_all" {
            true => (0..simulation.feeds.len()).for_each(|feed| simulation.look(feed, at)),
            false => {
                failures.extend(check_state(&simulation, moment, at).map(|it| format!("{} at {at}: {it}", case.name)))
            }
        }
    }
    simulation.run_until(end);
    for wanted in case.expected["requests"].as_array().unwrap() {
        if let Err(found) = check_requests(&simulation.requests, wanted) {
            failures.push(format!("{}: {wanted}: {found}", case.name));
        }
    }
    failures
}

fn check_state(simulation: &Simulation<'_>, wanted: &Value, at: f64) -> Option<String> {
    let Some(feed) = simulation.feeds.iter().find(|feed| wanted["feed"] == feed.first_url.as_str()) else {
        let waiting = simulation.feeds.iter().filter(|feed| feed.state == State::HostWaits).count();
        return (waiting == 0).then(|| "no host waits".to_owned());
    };
    let name = match feed.state {
        State::Ok => "ok",
        State::Error => "error",
        State::HostWaits => "host_waits",
        State::ForeignFeed => "foreign_feed",
        State::Stopped => "stopped",
    };
    let any = texts(wanted, "state_any");
    let is_url = wanted["feed_url"].is_null() || wanted["feed_url"] == feed.url.as_str();
    let is_title = |key: &str| wanted[key].is_null() || wanted[key].as_str() == feed.title.as_deref();
    let guids: Vec<&str> = feed.articles.iter().filter_map(|article| article.guid.as_deref()).collect();
    let checks = [
        (wanted["state"].is_null() || wanted["state"] == name, "state"),
        (any.is_empty() || any.contains(&name), "state"),
        (!texts(wanted, "state_not").contains(&name), "state"),
        (is_url, "address"),
        (is_title("title") && is_title("feed_title"), "title"),
        (texts(wanted, "items_none_of").iter().all(|guid| !guids.contains(guid)), "foreign items"),
        (!name.eq("error") || says_any(&feed.words, &texts(wanted, "words_any")), "words"),
        (wanted["counts_as_broken"] != false || name != "error", "broken"),
        (wanted["max_new"].as_u64().is_none_or(|most| count_new(feed, wanted) <= most), "new items"),
        (wanted["next_look_within"].as_str().is_none_or(|it| feed.next - at <= hours(it)), "next look"),
        (is_whole(feed, wanted), "items"),
    ];
    let failed = checks.iter().find(|(is_fine, _)| !is_fine).map(|(_, what)| *what);
    failed.map(|what| format!("{what}: {name} {} {:?} {guids:?}", feed.url, feed.title))
}

fn says_any(said: &str, words: &[&str]) -> bool {
    words.is_empty() || words.iter().any(|word| said.contains(word))
}

/// Counts the items that were published since the time that is wanted.
fn count_new(feed: &Followed, wanted: &Value) -> u64 {
    let since = crate::rss_shorthand::time(hours(wanted["new_items_since"].as_str().unwrap()));
    feed.articles.iter().filter(|article| article.published.is_some_and(|published| published > since)).count() as u64
}

/// Returns whether a feed has items, each of them and without gaps, up to the time that is wanted.
fn is_whole(feed: &Followed, wanted: &Value) -> bool {
    let number = |guid: &str| guid.strip_prefix("p-")?.parse::<i64>().ok();
    let mut numbers: Vec<i64> = feed.articles.iter().filter_map(|it| number(it.guid.as_deref()?)).collect();
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        // Only a feed that has never been read may have none, and only where nothing is said of its items.
        let about_items = ["articles_kept", "duplicates", "items_all_up_to", "items_lost", "max_new"];
        return feed.title.is_none() && about_items.iter().all(|key| wanted[key].is_null());
    };
    let has_gaps = last - first + 1 != numbers.len() as i64;
    let mut dates: Vec<_> = feed.articles.iter().filter_map(|article| article.published).collect();
    dates.sort_unstable();
    // The one that would follow the newest is not out yet.
    let following = dates.last_chunk::<2>().map(|[before, newest]| *newest + newest.duration_since(*before));
    let up_to = wanted["items_all_up_to"].as_str().map(|text| crate::rss_shorthand::time(hours(text)));
    count == numbers.len()
        && count == feed.articles.len()
        && !has_gaps
        && up_to.is_none_or(|time| following.is_some_and(|following| following > time))
}

fn check_requests(requests: &[Request], wanted: &Value) -> Result<(), String> {
    let time = |key: &str, default: f64| wanted[key].as_str().map_or(default, hours);
    let (from, to) = (time("from", 0.0), time("to", f64::MAX));
    let is_url = |it: &&Request| wanted["url"].is_null() || wanted["url"] == it.url.as_str();
    let asked: Vec<&Request> = requests.iter().filter(is_url).filter(|it| (from..to).contains(&it.at)).collect();
    let times: Vec<f64> = asked.iter().map(|it| it.at).collect();
    let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let hour_of_day = |at: f64| (at + 8.0).rem_euclid(24.0);
    let number = |key: &str, default: u64| wanted[key].as_u64().unwrap_or(default) as usize;
    let is_fine = match wanted["assert"].as_str().unwrap() {
        "no_request" => asked.is_empty(),
        "count" => (number("min", 0)..=number("max", 100_000)).contains(&asked.len()),
        "gap" => !gaps.is_empty() && gaps.iter().all(|gap| (hours("15m")..=time("max", f64::MAX)).contains(gap)),
        "backoff" => {
            wanted["growing"] == true
                && gaps.len() > 1
                && gaps.windows(2).all(|pair| pair[1] > pair[0] * 0.9)
                && gaps.iter().all(|gap| *gap <= time("max_gap", 0.0))
        }
        "header" => {
            let picked = match wanted["select"].as_str().unwrap() {
                "first" => asked.first(),
                "second" => asked.get(1),
                _ => asked.last(),
            };
            let sent = picked.and_then(|it| it.headers.get(wanted["header"].as_str().unwrap()));
            picked.is_some() && sent.map(String::as_str) == wanted["equals"].as_str()
        }
        "header_never" => {
            let prefix = wanted["url_prefix"].as_str().unwrap();
            let asked: Vec<&Request> = requests.iter().filter(|it| it.url.starts_with(prefix)).collect();
            !asked.is_empty()
                && asked.iter().all(|it| {
                    let sent = it.headers.get(wanted["header"].as_str().unwrap());
                    sent.is_none()
                        || wanted["equals"].as_str().is_some_and(|forbidden| sent.is_some_and(|it| it != forbidden))
                })
        }
        "unconditional" => {
            let afresh: Vec<f64> = asked.iter().filter(|it| it.headers.is_empty()).map(|it| it.at).collect();
            (number("min", 0)..=number("max", 0)).contains(&afresh.len())
                && afresh.first().is_none_or(|first| *first >= time("first_not_before", 0.0))
                && afresh.windows(2).all(|pair| pair[1] - pair[0] >= time("gap_min", 0.0))
        }
        "no_request_daily" => {
            let clock = |key: &str| wanted[key].as_str().unwrap()[..2].parse::<f64>().unwrap();
            let quiet = clock("daily_from")..clock("daily_to");
            let later: Vec<f64> = times.iter().copied().filter(|at| *at > time("after", 0.0)).collect();
            !later.is_empty() && later.iter().all(|at| !quiet.contains(&hour_of_day(*at)))
        }
        // The histories begin on a Monday.
        "no_request_weekday" => {
            assert_eq!(wanted["weekday"], "Sunday");
            !times.is_empty() && times.iter().all(|at| ((at + 8.0) / 24.0) as u64 % 7 != 6)
        }
        "no_request_host" => is_host_left_alone(requests, wanted),
        // Requests at once are the program's business.
        "in_flight_max" => true,
        other => return Err(format!("unknown: {other}")),
    };
    if is_fine { Ok(()) } else { Err(format!("{times:?}")) }
}

fn is_host_left_alone(requests: &[Request], wanted: &Value) -> bool {
    let host = format!("//{}/", wanted["host"].as_str().unwrap());
    let to_host: Vec<&Request> = requests.iter().filter(|it| it.url.contains(&host)).collect();
    let Some(refused) = to_host.iter().find(|it| wanted["after_answer"] == it.status) else { return false };
    let until = match wanted["until"].as_str() {
        Some(until) => hours(until),
        None => refused.at + hours(wanted["for"].as_str().unwrap()),
    };
    to_host.iter().all(|it| it.at <= refused.at || it.at >= until)
}
