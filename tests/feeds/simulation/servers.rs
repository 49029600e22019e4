//! The servers, each of another kind.

use std::collections::HashMap;

use jiff::Timestamp;

use super::items::{self, Written, chance};
use crate::origin::{Answer, Asked};
use crate::rss_shorthand::time;
use crate::script::hours_since_start;

/// A request to the server of a feed.
#[derive(Debug, Clone)]
pub struct Visit {
    pub feed: usize,
    pub behaviour: &'static str,
    pub at: Timestamp,
    pub url: String,
    pub if_none_match: Option<String>,
    pub if_modified_since: Option<String>,
    /// Hours since the start.
    pub hours: f64,
    /// Earlier requests of this feed.
    pub count: usize,
    /// When its server last said to wait.
    refused: Option<f64>,
    seed: u64,
}

/// What a server remembers.
pub struct Past {
    count: usize,
    /// When it last asked to wait, in hours from the start.
    pub refused: Option<f64>,
}

/// What a document is, for those who check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The feed.
    Whole,
    /// The feed, cut off.
    Half,
    /// Nothing of it.
    No,
}

/// An answer, and what is to be known of it.
#[derive(Debug, Clone)]
pub struct Said {
    pub answer: Answer,
    pub document: Document,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Until when the host asks to wait.
    pub wait_until: Option<Timestamp>,
}

/// Returns the address of a feed. Every seventh shares a host with others.
pub fn address(feed: usize) -> String {
    let host = if feed % 7 == 6 { "shared.example".to_owned() } else { format!("f{feed}.example") };
    format!("http://{host}/feed/{feed}")
}

impl Visit {
    pub fn of(asked: &Asked, past: &mut HashMap<usize, Past>, seed: u64) -> Self {
        let path = asked.url.split('?').next().unwrap();
        let feed =
            path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{}", asked.url));
        let past = past.entry(feed).or_insert(Past { count: 0, refused: None });
        past.count += 1;
        let header = |name: &str| asked.headers.get(name).cloned();
        Self {
            feed,
            behaviour: BEHAVIOURS[feed % BEHAVIOURS.len()],
            at: asked.at,
            url: asked.url.clone(),
            if_none_match: header("if-none-match"),
            if_modified_since: header("if-modified-since"),
            hours: hours_since_start(asked.at),
            count: past.count - 1,
            refused: past.refused,
            seed,
        }
    }

    fn is_between(&self, from_day: f64, to_day: f64) -> bool {
        (from_day * 24.0..to_day * 24.0).contains(&self.hours)
    }

    fn is_at_home(&self) -> bool {
        self.url.starts_with(&address(self.feed))
    }

    /// Returns whether something that happens to so many of a hundred requests happens to this one.
    fn happens(&self, percent: u64) -> bool {
        chance(self.seed, self.feed as u64 * 7919 + self.count as u64) % 100 < percent
    }

    fn items(&self) -> Vec<Written> {
        let numbers = items::listed(self.feed, self.hours, self.seed);
        numbers.into_iter().map(|number| items::write(self.feed, number, self.seed)).collect()
    }

    /// The feed with these items, and nothing besides.
    fn feed_of(&self, items: &[Written], extra: &str) -> Said {
        let answer =
            Answer::new(200, items::render(self.feed, items, extra)).with("content-type", "application/rss+xml");
        Said { document: Document::Whole, ..nothing(answer) }
    }

    fn feed(&self) -> Said {
        self.feed_of(&self.items(), "")
    }

    /// The feed, which says what it is by its newest item.
    fn feed_with_etag(&self, pattern: &str) -> Said {
        let newest = items::listed(self.feed, self.hours, self.seed).first().copied().unwrap_or_default();
        let etag = pattern.replace('N', &newest.to_string());
        match self.if_none_match.as_deref() == Some(&etag) {
            true => nothing(Answer::new(304, "")),
            false => self.feed().with_etag(&etag),
        }
    }

    /// Changes each of the items.
    fn feed_after(&self, change: impl Fn(usize, &mut Written)) -> Said {
        let mut items = self.items();
        items.iter_mut().enumerate().for_each(|(position, item)| change(position, item));
        self.feed_of(&items, "")
    }

    fn refuse(&self, status: u16, hours: f64, header: Option<(&str, String)>) -> Said {
        let answer = Answer::new(status, "Slow down.");
        let answer = match header {
            Some((name, value)) => answer.with(name, value),
            None => answer,
        };
        Said { wait_until: Some(time(self.hours + hours)), ..nothing(answer) }
    }

    /// Returns whether the server has not refused for so many days.
    fn is_calm_for(&self, days: f64) -> bool {
        self.hours > 24.0 && self.refused.is_none_or(|at| self.hours - at > days * 24.0)
    }
}

impl Said {
    fn with_etag(mut self, etag: &str) -> Self {
        self.answer = self.answer.with("etag", etag);
        Self { etag: Some(etag.to_owned()), ..self }
    }

