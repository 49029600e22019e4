//! The feeds that are due, in the order in which they are looked at, and those that are being looked at.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use crate::app::App;
use crate::ingest::feeds::{HostFloor, find_host_floor};
use crate::jobs::feeds::Pauses;
use crate::library::Library;
use crate::library::feeds::{self as followed, Feed, LookError, NamedBy, looks, refresh};

/// Feeds that are looked at together, besides slow ones. They mostly wait for other servers.
const MAX_CONCURRENT: usize = 64;

/// A look that waits longer for its site gives its place to another, and goes on.
const SLOW: Duration = Duration::from_secs(2);

/// Looks in flight at most, slow ones included: some hundred silent servers hold up no other feed.
const MAX_IN_FLIGHT: usize = 512;

/// Looks in flight at one host. Others of that host wait their turn without taking a place.
const MAX_PER_HOST: usize = 2;

/// Due feeds that are read from a library at once.
const MAX_DUE: i64 = 1_000;

/// A feed, for each library that follows it.
pub(super) struct Group {
    pub key: Key,
    /// Who is asked for it; the first is the host of its address.
    hosts: Vec<String>,
    pub feeds: Vec<(Library, Feed)>,
    /// Whether the site has answered.
    pub has_answer: Arc<AtomicBool>,
}

/// The address of a feed, and who gave it: a host at home is not asked for another's sake.
pub(super) type Key = (Url, NamedBy);

impl Group {
    /// Adds the libraries that follow the feed too, although it is not due there yet, so that it is asked once for all.
    async fn add_others(&mut self, libraries: &[Library], now: Timestamp) -> sqlx::Result<()> {
        for library in libraries {
            if self.feeds.iter().any(|(known, _)| known.id() == library.id()) {
                continue;
            }
            let Some(feed) = followed::find_by_url(library, &self.key.0).await? else { continue };
            let is_followed = feed.unfollowed_at.is_none() && !feed.is_paused(now) && feed.next_look_at.is_some();
            if is_followed && feed.named_by == self.key.1 {
                self.feeds.push((library.clone(), feed));
            }
        }
        Ok(())
    }

