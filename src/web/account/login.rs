//! `/login` and `/logout`.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::{Password, PasswordCheck, Person};
use crate::app::App;
use crate::web::shell::auth::{self, Caller};
use crate::web::shell::cookies;
use crate::web::shell::error::{Error, Result};
use crate::web::shell::layout::Layout;
use crate::web::shell::return_path::Destination;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    layout: Layout,
    name: String,
    next: Destination,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct LoginForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
    layout: Layout,
) -> Result<Response> {
    let (next, now) = (Destination::parse(&wanted.next), app.now());
    if auth::login(&app, &headers, now).await?.is_some() {
        return Ok(Redirect::to(next.as_str()).into_response());
    }
    if !app.accounts.has_accounts(now).await? {
        // Nobody can log in; the front page says what to do instead.
        return Ok(Redirect::to("/").into_response());
    }
    Ok(crate::web::shell::page(&LoginPage { layout, name: String::new(), next, problem: None })?.into_response())
}

pub(crate) async fn log_in(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    layout: Layout,
    Form(form): Form<LoginForm>,
) -> Result<Response> {
    let next = Destination::parse(&form.next);
    // One too short or too long to be a password is wrong like any other; how long it must be matters to those who choose one.
    if let Ok(password) = Password::parse(form.password) {
        let peer = caller.counted(&app.access);
        match app.accounts.check_password(&form.name, &password, Some(peer), app.now()).await? {
            PasswordCheck::Correct(person) => return begin_session(&app, &person, &headers, &next).await,
            PasswordCheck::Throttled(wait) => return Err(Error::TooManyTries(wait)),
            PasswordCheck::Wrong => {}
        }
    }
    let problem = Some("Wrong username or password.");
    let page = LoginPage { layout, name: form.name, next, problem };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

/// Begins a session under a new token; the one the browser came with, planted or not, ends.
pub(crate) async fn begin_session(
    app: &App,
    person: &Person,
    headers: &HeaderMap,
    next: &Destination,
) -> Result<Response> {
    if let Some(old) = cookies::session_token(headers, &app.access) {
        app.accounts.log_out(&old).await?;
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let token = app.accounts.log_in(person, agent, app.now()).await?;
    let cookie = cookies::of_session(&token, &app.access);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next.as_str())).into_response())
}

pub(crate) async fn log_out(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = cookies::session_token(&headers, &app.access) {
        app.accounts.log_out(&token).await?;
    }
    let cookie = cookies::of_no_session(&app.access);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}
