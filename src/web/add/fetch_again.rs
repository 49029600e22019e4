//! `POST /article/{id}/fetch-again`: fetches the page of an article again, by way of the import queue.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;

use crate::app::App;
use crate::library::imports;
use crate::web::add::import_status;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Reader, Result};

pub(crate) async fn submit(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(origin): Form<Origin>,
) -> Result<Redirect> {
    let accepted = imports::renew(&reader.library, id, app.now()).await?.ok_or(Error::NotFound)?;
    app.wakeups.imports.notify_one();
    import_status::redirect_when_done(&reader.library, accepted, &origin).await
}
