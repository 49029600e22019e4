//! How to search: the query language, made from its definitions.

use askama::Template;
use axum::response::Html;
use query::{Choice, Entry, OPERATORS, Operator, SYNTAX, Value};

use crate::web::shell::{Layout, Result, page};

#[derive(Template)]
#[template(path = "search_help.html")]
struct SearchHelpPage {
    layout: Layout,
}

pub(crate) async fn show(layout: Layout) -> Result<Html<String>> {
    page(&SearchHelpPage { layout })
}

/// For the template.
impl SearchHelpPage {
    const fn syntax(&self) -> &'static [Entry] {
        SYNTAX
    }

    const fn operators(&self) -> &'static [Operator] {
        OPERATORS
    }

    const fn choices(&self, operator: &Operator) -> &'static [Choice] {
        match operator.value {
            Value::Choice(choices) => choices,
            _ => &[],
        }
    }

    fn search_url(&self, example: &str) -> String {
        let q = Some(example.to_owned());
        crate::web::shell::list_url::ListUrl { q, ..Default::default() }.to_string()
    }
}
