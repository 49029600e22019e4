//! `/feeds/follow`: finds the feeds of a site, and follows one. Showing the form asks no other site for anything.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use extract::Selector;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use crate::app::App;
use crate::ingest::feeds::discover::{self, Depth, Discovery};
use crate::ingest::feeds::page_links::FoundPage;
use crate::library::Library;
use crate::library::feeds::{self, FeedSettings, Followed, NamedBy, NewFeed};
use crate::library::operations;
use crate::web::browse::bulk;
use crate::web::feeds::found::{self, FoundView};
use crate::web::feeds::page_links;
use crate::web::feeds::typed_link::parse_link;
use crate::web::shell::{Layout, Reader, Result};

/// Characters of a title that a page gives.
const MAX_TITLE_CHARS: usize = 200;

/// A front page with so many links in a list may be meant as a site to follow.
const LONG_LIST: usize = 5;

#[derive(Template)]
#[template(path = "follow.html")]
struct FollowPage {
    layout: Layout,
    url: String,
    problem: Option<String>,
    found: Option<FoundView>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct LinkForm {
    #[serde(default)]
    url: String,
}

/// A feed as it was found.
#[derive(Debug, Deserialize)]
pub(crate) struct FollowForm {
    url: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    site_url: String,
    #[serde(default)]
    named_by: String,
    /// The list of links that is followed on a page; empty if it is a feed.
    #[serde(default)]
    links: String,
}

pub(crate) async fn show(layout: Layout, Query(form): Query<LinkForm>) -> Result<Html<String>> {
    crate::web::shell::page(&FollowPage { layout, url: form.url, problem: None, found: None })
}

/// Looks for feeds at the link, and shows them.
pub(crate) async fn find(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let layout = Layout { current_url: "/feeds/follow".to_owned(), ..layout };
    match parse_link(&form.url) {
        Err(problem) => reject(layout, form.url, problem),
        Ok(url) => {
            let discovery = discover::discover(&app.fetcher, &url, Depth::Guesses).await?;
            show_found(&app, &reader.library, layout, (form.url, &url), discovery).await
        }
    }
}

/// Looks for feeds that a page declares, at the address of a feed, or for a long list of links. `None` if there is none, so
/// that the link is that of an article.
pub(crate) async fn ask_which(app: &App, library: &Library, layout: Layout, url: &Url) -> Result<Option<Response>> {
    let discovery = discover::discover(&app.fetcher, url, Depth::Declared).await?;
    let is_long = |page: &FoundPage| page.lists.first().is_some_and(|list| list.links.len() >= LONG_LIST);
    if discovery.feeds.is_empty() && !discovery.page.as_ref().is_some_and(is_long) {
        return Ok(None);
    }
    let layout = Layout { current_url: "/feeds/follow".to_owned(), ..layout };
    show_found(app, library, layout, (url.to_string(), url), discovery).await.map(Some)
}

async fn show_found(
    app: &App,
    library: &Library,
    layout: Layout,
    (typed, url): (String, &Url),
    discovery: Discovery,
) -> Result<Response> {
    match discovery.problem {
        Some(problem) => {
            let found = found::nothing(library, url, discovery.page).await?;
            let page = FollowPage { layout, url: typed, problem: Some(problem), found: Some(found) };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
        }
        None => {
            let found = found::view(library, url, discovery, &crate::web::shell::local_clock(app)).await?;
            let page = FollowPage { layout, url: typed, problem: None, found: Some(found) };
            Ok(crate::web::shell::page(&page)?.into_response())
        }
    }
}

fn reject(layout: Layout, url: String, problem: String) -> Result<Response> {
    let page = FollowPage { layout, url, problem: Some(problem), found: None };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

/// Follows a feed. One that was unfollowed comes back with its articles, read and unread.
pub(crate) async fn follow(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Form(form): Form<FollowForm>,
) -> Result<Response> {
    let library = &reader.library;
    let url = match parse_link(&form.url) {
        Ok(url) => url,
        Err(problem) => return reject(layout, form.url, problem),
    };
    let new = match new_feed(url, &form) {
        Ok(new) => new,
        Err(problem) => return reject(layout, form.url, problem),
    };
    let comes_back = operations::follow_again(library, &new.url).await?;
    if let Some(operation) = comes_back {
        bulk::run(&app, library, operation).await?;
    }
    let followed = feeds::follow(library, &new, app.now()).await?;
    let is_again = comes_back.is_some() || matches!(followed, Followed::Again(_));
    take_links(library, (followed.id(), is_again), new.settings.links.as_ref(), app.now()).await?;
    app.wakeups.feeds.notify_one();
    let done = match followed {
        Followed::New(_) => "new",
        Followed::Again(_) => "again",
        Followed::Already(_) if comes_back.is_some() => "again",
        Followed::Already(_) => "already",
    };
    Ok(Redirect::to(&format!("/feed/{}?followed={done}", followed.id())).into_response())
}

/// Takes over what the reader wants to follow at an address that was followed before: another list of links, or its feed. A feed
/// that is followed, and is one, stays that.
async fn take_links(
    library: &Library,
    (id, is_again): (i64, bool),
    links: Option<&Selector>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let Some(feed) = feeds::find(library, id).await? else { return Ok(()) };
    let is_fine_feed = feed.settings.links.is_none() && !feed.has_become_page() && !is_again;
    if !is_fine_feed && feed.settings.links.as_ref() != links {
        feeds::choose_links(library, id, links, now).await?;
    }
    Ok(())
}

/// Returns what the form is about; else what is wrong with it.
fn new_feed(url: Url, form: &FollowForm) -> std::result::Result<NewFeed, String> {
    let links = match form.links.trim() {
        "" => None,
        links => Some(page_links::parse(links)?),
    };
    let title: String = form.title.trim().chars().take(MAX_TITLE_CHARS).collect();
    let host = crate::urls::display_host(&url);
    let site_url = Url::parse(&form.site_url).ok().filter(|site| matches!(site.scheme(), "http" | "https"));
    Ok(NewFeed {
        title: if title.is_empty() { host } else { title },
        site_url,
        // What a page names may not choose a service at home, also later.
        named_by: if form.named_by == found::NAMED_BY_PAGE { NamedBy::File } else { NamedBy::Reader },
        settings: FeedSettings { links, ..FeedSettings::default() },
        url,
    })
}