    fn with_date(mut self, date: &str) -> Self {
        self.answer = self.answer.with("last-modified", date);
        Self { last_modified: Some(date.to_owned()), ..self }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.answer = self.answer.with(name, value);
        self
    }
}

/// An answer without the feed.
fn nothing(answer: Answer) -> Said {
    Said { answer, document: Document::No, etag: None, last_modified: None, wait_until: None }
}

fn lead(status: u16, target: &str) -> Said {
    nothing(Answer::new(status, "").with("location", target))
}

fn html(text: &str) -> Said {
    nothing(Answer::new(200, text).with("content-type", "text/html").with("etag", "\"page\""))
}

const OLD_DATE: &str = "Mon, 05 Oct 2026 10:00:00 +0200";
const LATE_DATE: &str = "Sat, 16 Nov 2041 19:11:00 GMT";

pub const BEHAVIOURS: &[&str] = &[
    "plain",
    "etag",
    "weak etag",
    "odd etag",
    "date",
    "both",
    "sticky 304",
    "new etag each time",
    "same etag always",
    "404 six hours a day",
    "404 for three days",
    "errors at times",
    "503 with a wait",
    "429 in seconds",
    "429 with a date",
    "429 with a reset",
    "429 without a time",
    "429 for twenty days",
    "410 by mistake",
    "410 for good",
    "moves",
    "moves and says 304",
    "302 for ever",
    "leads elsewhere each time",
    "parked domain",
    "captive portal",
    "endless redirects",
    "browser check",
    "empty for a day",
    "page for a day",
    "breaks off",
    "truncated at times",
    "https guids",
    "other guids",
    "one guid for all",
    "nothing but titles",
    "tracking links",
    "edited titles",
    "new dates each time",
    "dates ahead",
    "no dates",
    "max-age of years",
    "ttl of a year",
    "quiet hours",
    "clock wrong",
    "403 for two days",
    "401 for a day",
    "listed twice",
    "oldest first",
    "moved links",
];

pub fn respond(visit: &Visit) -> Said {
    match visit.behaviour {
        "plain" => visit.feed(),
        "etag" => visit.feed_with_etag("\"eN\""),
        "weak etag" => visit.feed_with_etag("W/\"wN--gzip\""),
        "odd etag" => visit.feed_with_etag("N-unquoted, with comma"),
        "new etag each time" => visit.feed().with_etag(&format!("\"{}\"", visit.count)),
        "same etag always" => visit.feed().with_etag("\"same\""),
        "sticky 304" if visit.hours > 120.0 && visit.if_none_match.is_some() => nothing(Answer::new(304, "")),
        "sticky 304" => visit.feed().with_etag("\"sticky\""),
        "date" => visit.feed().with_date(OLD_DATE),
        "both" => visit.feed_with_etag("\"bN\"").with_date(OLD_DATE).without_date_if_unchanged(),
        "clock wrong" => {
            visit.feed().with_date(LATE_DATE).with("date", LATE_DATE).with("expires", "Fri, 01 Jan 1999 00:00:00 GMT")
        }
        "max-age of years" => visit.feed().with("cache-control", "public, max-age=315360000"),
        "ttl of a year" => visit.feed_of(&visit.items(), "<ttl>525600</ttl>"),
        "quiet hours" => visit.feed_of(
            &visit.items(),
            "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour></skipHours><skipDays><day>Sunday</day></skipDays>",
        ),
        behaviour if behaviour.starts_with("429") || behaviour.starts_with("503") => refuse_at_times(visit),
        "moves"
        | "moves and says 304"
        | "302 for ever"
        | "leads elsewhere each time"
        | "parked domain"
        | "captive portal"
        | "endless redirects" => lead_at_times(visit),
        "https guids"
        | "other guids"
        | "one guid for all"
        | "nothing but titles"
        | "tracking links"
        | "edited titles"
        | "new dates each time"
        | "dates ahead"
        | "no dates"
        | "moved links" => write_oddly(visit),
        "listed twice" => visit.feed_of(&[visit.items(), visit.items()].concat(), ""),
        "oldest first" => visit.feed_of(&visit.items().into_iter().rev().collect::<Vec<_>>(), ""),
        _ => fail_at_times(visit),
    }
}

impl Said {
    fn without_date_if_unchanged(mut self) -> Self {
        if self.answer.status == 304 {
            self.answer.headers.clear();
            self.last_modified = None;
        }
        self
    }
}

