//! `/healthcheck`: whether the program works. For machines; tells nobody anything.

use axum::extract::State;

use super::error::Result;
use crate::app::App;

pub(super) async fn show(State(app): State<App>) -> Result<&'static str> {
    app.accounts.ping().await?;
    Ok("ok")
}
