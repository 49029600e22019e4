//! `POST /import/{id}/stop` and `/imports/stop`: imports stop waiting for their sites. `POST /import/{id}/archived-copy`: the
//! page comes from the web archive.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;

use crate::app::App;
use crate::library::imports::{self, Accepted};
use crate::web::add::import_status::{self, ReturnForm};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::return_path::ReturnPath;
use crate::web::shell::{Error, Reader, Result};

pub(super) async fn stop(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<ReturnForm>,
) -> Result<Redirect> {
    imports::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    imports::stop(&reader.library, id, app.now()).await?;
    // A page that came along is read instead.
    app.wakeups.imports.notify_one();
    Ok(Redirect::to(&match &form.return_to {
        Some(to) => ReturnPath::parse(to).as_str().to_owned(),
        None => form.origin().add_to(&format!("/import/{id}")),
    }))
}

pub(super) async fn stop_all(State(app): State<App>, reader: Reader) -> Result<Redirect> {
    imports::stop_all_postponed(&reader.library, app.now()).await?;
    app.wakeups.imports.notify_one();
    Ok(Redirect::to("/imports?state=failed"))
}

pub(super) async fn fetch_archived_copy(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<ReturnForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    let import = imports::find(library, id).await?.ok_or(Error::NotFound)?;
    if import.url.is_some() {
        imports::fetch_from_archive(library, id, app.fetcher.archive_host(), app.now()).await?;
    }
    app.wakeups.imports.notify_one();
    match &form.return_to {
        Some(to) => Ok(Redirect::to(ReturnPath::parse(to).as_str())),
        None => import_status::redirect_when_done(library, Accepted::New(id), &form.origin()).await,
    }
}
