//! `/feeds`: all feeds that are followed, by folder or by trouble, and how each is doing.

use std::cmp::Reverse;
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::library::Library;
use crate::library::articles::lists::{self, Filter};
use crate::library::feeds::folders::{self, Folder};
use crate::library::feeds::health::{self, Pulse, Trouble};
use crate::library::feeds::limits::Limits;
use crate::library::feeds::refresh::{self, Refresh};
use crate::library::feeds::{self, Feed, looks};
use crate::library::lanes::Lanes;
use crate::library::operations;
use crate::web::browse::feed_words;
use crate::web::browse::{limit_words, list_done, outage};
use crate::web::feeds::folder_paths::{count_feeds, paths};
use crate::web::shell::action_notice::Notice;
use crate::web::shell::dates::{LocalClock, format_number};
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "feeds.html")]
struct FeedsPage {
    layout: Layout,
    notice: Option<Notice>,
    outage: Option<String>,
    /// Hosts that asked to wait.
    waiting_hosts: Option<String>,
    refresh: Refresh,
    feeds: String,
    /// Of the stream, which is the list that it leads to.
    unread: String,
    groups: Vec<Group>,
    is_by_trouble: bool,
}

/// The feeds of a folder; the heading is empty for those in none.
struct Group {
    heading: String,
    /// The folder.
    id: Option<i64>,
    unread: Option<String>,
    rows: Vec<Row>,
}

/// A feed.
struct Row {
    id: i64,
    name: String,
    unread: Option<String>,
    facts: Vec<String>,
    trouble: Option<String>,
    is_fault: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct FeedsQuery {
    sort: Option<String>,
    /// What was just done.
    operation: Option<i64>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(query): Query<FeedsQuery>,
) -> Result<Response> {
    let (library, clock) = (&reader.library, crate::web::shell::local_clock(&app));
    let feeds = feeds::list(library).await?;
    let pulses = health::list_pulses(library, clock.now()).await?;
    let pulses: HashMap<i64, Pulse> = pulses.into_iter().map(|pulse| (pulse.feed, pulse)).collect();
    let folders = folders::list(library).await?;
    let rows = Rows { pulses, limits: Limits::of(&feeds, &folders), clock: &clock };
    let operation = match query.operation {
        Some(id) => operations::find(library, id).await?,
        None => None,
    };
    let is_by_trouble = query.sort.as_deref() == Some("trouble");
    let unread = Filter { unread: true, lanes: Lanes::Stream, ..Filter::default() };
    crate::web::shell::fresh_page(&FeedsPage {
        layout,
        notice: operation.map(|operation| list_done::operation_notice(&operation, &ListUrl::default(), &[])),
        outage: outage::find(library, &clock).await?,
        waiting_hosts: find_waiting_hosts(library, &feeds, &clock).await?,
        refresh: refresh::find(library, clock.now()).await?,
        feeds: count_feeds(feeds.len()),
        unread: lists::count(library, &unread).await?.to_string(),
        groups: match is_by_trouble {
            true => by_trouble(&feeds, &rows),
            false => by_folder(&feeds, &folders, &rows),
        },
        is_by_trouble,
    })
}

/// What the rows of feeds say.
struct Rows<'a> {
    pulses: HashMap<i64, Pulse>,
    limits: Limits,
    clock: &'a LocalClock,
}

impl Rows<'_> {
    fn pulse(&self, feed: &Feed) -> Pulse {
        self.pulses.get(&feed.id).copied().unwrap_or_default()
    }

    fn row(&self, feed: &Feed) -> Row {
        let (pulse, clock) = (self.pulse(feed), self.clock);
        let mut facts = feed_words::facts(feed, &pulse, clock);
        facts.extend(self.limits.of_feed(feed.id).map(limit_words::describe));
        Row {
            id: feed.id,
            name: feed.display_name().to_owned(),
            unread: (feed.unread > 0).then(|| format_number(feed.unread)),
            facts,
            trouble: feed_words::describe_trouble(feed, &pulse, clock),
            is_fault: Trouble::of(feed, &pulse, clock.now()).is_fault(),
        }
    }
}

