//! `/recent-changes`: lists what was done to many articles at once, and undoes it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::jobs;
use crate::library::articles::changes::BulkAction;
use crate::library::operations::{self, Operation, OperationState};
use crate::library::topics::{self, Topic};
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::origin::{Origin, add_parameters};
use crate::web::shell::return_path::ReturnPath;
use crate::web::shell::{Error, Layout, Reader, Result};

/// Changes per page.
const PAGE_SIZE: usize = 50;

#[derive(Template)]
#[template(path = "recent_changes.html")]
struct RecentChangesPage {
    layout: Layout,
    /// What was just undone.
    notice: Option<String>,
    rows: Vec<Row>,
    older_url: Option<String>,
    is_first: bool,
}

struct Row {
    id: i64,
    /// Such as `Archived 50 articles`.
    what: String,
    place: Option<String>,
    /// How far it is, unless it is done.
    note: Option<String>,
    age: String,
    datetime: String,
    /// Until when it can be undone.
    until: Option<String>,
    /// It is still running, so the page looks for news.
    is_live: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ChangesQuery {
    before: Option<i64>,
    /// What was just undone.
    operation: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct UndoForm {
    /// The list to return to, as the query of its URL.
    list: Option<String>,
    /// The article to return to, which then knows the list.
    article: Option<i64>,
    /// Another page to return to.
    page: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(query): Query<ChangesQuery>,
) -> Result<Response> {
    let library = &reader.library;
    let clock = crate::web::shell::local_clock(&app);
    let topics = topics::list_all(library).await?;
    let limit = i64::try_from(PAGE_SIZE + 1)?;
    let mut found = operations::list(library, query.before.unwrap_or(i64::MAX), limit).await?;
    let has_older = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    let older_url = found.last().filter(|_| has_older).map(|last| format!("/recent-changes?before={}", last.id));
    let undone = match query.operation {
        Some(id) => operations::find(library, id).await?,
        None => None,
    };
    crate::web::shell::fresh_page(&RecentChangesPage {
        layout,
        notice: undone.filter(|operation| !operation.can_undo()).map(|it| operation_words::report(&it, &topics)),
        rows: found.into_iter().map(|operation| Row::new(operation, &topics, &clock)).collect(),
        older_url,
        is_first: query.before.is_none(),
    })
}

/// Undoes an operation.
pub(crate) async fn undo(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Form(form): Form<UndoForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let operation = operations::find(library, id).await?.ok_or(Error::NotFound)?;
    if operations::undo(library, id).await? {
        bulk::run(&app, library, id).await?;
        // A story that was split or joined is as it was on the page that follows.
        if operation.action.as_ref().is_some_and(BulkAction::changes_stories) {
            jobs::find_stories_now(&app, library).await?;
        }
    }
    if let Some(article) = form.article {
        let origin = Origin::parse(form.list.as_deref());
        return Ok(Redirect::to(&origin.notice_url(article, ActionResult::TopicTakenBack)));
    }
    let page = match (form.page, form.list) {
        (Some(page), _) => ReturnPath::parse(&page).as_str().to_owned(),
        (None, Some(list)) => ListUrl::parse(&list).to_string(),
        (None, None) => "/recent-changes".to_owned(),
    };
    Ok(Redirect::to(&add_parameters(&page, &[("operation", &id.to_string())])))
}

impl Row {
    fn new(operation: Operation, topics: &[Topic], clock: &LocalClock) -> Self {
        let note = match operation.state {
            OperationState::Done => None,
            OperationState::Running => Some("Still running in the background.".to_owned()),
            OperationState::Undoing | OperationState::Undone => Some(operation_words::report(&operation, topics)),
        };
        Self {
            id: operation.id,
            is_live: matches!(operation.state, OperationState::Running | OperationState::Undoing),
            what: operation_words::describe(operation.action.as_ref(), operation.articles, topics),
            note,
            age: clock.format_age(operation.created_at.as_second()),
            datetime: dates::datetime_attribute(operation.created_at.as_second()),
            until: operation.can_undo().then(|| clock.format_date(operation.expires_at)),
            place: operation.place,
        }
    }
}
