//! Makes and revokes the token of the catalogue. It is shown once, in the answer that makes it.

use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};

use crate::app::App;
use crate::web::shell::auth::Client;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "catalogue_token.html")]
struct TokenPage {
    layout: Layout,
    /// The address of the server, as the reader's browser has it.
    server: String,
    token: String,
}

pub(crate) async fn create(State(app): State<App>, client: Client, reader: Reader, layout: Layout) -> Result<Response> {
    // Without an account, only this computer can read, and that is no e-reader.
    let person = reader.person.as_ref().ok_or(Error::NotFound)?;
    let token = app.accounts.create_catalogue_token(person.id, app.now()).await?;
    let scheme = if app.access.is_https() { "https" } else { "http" };
    let server = client.host().map_or_else(|| app.access.public_url(), |host| format!("{scheme}://{host}"));
    crate::web::shell::fresh_page(&TokenPage { layout, server, token: token.reveal().to_owned() })
}

pub(crate) async fn revoke(State(app): State<App>, reader: Reader) -> Result<Redirect> {
    let person = reader.person.as_ref().ok_or(Error::NotFound)?;
    app.accounts.revoke_catalogue_token(person.id).await?;
    Ok(Redirect::to("/settings#e-readers"))
}
