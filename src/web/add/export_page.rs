//! `/import/file/{id}`: a file of another service: what was found in it, and after the reader's yes, what became of each of its
//! links.

use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use crate::app::App;
use crate::ingest::intake::exports::{Export, Found};
use crate::ingest::intake::{self, AfterReceiving};
use crate::library::Library;
use crate::library::exports::{self, ExportFile, ExportState, LinkOutcome, LinkRow};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::dates::{LocalClock, format_number};
use crate::web::shell::{Error, Layout, Reader, Result};

/// Links per page of a report.
const PAGE_SIZE: usize = 100;

/// What is said of the number of lines that are rejected.
const REJECTED: &str = "can’t be imported";

/// Reports listed beside the imports. Files that are not imported yet are all listed.
const LISTED_REPORTS: i64 = 20;

/// How long a reader waits until files are stored.
const MAX_WAIT: Duration = Duration::from_secs(10);

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    layout: Layout,
    file: ExportFile,
    /// What was found: `12,431 links`, `57 tags`.
    found: Vec<String>,
    /// The label of the button that imports it.
    start: String,
    /// The file is being queued, so its numbers change.
    is_live: bool,
    total: String,
    counts: Vec<Count>,
    /// The outcome whose links are listed.
    shown: Option<&'static str>,
    links: Vec<LinkRow>,
    next_url: Option<String>,
}

/// A number of links with the same outcome.
struct Count {
    label: &'static str,
    number: String,
    url: String,
    is_shown: bool,
}

#[derive(Deserialize)]
pub(crate) struct ReportQuery {
    /// The outcome to list.
    show: Option<String>,
    after: Option<i64>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Query(query): Query<ReportQuery>,
) -> Result<Html<String>> {
    let library = &reader.library;
    let file = exports::find(library, id).await?.ok_or(Error::NotFound)?;
    let found: Found = serde_json::from_str(&file.found).unwrap_or_default();
    let counts = exports::count(library, id).await?;
    let shown = query.show.as_deref().and_then(LinkOutcome::parse).or_else(|| most_important(&counts));
    let limit = i64::try_from(PAGE_SIZE + 1)?;
    let mut links = match shown {
        Some(outcome) => exports::list_links(library, id, outcome, (query.after.unwrap_or(0), limit)).await?,
        None => Vec::new(),
    };
    let has_more = links.len() > PAGE_SIZE;
    links.truncate(PAGE_SIZE);
    let report_url = |outcome: LinkOutcome| format!("/import/file/{id}?show={}", outcome.as_str());
    let next_url = shown
        .zip(links.last())
        .filter(|_| has_more)
        .map(|(outcome, last)| format!("{}&after={}#links", report_url(outcome), last.id));
    let is_open = |outcome| matches!(outcome, LinkOutcome::Pending | LinkOutcome::Queued);
    let is_live = file.state == ExportState::Importing
        || file.state == ExportState::Done && counts.iter().any(|(outcome, _)| is_open(*outcome));
    crate::web::shell::page(&ExportPage {
        layout,
        found: describe_found(&found, &crate::web::shell::local_clock(&app)),
        start: format!("Import {}", count_of(found.links, "link")),
        is_live,
        total: count_of(usize::try_from(counts.iter().map(|(_, number)| number).sum::<i64>())?, "line"),
        counts: counts
            .iter()
            .map(|(outcome, number)| Count {
                label: label(*outcome, file.state),
                number: format_number(*number),
                url: format!("{}#links", report_url(*outcome)),
                is_shown: Some(*outcome) == shown,
            })
            .collect(),
        shown: shown.map(|outcome| label(outcome, file.state)),
        links,
        next_url,
        file,
    })
}

impl ExportPage {
    /// Returns what is shown of a link: its title, else itself, else where it stands.
    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn heading<'a>(&self, link: &'a LinkRow) -> &'a str {
        let title = link.title.as_deref().filter(|title| !title.is_empty());
        title.or(link.url.as_deref()).unwrap_or(&link.place)
    }
}

pub(crate) async fn start(State(app): State<App>, reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    exports::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    exports::set_state(&reader.library, id, ExportState::Preview, ExportState::Importing).await?;
    app.wakeups.exports.notify_one();
    Ok(Redirect::to(&format!("/import/file/{id}")))
}

pub(crate) async fn delete(reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    let is_kept = !exports::delete(&reader.library, id).await? && exports::find(&reader.library, id).await?.is_some();
    Ok(if is_kept { Redirect::to(&format!("/import/file/{id}")) } else { Redirect::to("/imports") })
}

