//! `/folder/{id}/settings`: how long the articles of the feeds in a folder stay.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use url::form_urlencoded;

use crate::app::App;
use crate::library::feeds::folders::{self, Folder};
use crate::library::feeds::limits::Limits;
use crate::web::browse::limit_words;
use crate::web::feeds::folder_paths::path_of;
use crate::web::feeds::keep_form::{KeepFields, KeepForm};
use crate::web::feeds::limit_change::{LimitChange, SentForm};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "folder_settings.html")]
struct SettingsPage {
    layout: Layout,
    id: i64,
    /// Its path, as in `News / Europe`.
    path: String,
    keep: KeepFields,
}

impl SettingsPage {
    fn new(layout: Layout, folder: &Folder, path: String, limits: &Limits) -> Self {
        let around = folder.parent_id.map(|parent| limit_words::describe_keep(limits.of_folder(parent)));
        let keep = KeepFields {
            form: KeepForm::of(folder.keep),
            inherited: around.map(|keep| format!("As the folder around it ({keep})")),
            legend: "Keep the articles of each feed",
            problem: None,
        };
        Self { layout, id: folder.id, path, keep }
    }
}

pub(crate) async fn show(reader: Reader, layout: Layout, ArticleId(id): ArticleId) -> Result<Response> {
    let library = &reader.library;
    let (folder, limits) = (folders::find(library, id).await?.ok_or(Error::NotFound)?, Limits::load(library).await?);
    let path = path_of(&folders::list(library).await?, id);
    crate::web::shell::fresh_page(&SettingsPage::new(layout, &folder, path, &limits))
}

pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    body: Bytes,
) -> Result<Response> {
    let library = &reader.library;
    let (folder, limits) = (folders::find(library, id).await?.ok_or(Error::NotFound)?, Limits::load(library).await?);
    let (mut form, mut is_confirmed) = (KeepForm::default(), false);
    for (name, value) in form_urlencoded::parse(&body) {
        form.set(&name, &value);
        is_confirmed |= name == "confirmed";
    }
    let keep = match form.check() {
        Ok(keep) => keep,
        Err(problem) => {
            let path = path_of(&folders::list(library).await?, id);
            let mut page = SettingsPage::new(layout, &folder, path, &limits);
            (page.keep.form, page.keep.problem) = (form, Some(problem));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response());
        }
    };
    let mut change = LimitChange { feeds: limits.feeds_in(id), limits, name: folder.name };
    change.limits.set_folder(id, keep);
    let url = format!("/folder/{id}/settings");
    let mut fields = form.to_fields().to_vec();
    fields.push(("confirmed", "yes".to_owned()));
    let sent = SentForm { cancel_url: url.clone(), url, fields };
    if !is_confirmed && let Some(question) = change.ask(&app, library, layout, sent).await? {
        return Ok(question);
    }
    folders::change_keep(library, id, keep).await?;
    let said = change.follow_up(&app, library).await?.unwrap_or_else(|| "saved=settings".to_owned());
    Ok(Redirect::to(&format!("/folder/{id}?{said}")).into_response())
}
