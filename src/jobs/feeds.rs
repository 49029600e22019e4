//! Looks at feeds when they are due. A feed that several libraries follow is fetched once for all of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use feeds::schedule::Answer;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::ingest::feeds::{self as ingest_feeds, HostFloor, find_host_floor};
use crate::library::Library;
use crate::library::feeds::looks::{self, Look, LookResult};
use crate::library::feeds::{self as followed, Feed, LookError, NamedBy, refresh};
use crate::ops::disk_space::DiskState;
use crate::storage::disk_full;

/// Feeds that are looked at together. They mostly wait for other servers.
const MAX_CONCURRENT: usize = 64;

/// Looks in flight at one host. Others of that host wait their turn without taking a place.
const MAX_PER_HOST: usize = 2;

/// Due feeds that are read from a library at once.
const MAX_DUE: i64 = 1_000;

/// The longest time until feeds that have become due are noticed: the command line works in another process.
const POLL_INTERVAL: Duration = Duration::from_secs(30);

/// After an error of our own, a feed is looked at again after this time.
const PAUSE_AFTER_ERROR: SignedDuration = SignedDuration::from_mins(30);

/// Looks at feeds until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match look_at_due_feeds(&app, &stop).await {
            Ok(0) => pause(&app).await,
            // Others may be due by now.
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(error = format_args!("{error:#}"), "couldn't look at feeds");
                POLL_INTERVAL
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.feeds.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Returns how long to wait for the next feed that becomes due.
async fn pause(app: &App) -> Duration {
    let (mut pause, now) = (POLL_INTERVAL, app.now());
    for library in app.open_all_libraries().await {
        if let Ok(Some(due)) = followed::next_due(&library, now, now).await {
            pause = pause.min(Duration::try_from(due.duration_since(now)).unwrap_or_default());
        }
    }
    pause
}

/// Looks at all feeds that are due or become due meanwhile, and returns how many were. After `stop`, and while the disk is
/// full, starts no more.
///
/// # Errors
/// A database cannot be read or written. Looks in progress are finished first.
pub async fn look_at_due_feeds(app: &App, stop: &CancellationToken) -> anyhow::Result<usize> {
    let (mut queue, mut tasks, mut first_error) = (Queue::default(), JoinSet::new(), None);
    if app.disk_state() == DiskState::Full {
        return Ok(0);
    }
    queue.fill(app).await?;
    let mut next_fill = Instant::now() + pause(app).await;
    loop {
        while tasks.len() < MAX_CONCURRENT && !stop.is_cancelled() && first_error.is_none() {
            let Some(group) = queue.take_next() else { break };
            tasks.spawn(look(app.clone(), stop.clone(), group));
        }
        if tasks.is_empty() {
            return first_error.map_or(Ok(queue.looked_at), Err);
        }
        let ended = tokio::select! {
            ended = tasks.join_next() => ended,
            // A slow host does not hold up the feeds of others.
            () = app.wakeups.feeds.notified() => None,
            () = tokio::time::sleep_until(next_fill) => None,
        };
        let result = match ended {
            None => {
                let filled = queue.fill(app).await;
                next_fill = Instant::now() + pause(app).await;
                filled
            }
            Some(Ok((key, result))) => {
                queue.finish(&key);
                match result {
                    Ok(pauses) => queue.put_off(pauses).await.map_err(Into::into),
                    Err(error) => Err(error),
                }
            }
            Some(Err(panic)) => Err(panic.into()),
        };
        first_error = first_error.or(result.err());
    }
}

/// A feed, for each library that follows it.
struct Group {
    key: Key,
    /// Who is asked for it; the first is the host of its address.
    hosts: Vec<String>,
    feeds: Vec<(Library, Feed)>,
}

