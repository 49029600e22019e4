//! `/feeds`: all feeds that are followed, by folder or by trouble, and how each is doing.

use std::cmp::Reverse;
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use url::form_urlencoded;

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
use crate::web::feeds::feed_order::{self, Page, Section};
use crate::web::feeds::folder_paths::count_feeds;
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
    /// Neither a feed nor a folder.
    is_empty: bool,
    /// There are so many that a field to find one helps.
    can_find: bool,
    groups: Vec<Group>,
    query: FeedsQuery,
    by_name_url: String,
    by_trouble_url: String,
    previous_url: Option<String>,
    next_url: Option<String>,
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

/// The order by trouble in the URL.
const BY_TROUBLE: &str = "trouble";

/// So many are found at a glance.
const FINDABLE_FEEDS: usize = 30;

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct FeedsQuery {
    sort: Option<String>,
    /// A part of a name or address.
    find: Option<String>,
    /// From 1.
    page: Option<usize>,
    /// What was just done.
    operation: Option<i64>,
}

impl FeedsQuery {
    fn is_by_trouble(&self) -> bool {
        self.sort.as_deref() == Some(BY_TROUBLE)
    }

    fn typed(&self) -> &str {
        self.find.as_deref().unwrap_or_default().trim()
    }

    fn url_of_page(&self, number: usize) -> String {
        let mut url = form_urlencoded::Serializer::new(String::new());
        if self.is_by_trouble() {
            url.append_pair("sort", BY_TROUBLE);
        }
        if !self.typed().is_empty() {
            url.append_pair("find", self.typed());
        }
        if number > 1 {
            url.append_pair("page", &number.to_string());
        }
        let query = url.finish();
        if query.is_empty() { "/feeds".to_owned() } else { format!("/feeds?{query}") }
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(query): Query<FeedsQuery>,
) -> Result<Response> {
    let (library, clock) = (&reader.library, crate::web::shell::local_clock(&app));
    let feeds = feeds::list(library).await?;
    let folders = folders::list(library).await?;
    let operation = match query.operation {
        Some(id) => operations::find(library, id).await?,
        None => None,
    };
    let unread = Filter { unread: true, lanes: Lanes::Stream, ..Filter::default() };
    let (page, pulses) = find_page(library, &feeds, &folders, &query, clock.now()).await?;
    let rows = Rows { pulses, limits: Limits::of(&feeds, &folders), clock: &clock };
    crate::web::shell::fresh_page(&FeedsPage {
        layout,
        notice: operation.map(|operation| list_done::operation_notice(&operation, &ListUrl::default(), &[])),
        outage: outage::find(library, &clock).await?,
        waiting_hosts: find_waiting_hosts(library, &feeds, &clock).await?,
        refresh: refresh::find(library, clock.now()).await?,
        is_empty: feeds.is_empty() && folders.is_empty(),
        can_find: feeds.len() > FINDABLE_FEEDS,
        feeds: count_feeds(feeds.len()),
        unread: lists::count(library, &unread).await?.to_string(),
        groups: page.sections.iter().map(|section| rows.group(section)).collect(),
        previous_url: (page.number > 1).then(|| query.url_of_page(page.number - 1)),
        next_url: page.has_next.then(|| query.url_of_page(page.number + 1)),
        by_name_url: FeedsQuery { sort: None, ..query.clone() }.url_of_page(1),
        by_trouble_url: FeedsQuery { sort: Some(BY_TROUBLE.to_owned()), ..query.clone() }.url_of_page(1),
        query,
    })
}

/// Finds what stands on the page, and how those feeds are doing.
async fn find_page<'a>(
    library: &Library,
    feeds: &'a [Feed],
    folders: &'a [Folder],
    query: &FeedsQuery,
    now: Timestamp,
) -> Result<(Page<'a>, HashMap<i64, Pulse>)> {
    let number = query.page.unwrap_or(1);
    let found = feed_order::find(feeds, query.typed());
    if query.is_by_trouble() {
        let pulses = by_feed(health::list_pulses(library, now).await?);
        return Ok((feed_order::cut_page(feed_order::by_trouble(&found, &pulses, now), number), pulses));
    }
    let mut sections = feed_order::by_folder(&found, folders);
    if !query.typed().is_empty() {
        sections.retain(|section| !section.feeds.is_empty());
    }
    let page = feed_order::cut_page(sections, number);
    let shown: Vec<i64> = page.sections.iter().flat_map(|section| &section.feeds).map(|feed| feed.id).collect();
    let pulses = by_feed(health::list_pulses_of(library, &shown, now).await?);
    Ok((page, pulses))
}

fn by_feed(pulses: Vec<Pulse>) -> HashMap<i64, Pulse> {
    pulses.into_iter().map(|pulse| (pulse.feed, pulse)).collect()
}

/// What the rows of feeds say.
struct Rows<'a> {
    pulses: HashMap<i64, Pulse>,
    limits: Limits,
    clock: &'a LocalClock,
}

impl Rows<'_> {
    fn group(&self, section: &Section<'_>) -> Group {
        let folder = section.folder.as_ref();
        Group {
            heading: folder.map(|(path, _)| path.clone()).unwrap_or_default(),
            id: folder.map(|(_, folder)| folder.id),
            // With those of the folders in it, each article once.
            unread: folder.filter(|(_, folder)| folder.unread > 0).map(|(_, folder)| format_number(folder.unread)),
            rows: section.feeds.iter().map(|feed| self.row(feed)).collect(),
        }
    }

    fn row(&self, feed: &Feed) -> Row {
        let (pulse, clock) = (self.pulses.get(&feed.id).copied().unwrap_or_default(), self.clock);
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
