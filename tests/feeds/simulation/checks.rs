//! What must be true of requests and articles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use broadsheet::library::feeds::Feed;
use jiff::{SignedDuration, Timestamp};

use super::servers::{BEHAVIOURS, Document, address};
use super::{Log, items};
use crate::world::Item;

/// What a conditional request must say.
#[derive(Debug, Clone, Default)]
struct Held {
    url: String,
    etag: Option<String>,
    last_modified: Option<String>,
}

/// What is remembered of a feed while its requests are checked.
#[derive(Default)]
struct Memory {
    held: Option<Held>,
    unmodified_since: Option<Timestamp>,
    asked_afresh: Option<Timestamp>,
}

fn host(url: &str) -> String {
    url.split('/').nth(2).unwrap().to_owned()
}

pub fn check_requests(logs: &[Log]) -> Vec<String> {
    let (mut memories, mut failures) = (HashMap::<usize, Memory>::new(), Vec::new());
    let mut waits: HashMap<String, (Timestamp, Timestamp)> = HashMap::new();
    for log in logs {
        let name = format!("{} {} at {}", log.visit.behaviour, log.visit.url, log.visit.at);
        let host = host(&log.visit.url);
        if let Some((since, until)) = waits.get(&host)
            && log.visit.at > *since
            && log.visit.at < *until
        {
            failures.push(format!("{name}: asked although the host waits until {until}"));
        }
        let memory = memories.entry(log.feed).or_default();
        failures.extend(memory.check(log, waits.contains_key(&host)).map(|it| format!("{name}: {it}")));
        memory.note(log);
        if let Some(until) = log.said.wait_until {
            waits.insert(host, (log.visit.at, until));
        }
    }
    failures
}

impl Memory {
    fn check(&mut self, log: &Log, has_refused: bool) -> Option<String> {
        let sent = (log.visit.if_none_match.as_ref(), log.visit.if_modified_since.as_ref());
        let held = self.held.as_ref().filter(|held| held.url == log.visit.url);
        let wanted = held.map_or((None, None), |held| (held.etag.as_ref(), held.last_modified.as_ref()));
        if sent == wanted {
            return None;
        }
        if sent != (None, None) {
            return Some(format!("sent {sent:?} instead of {wanted:?}"));
        }
        let eight_days = |since: Timestamp| log.visit.at.duration_since(since) >= SignedDuration::from_hours(8 * 24);
        let is_explained =
            !has_refused && self.unmodified_since.is_some_and(eight_days) && self.asked_afresh.is_none_or(eight_days);
        self.asked_afresh = Some(log.visit.at);
        (!is_explained).then(|| format!("sent nothing instead of {wanted:?}"))
    }

    fn note(&mut self, log: &Log) {
        let said = &log.said;
        match said.document {
            Document::Whole => {
                let has_any = said.etag.is_some() || said.last_modified.is_some();
                self.held = has_any.then(|| Held {
                    url: log.visit.url.clone(),
                    etag: said.etag.clone(),
                    last_modified: said.last_modified.clone(),
                });
            }
            Document::Half => self.held = None,
            Document::No => {}
        }
        match said.answer.status {
            304 => {
                self.unmodified_since.get_or_insert(log.visit.at);
            }
            _ if said.document != Document::No => self.unmodified_since = None,
            _ => {}
        }
    }
}

/// Checks that each item that a feed has listed is one article.
pub fn check_items(feed: usize, articles: &[Item], logs: &[Log], seed: u64) -> Vec<String> {
    let name = BEHAVIOURS[feed % BEHAVIOURS.len()];
    let whole = logs.iter().filter(|log| log.feed == feed && log.said.document == Document::Whole);
    // What a document lists has been read.
    let mut wanted = BTreeSet::new();
    for log in whole {
        wanted.extend(items::listed(feed, crate::script::hours_since_start(log.visit.at), seed));
    }
    let mut found: BTreeMap<u64, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for article in articles {
        let number = article.text.split('#').nth(1).and_then(|rest| rest.split('.').next()?.parse().ok());
        match number {
            Some(number) => *found.entry(number).or_default() += 1,
            None => failures.push(format!("{name} {feed}: foreign {article:?}")),
        }
    }
    let doubled: Vec<_> = found.iter().filter(|(_, count)| **count > 1).collect();
    let lost: Vec<_> = wanted.iter().filter(|number| !found.contains_key(number)).collect();
    if !doubled.is_empty() || !lost.is_empty() {
        failures.push(format!("{name} {feed}: doubled {doubled:?}, lost {lost:?}"));
    }
    // Nothing that was published in between was missed.
    let missed = wanted.first().zip(wanted.last()).is_none_or(|(first, last)| last - first + 1 != wanted.len() as u64);
    if missed {
        failures.push(format!("{name} {feed}: looked too late: {wanted:?}"));
    }
    failures
}

/// Checks how feeds end.
pub fn check_state(feed: usize, row: &Feed) -> Option<String> {
    let name = BEHAVIOURS[feed % BEHAVIOURS.len()];
    let has_moved = ["moves", "moves and says 304"].contains(&name);
    let code = row.error.as_ref().map(|error| error.code.as_str());
    let is_fine = match name {
        "410 for good" => row.next_look_at.is_none(),
        "parked domain" => code == Some("another-feed"),
        "errors at times" | "breaks off" | "404 six hours a day" => row.next_look_at.is_some(),
        name if name.starts_with("429") || name.starts_with("503") => row.next_look_at.is_some(),
        _ => row.next_look_at.is_some() && code.is_none(),
    };
    let is_at_home = row.url.as_str() == address(feed);
    (!is_fine || is_at_home == has_moved)
        .then(|| format!("{name} {feed}: {} {:?} {:?}", row.url, row.error, row.next_look_at))
}