/// The address of a feed, and who gave it: a host at home is not asked for another's sake.
type Key = (Url, NamedBy);

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
    async fn is_due(&self, now: Timestamp) -> sqlx::Result<bool> {
        for (library, feed) in &self.feeds {
            if refresh::is_due(library, feed.id, now).await? {
                return Ok(true);
            }
        }
        Ok(false)
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
struct Queue {
    waiting: Vec<Group>,
    in_flight: HashMap<Key, String>,
    looked_at: usize,
}

impl Queue {
    /// Adds what is due and not in the queue yet. Feeds of hosts that have asked to wait are put off.
    async fn fill(&mut self, app: &App) -> anyhow::Result<()> {
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
        for library in &libraries {
            for feed in followed::list_due(library, now, MAX_DUE).await? {
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
                    Group { key, hosts, feeds: Vec::new() }
                });
                group.feeds.push((library.clone(), feed));
            }
        }
        for group in groups.values_mut() {
            group.add_others(&libraries, now).await?;
        }
        let (slow, new): (Vec<Group>, Vec<Group>) =
            order.iter().rev().filter_map(|key| groups.remove(key)).partition(Group::has_floor);
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
    async fn put_off(&mut self, pauses: Pauses) -> sqlx::Result<()> {
        for (host, until) in pauses {
            for group in self.waiting.extract_if(.., |group| group.hosts.contains(&host)) {
                postpone(&group, until).await?;
            }
        }
        Ok(())
    }

    /// Takes the next feed whose host has room.
    fn take_next(&mut self) -> Option<Group> {
        let mut busy: HashMap<&str, usize> = HashMap::new();
        self.in_flight.values().for_each(|host| *busy.entry(host).or_default() += 1);
        let host_of = |group: &Group| group.hosts.first().cloned().unwrap_or_default();
        let has_room = |group: &Group| busy.get(host_of(group).as_str()).is_none_or(|count| *count < MAX_PER_HOST);
        let group = self.waiting.remove(self.waiting.iter().rposition(has_room)?);
        self.in_flight.insert(group.key.clone(), host_of(&group));
        self.looked_at += 1;
        Some(group)
    }

    fn finish(&mut self, key: &Key) {
        self.in_flight.remove(key);
    }
}

/// Hosts that have asked to wait, and until when.
type Pauses = Vec<(String, Timestamp)>;

/// Fetches a feed and stores what came in each library. Returns which it was.
async fn look(app: App, stop: CancellationToken, group: Group) -> (Key, anyhow::Result<Pauses>) {
    let key = group.key.clone();
    (key, look_at_group(&app, &stop, group).await)
}

async fn look_at_group(app: &App, stop: &CancellationToken, group: Group) -> anyhow::Result<Pauses> {
    let (now, mut pauses) = (app.now(), Vec::new());
    let Some((library, feed)) = group.feeds.first() else { return Ok(pauses) };
    if !group.is_due(now).await? {
        return Ok(pauses);
    }
    let mut request = ingest_feeds::plan_request(library, feed, now).await?;
    if group.feeds.iter().any(|(_, other)| other.validators != feed.validators) {
        // One has not seen what another has.
        request.conditions = None;
    }
    let answer = match ingest_feeds::fetch(&app.fetcher, feed, &request, group.feeds.len()).await {
        Ok(answer) => Arc::new(answer),
        Err(error) => {
            for (library, feed) in &group.feeds {
                record_failure(library, feed, &error, now).await?;
            }
            return Ok(pauses);
        }
    };
    for (library, feed) in &group.feeds {
        let store = || {
            let (app, library, feed) = (app.clone(), library.clone(), feed.clone());
            let (request, answer) = (request.clone(), Arc::clone(&answer));
            let store = async move {
                ingest_feeds::store_answer(&library, &app.extractor, &feed, (&request, &answer), now).await
            };
            // A panic on one feed is that feed's.
            let task = tokio::spawn(store);
            async { task.await.unwrap_or_else(|panic| Err(panic.into())) }
        };
        match app.write_when_there_is_room(stop, store).await {
            Ok(looked) => {
                report(app, library, feed, &looked);
                pauses.extend(looked.host_pause);
            }
            // The program stops. The feed is still due.
            Err(error) if disk_full::is_disk_full(error.as_ref()) => {}
            Err(error) => record_failure(library, feed, &error, now).await?,
        }
    }
    Ok(pauses)
}

fn report(app: &App, library: &Library, feed: &Feed, looked: &ingest_feeds::Looked) {
    let answer = format_args!("{:?}", looked.answer);
    tracing::info!(
        library = library.id(),
        feed = feed.id,
        host = feed.url.host_str(),
        new = looked.new_items,
        answer,
        "looked at a feed"
    );
    if looked.answer == Answer::Feed && looked.new_items > 0 {
        app.wakeups.imports.notify_one();
        app.wakeups.images.notify_one();
    }
}

/// Records an error of our own.
async fn record_failure(library: &Library, feed: &Feed, error: &anyhow::Error, now: Timestamp) -> sqlx::Result<()> {
    tracing::error!(feed = feed.id, error = format_args!("{error:#}"), "couldn't read a feed");
    let message = "Something went wrong in Broadsheet; see the server’s log. The feed is read again later.".into();
    let look = Look {
        history: feed.history.clone(),
        next: Some(now + PAUSE_AFTER_ERROR),
        host_pause: None,
        refused_by: None,
        moved_to: None,
        links: feed.settings.links.clone(),
        declared: None,
        result: LookResult::Nothing(LookError { code: "internal".into(), message }),
    };
    looks::record(library, feed.id, &look, now).await
}
