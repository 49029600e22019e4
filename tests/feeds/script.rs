//! Servers by script, as the cases describe them.

use jiff::Timestamp;
use serde_json::Value;

use crate::origin::{Answer, Asked};
use crate::rss_shorthand::{hours, render, time};

/// Returns the hours from the start of a story.
pub fn hours_since_start(at: Timestamp) -> f64 {
    at.duration_since(time(0.0)).as_secs_f64() / 3600.0
}

/// Answers a request by the first rule for its address that applies.
pub fn play(server: &Value, asked: &Asked, before: &[Asked]) -> Answer {
    let is_it = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => asked.url.starts_with(start),
        None => asked.url == pattern,
    };
    let found = server.as_object().unwrap().iter().find(|(pattern, _)| is_it(pattern));
    let Some((pattern, rules)) = found else { return Answer::new(404, "") };
    let rules = rules.as_array().unwrap();
    let Some(rule) = rules.iter().find(|rule| applies(&rule["when"], (asked, before), rules)) else {
        panic!("no rule for {} applies", asked.url)
    };
    let (respond, at) = (&rule["respond"], hours_since_start(asked.at));
    // Whatever an address begins with counts together, so that each redirect has a token of its own.
    let host = before.iter().filter(|it| it.host() == asked.host() || pattern.ends_with('*')).count();
    let body = match (&respond["body"]["text"], &respond["body"]["rss"]) {
        (Value::String(text), _) => text.clone(),
        (_, rss @ Value::Object(_)) => render(rss, at),
        (_, _) if respond["fault"].is_string() => return Answer::default(),
        _ => String::new(),
    };
    let mut answer = Answer::new(u16::try_from(respond["status"].as_u64().unwrap()).unwrap(), body);
    for (name, value) in respond["headers"].as_object().into_iter().flatten() {
        answer = answer.with(name, fill_in(value.as_str().unwrap(), at, host));
    }
    answer
}

/// Returns whether a rule applies to a request.
fn applies(when: &Value, (asked, before): (&Asked, &[Asked]), rules: &[Value]) -> bool {
    for key in when.as_object().into_iter().flatten().map(|(key, _)| key.as_str()) {
        let is_known = [
            "from",
            "to",
            "if_none_match",
            "if_modified_since",
            "nth",
            "daily_from",
            "daily_to",
            "host_gap_under",
            "new_since_last",
        ];
        assert!(is_known.contains(&key), "nothing reads the condition {key}");
    }
    let at = hours_since_start(asked.at);
    let text = |key: &str| when[key].as_str();
    let validator = |name: &str| match text(&name.replace('-', "_")) {
        None => true,
        Some("any") => asked.headers.contains_key(name),
        Some(value) => asked.headers.get(name).is_some_and(|sent| sent == value),
    };
    let hour_of_day = (at + 8.0).rem_euclid(24.0);
    let is_daily = match (text("daily_from"), text("daily_to")) {
        (Some(from), Some(to)) => (clock(from)..clock(to)).contains(&hour_of_day),
        _ => true,
    };
    let same = || before.iter().rev().filter(|it| it.url == asked.url);
    let has_nothing_new = || {
        let rss = &rules.last().unwrap()["respond"]["body"]["rss"];
        same().next().is_some_and(|before| render(rss, hours_since_start(before.at)) == render(rss, at))
    };
    let gap = before.iter().rev().find(|it| it.host() == asked.host()).map(|it| at - hours_since_start(it.at));
    text("from").is_none_or(|from| at >= hours(from))
        && text("to").is_none_or(|to| at < hours(to))
        && validator("if-none-match")
        && validator("if-modified-since")
        && is_daily
        && when["nth"].as_u64().is_none_or(|nth| same().count() as u64 + 1 == nth)
        && text("host_gap_under").is_none_or(|limit| gap.is_some_and(|gap| gap < hours(limit)))
        && (when["new_since_last"] != false || has_nothing_new())
}

/// Returns the hours of a time of day such as `06:30`.
pub fn clock(text: &str) -> f64 {
    let (hour, minute) = text.split_once(':').unwrap();
    hour.parse::<f64>().unwrap() + minute.parse::<f64>().unwrap() / 60.0
}

fn fill_in(text: &str, at: f64, count: usize) -> String {
    let http_date = |at: f64| time(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let inner = |start: &str| text.strip_prefix(start).and_then(|rest| rest.strip_suffix('}'));
    if let Some(after) = inner("{http-date@+") {
        return http_date(hours(after));
    }
    match inner("{now").or_else(|| inner("{http-date")) {
        Some(shift) => http_date(at + hours(shift)),
        None => text.replace("{n}", &count.to_string()),
    }
}
