//! `/trash`: what was deleted, and how long it can still be taken back.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::dates;
use super::{Layout, Reader, Result};
use crate::app::App;
use crate::articles::{self, lists};

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

pub(super) async fn show(State(app): State<App>, reader: Reader, layout: Layout) -> Result<Html<String>> {
    let present = super::present(&app);
    let cards = lists::trash(&reader.library).await?;
    let rows = cards.into_iter().map(|card| Row {
        deleted: present.ago(card.sorted_at),
        date: dates::machine(card.sorted_at),
        days_left: present.days_until(card.sorted_at.saturating_add(articles::TRASH.as_secs())),
        card,
    });
    super::page(&TrashPage { layout, rows: rows.collect() })
}