/// Stores the files of other services. Those with thousands of pages take longer than the reader waits: they are stored all the
/// same, and listed as being read.
pub(super) async fn receive(app: &App, library: &Library, files: Vec<Export>) -> Result<Vec<FileLine>> {
    let names: Vec<String> = files.iter().map(|file| name_file(file.service.name(), &file.file_name)).collect();
    let (app, library) = (app.clone(), library.clone());
    // A task of its own is not cut off with the request, and is waited for when the program ends.
    let tasks = app.tasks.clone();
    let mut storing = tasks.spawn(async move {
        let mut ids = Vec::with_capacity(files.len());
        for file in files {
            let file = file.limit_pages(app.max_page_bytes());
            ids.push(intake::receive_export(&library, file, AfterReceiving::Preview, app.now()).await?);
        }
        anyhow::Ok(ids)
    });
    let Ok(stored) = tokio::time::timeout(MAX_WAIT, &mut storing).await else {
        tasks.spawn(async move {
            if let Err(error) = storing.await.map_err(anyhow::Error::from).flatten() {
                tracing::error!(error = format!("{error:#}"), "couldn't store a file of another service");
            }
        });
        return Ok(names.into_iter().map(|name| FileLine::new(0, name, ExportState::Receiving)).collect());
    };
    Ok(stored??.into_iter().zip(names).map(|(id, name)| FileLine::new(id, name, ExportState::Preview)).collect())
}

/// Returns the page to go to when nothing else was uploaded.
pub(super) fn page_of(files: &[FileLine]) -> &str {
    match files {
        [file] => &file.url,
        _ => "/imports",
    }
}

fn name_file(service: &str, name: &str) -> String {
    format!("{service}: {name}")
}

/// A file in the list of imports.
pub(super) struct FileLine {
    pub(super) url: String,
    pub(super) name: String,
    pub(super) state: &'static str,
}

impl FileLine {
    fn new(id: i64, name: String, state: ExportState) -> Self {
        let url = format!("/import/file/{id}");
        match state {
            // It has no page yet.
            ExportState::Receiving => Self { url: "/imports".to_owned(), name, state: "Being read" },
            ExportState::Interrupted => Self { url, name, state: "Interrupted" },
            ExportState::Preview => Self { url, name, state: "Not imported yet" },
            ExportState::Importing => Self { url, name, state: "Importing" },
            ExportState::Done => Self { url, name, state: "Report" },
        }
    }
}

/// Lists the files that are not imported yet, then the newest reports.
pub(super) async fn list_files(library: &Library) -> Result<Vec<FileLine>> {
    let open = exports::list_open(library).await?;
    let done = exports::list_done(library, LISTED_REPORTS).await?;
    let to_line = |file: ExportFile| FileLine::new(file.id, name_file(&file.service, &file.name), file.state);
    Ok(open.into_iter().chain(done).map(to_line).collect())
}

/// Returns the outcome that a reader wants to see first: what did not work.
fn most_important(counts: &[(LinkOutcome, i64)]) -> Option<LinkOutcome> {
    [LinkOutcome::Rejected, LinkOutcome::Failed]
        .into_iter()
        .find(|wanted| counts.iter().any(|(found, _)| found == wanted))
}

fn label(outcome: LinkOutcome, state: ExportState) -> &'static str {
    match outcome {
        LinkOutcome::New => "Added",
        LinkOutcome::Existing => "Already saved",
        LinkOutcome::Restored => "Restored from trash",
        LinkOutcome::Repeated => "Repeated in the file",
        LinkOutcome::Queued => "In the queue",
        LinkOutcome::Pending if state == ExportState::Preview => "Ready to import",
        LinkOutcome::Pending if state == ExportState::Interrupted => "Not imported",
        LinkOutcome::Pending => "Waiting",
        LinkOutcome::Failed => "Failed",
        LinkOutcome::Rejected => "Can’t be imported",
    }
}

fn describe_found(found: &Found, clock: &LocalClock) -> Vec<String> {
    let counts = [
        (found.links, "link"),
        (found.tags, "tag or folder"),
        (found.archived, "archived"),
        (found.starred, "starred"),
        (found.read, "read"),
        (found.highlights, "highlight or note"),
        (found.pages, "saved page"),
        (found.left_out, REJECTED),
    ];
    let mut lines: Vec<String> = counts
        .into_iter()
        .filter(|(number, thing)| *number > 0 || *thing == "link")
        .map(|(number, thing)| match thing {
            "archived" | "starred" | "read" | REJECTED => format!("{} {thing}", number_of(number)),
            "tag or folder" if number != 1 => format!("{} tags and folders", number_of(number)),
            "highlight or note" if number != 1 => format!("{} highlights and notes", number_of(number)),
            _ => count_of(number, thing),
        })
        .collect();
    if let Some((first, last)) = found.saved_between {
        lines.push(format!("saved from {} to {}", clock.format_short_date(first), clock.format_short_date(last)));
    }
    lines
}

fn number_of(number: usize) -> String {
    format_number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn count_of(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", number_of(number))
}
