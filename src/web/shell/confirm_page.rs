//! A question before something that is large or cannot be undone. Works without JavaScript.

use askama::Template;
use axum::response::Html;

use crate::web::shell::{Layout, Result};

/// The question, the button that answers yes, and the way back.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(crate) struct ConfirmPage {
    pub layout: Layout,
    pub heading: String,
    pub text: String,
    /// Where the form is posted.
    pub action: String,
    /// Names and values of its fields.
    pub fields: Vec<(&'static str, String)>,
    pub button: String,
    pub cancel_url: String,
}

impl ConfirmPage {
    /// Renders the page.
    pub fn show(&self) -> Result<Html<String>> {
        crate::web::shell::page(self)
    }
}