fn fail_at_times(visit: &Visit) -> Said {
    let hour_of_day = (visit.hours + 8.0).rem_euclid(24.0);
    let status = |status| nothing(Answer::new(status, "<p>Sorry."));
    match visit.behaviour {
        "404 six hours a day" if (8.0..14.0).contains(&hour_of_day) => status(404),
        "404 for three days" if visit.is_between(10.0, 13.0) => status(404),
        "errors at times" if visit.happens(25) => status(500),
        "410 by mistake" if visit.is_between(20.0, 20.5) => status(410),
        "410 for good" if visit.hours >= 40.0 * 24.0 => status(410),
        "403 for two days" if visit.is_between(30.0, 32.0) => status(403),
        "401 for a day" if visit.is_between(50.0, 51.0) => status(401),
        "breaks off" if visit.happens(20) => nothing(Answer::default()),
        "browser check" if visit.is_between(15.0, 17.0) => {
            html("<!DOCTYPE html><title>Just a moment...</title><form id=\"challenge-form\"></form>")
        }
        "empty for a day" if visit.is_between(25.0, 26.0) => html(""),
        "page for a day" if visit.is_between(35.0, 36.5) => html("<!DOCTYPE html><title>News</title><p>Welcome."),
        "truncated at times" if visit.happens(20) => {
            let whole = visit.feed().with_etag("\"half\"");
            let body = whole.answer.body[..whole.answer.body.len() - 30].to_vec();
            Said { answer: Answer { body, ..whole.answer }, document: Document::Half, ..nothing(Answer::default()) }
        }
        "truncated at times" => visit.feed_with_etag("\"tN\""),
        _ => visit.feed_with_etag("\"fN\""),
    }
}

fn refuse_at_times(visit: &Visit) -> Said {
    match visit.behaviour {
        "503 with a wait" if visit.is_calm_for(5.0) => visit.refuse(503, 3.0, Some(("retry-after", "10800".into()))),
        "429 in seconds" if visit.is_calm_for(4.0) => visit.refuse(429, 30.0, Some(("retry-after", "108000".into()))),
        "429 with a date" if visit.is_calm_for(6.0) => {
            let date = time(visit.hours + 50.0).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            visit.refuse(429, 50.0, Some(("retry-after", date)))
        }
        "429 with a reset" if visit.is_calm_for(6.0) => {
            visit.refuse(429, 40.0, Some(("x-ratelimit-reset", (40 * 3600).to_string())))
        }
        "429 without a time" if visit.is_calm_for(5.0) => visit.refuse(429, 0.25, None),
        "429 for twenty days" if visit.refused.is_none() && visit.hours > 24.0 => {
            visit.refuse(429, 480.0, Some(("retry-after", (480 * 3600).to_string())))
        }
        _ => visit.feed_with_etag("\"rN\""),
    }
}

fn lead_at_times(visit: &Visit) -> Said {
    let (feed, is_at_home) = (visit.feed, visit.is_at_home());
    let elsewhere = format!("http://n{feed}.example/feed/{feed}");
    match visit.behaviour {
        "moves" if is_at_home && visit.hours > 480.0 => lead(301, &elsewhere),
        "moves and says 304" if is_at_home && visit.hours > 480.0 => lead(308, &elsewhere),
        "302 for ever" if is_at_home => lead(302, &format!("{elsewhere}?token={}", visit.count)),
        "leads elsewhere each time" if is_at_home && visit.hours > 240.0 => {
            lead(301, &format!("http://m{}.example/feed/{feed}", visit.count))
        }
        "parked domain" if is_at_home && visit.hours > 1200.0 => lead(301, &elsewhere),
        "parked domain" if !is_at_home => {
            let text = items::write(999, 1, visit.seed);
            Said { document: Document::No, ..visit.feed_of(&[Written { text: "<p>Buy this.".into(), ..text }], "") }
        }
        "captive portal" if is_at_home && visit.is_between(10.0, 10.5) => lead(301, &elsewhere),
        "captive portal" if !is_at_home => html("<!DOCTYPE html><title>Welcome to the hotel</title>Log in"),
        "endless redirects" if visit.is_between(18.0, 19.0) => lead(302, &visit.url),
        "moves" => visit.feed().with_etag("\"moved\""),
        _ => visit.feed_with_etag("\"lN\""),
    }
}

fn write_oddly(visit: &Visit) -> Said {
    let is_late = visit.hours > 30.0 * 24.0;
    visit.feed_after(|_, item| match visit.behaviour {
        "https guids" if is_late => item.guid = item.guid.take().map(|guid| guid.replace("http://", "https://")),
        "moved links" if is_late => {
            let to_new_host = |url: String| url.replace(".example/", ".new.example/");
            item.guid = item.guid.take().map(to_new_host);
            item.link = item.link.take().map(to_new_host);
        }
        "other guids" if is_late => {
            item.guid = item.link.clone().map(|link| format!("new-{}", link.len()) + &item.title)
        }
        "one guid for all" => item.guid = Some("one".into()),
        "nothing but titles" => (item.guid, item.link) = (None, None),
        "tracking links" => {
            item.link = item.link.take().map(|link| format!("{link}?utm_source=rss&utm_campaign={}", visit.count));
            item.guid = None;
        }
        "edited titles" if is_late => item.title += ", updated",
        "new dates each time" => item.date = Some(visit.hours),
        "dates ahead" => item.date = item.date.map(|at| at + 24.0 * 400.0),
        "no dates" => item.date = None,
        _ => {}
    })
}
