//! Following the new links on a page without a feed: the page is shown as text, and the reader points at one of its links.
//! All that look like it are the list. The same page chooses the list again, when a site looks different.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use extract::Selector;
use extract::links::{SketchLine, SketchPiece};
use serde::Deserialize;
use url::Url;

use crate::app::App;
use crate::ingest::feeds::discover;
use crate::ingest::feeds::page_links::PageChoice;
use crate::ingest::fetch::NamedBy;
use crate::library::feeds::{self, NamedBy as GivenBy};
use crate::urls::display_host;
use crate::web::feeds::followed_feed::find_followed;
use crate::web::feeds::found::ListView;
use crate::web::feeds::typed_link::parse_link;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Layout, Reader, Result};

/// What is said of a list that cannot be read or found.
const NO_LIST: &str = "That list isn’t on the page. Choose one of its links.";

const NO_LINKS: &str = "This page has no links to other pages. Its site may build it with scripts.";

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ChoiceForm {
    #[serde(default)]
    url: String,
    /// The list that was pointed at.
    #[serde(default)]
    links: String,
}

#[derive(Template)]
#[template(path = "page_links.html")]
struct ChoicePage {
    layout: Layout,
    /// The page, as it is shown.
    host: String,
    url: String,
    title: String,
    /// Its id, if it is followed already.
    followed: Option<i64>,
    lines: Vec<LineView>,
    /// The list that was pointed at.
    chosen: Option<ListView>,
    problem: Option<String>,
}

struct LineView {
    is_heading: bool,
    pieces: Vec<PieceView>,
}

struct PieceView {
    text: String,
    /// The list of a link.
    link: Option<LinkView>,
}

struct LinkView {
    selector: String,
    is_checked: bool,
}

/// What is chosen from.
struct Choice<'a> {
    url: &'a Url,
    named_by: NamedBy,
    followed: Option<i64>,
    /// The list that was pointed at, or that is followed.
    links: &'a str,
}

/// Reads a list that was pointed at.
///
/// # Errors
/// It is none; says so.
pub(super) fn parse(links: &str) -> std::result::Result<Selector, String> {
    links.trim().parse::<Selector>().map_err(|_| NO_LIST.to_owned())
}

/// Shows a page to choose a list from.
pub(crate) async fn choose(
    State(app): State<App>,
    _reader: Reader,
    layout: Layout,
    Form(form): Form<ChoiceForm>,
) -> Result<Response> {
    let layout = Layout { current_url: "/feeds/follow".to_owned(), ..layout };
    match parse_link(&form.url) {
        Ok(url) => {
            let choice = Choice { url: &url, named_by: NamedBy::Inside, followed: None, links: &form.links };
            show(&app, layout, &choice).await
        }
        Err(problem) => {
            let page = ChoicePage::without_lines(layout, (form.url.clone(), String::new()), None, problem);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
        }
    }
}

/// Shows a page that is followed, to choose another list from.
pub(crate) async fn choose_again(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(form): Form<ChoiceForm>,
) -> Result<Response> {
    let feed = find_followed(&reader.library, id).await?;
    let layout = Layout { current_url: format!("/feed/{id}/settings"), ..layout };
    let known = feed.settings.links.as_ref().map(Selector::to_string).unwrap_or_default();
    let links = if form.links.trim().is_empty() { known } else { form.links };
    let named_by = match feed.named_by {
        GivenBy::Reader => NamedBy::Inside,
        GivenBy::File => NamedBy::Outside,
    };
    show(&app, layout, &Choice { url: &feed.url, named_by, followed: Some(id), links: &links }).await
}

/// Follows another list of a page.
pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(form): Form<ChoiceForm>,
) -> Result<Response> {
    let feed = find_followed(&reader.library, id).await?;
    match parse(&form.links) {
        Ok(links) => {
            feeds::choose_links(&reader.library, id, Some(&links), app.now()).await?;
            app.wakeups.feeds.notify_one();
            Ok(Redirect::to(&format!("/feed/{id}?saved=links")).into_response())
        }
        Err(problem) => {
            let page = ChoicePage::without_lines(layout, (feed.url.into(), feed.title), Some(id), problem);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
        }
    }
}

async fn show(app: &App, layout: Layout, choice: &Choice<'_>) -> Result<Response> {
    let asked = Some(choice.links.trim()).filter(|links| !links.is_empty());
    let selector = asked.and_then(|links| parse(links).ok());
    match discover::read_page(&app.fetcher, (choice.url, choice.named_by), selector.clone()).await? {
        Ok(page) => {
            let mut shown = ChoicePage::of(layout, page, choice, selector.as_ref());
            if asked.is_some() && shown.chosen.is_none() {
                shown.problem.get_or_insert_with(|| NO_LIST.to_owned());
            }
            let status = if shown.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Ok((status, crate::web::shell::page(&shown)?).into_response())
        }
        Err(problem) => {
            let page = (choice.url.to_string(), String::new());
            let shown = ChoicePage::without_lines(layout, page, choice.followed, problem);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&shown)?).into_response())
        }
    }
}

impl ChoicePage {
    fn of(layout: Layout, page: PageChoice, choice: &Choice<'_>, selector: Option<&Selector>) -> Self {
        let chosen = selector.filter(|_| !page.chosen.is_empty());
        let chosen = chosen.map(|it| ListView::of(it.to_string(), &page.chosen));
        let mut lines = lines(page.lines, chosen.as_ref());
        let has_links = lines.iter().flat_map(|line| &line.pieces).any(|piece| piece.link.is_some());
        if !has_links {
            lines.clear();
        }
        let problem = (!has_links).then(|| NO_LINKS.to_owned());
        let title = page.title.unwrap_or_else(|| display_host(choice.url));
        let (host, url) = (display_host(choice.url), choice.url.to_string());
        Self { layout, host, url, title, followed: choice.followed, lines, chosen, problem }
    }

    fn without_lines(layout: Layout, (url, title): (String, String), followed: Option<i64>, problem: String) -> Self {
        let host = Url::parse(&url).map_or_else(|_| url.clone(), |url| display_host(&url));
        Self { layout, host, url, title, followed, lines: Vec::new(), chosen: None, problem: Some(problem) }
    }

    /// Where the choice is sent to be followed.
    fn action(&self) -> String {
        self.followed.map_or_else(|| "/feeds/follow".to_owned(), |id| format!("/feed/{id}/links/save"))
    }

    /// Where the choice is sent to be shown.
    fn preview(&self) -> String {
        self.followed.map_or_else(|| "/feeds/links".to_owned(), |id| format!("/feed/{id}/links"))
    }
}

/// Returns the page as lines, in which each link stands for its list. The first link of the list that is chosen is checked.
fn lines(sketch: Vec<SketchLine>, chosen: Option<&ListView>) -> Vec<LineView> {
    let mut is_open = true;
    let mut view = |piece| match piece {
        SketchPiece::Text(text) => PieceView { text, link: None },
        SketchPiece::Link(text, _, selector) => {
            let selector = selector.to_string();
            let is_checked = is_open && chosen.is_some_and(|chosen| chosen.selector == selector);
            is_open &= !is_checked;
            PieceView { text, link: Some(LinkView { selector, is_checked }) }
        }
    };
    sketch
        .into_iter()
        .map(|line| LineView { is_heading: line.is_heading, pieces: line.pieces.into_iter().map(&mut view).collect() })
        .collect()
}
