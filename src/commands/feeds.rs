//! `broadsheet feeds`: shows how the feeds are that are followed, and takes and gives lists of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::feeds::opml;
use anyhow::Context as _;
use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::app::App;
use broadsheet::ingest::fetch::NamedBy;
use broadsheet::library::Library;
use broadsheet::library::feeds::health::{self, Pulse, Trouble};
use broadsheet::library::feeds::{self as followed, Feed, lists, refresh};
use broadsheet::library::operations;
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;
use jiff::{SignedDuration, Timestamp};

use super::{format_count, print_line};

/// Larger lists are refused: 100,000 feeds have 20 MB.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// The options of the command.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show each feed: when it was looked at, what came, and what is wrong (the default).
    List,
    /// Follow all feeds of a list: OPML, or one link in each line.
    Import {
        /// The list.
        file: PathBuf,
    },
    /// Print all feeds as a list (OPML), with folders and settings.
    Export,
    /// Look at all feeds as soon as possible. The server does the work.
    Refresh,
}

pub async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    super::data_folder::require_library(settings)?;
    let _data_dir = DataDir::open_shared(&settings.data).await?;
    let app = super::open_app::open_app(settings).await?;
    let library = app.libraries.get(FIRST_LIBRARY_ID).await?;
    match &options.action {
        None | Some(Action::List) => list(&library, app.now()).await,
        Some(Action::Import { file }) => import(&app, &library, file).await,
        Some(Action::Export) => {
            print_line(opml::write(&lists::export(&library).await?).trim_end());
            Ok(ExitCode::SUCCESS)
        }
        Some(Action::Refresh) => {
            let due = refresh::start(&library, app.now()).await?;
            print_line(&format!(
                "{} will be looked at within a minute, if the server runs.",
                format_count(due, "feed")
            ));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints each feed, those in trouble first, and whether anything can be fetched at all. The exit code is 1 if something is wrong.
async fn list(library: &Library, now: Timestamp) -> anyhow::Result<ExitCode> {
    let pulses: HashMap<i64, Pulse> =
        health::list_pulses(library, now).await?.into_iter().map(|pulse| (pulse.feed, pulse)).collect();
    let mut feeds: Vec<(Feed, Pulse, Trouble)> = Vec::new();
    for feed in followed::list(library).await? {
        let pulse = pulses.get(&feed.id).copied().unwrap_or_default();
        let trouble = Trouble::of(&feed, &pulse, now);
        feeds.push((feed, pulse, trouble));
    }
    if feeds.is_empty() {
        print_line("No feed is followed. Follow a site in the browser, or import a list.");
        return Ok(ExitCode::SUCCESS);
    }
    feeds.sort_by_key(|(.., trouble)| *trouble);
    feeds.iter().for_each(|feed| print_line(&describe(feed, now)));
    let faults = feeds.iter().filter(|(.., trouble)| trouble.is_fault()).count();
    print_line(&format!("{}, {faults} in trouble", format_count(feeds.len(), "feed")));
    let outage = health::find_outage(library, now).await?;
    if let Some(since) = outage {
        print_line(&health::describe_outage(now.duration_since(since)));
    }
    Ok(if faults == 0 && outage.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn describe((feed, pulse, trouble): &(Feed, Pulse, Trouble), now: Timestamp) -> String {
    let ago =
        |at: Option<Timestamp>| at.map_or_else(|| "never".into(), |at| format_wait(now.duration_since(at)) + " ago");
    let next = match feed.next_look_at {
        None => "stopped".into(),
        Some(_) if *trouble == Trouble::Paused => "paused".into(),
        Some(at) if at <= now => "due".into(),
        Some(at) => format!("next in {}", format_wait(at.duration_since(now))),
    };
    let mut facts = vec![
        format!("looked at {}", ago(feed.looked_at)),
        format!("last new article {}", ago(feed.new_item_at)),
        next,
        format_count(feed.articles, "article"),
        format!("{} unread", feed.unread),
    ];
    facts.extend(pulse.describe_rate());
    facts.extend(health::describe_text(feed).map(str::to_owned));
    let mut text = format!("{}\n  {}\n  {}", feed.display_name(), feed.url, facts.join(", "));
    if *trouble == Trouble::Silent {
        text.push_str("\n  Silent for long. The feed itself answers as usual.");
    }
    for problem in feed.error.iter().map(|error| &error.message).chain(&feed.problems) {
        text.push_str("\n  ");
        text.push_str(problem);
    }
    text
}

/// Returns a duration in its largest unit.
fn format_wait(wait: SignedDuration) -> String {
    match wait.as_mins().max(0) {
        minutes @ 0..120 => format!("{minutes} min"),
        minutes @ 120..2880 => format!("{} h", minutes / 60),
        minutes => format!("{} days", minutes / 1440),
    }
}

async fn import(app: &App, library: &Library, file: &Path) -> anyhow::Result<ExitCode> {
    let name = file.display();
    let size = std::fs::metadata(file).with_context(|| format!("reading {name}"))?.len();
    anyhow::ensure!(
        size <= MAX_LIST_BYTES,
        "{name} is over {} MB, too large for a list of feeds.",
        MAX_LIST_BYTES >> 20
    );
    let bytes = std::fs::read(file).with_context(|| format!("reading {name}"))?;
    let may_fetch = |url: &url::Url| app.fetcher.may_fetch(url, NamedBy::Outside);
    let read = opml::read(&bytes, &may_fetch).with_context(|| format!("reading {name}"))?;
    for line in read.report.iter().filter(|line| line.outcome != opml::Outcome::Added) {
        print_line(&format!("line {}: {}: {}", line.line, line.name, line.outcome));
    }
    let done = operations::follow_all(library, &read.list, app.now()).await?;
    print_line(&format!("{} followed, {} already followed.", format_count(done.new, "new feed"), done.known));
    let has_refused = read.report.iter().any(|line| line.outcome.is_refusal());
    Ok(if has_refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_said_in_their_largest_unit() {
        let said = |minutes| format_wait(SignedDuration::from_mins(minutes));
        assert_eq!([said(-3), said(119), said(130), said(2880)], ["0 min", "119 min", "2 h", "2 days"]);
    }
}
