//! Scripted servers: what is asked when, and what a feed's state is then. What only the whole program can do is not checked
//! here: several requests at once, words of the health page.

use serde_json::Value;

use crate::folder::{Case, cases, texts};
use crate::rss_shorthand::hours;
use crate::simulation::{Followed, Request, Simulation, State};

#[test]
fn servers_are_asked_as_they_should() {
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
            false => failures.extend(check_state(&simulation, moment).map(|it| format!("{} at {at}: {it}", case.name))),
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

fn check_state(simulation: &Simulation<'_>, wanted: &Value) -> Option<String> {
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
        (!name.eq("error") || wanted["words_any"].is_null() || !feed.words.is_empty(), "words"),
        (is_whole(feed, wanted), "items"),
    ];
    let failed = checks.iter().find(|(is_fine, _)| !is_fine).map(|(_, what)| *what);
    failed.map(|what| format!("{what}: {name} {} {:?} {guids:?}", feed.url, feed.title))
}

/// Returns whether a feed has each item once, without gaps, up to the time that is wanted.
fn is_whole(feed: &Followed, wanted: &Value) -> bool {
    let number = |guid: &str| guid.strip_prefix("p-")?.parse::<i64>().ok();
    let mut numbers: Vec<i64> = feed.articles.iter().filter_map(|it| number(it.guid.as_deref()?)).collect();
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return true };
    let has_gaps = last - first + 1 != numbers.len() as i64;
    let mut dates: Vec<_> = feed.articles.iter().filter_map(|article| article.published).collect();
    dates.sort_unstable();
    // The one that would follow the newest is not out yet.
    let following = dates.last_chunk::<2>().map(|[before, newest]| *newest + newest.duration_since(*before));
    let up_to = wanted["items_all_up_to"].as_str().map(|text| crate::rss_shorthand::time(hours(text)));
    count == numbers.len() && !has_gaps && up_to.is_none_or(|time| following.is_some_and(|following| following > time))
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
        "gap" => gaps.iter().all(|gap| (hours("15m")..=time("max", f64::MAX)).contains(gap)),
        "backoff" => {
            gaps.windows(2).all(|pair| pair[1] > pair[0] * 0.9) && gaps.iter().all(|gap| *gap <= time("max_gap", 0.0))
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
            requests.iter().filter(|it| it.url.starts_with(wanted["url_prefix"].as_str().unwrap())).all(|it| {
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
        "no_request_daily" => times.iter().filter(|at| **at > time("after", 0.0)).all(|at| hour_of_day(*at) >= 6.0),
        // The histories begin on a Monday.
        "no_request_weekday" => times.iter().all(|at| ((at + 8.0) / 24.0) as u64 % 7 != 6),
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
    let Some(refused) = to_host.iter().find(|it| it.status == 429) else { return false };
    let until = match wanted["until"].as_str() {
        Some(until) => hours(until),
        None => refused.at + hours(wanted["for"].as_str().unwrap()),
    };
    to_host.iter().all(|it| it.at <= refused.at || it.at >= until)
}
