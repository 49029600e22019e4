//! `POST /edition/read`: marks an edition read, which can be undone as one.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use jiff::civil::Date;
use serde::Deserialize;
use url::form_urlencoded;

use crate::app::App;
use crate::library::articles::changes::BulkAction;
use crate::library::{Library, operations, topics};
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::action_notice::{Notice, UndoForm};
use crate::web::shell::origin::add_parameters;
use crate::web::shell::{Error, Reader, Result, dates};

/// Articles that one form can name.
const MAX_ARTICLES: usize = 1000;

#[derive(Debug, Deserialize)]
pub(crate) struct ReadForm {
    /// The day of the edition; that of today without.
    day: Option<String>,
    /// Ids of its articles when the page was shown, separated by commas. What has arrived since was not seen.
    #[serde(default)]
    articles: String,
}

pub(crate) async fn mark_read(State(app): State<App>, reader: Reader, Form(form): Form<ReadForm>) -> Result<Redirect> {
    let clock = crate::web::shell::local_clock(&app);
    let day = form.day.as_deref().map(str::parse::<Date>).transpose().map_err(|_| Error::NotFound)?;
    let articles: Vec<i64> = form.articles.split(',').filter_map(|id| id.parse().ok()).take(MAX_ARTICLES).collect();
    let name = format!("Edition of {}", dates::format_date(day.unwrap_or_else(|| clock.today())));
    let id = operations::start(&reader.library, &BulkAction::Read, Some(&name), &articles, app.now()).await?;
    bulk::run(&app, &reader.library, id).await?;
    let page = day.map_or_else(|| "/".to_owned(), |day| format!("/edition/{day}"));
    Ok(Redirect::to(&add_parameters(&page, &[("operation", &id.to_string())])))
}

/// Returns the notice of what was just done, as the URL of the edition's page says, with its undo button.
///
/// # Errors
/// The database fails.
pub(crate) async fn find_notice(library: &Library, query: Option<&str>, page: &str) -> sqlx::Result<Option<Notice>> {
    let query = query.unwrap_or_default();
    let id = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "operation");
    let Some(id) = id.and_then(|(_, id)| id.parse().ok()) else { return Ok(None) };
    let Some(operation) = operations::find(library, id).await? else { return Ok(None) };
    let undo = operation.can_undo().then(|| UndoForm {
        url: format!("/recent-changes/{}/undo", operation.id),
        field: ("page", page.to_owned()),
        label: "Undo",
        list: None,
    });
    let text = operation_words::report(&operation, &topics::list_all(library).await?);
    Ok(Some(Notice { text, undo, link: None }))
}
