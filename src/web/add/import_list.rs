//! `/imports`: lists all imports and their state, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use crate::app::App;
use crate::library::imports::{self, Import, ImportOutcome, ImportState as Progress};
use crate::ops::disk_space::DiskState;
use crate::web::add::export_page::{self, FileLine};
use crate::web::add::import_result::summarize_counts;
use crate::web::add::import_status::import_label;
use crate::web::read::page_notice::{self, ImportNotice};
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::disk_notice;
use crate::web::shell::{Layout, Reader, Result};

/// Imports per page.
const PAGE_SIZE: usize = 50;

#[derive(Template)]
#[template(path = "import_list.html")]
struct ImportListPage {
    layout: Layout,
    notice: Option<String>,
    /// The disk is almost full.
    low_disk: Option<String>,
    /// Files of other services.
    files: Vec<FileLine>,
    rows: Vec<ImportRow>,
    failed_count: i64,
    only_failed: bool,
    /// This page, to which the buttons return.
    return_to: String,
    older_url: Option<String>,
    /// There are no imports older than the requested ones.
    is_past_end: bool,
}

/// An import in the list.
struct ImportRow {
    id: i64,
    heading: String,
    article: Option<i64>,
    state: &'static str,
    problem: Option<String>,
    /// A note on the article, and the next step.
    notice: Option<ImportNotice>,
    is_final: bool,
    /// `None` for pasted text and files.
    url: Option<String>,
    age: String,
    datetime: String,
}

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    before: Option<i64>,
    state: Option<String>,
    /// How many were just accepted, and how many of them were already saved.
    accepted: Option<usize>,
    already: Option<usize>,
    /// How many stood in the list more than once.
    repeated: Option<usize>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>> {
    let library = &reader.library;
    let only_failed = query.state.as_deref() == Some("failed");
    let (before, limit) = (query.before.unwrap_or(i64::MAX), i64::try_from(PAGE_SIZE + 1)?);
    let mut imports = if only_failed {
        imports::list_failed(library, before, limit).await?
    } else {
        imports::list(library, before, limit).await?
    };
    let has_older = imports.len() > PAGE_SIZE;
    imports.truncate(PAGE_SIZE);
    let query_start = if only_failed { "/imports?state=failed&before=" } else { "/imports?before=" };
    let older_url = imports.last().filter(|_| has_older).map(|last| format!("{query_start}{}", last.id));
    let clock = crate::web::shell::local_clock(&app);
    let disk = layout.disk;
    crate::web::shell::page(&ImportListPage {
        layout,
        low_disk: disk_notice::low(&app),
        files: if query.before.is_none() { export_page::list_files(library).await? } else { Vec::new() },
        notice: query
            .accepted
            .map(|accepted| summarize_counts(accepted, query.already.unwrap_or(0), (0, query.repeated.unwrap_or(0)))),
        rows: imports.into_iter().map(|import| ImportRow::new(import, disk, &clock)).collect(),
        failed_count: imports::count_failed(library).await?,
        only_failed,
        return_to: if only_failed { "/imports?state=failed" } else { "/imports" }.to_owned(),
        older_url,
        is_past_end: query.before.is_some(),
    })
}

pub(crate) async fn retry_all(State(app): State<App>, reader: Reader) -> Result<Redirect> {
    imports::retry_all(&reader.library, app.now()).await?;
    app.wakeups.imports.notify_one();
    Ok(Redirect::to("/imports"))
}

impl ImportRow {
    fn new(import: Import, disk: DiskState, clock: &LocalClock) -> Self {
        let (id, is_final, accepted) = (import.id, import.state.is_final(), import.accepted_at);
        let (label, url) = (import_label(&import), import.url);
        let notice = page_notice::import_notice(&import.state);
        let (state, article, title, problem) = match import.state {
            Progress::Waiting | Progress::Running if disk == DiskState::Full || import.waits_for_room => {
                (disk_notice::WAITING, None, None, None)
            }
            Progress::Waiting => ("Queued", None, None, None),
            Progress::Running if import.snapshot_id.is_none() => ("Fetching", None, None, None),
            Progress::Running => ("Extracting", None, None, None),
            Progress::Done { article_id: None, .. } => ("Added, later deleted", None, None, None),
            Progress::Done { article_id: article, title, outcome: before, .. } => {
                (done_label(before), article, title, None)
            }
            Progress::Failed { message, .. } => ("Failed", None, None, Some(message)),
        };
        let heading = title.unwrap_or(label);
        Self {
            id,
            heading,
            article,
            state,
            problem,
            notice,
            is_final,
            url,
            age: clock.format_age(accepted.as_second()),
            datetime: dates::datetime_attribute(accepted.as_second()),
        }
    }
}

const fn done_label(before: ImportOutcome) -> &'static str {
    match before {
        ImportOutcome::New => "Added",
        ImportOutcome::Existing => "Already saved",
        ImportOutcome::Restored => "Restored from trash",
    }
}
