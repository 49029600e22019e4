//! Servers by script, and a follower that asks them as the schedule says.

use std::collections::{HashMap, HashSet};

use feeds::identity::{Identity, Match, Rules, recognize};
use feeds::schedule::{Answer, Circumstances, Headers, History, KnownFeed, Next, is_same_feed, usual_gap};
use feeds::{Document, Feed, NotAFeed, Problem, StatedRhythm};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use crate::identity_cases::link_key;
use crate::rss_shorthand::{hours, render, time};

/// A request, and the status of its answer; 0 if there was none.
pub(crate) struct Request {
    /// Hours since the start.
    pub(crate) at: f64,
    pub(crate) url: String,
    pub(crate) headers: HashMap<&'static str, String>,
    pub(crate) status: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ok,
    Error,
    HostWaits,
    ForeignFeed,
    Stopped,
}

pub(crate) struct Followed {
    pub(crate) first_url: String,
    pub(crate) url: Url,
    pub(crate) next: f64,
    pub(crate) state: State,
    pub(crate) title: Option<String>,
    pub(crate) articles: Vec<Identity>,
    pub(crate) words: String,
    history: History,
    rhythm: StatedRhythm,
    item_times: Vec<Timestamp>,
    listed_span: Option<std::time::Duration>,
    self_link: Option<Url>,
}

pub(crate) struct Simulation<'a> {
    server: &'a Value,
    pub(crate) feeds: Vec<Followed>,
    pub(crate) requests: Vec<Request>,
    validators: HashMap<String, HashMap<&'static str, String>>,
    hosts: HashMap<String, f64>,
    hosts_that_refused: HashSet<String>,
}

/// Where an answer came from, and whether all redirects to it are permanent.
struct Place {
    url: Url,
    is_permanent: bool,
}

