//! What every page and request goes through: layout, headers, login check, errors, log, static files, cookies.

pub mod action_notice;
pub mod article_id;
pub mod assets;
pub mod auth;
pub mod confirm_page;
pub mod cookies;
pub mod dates;
pub mod disk_notice;
pub mod double_slash;
pub mod error;
pub mod error_middleware;
pub mod fetch_metadata;
mod form_data;
pub mod headers;
pub mod healthcheck;
pub mod layout;
pub mod list_url;
pub mod login_notice;
pub mod no_account;
pub mod origin;
pub mod public_body;
pub mod recording_router;
pub mod request_log;
pub mod return_path;
pub mod same_origin;
pub mod upload;

pub use auth::Reader;
pub use error::{Error, Result};
pub use layout::Layout;
pub use recording_router::Routes;

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use jiff::tz::TimeZone;

use crate::app::App;

/// Renders a page.
///
/// # Errors
/// Rendering fails only without memory.
pub fn page(template: &impl Template) -> Result<Html<String>> {
    Ok(Html(template.render()?))
}

/// Renders a page that is fetched again when the reader comes back to it, so that it is true: a list, or an article.
///
/// # Errors
/// Rendering fails only without memory.
pub fn fresh_page(template: &impl Template) -> Result<Response> {
    Ok((headers::NEVER_STORE, page(template)?).into_response())
}

/// Returns the current time in the time zone of this computer (`TZ`).
pub fn local_clock(app: &App) -> dates::LocalClock {
    dates::LocalClock::new(app.now(), TimeZone::system())
}

/// Returns the routes of stylesheets, scripts, fonts and icons. The login page needs them too.
pub fn public_routes() -> Routes {
    Routes::new()
        .get("/static/{*name}", assets::show)
        .get("/manifest.webmanifest", assets::manifest)
        .get("/favicon.ico", assets::favicon)
}
