//! `/trash`: lists deleted articles and the days left to restore each.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::app::App;
use crate::library::articles::{self, lists};
use crate::library::clock::{self as library_clock, Belief, Clock};
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "trash.html")]
struct TrashPage {
    layout: Layout,
    /// Why nothing is deleted for good at present.
    clock_notice: Option<String>,
    rows: Vec<TrashRow>,
}

struct TrashRow {
    article: lists::Card,
    deleted_age: String,
    datetime: String,
    /// Such as `29 days left`; `None` while the clock may be wrong.
    time_left: Option<String>,
}

pub(crate) async fn show(State(app): State<App>, reader: Reader, layout: Layout) -> Result<Html<String>> {
    let clock = crate::web::shell::local_clock(&app);
    let clock_notice = describe_doubt(&library_clock::read(&reader.library, app.now()).await?, &clock);
    let articles = lists::list_trash(&reader.library).await?;
    let to_row = |article: lists::Card| TrashRow {
        deleted_age: clock.format_age(article.sorted_at),
        datetime: dates::datetime_attribute(article.sorted_at),
        time_left: clock_notice.is_none().then(|| describe_days_left(article.sorted_at, &clock)),
        article,
    };
    let rows = articles.into_iter().map(to_row).collect();
    crate::web::shell::page(&TrashPage { layout, clock_notice, rows })
}

/// Describes how long an article that was deleted at this time (Unix seconds) can still be restored.
fn describe_days_left(deleted_at: i64, clock: &LocalClock) -> String {
    match clock.days_until(deleted_at.saturating_add(articles::TRASH_RETENTION.as_secs())) {
        1 => "1 day left".to_owned(),
        days => format!("{days} days left"),
    }
}

/// Says that the computer's clock may be wrong, if so.
fn describe_doubt(seen: &Clock, clock: &LocalClock) -> Option<String> {
    match seen.judge() {
        Belief::Right | Belief::Settled => return None,
        Belief::Jumped | Belief::Doubted(_) => {}
    }
    Some(format!(
        "This computer’s clock says {}, but Broadsheet last saw {}. If the clock is wrong, set it. Until it’s right again or \
         has run for a day, nothing is deleted; after that, everything here has 30 days again.",
        dates::format_date(clock.today()),
        clock.format_date(seen.seen_at())
    ))
}
