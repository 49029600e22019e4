//! `/settings/display`: theme, text size, text width and where to go after an article, remembered in cookies for a year.

use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::web::shell::cookies;
use crate::web::shell::layout::{AFTER_ACTION, SIZES, THEMES, WIDTHS};
use crate::web::shell::return_path::ReturnPath;

#[derive(Deserialize)]
pub(crate) struct DisplayForm {
    theme: Option<String>,
    size: Option<String>,
    width: Option<String>,
    #[serde(rename = "after-action")]
    after_action: Option<String>,
    /// The page to return to.
    #[serde(default)]
    return_to: String,
}

/// Saves the chosen settings. Unknown values are ignored.
pub(crate) async fn save(State(app): State<App>, Form(form): Form<DisplayForm>) -> Response {
    let settings = [
        ("theme", form.theme, &THEMES[..]),
        ("size", form.size, &SIZES[..]),
        ("width", form.width, &WIDTHS[..]),
        ("after-action", form.after_action, &AFTER_ACTION[..]),
    ];
    let mut headers = HeaderMap::new();
    for (name, chosen, values) in settings {
        if let Some(value) = values.iter().find(|value| chosen.as_deref() == Some(**value)) {
            headers.append(SET_COOKIE, cookies::display_cookie(name, value, &app.access));
        }
    }
    (headers, Redirect::to(ReturnPath::parse(&form.return_to).as_str())).into_response()
}
