//! `/setup`: makes the first account. By the link in the log, or without one by the reader at this computer, whose
//! settings page sends its form here.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::{OwnerSetup, Password, Token, Username};
use crate::app::App;
use crate::web::account::login::begin_session;
use crate::web::shell::auth::{self, Caller};
use crate::web::shell::error::Result;
use crate::web::shell::layout::Layout;
use crate::web::shell::return_path::Destination;

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    layout: Layout,
    name: String,
    token: String,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(crate) struct Link {
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
    caller: Caller,
    Query(link): Query<Link>,
    layout: Layout,
) -> Result<Response> {
    if app.accounts.has_accounts(app.now()).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    check_may(&app, &caller, &link.token)?;
    let page = SetupPage { layout, name: String::new(), token: link.token, problem: None };
    Ok(crate::web::shell::page(&page)?.into_response())
}

pub(crate) async fn add_owner(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    layout: Layout,
    Form(form): Form<SetupForm>,
) -> Result<Response> {
    if app.accounts.has_accounts(app.now()).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    check_may(&app, &caller, &form.token)?;
    let given =
        Username::parse(&form.name).and_then(|name| Ok((name, Password::parse_repeated(form.password, &form.repeat)?)));
    let (name, password) = match given {
        Ok(given) => given,
        Err(problem) => {
            let page = SetupPage { layout, name: form.name, token: form.token, problem: Some(problem) };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response());
        }
    };
    match app.accounts.ensure_owner(&name, &password, app.now()).await? {
        OwnerSetup::Created(person) => begin_session(&app, &person, &headers, &Destination::parse("/")).await,
        OwnerSetup::AlreadyExists => Ok(Redirect::to("/login").into_response()),
    }
}

/// Only with the link's secret, or from this computer.
fn check_may(app: &App, caller: &Caller, token: &str) -> Result<()> {
    let has_link = Token::parse(token).is_some_and(|token| token == *app.accounts.setup_token());
    if has_link || caller.needs_no_account(&app.access) { Ok(()) } else { Err(auth::not_set_up(&app.access)) }
}
