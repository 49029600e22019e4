//! `/feeds/list`: follows all feeds of a list (OPML, or links), and gives the reader's own.

use ::feeds::opml::{self, Import, Outcome, ReportLine};
use askama::Template;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use tokio::task::spawn_blocking;

use crate::app::App;
use crate::ingest::fetch::NamedBy;
use crate::library::Library;
use crate::library::feeds::lists::{self, FollowedList};
use crate::library::operations;
use crate::web::shell::upload::{self, Upload};
use crate::web::shell::{Layout, Reader, Result};

/// Lines of a report that are shown. Those that were taken as they stand are only counted.
const MAX_LINES: usize = 500;

#[derive(Template)]
#[template(path = "feed_lists.html")]
struct ListsPage {
    layout: Layout,
    /// What was pasted, and what is wrong with it.
    typed: String,
    problem: Option<String>,
    report: Option<Report>,
}

/// What became of a list.
struct Report {
    summary: String,
    lines: Vec<Line>,
    /// How many more lines there are.
    more: Option<String>,
}

struct Line {
    /// Where it stands: line 12.
    place: String,
    name: String,
    outcome: String,
    is_refused: bool,
}

pub(crate) async fn show(_reader: Reader, layout: Layout) -> Result<Html<String>> {
    crate::web::shell::page(&ListsPage { layout, typed: String::new(), problem: None, report: None })
}

pub(crate) async fn take(State(app): State<App>, reader: Reader, layout: Layout, request: Request) -> Result<Response> {
    let layout = Layout { current_url: "/feeds/list".to_owned(), ..layout };
    let upload = upload::read(request).await;
    let typed = upload.fields.iter().find(|(name, _)| name == "text").map(|(_, text)| text.clone()).unwrap_or_default();
    let read = match find_list(upload, &typed) {
        Ok(bytes) => read_list(&app, bytes).await?,
        Err(problem) => Err(problem),
    };
    let read = match read {
        Ok(read) => read,
        Err(problem) => {
            let page = ListsPage { layout, typed, problem: Some(problem), report: None };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response());
        }
    };
    let (report, done) = follow_all(&app, reader.library, read).await?;
    let report = Some(build_report(&report, done));
    Ok(crate::web::shell::page(&ListsPage { layout, typed: String::new(), problem: None, report })?.into_response())
}

/// Reads a list, or says what is wrong with it. A large one takes seconds, in which other requests would wait.
async fn read_list(app: &App, bytes: Vec<u8>) -> Result<std::result::Result<Import, String>> {
    let app = app.clone();
    let read = move || {
        let may_fetch = |url: &url::Url| app.fetcher.may_fetch(url, NamedBy::Outside);
        opml::read(&bytes, &may_fetch).map_err(|error| error.to_string())
    };
    Ok(spawn_blocking(read).await?)
}

/// Follows all feeds of a list, also if the reader goes away meanwhile. Returns the report as well.
async fn follow_all(app: &App, library: Library, read: Import) -> Result<(Vec<ReportLine>, FollowedList)> {
    let owned = app.clone();
    let done = app.tasks.spawn(async move {
        let done = operations::follow_all(&library, &read.list, owned.now()).await;
        owned.wakeups.feeds.notify_one();
        // The articles of those that were unfollowed come back.
        owned.wakeups.operations.notify_one();
        done.map(|done| (read.report, done))
    });
    Ok(done.await??)
}

/// Returns the list that was sent: a file, or else what was pasted.
fn find_list(upload: Upload, typed: &str) -> std::result::Result<Vec<u8>, String> {
    if upload.too_large {
        return Err(format!("The list is over {} MB. Split it into several.", upload::MAX_BYTES >> 20));
    }
    if upload.interrupted {
        return Err("The list didn’t arrive whole. Send it again.".to_owned());
    }
    let mut files = upload.files.into_iter();
    match (files.next(), files.next(), typed.trim()) {
        (Some(_), Some(_), _) => Err("Choose one list at a time.".to_owned()),
        (Some(file), None, _) => Ok(file.bytes),
        (None, _, "") => Err("Choose a file, or paste links, one in each line.".to_owned()),
        (None, _, typed) => Ok(typed.as_bytes().to_vec()),
    }
}

fn build_report(report: &[ReportLine], done: FollowedList) -> Report {
    let told: Vec<&ReportLine> = report.iter().filter(|line| line.outcome != Outcome::Added).collect();
    let line = |line: &&ReportLine| Line {
        place: format!("Line {}", line.line),
        name: line.name.clone(),
        outcome: line.outcome.to_string(),
        is_refused: line.outcome.is_refusal(),
    };
    Report {
        summary: summarize(done),
        lines: told.iter().take(MAX_LINES).map(line).collect(),
        more: told
            .len()
            .checked_sub(MAX_LINES)
            .filter(|more| *more > 0)
            .map(|more| format!("… and {more} more lines.")),
    }
}

fn summarize(FollowedList { new, known }: FollowedList) -> String {
    let new = match new {
        0 => "No new feed".to_owned(),
        1 => "1 new feed".to_owned(),
        new => format!("{new} new feeds"),
    };
    match known {
        0 => format!("{new} followed. The newest 10 articles of each will be unread, older ones read."),
        known => format!("{new} followed; {known} you followed already."),
    }
}

/// Gives all feeds of the reader, with folders and settings.
pub(crate) async fn download(reader: Reader) -> Result<Response> {
    let list = opml::write(&lists::export(&reader.library).await?);
    let headers = [
        (header::CONTENT_TYPE, "text/x-opml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"feeds.opml\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, list).into_response())
}
