//! `/trash`: lists deleted articles and the days left to restore each.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::app::App;
use crate::library::articles::{self, lists};
use crate::web::shell::dates;
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "trash.html")]
struct TrashPage {
    layout: Layout,
    rows: Vec<TrashRow>,
}

struct TrashRow {
    article: lists::Card,
    deleted_age: String,
    datetime: String,
    days_left: i64,
}

pub(crate) async fn show(State(app): State<App>, reader: Reader, layout: Layout) -> Result<Html<String>> {
    let clock = crate::web::shell::local_clock(&app);
    let articles = lists::list_trash(&reader.library).await?;
    let rows = articles.into_iter().map(|article| TrashRow {
        deleted_age: clock.format_age(article.sorted_at),
        datetime: dates::datetime_attribute(article.sorted_at),
        days_left: clock.days_until(article.sorted_at.saturating_add(articles::TRASH_RETENTION.as_secs())),
        article,
    });
    crate::web::shell::page(&TrashPage { layout, rows: rows.collect() })
}
