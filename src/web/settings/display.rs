//! `/settings/display`: theme, size and width of the text, remembered by the browser for a year.

use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::web::shell::cookies;
use crate::web::shell::layout::{SIZES, THEMES, WIDTHS};
use crate::web::shell::return_path::Destination;

#[derive(Deserialize)]
pub(crate) struct Looks {
    theme: Option<String>,
    size: Option<String>,
    width: Option<String>,
    /// The page to come back to.
    #[serde(default)]
    return_to: String,
}

/// Remembers what was chosen; what is not one of the known words is left as it was.
pub(crate) async fn choose(State(app): State<App>, Form(looks): Form<Looks>) -> Response {
    let choices =
        [("theme", looks.theme, &THEMES[..]), ("size", looks.size, &SIZES[..]), ("width", looks.width, &WIDTHS[..])];
    let mut headers = HeaderMap::new();
    for (name, chosen, words) in choices {
        if let Some(word) = words.iter().find(|word| chosen.as_deref() == Some(**word)) {
            headers.append(SET_COOKIE, cookies::of_looks(name, word, &app.access));
        }
    }
    (headers, Redirect::to(Destination::parse(&looks.return_to).as_str())).into_response()
}
