//! `POST /article/{id}/details`: saves the reader's title, byline, date, source and language.
//! `POST /article/{id}/details/original`: goes back to the publisher's.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::library::articles;
use crate::library::articles::edits::{self, Detail};
use crate::web::browse::source_form;
use crate::web::read::article::{self, RejectedForm};
use crate::web::read::details_form::DetailsForm;
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Layout, Reader, Result};

pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(mut form): Form<DetailsForm>,
) -> Result<Response> {
    let library = &reader.library;
    let article = articles::find(library, id).await?.ok_or(Error::NotFound)?;
    let origin = Origin::parse(form.list.as_deref());
    let named = source_form::find_typed(library, form.source.as_deref().unwrap_or_default()).await?;
    let edits = form.parse(&article, named, &crate::web::shell::local_clock(&app));
    if form.has_problems() {
        return article::show_with_form(&app, &reader, layout, (id, origin), RejectedForm::Details(form)).await;
    }
    edits::save(library, id, &edits).await?;
    Ok(Redirect::to(&origin.notice_url(id, ActionResult::DetailsSaved)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct GoBackForm {
    detail: Detail,
    /// The list that the reader came from.
    list: Option<String>,
}

pub(crate) async fn go_back(
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<GoBackForm>,
) -> Result<Redirect> {
    articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    edits::go_back(&reader.library, id, form.detail).await?;
    Ok(Redirect::to(&Origin::parse(form.list.as_deref()).notice_url(id, ActionResult::OriginalRestored)))
}
