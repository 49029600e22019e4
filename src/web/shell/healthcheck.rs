//! `/healthcheck`: tells other programs whether this one works, and whether it reaches the sites of feeds. Nothing else, since
//! anybody may ask.

use axum::extract::State;
use jiff::SignedDuration;

use crate::app::App;
use crate::library::feeds::health;
use crate::web::shell::error::Result;

/// Answers `ok`. An outage is a second line and no error of this program: starting it again would not help.
pub(crate) async fn show(State(app): State<App>) -> Result<String> {
    app.accounts.ping().await?;
    let mut longest: Option<SignedDuration> = None;
    for library in app.open_all_libraries().await {
        let since = health::find_outage(&library, app.now()).await?;
        longest = longest.max(since.map(|since| app.now().duration_since(since)));
    }
    Ok(longest.map_or_else(|| "ok".to_owned(), |outage| format!("ok\n{}\n", health::describe_outage(outage))))
}
