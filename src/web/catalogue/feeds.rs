//! The feeds of the catalogue, and its books and covers. `?for=e-reader` chooses small grey images, and is passed on.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use url::form_urlencoded;

use crate::app::App;
use crate::library::articles::editions::closed::{self, Listed};
use crate::library::thumbnails::for_books::Paper;
use crate::web::catalogue::PRIVATE;
use crate::web::catalogue::access::Catalogue;
use crate::web::edition::{book, days, send_book};
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::{Error, Result};

/// Editions in one page of the feed.
const PAGE_SIZE: usize = 30;

const NAVIGATION: &str = "application/atom+xml;profile=opds-catalog;kind=navigation";
const ACQUISITION: &str = "application/atom+xml;profile=opds-catalog;kind=acquisition";

/// The first feed: where to go.
#[derive(Template)]
#[template(path = "catalogue_root.xml")]
struct RootFeed {
    base: String,
    updated: String,
}

/// The feed of editions, the newest first.
#[derive(Template)]
#[template(path = "catalogue_editions.xml")]
struct EditionsFeed {
    base: String,
    updated: String,
    /// The query that the reader came with, which paging and books keep.
    query: String,
    entries: Vec<Entry>,
    /// The day before which the next page begins.
    next: Option<String>,
}

struct Entry {
    day: String,
    title: String,
    updated: String,
    stories: String,
}

pub(crate) async fn root(State(app): State<App>, catalogue: Catalogue) -> Result<Response> {
    let updated = app.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(atom(NAVIGATION, RootFeed { base: catalogue.base, updated }.render()?))
}

pub(crate) async fn editions(
    State(app): State<App>,
    catalogue: Catalogue,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let clock = crate::web::shell::local_clock(&app);
    let query = query.unwrap_or_default();
    let before = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "before");
    let before: Option<Date> = before.and_then(|(_, day)| day.parse().ok());
    let limit = i64::try_from(PAGE_SIZE + 1)?;
    let mut found = closed::list(&catalogue.library, before.unwrap_or_else(|| clock.today()), limit).await?;
    let has_more = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    let next = found.last().filter(|_| has_more).map(|last| last.day.clone());
    let today = match before {
        None => find_today(&catalogue, &clock).await?,
        Some(_) => None,
    };
    let feed = EditionsFeed {
        base: catalogue.base,
        updated: clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        query: if send_book::parse_paper(Some(&query)) == Paper::Grey { "?for=e-reader".into() } else { String::new() },
        entries: today.into_iter().chain(found.into_iter().map(past)).collect(),
        next,
    };
    Ok(atom(ACQUISITION, feed.render()?))
}

/// Sends a book, `2026-11-23.epub`, or its cover, `2026-11-23.jpg`.
pub(crate) async fn file(
    State(app): State<App>,
    catalogue: Catalogue,
    Path(path): Path<HashMap<String, String>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let name = path.get("file").ok_or(Error::NotFound)?;
    let (day, extension) = name.split_once('.').ok_or(Error::NotFound)?;
    let day = days::parse(day)?;
    match extension {
        "epub" => {
            let paper = send_book::parse_paper(query.as_deref());
            Ok((PRIVATE, send_book::send(&app, &catalogue.library, day, paper).await?).into_response())
        }
        "jpg" => {
            let cover = book::make_cover(&app, &catalogue.library, day).await?;
            Ok((PRIVATE, [(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], cover).into_response())
        }
        _ => Err(Error::NotFound),
    }
}

/// Returns the edition of today, if anything is in it.
async fn find_today(catalogue: &Catalogue, clock: &LocalClock) -> Result<Option<Entry>> {
    let items = days::compose_today(&catalogue.library, clock).await?;
    Ok((!items.is_empty()).then(|| Entry {
        title: format!("{} (so far)", clock.format_today()),
        updated: clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        stories: dates::count(i64::try_from(items.len()).unwrap_or(i64::MAX), "story", "stories"),
        day: clock.today().to_string(),
    }))
}

fn past(listed: Listed) -> Entry {
    Entry {
        title: listed.day.parse().map_or_else(|_| listed.day.clone(), dates::format_weekday),
        updated: format!("{}T23:59:59Z", listed.day),
        stories: dates::count(listed.articles, "story", "stories"),
        day: listed.day,
    }
}

fn atom(media_type: &'static str, body: String) -> Response {
    (PRIVATE, [(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response()
}
