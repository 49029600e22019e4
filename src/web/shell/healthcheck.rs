//! `/healthcheck`: tells other programs whether this one works, and nothing else.

use axum::extract::State;

use crate::app::App;
use crate::web::shell::error::Result;

pub(crate) async fn show(State(app): State<App>) -> Result<&'static str> {
    app.accounts.ping().await?;
    Ok("ok")
}
