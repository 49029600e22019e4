//! `/keyboard-shortcuts`: what the keyboard does. The script shows the same list when `?` is pressed.

use askama::Template;
use axum::response::Html;

use crate::web::shell::{Layout, Result};

#[derive(Template)]
#[template(path = "keyboard_shortcuts.html")]
struct ShortcutsPage {
    layout: Layout,
}

pub(crate) async fn show(layout: Layout) -> Result<Html<String>> {
    crate::web::shell::page(&ShortcutsPage { layout })
}
