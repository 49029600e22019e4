//! `/keys`: what the keyboard does. The script shows the same list when `?` is pressed.

use askama::Template;
use axum::response::Html;

use super::{Layout, Result};

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    layout: Layout,
}

pub(super) async fn show(layout: Layout) -> Result<Html<String>> {
    super::page(&KeysPage { layout })
}
