//! `/imports`: everything that was handed in, the newest first, and what became of it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::library::imports::{self, Import, ImportOutcome, ImportState as Progress};
use crate::web::add::import_form::summary;
use crate::web::add::import_status::called;
use crate::web::read::notice::{self, Note};
use crate::web::shell::dates::{self, Present};
use crate::web::shell::{Layout, Reader, Result};

/// Imports on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    layout: Layout,
    note: Option<String>,
    rows: Vec<Row>,
    failed: i64,
    only_failed: bool,
    /// This page, for the buttons to come back to.
    here: String,
    older: Option<String>,
    /// Nothing is as old as was asked for.
    older_than_all: bool,
}

/// One import as the list shows it.
struct Row {
    id: i64,
    heading: String,
    /// The article, when there is one.
    article: Option<i64>,
    state: &'static str,
    problem: Option<String>,
    /// What is to be said of its article, and the next step.
    note: Option<Note>,
    is_final: bool,
    /// `None`: it was pasted, or read from a file.
    address: Option<String>,
    when: String,
    date: String,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    before: Option<i64>,
    state: Option<String>,
    /// How many were just accepted, and how many of them were here already.
    accepted: Option<usize>,
    already: Option<usize>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(asked): Query<Asked>,
) -> Result<Html<String>> {
    let library = &reader.library;
    let only_failed = asked.state.as_deref() == Some("failed");
    let (before, limit) = (asked.before.unwrap_or(i64::MAX), i64::try_from(PAGE + 1)?);
    let mut found = if only_failed {
        imports::list_failed(library, before, limit).await?
    } else {
        imports::list(library, before, limit).await?
    };
    let has_older = found.len() > PAGE;
    found.truncate(PAGE);
    let base = if only_failed { "/imports?state=failed&before=" } else { "/imports?before=" };
    let older = found.last().filter(|_| has_older).map(|last| format!("{base}{}", last.id));
    let present = crate::web::shell::present(&app);
    crate::web::shell::page(&ImportsPage {
        layout,
        note: asked.accepted.map(|accepted| summary(accepted, asked.already.unwrap_or(0), 0)),
        rows: found.into_iter().map(|import| Row::new(import, &present)).collect(),
        failed: imports::count_failed(library).await?,
        only_failed,
        here: if only_failed { "/imports?state=failed" } else { "/imports" }.to_owned(),
        older,
        older_than_all: asked.before.is_some(),
    })
}

pub(crate) async fn retry_all(State(app): State<App>, reader: Reader) -> Result<Redirect> {
    imports::retry_all(&reader.library, app.now()).await?;
    app.wakeups.imports.notify_one();
    Ok(Redirect::to("/imports"))
}

impl Row {
    fn new(import: Import, present: &Present) -> Self {
        let (id, is_final, when) = (import.id, import.state.is_final(), import.accepted_at);
        let (name, address) = (called(&import), import.url);
        let note = notice::note(&import.state);
        let (state, article, title, problem) = match import.state {
            Progress::Waiting => ("Queued", None, None, None),
            Progress::Running if import.snapshot_id.is_none() => ("Fetching", None, None, None),
            Progress::Running => ("Extracting", None, None, None),
            Progress::Done { article_id: None, .. } => ("Added, later deleted", None, None, None),
            Progress::Done { article_id: article, title, outcome: before, .. } => (done(before), article, title, None),
            Progress::Failed { message: problem, .. } => ("Failed", None, None, Some(problem)),
        };
        let heading = title.unwrap_or(name);
        Self {
            id,
            heading,
            article,
            state,
            problem,
            note,
            is_final,
            address,
            when: ago(present, when),
            date: dates::machine(when.as_second()),
        }
    }
}

const fn done(before: ImportOutcome) -> &'static str {
    match before {
        ImportOutcome::New => "Added",
        ImportOutcome::Existing => "Already saved",
        ImportOutcome::Restored => "Restored from trash",
    }
}

fn ago(present: &Present, when: Timestamp) -> String {
    present.ago(when.as_second())
}