/// Those with trouble first: gone, failing, silent. Within that, the longest first.
fn by_trouble(feeds: &[Feed], rows: &Rows<'_>) -> Vec<Group> {
    let mut sorted: Vec<(&Feed, Trouble, i64)> = feeds
        .iter()
        .map(|feed| {
            let pulse = rows.pulse(feed);
            let since = pulse.failing_since.or(pulse.newest).unwrap_or(i64::MAX);
            (feed, Trouble::of(feed, &pulse, rows.clock.now()), since)
        })
        .collect();
    sorted.sort_by_key(|(_, trouble, since)| (*trouble, if *trouble == Trouble::None { 0 } else { *since }));
    let rows: Vec<Row> = sorted.iter().map(|(feed, ..)| rows.row(feed)).collect();
    if rows.is_empty() { Vec::new() } else { vec![Group { heading: String::new(), id: None, unread: None, rows }] }
}

/// Feeds in no folder first, then the folders by their paths. A feed in several is in each.
fn by_folder(feeds: &[Feed], folders: &[Folder], rows: &Rows<'_>) -> Vec<Group> {
    let rows = |feeds: Vec<&Feed>| feeds.into_iter().map(|feed| rows.row(feed)).collect();
    let mut inside: HashMap<i64, Vec<&Feed>> = HashMap::new();
    let mut loose = Vec::new();
    let folders_of = folders_by_feed(folders);
    for feed in feeds {
        match folders_of.get(&feed.id) {
            None => loose.push(feed),
            Some(ids) => ids.iter().for_each(|id| inside.entry(*id).or_default().push(feed)),
        }
    }
    let mut groups = Vec::new();
    if !loose.is_empty() {
        groups.push(Group { heading: String::new(), id: None, unread: None, rows: rows(loose) });
    }
    for (path, folder) in paths(folders) {
        groups.push(Group {
            heading: path,
            id: Some(folder.id),
            // With those of the folders in it, each article once.
            unread: (folder.unread > 0).then(|| format_number(folder.unread)),
            rows: rows(inside.remove(&folder.id).unwrap_or_default()),
        });
    }
    groups
}

fn folders_by_feed(folders: &[Folder]) -> HashMap<i64, Vec<i64>> {
    let mut folders_of: HashMap<i64, Vec<i64>> = HashMap::new();
    for folder in folders {
        for feed in &folder.feeds {
            folders_of.entry(*feed).or_default().push(folder.id);
        }
    }
    folders_of
}

/// Names hosts that asked to wait, and until when, in one line.
async fn find_waiting_hosts(library: &Library, feeds: &[Feed], clock: &LocalClock) -> sqlx::Result<Option<String>> {
    const MAX_NAMED: usize = 5;
    let of_host = |host: &str| feeds.iter().filter(|feed| feed.url.host_str() == Some(host)).count();
    let mut hosts: Vec<(String, Timestamp, usize)> = looks::paused_hosts(library, clock.now())
        .await?
        .into_iter()
        .map(|(host, until)| (of_host(&host), host, until))
        .filter(|(feeds, ..)| *feeds > 0)
        .map(|(feeds, host, until)| (host, until, feeds))
        .collect();
    hosts.sort_by_key(|(_, _, feeds)| Reverse(*feeds));
    let more = hosts.len().saturating_sub(MAX_NAMED);
    let named: Vec<String> = hosts
        .iter()
        .take(MAX_NAMED)
        .map(|(host, until, feeds)| format!("{host} until {} ({})", clock.format_time(*until), count_feeds(*feeds)))
        .collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Ok((!named.is_empty()).then(|| format!("These sites ask to wait: {}{more}.", named.join(", "))))
}

/// For the template.
impl FeedsPage {
    fn progress(&self) -> String {
        format!("Looked at {} of {} feeds.", format_number(self.refresh.done()), format_number(self.refresh.feeds))
    }
}
