//! `/login` and `/logout`.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::{Attempt, Password, PasswordCheck, Person};
use crate::app::App;
use crate::web::shell::auth::{self, Client};
use crate::web::shell::cookies;
use crate::web::shell::error::{Error, Result};
use crate::web::shell::layout::Layout;
use crate::web::shell::return_path::ReturnPath;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    layout: Layout,
    name: String,
    next: ReturnPath,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(crate) struct LoginQuery {
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
    Query(query): Query<LoginQuery>,
    headers: HeaderMap,
    layout: Layout,
) -> Result<Response> {
    let (next, now) = (ReturnPath::parse(&query.next), app.now());
    if auth::find_login(&app, &headers, now).await?.is_some() {
        return Ok(Redirect::to(next.as_str()).into_response());
    }
    if !app.accounts.has_accounts(now).await? {
        // Without an account nobody can log in. The front page says what to do.
        return Ok(Redirect::to("/").into_response());
    }
    Ok(crate::web::shell::page(&LoginPage { layout, name: String::new(), next, problem: None })?.into_response())
}

pub(crate) async fn log_in(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    layout: Layout,
    Form(form): Form<LoginForm>,
) -> Result<Response> {
    let next = ReturnPath::parse(&form.next);
    // A password of impossible length is wrong like any other. Length rules matter only when choosing one.
    if let Ok(password) = Password::parse(form.password) {
        let peer = Some(client.attempt_source(&app.access));
        let attempt = Attempt { peer, device_cookie: cookies::find_device_cookie(&headers, &app.access) };
        match app.accounts.check_password(&form.name, &password, attempt, app.now()).await? {
            PasswordCheck::Correct(person) => return start_session(&app, &person, &headers, &next).await,
            PasswordCheck::Throttled(wait) => return Err(Error::TooManyAttempts(wait)),
            PasswordCheck::Wrong => {}
        }
    }
    let problem = Some("Wrong username or password.");
    let page = LoginPage { layout, name: form.name, next, problem };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

/// Starts a session with a new token and ends the one the browser sent, against session fixation. From now on the browser
/// is known.
pub(crate) async fn start_session(
    app: &App,
    person: &Person,
    headers: &HeaderMap,
    next: &ReturnPath,
) -> Result<Response> {
    let replaced = cookies::session_token(headers, &app.access);
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let log_in = || app.accounts.log_in(person, agent, replaced.as_ref(), app.now());
    let token = app.write_on_full_disk(log_in).await?;
    let sent = cookies::find_device_cookie(headers, &app.access);
    let device = app.accounts.issue_device_cookie(person, sent, app.now())?;
    let set_cookies = AppendHeaders([
        (header::SET_COOKIE, cookies::session_cookie(&token, &app.access)),
        (header::SET_COOKIE, cookies::device_cookie(&device, &app.access)),
    ]);
    Ok((set_cookies, Redirect::to(next.as_str())).into_response())
}

/// Ends the session. The browser stays known: that opens nothing, and its person will want to log in again.
pub(crate) async fn log_out(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = cookies::session_token(&headers, &app.access) {
        app.write_on_full_disk(async || Ok(app.accounts.log_out(&token).await?)).await?;
    }
    let cookie = cookies::expired_session_cookie(&app.access);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}
