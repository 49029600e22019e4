//! The feeds that were found at a link, as the page shows them.

use ::feeds::discovery::Kind;
use extract::links::{ListedLink, MAX_LISTED};
use url::Url;

use crate::ingest::feeds::discover::{Discovery, FoundFeed};
use crate::ingest::feeds::page_links::FoundPage;
use crate::library::Library;
use crate::library::feeds::health;
use crate::library::feeds::{self, Feed, NamedBy, TextFrom};
use crate::urls::display_host;
use crate::web::shell::dates::LocalClock;

/// The value of the form for a feed that a page names.
pub(super) const NAMED_BY_PAGE: &str = "page";

/// Titles of a list of links that are shown.
const MAX_TITLES: usize = 5;

/// What was found.
pub(super) struct FoundView {
    pub heading: String,
    /// What to do, if there is a choice.
    pub hint: Option<&'static str>,
    /// Feeds of articles, the best first.
    pub feeds: Vec<FeedView>,
    /// Feeds of comments.
    pub comments: Vec<FeedView>,
    /// The page, whose links may be followed.
    pub page: Option<PageView>,
    /// The page, which may be meant as an article.
    pub page_url: Option<String>,
}

/// A page whose links may be followed.
pub(super) struct PageView {
    pub url: String,
    pub title: String,
    pub lists: Vec<ListView>,
    /// Its id, if it is followed already.
    pub followed: Option<i64>,
}

/// A list of links.
pub(super) struct ListView {
    pub selector: String,
    pub name: String,
    pub newest: Vec<String>,
}

impl ListView {
    pub fn of(selector: String, links: &[ListedLink]) -> Self {
        let name = match links.len() {
            1 => "1 link".to_owned(),
            MAX_LISTED => format!("The first {MAX_LISTED} links"),
            count => format!("{count} links"),
        };
        Self { selector, name, newest: links.iter().take(MAX_TITLES).map(|link| link.title.clone()).collect() }
    }
}

/// A feed that may be followed.
pub(super) struct FeedView {
    pub url: String,
    /// The link as it is shown.
    pub shown_url: String,
    pub name: String,
    /// What the form sends as its title.
    pub title: String,
    pub site_url: String,
    pub named_by: &'static str,
    pub facts: Vec<String>,
    pub newest: Vec<String>,
    pub problem: Option<String>,
    /// Its id, if it is followed already.
    pub followed: Option<i64>,
    pub is_first: bool,
}

/// Shows that nothing was found: the page may still be an article, and the reader may see a list in it.
///
/// # Errors
/// The database fails.
pub(super) async fn nothing(library: &Library, url: &Url, page: Option<FoundPage>) -> sqlx::Result<FoundView> {
    Ok(FoundView {
        heading: format!("No feed at {}", display_host(url)),
        hint: None,
        feeds: Vec::new(),
        comments: Vec::new(),
        page: view_page(library, page).await?,
        page_url: Some(url.to_string()),
    })
}

async fn find_followed(library: &Library, url: &Url) -> sqlx::Result<Option<Feed>> {
    Ok(feeds::find_by_url(library, url).await?.filter(|feed| feed.unfollowed_at.is_none()))
}

async fn view_page(library: &Library, page: Option<FoundPage>) -> sqlx::Result<Option<PageView>> {
    let Some(page) = page else { return Ok(None) };
    let known = find_followed(library, &page.url).await?.filter(|feed| !feed.has_become_page());
    Ok(Some(PageView {
        title: page.title.unwrap_or_else(|| display_host(&page.url)),
        url: page.url.into(),
        lists: page.lists.iter().map(|list| ListView::of(list.selector.to_string(), &list.links)).collect(),
        followed: known.map(|feed| feed.id),
    }))
}

/// # Errors
/// The database fails.
pub(super) async fn view(
    library: &Library,
    url: &Url,
    discovery: Discovery,
    clock: &LocalClock,
) -> sqlx::Result<FoundView> {
    let page_url = (!discovery.is_feed).then(|| url.to_string());
    let (mut feeds, mut comments) = (Vec::new(), Vec::new());
    for found in discovery.feeds {
        let kind = found.kind;
        // One whose links are followed may have become a feed.
        let known = find_followed(library, &found.url).await?.filter(|feed| feed.settings.links.is_none());
        let mut view = feed_view(found, url, clock);
        view.followed = known.map(|feed| feed.id);
        match kind {
            Kind::Main => feeds.push(view),
            Kind::Comments => comments.push(view),
        }
    }
    if feeds.is_empty() {
        feeds = std::mem::take(&mut comments);
    }
    if let Some(first) = feeds.first_mut() {
        first.is_first = true;
    }
    Ok(FoundView {
        heading: match feeds.as_slice() {
            [feed] => feed.name.clone(),
            feeds => format!("{} feeds at {}", feeds.len(), display_host(url)),
        },
        hint: (feeds.len() > 1).then_some("The first one is most likely what you want."),
        feeds,
        comments,
        page: view_page(library, discovery.page).await?,
        page_url,
    })
}

fn feed_view(found: FoundFeed, url: &Url, clock: &LocalClock) -> FeedView {
    let title = found.title.clone().map(|title| title.trim().to_owned()).filter(|title| !title.is_empty());
    let path = found.url.path().trim_end_matches('/');
    let query = found.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut view = FeedView {
        shown_url: format!("{}{path}{query}", display_host(&found.url)),
        name: title.clone().unwrap_or_else(|| display_host(url)),
        title: title.unwrap_or_default(),
        site_url: String::new(),
        named_by: if found.named_by == NamedBy::Reader { "reader" } else { NAMED_BY_PAGE },
        facts: Vec::new(),
        newest: Vec::new(),
        problem: None,
        followed: None,
        is_first: false,
        url: found.url.into(),
    };
    match found.preview {
        Err(problem) => view.problem = Some(problem),
        Ok(preview) => {
            view.site_url = preview.site_url.map(String::from).unwrap_or_default();
            view.facts.extend(preview.newest_at.map(|at| format!("newest {}", clock.format_age(at.as_second()))));
            view.facts.extend(preview.per_week.map(health::describe_rate));
            view.facts.push(match preview.text {
                TextFrom::Feed => "whole texts".to_owned(),
                TextFrom::Page => "teasers, so the pages are fetched".to_owned(),
            });
            view.newest = preview.newest;
        }
    }
    view
}
