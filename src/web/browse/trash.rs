//! `/trash`: lists deleted articles and the days left to restore each; empties it, or deletes one article for good.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::changes::BulkAction;
use crate::library::articles::lists::{self, Position};
use crate::library::articles::{self, limits};
use crate::library::clock::{self as library_clock, Belief, Clock};
use crate::library::{Library, operations, topics};
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::dates::{self, LocalClock, format_number};
use crate::web::shell::{Error, Layout, Reader, Result};

/// Articles per page.
const PAGE_SIZE: usize = 50;

#[derive(Template)]
#[template(path = "trash.html")]
struct TrashPage {
    layout: Layout,
    /// What was just deleted for good.
    notice: Option<String>,
    /// Why nothing is deleted for good at present.
    clock_notice: Option<String>,
    rows: Vec<TrashRow>,
    count: String,
    older_url: Option<String>,
    is_first: bool,
}

struct TrashRow {
    article: lists::Card,
    deleted_age: String,
    datetime: String,
    /// Such as `29 days left`; `None` while the clock may be wrong.
    time_left: Option<String>,
    /// A limit moved it here, and not the reader.
    is_limited: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct TrashQuery {
    after: Option<String>,
    /// The operation that deleted articles for good.
    operation: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(query): Query<TrashQuery>,
) -> Result<Response> {
    let library = &reader.library;
    let clock = crate::web::shell::local_clock(&app);
    let clock_notice = describe_doubt(&library_clock::read(library, app.now()).await?, &clock);
    let after = query.after.as_deref().and_then(Position::parse);
    let page = lists::list_trash(library, after.unwrap_or(Position::START), PAGE_SIZE).await?;
    let ids: Vec<i64> = page.cards.iter().map(|card| card.id).collect();
    let limited = limits::retain_limited(library, &ids).await?;
    let to_row = |article: lists::Card| TrashRow {
        deleted_age: clock.format_age(article.sorted_at),
        datetime: dates::datetime_attribute(article.sorted_at),
        time_left: clock_notice.is_none().then(|| describe_days_left(article.sorted_at, &clock)),
        is_limited: limited.contains(&article.id),
        article,
    };
    let rows: Vec<TrashRow> = page.cards.into_iter().map(to_row).collect();
    crate::web::shell::fresh_page(&TrashPage {
        layout,
        notice: find_notice(library, query.operation.as_deref()).await?,
        rows,
        clock_notice,
        count: describe_count(library).await?,
        older_url: page.older.map(|position| format!("/trash?after={position}")),
        is_first: after.is_none(),
    })
}

async fn find_notice(library: &Library, operation: Option<&str>) -> sqlx::Result<Option<String>> {
    let Some(id) = operation.and_then(|id| id.parse().ok()) else { return Ok(None) };
    let operation = operations::find(library, id).await?;
    Ok(operation.map(|operation| operation_words::report(&operation, &[])))
}

/// Returns the number of articles in the trash, in words.
async fn describe_count(library: &Library) -> sqlx::Result<String> {
    Ok(count_words(topics::article_counts(library).await?.trash))
}

fn count_words(count: i64) -> String {
    if count == 1 { "1 article".to_owned() } else { format!("{} articles", format_number(count)) }
}

/// What was in the trash when the reader was asked. What is deleted later stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EmptyForm {
    articles: usize,
    /// The newest time of deletion, in Unix seconds.
    deleted_up_to: i64,
}

/// Asks before the trash is emptied.
pub(crate) async fn confirm_empty(reader: Reader, layout: Layout) -> Result<Response> {
    let library = &reader.library;
    // In this order, so that an article deleted in between is never within the time but not in the number.
    let count = topics::article_counts(library).await?.trash;
    let newest = lists::list_trash(library, Position::START, 1).await?.cards;
    let Some(newest) = newest.first() else { return Ok(Redirect::to("/trash").into_response()) };
    let heading = format!("Delete {} for good?", count_words(count));
    let fields = vec![("articles", count.to_string()), ("deleted_up_to", newest.sorted_at.to_string())];
    Ok(ask(layout, heading, ("/trash/empty".to_owned(), fields), "Empty trash")?.into_response())
}

pub(crate) async fn empty(State(app): State<App>, reader: Reader, Form(question): Form<EmptyForm>) -> Result<Redirect> {
    let articles = lists::list_trash_ids(&reader.library, question.deleted_up_to).await?;
    // Others came in the same second, or the clock went back. So the reader is asked again.
    if articles.is_empty() || articles.len() > question.articles {
        return Ok(Redirect::to("/trash/empty"));
    }
    purge(&app, &reader.library, &articles).await
}

/// Asks before an article is deleted for good. One that is not in the trash any more needs no question.
pub(crate) async fn confirm_delete(reader: Reader, layout: Layout, ArticleId(id): ArticleId) -> Result<Response> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    if !article.state.deleted {
        return Ok(Redirect::to("/trash").into_response());
    }
    let heading = format!("Delete “{}” for good?", article.title);
    let action = format!("/trash/{id}/delete");
    Ok(ask(layout, heading, (action, Vec::new()), "Delete for good")?.into_response())
}

fn ask(
    layout: Layout,
    heading: String,
    (action, fields): (String, Vec<(&'static str, String)>),
    button: &str,
) -> Result<Html<String>> {
    ConfirmPage {
        layout,
        heading,
        text: "This can’t be undone.".to_owned(),
        action,
        fields,
        button: button.to_owned(),
        cancel_url: "/trash".to_owned(),
    }
    .show()
}

pub(crate) async fn delete(State(app): State<App>, reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    purge(&app, &reader.library, &[id]).await
}

async fn purge(app: &App, library: &Library, articles: &[i64]) -> Result<Redirect> {
    let id = operations::start(library, &BulkAction::Purge, None, articles, app.now()).await?;
    bulk::run(app, library, id).await?;
    Ok(Redirect::to(&format!("/trash?operation={id}")))
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
