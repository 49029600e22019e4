//! `/trash`: what was deleted, and how long it can still be taken back.

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
    rows: Vec<Row>,
}

struct Row {
    card: lists::Card,
    deleted: String,
    date: String,
    days_left: i64,
}

pub(crate) async fn show(State(app): State<App>, reader: Reader, layout: Layout) -> Result<Html<String>> {
    let present = crate::web::shell::present(&app);
    let cards = lists::list_trash(&reader.library).await?;
    let rows = cards.into_iter().map(|card| Row {
        deleted: present.ago(card.sorted_at),
        date: dates::machine(card.sorted_at),
        days_left: present.days_until(card.sorted_at.saturating_add(articles::TRASH_RETENTION.as_secs())),
        card,
    });
    crate::web::shell::page(&TrashPage { layout, rows: rows.collect() })
}