    /// Returns whether a library still waits for it: the reader may have stopped a refresh of all feeds.
    pub async fn is_due(&self, now: Timestamp) -> sqlx::Result<bool> {
        for (library, feed) in &self.feeds {
            if refresh::is_due(library, feed.id, now).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether the last look reached no site: it may be as slow as that again.
    fn is_unreachable(&self) -> bool {
        self.feeds.iter().any(|(_, feed)| feed.error.as_ref().is_some_and(LookError::is_unreachable))
    }

    fn floor(&self) -> Option<HostFloor> {
        self.hosts.first().and_then(|host| find_host_floor(host))
    }

    fn has_floor(&self) -> bool {
        self.floor().is_some()
    }
}

async fn postpone(group: &Group, until: Timestamp) -> sqlx::Result<()> {
    for (library, feed) in &group.feeds {
        looks::postpone(library, feed.id, until).await?;
    }
    Ok(())
}

/// The feeds that are due.
#[derive(Default)]
pub(super) struct Queue {
    pub waiting: Vec<Group>,
    in_flight: HashMap<Key, InFlight>,
    /// Whether more are due than were read.
    pub has_more: bool,
    pub looked_at: usize,
}

/// A look that has begun.
struct InFlight {
    host: String,
    began: Instant,
    has_answer: Arc<AtomicBool>,
}

impl InFlight {
    /// Returns when it gives its place to another; `None` if it has its answer, and is busy here.
    fn slow_at(&self) -> Option<Instant> {
        (!self.has_answer.load(Ordering::Relaxed)).then(|| self.began + SLOW)
    }
}

impl Queue {
    /// Returns whether another look may begin.
    pub fn has_place(&self, now: Instant) -> bool {
        let quick = self.in_flight.values().filter(|look| look.slow_at().is_none_or(|slow_at| slow_at > now)).count();
        quick < MAX_CONCURRENT && self.in_flight.len() < MAX_IN_FLIGHT
    }

    /// Returns when the next look is slow and gives its place to one that waits.
    pub fn next_place(&self, now: Instant) -> Option<Instant> {
        let is_full = self.in_flight.len() >= MAX_IN_FLIGHT;
        let slow_at = self.in_flight.values().filter_map(InFlight::slow_at).filter(|slow_at| *slow_at > now).min();
        slow_at.filter(|_| !self.waiting.is_empty() && !is_full)
    }

    /// Adds what is due and not in the queue yet. Feeds of hosts that have asked to wait are put off.
    pub async fn fill(&mut self, app: &App) -> anyhow::Result<()> {
        let (libraries, now) = (app.open_all_libraries().await, app.now());
        let mut pauses: HashMap<String, Timestamp> = HashMap::new();
        for library in &libraries {
            for (host, until) in looks::paused_hosts(library, now).await? {
                let longest = pauses.entry(host).or_insert(until);
                *longest = until.max(*longest);
            }
        }
        let known: HashSet<Key> =
            self.waiting.iter().map(|group| group.key.clone()).chain(self.in_flight.keys().cloned()).collect();
        let mut groups: HashMap<Key, Group> = HashMap::new();
        let mut order = Vec::new();
        self.has_more = false;
        for library in &libraries {
            let due = followed::list_due(library, now, MAX_DUE).await?;
            self.has_more |= i64::try_from(due.len()).is_ok_and(|count| count == MAX_DUE);
            for feed in due {
                let (key, hosts) = ((feed.url.clone(), feed.named_by), feed.hosts());
                if known.contains(&key) {
                    continue;
                }
                if let Some(until) = hosts.iter().filter_map(|host| pauses.get(host)).max() {
                    looks::postpone(library, feed.id, *until).await?;
                    continue;
                }
                let group = groups.entry(key.clone()).or_insert_with(|| {
                    order.push(key.clone());
                    Group { key, hosts, feeds: Vec::new(), has_answer: Arc::default() }
                });
                group.feeds.push((library.clone(), feed));
            }
        }
        for group in groups.values_mut() {
            group.add_others(&libraries, now).await?;
        }
        let (slow, mut new): (Vec<Group>, Vec<Group>) =
            order.iter().rev().filter_map(|key| groups.remove(key)).partition(Group::has_floor);
        // Those that are taken last come first.
        new.sort_by_key(|group| !group.is_unreachable());
        self.waiting.splice(0..0, new);
        self.take_turns(slow, &libraries, now).await
    }

    /// Takes those feeds whose turn it is at hosts that want pauses between requests; the others get a time of their own. Those
    /// that were asked the longest ago come first.
    async fn take_turns(&mut self, mut slow: Vec<Group>, libraries: &[Library], now: Timestamp) -> anyhow::Result<()> {
        let mut next_turns: HashMap<&str, Timestamp> = HashMap::new();
        slow.sort_by_key(|group| group.feeds.iter().filter_map(|(_, feed)| feed.looked_at).min());
        for group in slow {
            let Some(floor) = group.floor() else { continue };
            let turn = match next_turns.get(floor.site) {
                Some(turn) => *turn,
                None => {
                    let mut turn = now;
                    for library in libraries {
                        let asked = looks::find_asked(library, floor.site).await?;
                        turn = asked.map_or(turn, |asked| turn.max(asked + floor.per_host));
                    }
                    turn
                }
            };
            next_turns.insert(floor.site, turn + floor.per_host);
            if turn > now {
                postpone(&group, turn).await?;
                continue;
            }
            if let Some((library, _)) = group.feeds.first() {
                looks::note_asked(library, floor.site, now).await?;
            }
            self.waiting.push(group);
        }
        Ok(())
    }

    /// Puts off the feeds of hosts that have just asked to wait.
    pub async fn put_off(&mut self, pauses: Pauses) -> sqlx::Result<()> {
        for (host, until) in pauses {
            for group in self.waiting.extract_if(.., |group| group.hosts.contains(&host)) {
                postpone(&group, until).await?;
            }
        }
        Ok(())
    }

    /// Takes the next feed whose host has room.
    pub fn take_next(&mut self) -> Option<Group> {
        let mut busy: HashMap<&str, usize> = HashMap::new();
        self.in_flight.values().for_each(|look| *busy.entry(&look.host).or_default() += 1);
        let host_of = |group: &Group| group.hosts.first().cloned().unwrap_or_default();
        let has_room = |group: &Group| busy.get(host_of(group).as_str()).is_none_or(|count| *count < MAX_PER_HOST);
        let group = self.waiting.remove(self.waiting.iter().rposition(has_room)?);
        self.in_flight.insert(
            group.key.clone(),
            InFlight { host: host_of(&group), began: Instant::now(), has_answer: Arc::clone(&group.has_answer) },
        );
        self.looked_at += 1;
        Some(group)
    }

    pub fn finish(&mut self, key: &Key) {
        self.in_flight.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue in which one feed waits, and these looks are in flight, by their age.
    fn queue(ages: impl IntoIterator<Item = Duration>, now: Instant) -> Queue {
        let key = |number: usize| (format!("https://{number}.example/feed").parse().unwrap(), NamedBy::Reader);
        let look = |age| InFlight { host: String::new(), began: now - age, has_answer: Arc::default() };
        let in_flight = ages.into_iter().enumerate().map(|(number, age)| (key(number), look(age))).collect();
        let waiting =
            vec![Group { key: key(usize::MAX), hosts: Vec::new(), feeds: Vec::new(), has_answer: Arc::default() }];
        Queue { waiting, in_flight, ..Queue::default() }
    }

    #[test]
    fn a_slow_look_gives_its_place_to_another() {
        let (now, second) = (Instant::now() + SLOW * 10, Duration::from_secs(1));
        let full = queue(std::iter::repeat_n(second, MAX_CONCURRENT), now);
        assert!(!full.has_place(now));
        assert_eq!(full.next_place(now), Some(now + SLOW - second));
        assert!(full.has_place(now + SLOW - second));
        let slow = queue(std::iter::repeat_n(SLOW, MAX_IN_FLIGHT - 1), now);
        assert!(slow.has_place(now));
        let too_many = queue(std::iter::repeat_n(SLOW, MAX_IN_FLIGHT), now);
        assert!(!too_many.has_place(now) && too_many.next_place(now).is_none(), "one must end first");
        let busy_here = queue(std::iter::repeat_n(SLOW, MAX_CONCURRENT), now);
        busy_here.in_flight.values().for_each(|look| look.has_answer.store(true, Ordering::Relaxed));
        assert!(!busy_here.has_place(now) && busy_here.next_place(now).is_none(), "more would only take memory");
    }
}
