//! `/edition/{day}`: the edition of a day that has ended; `/edition/{day}.epub`: the same as a book.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::Date;

use crate::app::App;
use crate::library::articles::editions::closed::{self, ClosedEdition};
use crate::library::articles::editions::material;
use crate::web::edition::view::EditionView;
use crate::web::edition::{days, read_edition, send_book};
use crate::web::shell::action_notice::Notice;
use crate::web::shell::dates;
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "edition.html")]
struct EditionPage {
    layout: Layout,
    notice: Option<Notice>,
    /// `2026-11-23`
    day: String,
    /// `Monday, 23 November 2026`
    title: String,
    edition: EditionView,
    /// How many more arrived, and their list.
    more: Option<(String, String)>,
    /// The editions before and after: their URLs and dates.
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    /// The day is still to come.
    is_future: bool,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(day): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let library = &reader.library;
    let clock = crate::web::shell::local_clock(&app);
    if let Some(day) = day.strip_suffix(".epub") {
        let paper = send_book::parse_paper(query.as_deref());
        return send_book::send(&app, library, days::parse(day)?, paper).await;
    }
    let day = days::parse(&day)?;
    if day == clock.today() {
        return Ok(Redirect::to("/").into_response());
    }
    let stored = if day > clock.today() { ClosedEdition::default() } else { days::find(library, day, &clock).await? };
    let ids: Vec<i64> = stored.items.iter().map(|item| item.item.article).collect();
    let cards = material::find_cards(library, &ids).await?;
    let (previous, next) = closed::find_neighbors(library, day).await?;
    let link = |day: Date| (format!("/edition/{day}"), dates::format_weekday(day));
    let today = (day < clock.today()).then(|| ("/".to_owned(), "Today".to_owned()));
    let items = stored.items.iter().map(|item| (&item.item, item.section_name.as_deref()));
    let page = EditionPage {
        layout,
        notice: read_edition::find_notice(library, query.as_deref(), &format!("/edition/{day}")).await?,
        title: dates::format_weekday(day),
        edition: EditionView::new(items, cards, &clock),
        more: (stored.left_out > 0).then(|| {
            (dates::count(stored.left_out, "more story", "more stories"), format!("/articles?since={day}&until={day}"))
        }),
        previous: previous.filter(|previous| *previous < clock.today()).map(link),
        next: next.map(link).or(today),
        is_future: day > clock.today(),
        day: day.to_string(),
    };
    crate::web::shell::fresh_page(&page)
}
