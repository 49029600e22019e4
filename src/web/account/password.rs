//! `/settings/password`: changes the password, ends all other sessions and gives this one a new token.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::{Password, PasswordCheck};
use crate::app::App;
use crate::web::shell::auth::Reader;
use crate::web::shell::cookies;
use crate::web::shell::error::{Error, Result};
use crate::web::shell::layout::Layout;

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    layout: Layout,
    changed: bool,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    repeat: String,
}

#[derive(Deserialize)]
pub(crate) struct PasswordQuery {
    changed: Option<u8>,
}

pub(crate) async fn show(reader: Reader, Query(query): Query<PasswordQuery>, layout: Layout) -> Result<Response> {
    if reader.login.is_none() {
        // Without an account there is no password to change.
        return Ok(Redirect::to("/setup").into_response());
    }
    Ok(crate::web::shell::page(&PasswordPage { layout, changed: query.changed.is_some(), problem: None })?
        .into_response())
}

pub(crate) async fn change(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    let Some(login) = reader.login else { return Ok(Redirect::to("/setup").into_response()) };
    let problem = match (Password::parse(form.current), Password::parse_repeated(form.new, &form.repeat)) {
        // Its length rules it out.
        (Err(_), _) => "That’s not your current password.",
        (_, Err(problem)) => problem,
        (Ok(current), Ok(new)) => match app.accounts.check_session_password(&login.session, &current, app.now()).await?
        {
            PasswordCheck::Throttled(wait) => return Err(Error::TooManyAttempts(wait)),
            PasswordCheck::Wrong => "That’s not your current password.",
            PasswordCheck::Correct(_) => {
                let token = app.accounts.change_password(&login.session, &new).await?;
                let cookie = cookies::session_cookie(&token, &app.access);
                let changed = Redirect::to("/settings/password?changed=1");
                return Ok(([(header::SET_COOKIE, cookie)], changed).into_response());
            }
        },
    };
    let page = PasswordPage { layout, changed: false, problem: Some(problem) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}
