//! `/login-notice/dismiss`: the reader has read about failed logins.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::web::shell::return_path::ReturnPath;
use crate::web::shell::{Reader, Result};

#[derive(Deserialize)]
pub(crate) struct DismissForm {
    /// The page to return to.
    #[serde(default)]
    return_to: String,
}

pub(crate) async fn dismiss(State(app): State<App>, reader: Reader, Form(form): Form<DismissForm>) -> Result<Redirect> {
    if let Some(login) = &reader.login {
        app.accounts.dismiss_failed_logins(&login.session).await?;
    }
    Ok(Redirect::to(ReturnPath::parse(&form.return_to).as_str()))
}
