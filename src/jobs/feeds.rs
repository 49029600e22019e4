//! Looks at feeds when they are due. A feed that several libraries follow is fetched once for all of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use feeds::schedule::Answer;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::ingest::feeds::{self as ingest_feeds, find_host_floor};
use crate::library::Library;
use crate::library::feeds::looks::{self, Look, LookResult};
use crate::library::feeds::{self as followed, Feed, LookError, refresh};
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
    loop {
        let pause = match look_at_due_feeds(&app, &stop).await {
            Ok(_) => pause(&app).await,
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

/// Returns how long to wait for the next due feed.
async fn pause(app: &App) -> Duration {
    const SHORTEST: Duration = Duration::from_millis(100);
    let (mut pause, now) = (POLL_INTERVAL, app.now());
    if app.disk_state() == DiskState::Full {
        return pause;
    }
    for library in app.open_all_libraries().await {
        if let Ok(Some(due)) = followed::next_due(&library, now).await {
            pause = pause.min(Duration::try_from(due.duration_since(now)).unwrap_or_default());
        }
    }
    pause.max(SHORTEST)
}

/// Looks at all feeds that are due, and returns how many were. After `stop`, and while the disk is full, starts no more.
///
/// # Errors
/// A database cannot be read or written. Looks in progress are finished first.
pub async fn look_at_due_feeds(app: &App, stop: &CancellationToken) -> anyhow::Result<usize> {
    let (mut round, mut tasks, mut first_error) = (Round::begin(app).await?, JoinSet::new(), None);
    loop {
        while tasks.len() < MAX_CONCURRENT && !stop.is_cancelled() && first_error.is_none() {
            if app.disk_state() == DiskState::Full {
                break;
            }
            let Some(group) = round.take_next() else { break };
            tasks.spawn(look(app.clone(), group));
        }
        match tasks.join_next().await {
            None => return first_error.map_or(Ok(round.looked_at), Err),
            Some(Ok((host, result))) => {
                round.finish(&host);
                match result {
                    Ok(pauses) => round.put_off(pauses).await?,
                    Err(error) => first_error = first_error.or(Some(error)),
                }
            }
            Some(Err(panic)) => first_error = first_error.or(Some(panic.into())),
        }
    }
}

/// A feed, for each library that follows it.
struct Group {
    host: String,
    feeds: Vec<(Library, Feed)>,
}

impl Group {
    /// Adds the libraries that follow the feed too, although it is not due there yet, so that it is asked once for all.
    async fn add_others(&mut self, url: &Url, libraries: &[Library], now: Timestamp) -> sqlx::Result<()> {
        for library in libraries {
            if self.feeds.iter().any(|(known, _)| known.id() == library.id()) {
                continue;
            }
            let Some(feed) = followed::find_by_url(library, url).await? else { continue };
            if feed.unfollowed_at.is_none() && !feed.is_paused(now) && feed.next_look_at.is_some() {
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

    fn has_floor(&self) -> bool {
        find_host_floor(&self.host).is_some()
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
struct Round {
    waiting: Vec<Group>,
    in_flight: HashMap<String, usize>,
    looked_at: usize,
}

impl Round {
    /// Reads what is due. Feeds of hosts that have asked to wait are put off.
    async fn begin(app: &App) -> anyhow::Result<Self> {
        let (libraries, now) = (app.open_all_libraries().await, app.now());
        let mut pauses: HashMap<String, Timestamp> = HashMap::new();
        for library in &libraries {
            for (host, until) in looks::paused_hosts(library, now).await? {
                let longest = pauses.entry(host).or_insert(until);
                *longest = until.max(*longest);
            }
        }
        let mut groups: HashMap<Url, Group> = HashMap::new();
        let mut order = Vec::new();
        for library in &libraries {
            for feed in followed::list_due(library, now, MAX_DUE).await? {
                let host = feed.url.host_str().unwrap_or_default().to_owned();
                if let Some(until) = pauses.get(&host) {
                    looks::postpone(library, feed.id, *until).await?;
                    continue;
                }
                let url = feed.url.clone();
                let group = groups.entry(url.clone()).or_insert_with(|| {
                    order.push(url);
                    Group { host, feeds: Vec::new() }
                });
                group.feeds.push((library.clone(), feed));
            }
        }
        for (url, group) in &mut groups {
            group.add_others(url, &libraries, now).await?;
        }
        let (slow, waiting) = order.iter().rev().filter_map(|url| groups.remove(url)).partition(Group::has_floor);
        let mut round = Self { waiting, ..Self::default() };
        round.take_turns(slow, &libraries, now).await?;
        Ok(round)
    }

    /// Takes those feeds whose turn it is at hosts that want pauses between requests; the others get a time of their own. Those
    /// that were asked the longest ago come first.
    async fn take_turns(&mut self, mut slow: Vec<Group>, libraries: &[Library], now: Timestamp) -> anyhow::Result<()> {
        let mut next_turns: HashMap<&str, Timestamp> = HashMap::new();
        slow.sort_by_key(|group| group.feeds.iter().filter_map(|(_, feed)| feed.looked_at).min());
        for group in slow {
            let Some(floor) = find_host_floor(&group.host) else { continue };
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
            for group in self.waiting.extract_if(.., |group| group.host == host) {
                postpone(&group, until).await?;
            }
        }
        Ok(())
    }

    /// Takes the next feed whose host has room.
    fn take_next(&mut self) -> Option<Group> {
        let has_room = |group: &Group| self.in_flight.get(&group.host).is_none_or(|count| *count < MAX_PER_HOST);
        let position = self.waiting.iter().rposition(has_room)?;
        let group = self.waiting.remove(position);
        *self.in_flight.entry(group.host.clone()).or_default() += 1;
        self.looked_at += 1;
        Some(group)
    }

    fn finish(&mut self, host: &str) {
        if let Some(count) = self.in_flight.get_mut(host) {
            *count = count.saturating_sub(1);
        }
    }
}

/// Hosts that have asked to wait, and until when.
type Pauses = Vec<(String, Timestamp)>;

/// Fetches a feed and stores what came in each library. Returns its host.
async fn look(app: App, group: Group) -> (String, anyhow::Result<Pauses>) {
    let host = group.host.clone();
    (host, look_at_group(&app, group).await)
}

async fn look_at_group(app: &App, group: Group) -> anyhow::Result<Pauses> {
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
        let store = {
            let (app, library, feed) = (app.clone(), library.clone(), feed.clone());
            let (request, answer) = (request.clone(), Arc::clone(&answer));
            async move { ingest_feeds::store_answer(&library, &app.extractor, &feed, (&request, &answer), now).await }
        };
        // A panic on one feed is that feed's.
        match tokio::spawn(store).await.unwrap_or_else(|panic| Err(panic.into())) {
            Ok(looked) => {
                report(app, library, feed, &looked);
                pauses.extend(looked.host_pause);
            }
            Err(error) if disk_full::is_disk_full(error.as_ref()) => app.report_full_disk(&error),
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
        result: LookResult::Nothing(LookError { code: "internal".into(), message }),
    };
    looks::record(library, feed.id, &look, now).await
}
