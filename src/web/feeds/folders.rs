//! `/feeds/folders`: adds, renames and deletes folders of feeds.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::library::Library;
use crate::library::feeds::folders::{self, Folder};
use crate::web::feeds::folder_paths::{add_path, count_feeds, parse_name, parse_path, paths};
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

/// Deletes a folder. Its feeds are still followed.
pub(crate) async fn delete(reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    folders::delete(&reader.library, id).await?;
    Ok(Redirect::to("/feeds/folders"))
}
