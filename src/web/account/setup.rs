//! `/setup`: creates the first account, by the setup link in the log or, on this computer, from the settings page.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::{OwnerSetup, Password, Token, Username};
use crate::app::App;
use crate::web::account::login::start_session;
use crate::web::shell::auth::Client;
use crate::web::shell::error::Result;
use crate::web::shell::layout::Layout;
use crate::web::shell::return_path::ReturnPath;

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    layout: Layout,
    name: String,
    token: String,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(crate) struct SetupQuery {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub(crate) struct SetupForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    repeat: String,
    #[serde(default)]
    token: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    client: Client,
    Query(query): Query<SetupQuery>,
    layout: Layout,
) -> Result<Response> {
    if app.accounts.has_accounts(app.now()).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    check_allowed(&app, &client, &query.token).await?;
    let page = SetupPage { layout, name: String::new(), token: query.token, problem: None };
    Ok(crate::web::shell::page(&page)?.into_response())
}

pub(crate) async fn create_owner(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    layout: Layout,
    Form(form): Form<SetupForm>,
) -> Result<Response> {
    if app.accounts.has_accounts(app.now()).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    check_allowed(&app, &client, &form.token).await?;
    let parsed =
        Username::parse(&form.name).and_then(|name| Ok((name, Password::parse_repeated(form.password, &form.repeat)?)));
    let (name, password) = match parsed {
        Ok(parsed) => parsed,
        Err(problem) => {
            let page = SetupPage { layout, name: form.name, token: form.token, problem: Some(problem) };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response());
        }
    };
    match app.accounts.ensure_owner(&name, &password, app.now()).await? {
        OwnerSetup::Created(person) => start_session(&app, &person, &headers, &ReturnPath::parse("/")).await,
        OwnerSetup::AlreadyExists => Ok(Redirect::to("/login").into_response()),
    }
}

/// Checks that the request has the token of the setup link or comes from this computer.
async fn check_allowed(app: &App, client: &Client, token: &str) -> Result<()> {
    let has_link = Token::parse(token).is_some_and(|token| token == *app.accounts.setup_token());
    if has_link { Ok(()) } else { client.require_anonymous(&app.access).await }
}
