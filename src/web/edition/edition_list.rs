//! `/editions`: the list of past editions.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::editions::closed::{self, Listed};
use crate::web::shell::dates;
use crate::web::shell::{Layout, Reader, Result};

/// Editions per page.
const PAGE_SIZE: usize = 31;

#[derive(Template)]
#[template(path = "editions.html")]
struct EditionsPage {
    layout: Layout,
    rows: Vec<Row>,
    older_url: Option<String>,
    is_first: bool,
}

struct Row {
    day: String,
    title: String,
    stories: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct EditionsQuery {
    before: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(query): Query<EditionsQuery>,
) -> Result<Response> {
    let clock = crate::web::shell::local_clock(&app);
    let before = query.before.as_deref().and_then(|day| day.parse::<Date>().ok());
    let limit = i64::try_from(PAGE_SIZE + 1)?;
    let mut found = closed::list(&reader.library, before.unwrap_or_else(|| clock.today()), limit).await?;
    let has_older = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    let older_url = found.last().filter(|_| has_older).map(|last| format!("/editions?before={}", last.day));
    crate::web::shell::fresh_page(&EditionsPage {
        layout,
        rows: found.into_iter().map(Row::new).collect(),
        older_url,
        is_first: before.is_none(),
    })
}

impl Row {
    fn new(listed: Listed) -> Self {
        Self {
            title: listed.day.parse().map_or_else(|_| listed.day.clone(), dates::format_weekday),
            stories: dates::count(listed.articles, "story", "stories"),
            day: listed.day,
        }
    }
}