/// An answer of a server.
struct Response {
    status: u64,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

fn hours_at(time_of_next: Timestamp) -> f64 {
    time_of_next.duration_since(time(0.0)).as_secs_f64() / 3600.0
}

fn http_date(at: f64) -> String {
    time(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl<'a> Simulation<'a> {
    pub(crate) fn new(script: &'a Value) -> Self {
        let follow = script["follow"].as_array().unwrap().iter().map(|url| url.as_str().unwrap());
        let feeds = follow.map(|url| Followed {
            first_url: url.to_owned(),
            url: Url::parse(url).unwrap(),
            next: 0.0,
            state: State::Ok,
            title: None,
            articles: Vec::new(),
            words: String::new(),
            history: History::default(),
            rhythm: StatedRhythm::default(),
            item_times: Vec::new(),
            listed_span: None,
            self_link: None,
        });
        Simulation {
            server: &script["server"],
            feeds: feeds.collect(),
            requests: Vec::new(),
            validators: HashMap::new(),
            hosts: HashMap::new(),
            hosts_that_refused: HashSet::new(),
        }
    }

    /// Asks whatever is due until so many hours after the start.
    pub(crate) fn run_until(&mut self, end: f64) {
        loop {
            let due = |feed: &Followed| {
                let host = self.hosts.get(feed.url.host_str().unwrap()).copied().unwrap_or_default();
                feed.next.max(host)
            };
            let next = self.feeds.iter().enumerate().filter(|(_, feed)| feed.state != State::Stopped);
            let next = next.map(|(at, feed)| (due(feed), at)).min_by(|a, b| a.0.total_cmp(&b.0));
            match next {
                Some((at, feed)) if at <= end => self.look(feed, at),
                _ => return,
            }
        }
    }

    pub(crate) fn look(&mut self, position: usize, at: f64) {
        let now = time(at);
        let feed = &self.feeds[position];
        let host = feed.url.host_str().unwrap().to_owned();
        let gap = usual_gap(&feed.item_times);
        let afresh = feed.history.should_ask_afresh(now, gap, self.hosts_that_refused.contains(&host));
        if afresh {
            self.feeds[position].history.asked_afresh = Some(now);
        }
        let (mut url, mut is_permanent) = (self.feeds[position].url.clone(), true);
        let mut response = self.ask(&url, at, afresh);
        for _ in 0..5 {
            let Some(location) = response.headers.get("location").filter(|_| (300..400).contains(&response.status))
            else {
                break;
            };
            is_permanent &= matches!(response.status, 301 | 308);
            url = url.join(location).unwrap();
            response = self.ask(&url, at, afresh);
        }
        let (answer, is_foreign) = self.take(position, &Place { url, is_permanent }, &response, now);
        if response.status == 429 {
            self.hosts_that_refused.insert(host.clone());
        }
        let feed = &mut self.feeds[position];
        let header = |name: &str| response.headers.get(name).map(String::as_str);
        let circumstances = Circumstances {
            now,
            headers: Headers {
                cache_control: header("cache-control"),
                expires: header("expires"),
                retry_after: header("retry-after"),
                rate_limit_reset: header("x-ratelimit-reset"),
            },
            rhythm: &feed.rhythm,
            item_times: &feed.item_times,
            listed_span: feed.listed_span,
            seed: position as u64 + 7,
        };
        let next = feed.history.note(answer, &circumstances);
        feed.state = match answer {
            Answer::Feed | Answer::NotModified => State::Ok,
            _ if is_foreign => State::ForeignFeed,
            _ => State::Error,
        };
        match next {
            Next::Look(at) => feed.next = hours_at(at),
            Next::HostWaits(until) => {
                feed.next = hours_at(until);
                feed.state = State::HostWaits;
                self.hosts.insert(host, hours_at(until));
            }
            Next::Stop => feed.state = State::Stopped,
        }
    }

    /// Takes over what an answer brought. Returns what it was, and whether it was another feed.
    fn take(&mut self, position: usize, place: &Place, response: &Response, now: Timestamp) -> (Answer, bool) {
        if let Some(answer) =
            (response.status == 0).then_some(Answer::Unavailable).or(Answer::of_status(response.status as u16))
        {
            return (answer, false);
        }
        let Place { url, is_permanent } = place;
        let document = Document {
            bytes: &response.body,
            url: Some(url),
            content_type: response.headers.get("content-type").map(String::as_str),
        };
        let feed = &mut self.feeds[position];
        let found = match feeds::parse(&document) {
            Ok(found) => found,
            Err(reason) => {
                feed.history.forget_move();
                feed.words = NotAFeed::to_string(&reason);
                return (Answer::NotThisFeed, false);
            }
        };
        let rules = Rules { link_key: &link_key, site_link: found.site_link.as_ref() };
        if *url != feed.url {
            let known =
                KnownFeed { url: &feed.url, id: None, self_link: feed.self_link.as_ref(), items: &feed.articles };
            if !feed.articles.is_empty() && !is_same_feed(&found, &known, &rules) {
                feed.history.forget_move();
                return (Answer::NotThisFeed, true);
            }
            if *is_permanent && let Some(target) = feed.history.note_move(url, now) {
                feed.url = target;
            }
        } else {
            feed.history.forget_move();
        }
        if !found.problems.contains(Problem::Truncated) {
            let kept = [("if-none-match", "etag"), ("if-modified-since", "last-modified")];
            let kept = kept.into_iter().filter_map(|(ask, said)| Some((ask, response.headers.get(said)?.clone())));
            self.validators.insert(url.to_string(), kept.collect());
        }
        self.feeds[position].take(&found, now, &rules);
        (Answer::Feed, false)
    }

    fn ask(&mut self, url: &Url, at: f64, afresh: bool) -> Response {
        let headers = self.validators.get(url.as_str()).filter(|_| !afresh).cloned().unwrap_or_default();
        let response = self.respond(url, at, &headers);
        self.requests.push(Request { at, url: url.to_string(), headers, status: response.status });
        response
    }

    fn respond(&self, url: &Url, at: f64, headers: &HashMap<&'static str, String>) -> Response {
        let is_it = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => url.as_str().starts_with(start),
            None => url.as_str() == pattern,
        };
        let scripts = self.server.as_object().unwrap();
        let Some((_, rules)) = scripts.iter().find(|(pattern, _)| is_it(pattern)) else {
            return Response { status: 404, headers: HashMap::new(), body: Vec::new() };
        };
        let before = self.requests.iter().rev().find(|it| it.url == url.as_str()).map(|it| it.at);
        let rule =
            rules.as_array().unwrap().iter().find(|rule| applies(&rule["when"], rules, at, before, headers)).unwrap();
        let respond = &rule["respond"];
        let count = self.requests.iter().filter(|it| it.url.starts_with(&url[..url::Position::BeforePath])).count();
        let fill = |text: &str| fill_in(text, at, count);
        let headers = respond["headers"].as_object().into_iter().flatten();
        let body = match (&respond["body"]["text"], &respond["body"]["rss"]) {
            (Value::String(text), _) => text.clone(),
            (_, rss @ Value::Object(_)) => render(rss, at),
            _ => String::new(),
        };
        Response {
            status: respond["status"].as_u64().unwrap_or_default(),
            headers: headers.map(|(name, value)| (name.clone(), fill(value.as_str().unwrap()))).collect(),
            body: body.into_bytes(),
        }
    }
}

/// Returns whether a rule of a server applies to a request.
fn applies(when: &Value, rules: &Value, at: f64, before: Option<f64>, headers: &HashMap<&'static str, String>) -> bool {
    let validator = |name: &str| match when[name.replace('-', "_")].as_str() {
        None => true,
        Some("any") => headers.contains_key(name),
        Some(value) => headers.get(name).is_some_and(|sent| sent == value),
    };
    let clock = |text: &str| text[..2].parse::<f64>().unwrap();
    let hour_of_day = (at + 8.0).rem_euclid(24.0);
    let is_daily = match (when["daily_from"].as_str(), when["daily_to"].as_str()) {
        (Some(from), Some(to)) => (clock(from)..clock(to)).contains(&hour_of_day),
        _ => true,
    };
    let has_nothing_new = || {
        let rss = &rules.as_array().unwrap().last().unwrap()["respond"]["body"]["rss"];
        before.is_some_and(|before| render(rss, before) == render(rss, at))
    };
    when["from"].as_str().is_none_or(|from| at >= hours(from))
        && when["to"].as_str().is_none_or(|to| at < hours(to))
        && validator("if-none-match")
        && validator("if-modified-since")
        && is_daily
        && (when["new_since_last"] != false || has_nothing_new())
}

fn fill_in(text: &str, at: f64, count: usize) -> String {
    if let Some(after) = text.strip_prefix("{http-date@+").and_then(|rest| rest.strip_suffix('}')) {
        return http_date(hours(after));
    }
    match text.strip_prefix("{now").and_then(|rest| rest.strip_suffix('}')) {
        Some(shift) => http_date(at + hours(shift)),
        None => text.replace("{n}", &count.to_string()),
    }
}

impl Followed {
    fn take(&mut self, found: &Feed, now: Timestamp, rules: &Rules<'_>) {
        let items: Vec<Identity> = found.items.iter().map(Identity::from).collect();
        for (item, who) in items.iter().zip(recognize(&items, &self.articles, rules)) {
            match who {
                Match::New => {
                    self.articles.push(item.clone());
                    self.item_times.push(item.published.filter(|time| *time <= now).unwrap_or(now));
                }
                Match::Known(at) => self.articles[at] = item.clone(),
                Match::Repeated(_) => {}
            }
        }
        let times = || items.iter().filter_map(|item| item.published);
        let span: Option<SignedDuration> =
            times().max().zip(times().min()).map(|(last, first)| last.duration_since(first));
        self.listed_span = span.map(|span| span.unsigned_abs());
        self.rhythm = found.rhythm.clone();
        self.title = found.title.clone();
        self.self_link = found.self_link.clone();
        self.words.clear();
    }
}
