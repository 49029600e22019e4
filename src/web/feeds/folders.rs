//! `/feeds/folders`: adds, renames and deletes folders of feeds.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::library::Library;
use crate::library::feeds::folders::{self, Folder};
use crate::library::feeds::limits::Limits;
use crate::web::browse::limit_words;
use crate::web::feeds::folder_paths::{add_path, count_feeds, parse_name, parse_path, paths};
use crate::web::feeds::limit_change::{LimitChange, SentForm};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "feed_folders.html")]
struct FoldersPage {
    layout: Layout,
    rows: Vec<Row>,
    /// What was typed as a new folder, and what is wrong with it.
    typed: String,
    problem: Option<String>,
}

struct Row {
    id: i64,
    /// Its path, as in `News / Europe`.
    path: String,
    name: String,
    feeds: String,
    /// How long their articles stay, if the reader has set that.
    keep: Option<String>,
    problem: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NameForm {
    #[serde(default)]
    name: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct FoldersQuery {
    #[serde(default)]
    name: String,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Query(query): Query<FoldersQuery>) -> Result<Response> {
    crate::web::shell::fresh_page(&load(&reader.library, layout, query.name).await?)
}

async fn load(library: &Library, layout: Layout, typed: String) -> sqlx::Result<FoldersPage> {
    let all = folders::list(library).await?;
    let row = |(path, folder): (String, &Folder)| Row {
        id: folder.id,
        path,
        name: folder.name.clone(),
        feeds: count_feeds(folder.feeds.len()),
        keep: folder.keep.map(|keep| format!("Keeps {} of each feed", limit_words::describe_keep(keep))),
        problem: None,
    };
    let rows = paths(&all).into_iter().map(row).collect();
    Ok(FoldersPage { layout, rows, typed, problem: None })
}

pub(crate) async fn add(reader: Reader, layout: Layout, Form(form): Form<NameForm>) -> Result<Response> {
    match parse_path(&form.name) {
        Ok(path) => {
            add_path(&reader.library, &path).await?;
            Ok(Redirect::to("/feeds/folders").into_response())
        }
        Err(problem) => {
            let layout = Layout { current_url: "/feeds/folders".to_owned(), ..layout };
            let page = FoldersPage { problem: Some(problem), ..load(&reader.library, layout, form.name).await? };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
        }
    }
}

pub(crate) async fn rename(
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let library = &reader.library;
    let name = match parse_name(&form.name) {
        Ok(name) if folders::rename(library, id, &name).await? => {
            return Ok(Redirect::to("/feeds/folders").into_response());
        }
        Ok(name) => Err(format!("There is another folder called “{name}” beside it.")),
        Err(problem) => Err::<(), _>(problem),
    };
    let layout = Layout { current_url: "/feeds/folders".to_owned(), ..layout };
    let mut page = load(library, layout, String::new()).await?;
    let row = page.rows.iter_mut().find(|row| row.id == id).ok_or(Error::NotFound)?;
    (row.name, row.problem) = (form.name, name.err());
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeleteForm {
    /// The reader knows how many articles go, since another folder has a limit.
    confirmed: Option<String>,
}

/// Deletes a folder. Its feeds are still followed.
pub(crate) async fn delete(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(form): Form<DeleteForm>,
) -> Result<Response> {
    let library = &reader.library;
    let (folder, limits) = (folders::find(library, id).await?.ok_or(Error::NotFound)?, Limits::load(library).await?);
    let mut change = LimitChange { feeds: limits.feeds_in(id), limits, name: folder.name };
    change.limits.remove_folder(id);
    let sent = SentForm {
        url: format!("/feeds/folders/{id}/delete"),
        fields: vec![("confirmed", "yes".to_owned())],
        cancel_url: "/feeds/folders".to_owned(),
    };
    if form.confirmed.is_none()
        && let Some(question) = change.ask(&app, library, layout, sent).await?
    {
        return Ok(question);
    }
    folders::delete(library, id).await?;
    let next = match change.follow_up(&app, library).await? {
        Some(said) => format!("/feeds?{said}"),
        None => "/feeds/folders".to_owned(),
    };
    Ok(Redirect::to(&next).into_response())
}
