//! `/imports`: lists all imports and their state, newest first.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::library::imports::{self, Import, ImportOutcome, ImportState as Progress};
use crate::ops::disk_space::DiskState;
use crate::web::add::export_page::{self, FileLine};
use crate::web::add::import_result::summarize_counts;
use crate::web::add::import_status::import_label;
use crate::web::add::import_wait::{self, Wait};
use crate::web::read::page_notice::{self, ImportNotice};
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::disk_notice;
use crate::web::shell::{Layout, Reader, Result};

/// Imports per page.
const PAGE_SIZE: usize = 50;

/// Finished imports that follow each other are folded from this many on.
const MIN_FOLDED: usize = 5;

#[derive(Template)]
#[template(path = "import_list.html")]
struct ImportListPage {
    layout: Layout,
    notice: Option<String>,
    /// The disk is almost full.
    low_disk: Option<String>,
    /// Files of other services.
    files: Vec<FileLine>,
    groups: Vec<ImportGroup>,
    failed_count: i64,
    only_failed: bool,
    /// Imports on this page that wait for their site.
    postponed_count: usize,
    /// This page, to which the buttons return.
    return_to: String,
    older_url: Option<String>,
    /// There are no imports older than the requested ones.
    is_past_end: bool,
}

/// Imports that follow each other in the list.
struct ImportGroup {
    rows: Vec<ImportRow>,
    /// What they are, if they are folded: `12 articles added`.
    label: Option<String>,
}

/// An import in the list.
struct ImportRow {
    id: i64,
    heading: String,
    article: Option<i64>,
    state: String,
    /// It waits for its site, which can be stopped.
    is_postponed: bool,
    is_failed: bool,
    offers_archive: bool,
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
    let rows: Vec<ImportRow> = imports.into_iter().map(|import| ImportRow::new(import, disk, &clock)).collect();
    crate::web::shell::page(&ImportListPage {
        layout,
        postponed_count: rows.iter().filter(|row| row.is_postponed).count(),
        low_disk: disk_notice::low(&app),
        files: if query.before.is_none() { export_page::list_files(library).await? } else { Vec::new() },
        notice: query
            .accepted
            .map(|accepted| summarize_counts(accepted, query.already.unwrap_or(0), (0, query.repeated.unwrap_or(0)))),
        groups: group(rows),
        failed_count: imports::count_failed(library).await?,
        only_failed,
        return_to: if only_failed { "/imports?state=failed" } else { "/imports" }.to_owned(),
        older_url,
        is_past_end: query.before.is_some(),
    })
}

/// Folds long runs of imports that need nothing from the reader.
fn group(rows: Vec<ImportRow>) -> Vec<ImportGroup> {
    let mut runs: Vec<Vec<ImportRow>> = Vec::new();
    for row in rows {
        match runs.last_mut().filter(|run| run.last().is_some_and(|last| last.is_settled() == row.is_settled())) {
            Some(run) => run.push(row),
            None => runs.push(vec![row]),
        }
    }
    let mut groups: Vec<ImportGroup> = Vec::new();
    for run in runs {
        let is_folded = run.len() >= MIN_FOLDED && run[0].is_settled();
        match groups.last_mut().filter(|last| !is_folded && last.label.is_none()) {
            Some(last) => last.rows.extend(run),
            None => {
                let label = is_folded.then(|| format!("{} finished imports", run.len()));
                groups.push(ImportGroup { rows: run, label });
            }
        }
    }
    groups
}

/// When the question was asked: what failed since was not meant.
#[derive(Deserialize)]
pub(crate) struct DismissForm {
    asked_at: i64,
}

/// Asks before all failed imports are dismissed.
pub(crate) async fn confirm_dismiss(State(app): State<App>, reader: Reader, layout: Layout) -> Result<Html<String>> {
    let count = imports::count_failed(&reader.library).await?;
    let imports = if count == 1 { "1 failed import".to_owned() } else { format!("{count} failed imports") };
    ConfirmPage {
        layout,
        heading: format!("Dismiss {imports}?"),
        text: "They leave this list. This can’t be undone.".to_owned(),
        action: "/imports/dismiss".to_owned(),
        fields: vec![("asked_at", app.now().as_second().to_string())],
        button: "Dismiss all".to_owned(),
        cancel_url: "/imports?state=failed".to_owned(),
    }
    .show()
}

pub(crate) async fn dismiss_all(reader: Reader, Form(form): Form<DismissForm>) -> Result<Redirect> {
    let asked_at = Timestamp::from_second(form.asked_at).unwrap_or(Timestamp::MIN);
    while imports::delete_failed(&reader.library, asked_at).await? > 0 {}
    Ok(Redirect::to("/imports?state=failed"))
}

pub(crate) async fn retry_all(State(app): State<App>, reader: Reader) -> Result<Redirect> {
    imports::retry_all(&reader.library, app.now()).await?;
    app.wakeups.imports.notify_one();
    Ok(Redirect::to("/imports"))
}

impl ImportRow {
    /// Returns whether it is an article that the reader need not look at.
    const fn is_settled(&self) -> bool {
        self.is_final && self.problem.is_none() && self.notice.is_none()
    }

    fn new(import: Import, disk: DiskState, clock: &LocalClock) -> Self {
        let (id, is_final, accepted) = (import.id, import.state.is_final(), import.accepted_at);
        let (wait, offers_archive) = (Wait::find(&import, clock), import_wait::offers_archive(&import));
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
            Progress::Done { article_id: article, title, outcome: before, kept_because, .. } => {
                (done_label(before), article, title, kept_because)
            }
            Progress::Failed { message, .. } => ("Failed", None, None, Some(message)),
        };
        let heading = title.unwrap_or(label);
        let is_failed = problem.is_some() && article.is_none();
        Self {
            id,
            heading,
            article,
            state: wait.as_ref().map_or_else(|| state.to_owned(), |wait| wait.label.clone()),
            is_postponed: wait.is_some(),
            offers_archive,
            is_failed,
            problem: problem.or_else(|| wait.and_then(|wait| wait.reason)),
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
        ImportOutcome::Renewed => "Fetched again",
        ImportOutcome::RenewedUnchanged => "Fetched again, unchanged",
        ImportOutcome::KeptOld => "Fetched again, saved text kept",
    }
}
