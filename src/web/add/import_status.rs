//! `/import/{id}`: shows the progress of an import, or why it failed and what to do next.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;

use crate::app::App;
use crate::library::Library;
use crate::library::imports::{self, Accepted, Import, ImportOutcome, ImportState as Progress};
use crate::ops::disk_space::DiskState;
use crate::urls::display_host;
use crate::web::add::import_wait::{self, Wait};
use crate::web::add::wait_until::{wait_for_lead_image, wait_until_done};
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::dates::LocalClock;
use crate::web::shell::disk_notice;
use crate::web::shell::origin::Origin;
use crate::web::shell::return_path::ReturnPath;
use crate::web::shell::{Error, Layout, Reader, Result};

/// How long the response waits for the article and its lead image, so that the whole request takes at most 3 s.
const MAX_WAIT: Duration = Duration::from_millis(2800);

/// How long it waits for the article alone.
const MAX_ARTICLE_WAIT: Duration = Duration::from_millis(2500);

#[derive(Template)]
#[template(path = "import_status.html")]
struct ImportStatusPage {
    layout: Layout,
    import: Import,
    /// The list that the article was opened from, if its page is fetched again.
    origin: Origin,
    label: String,
    heading: &'static str,
    /// The current one of [`STEPS`]; `None` when the import has ended.
    step: Option<&'static str>,
    problem: Option<String>,
    /// Until when it waits for its site, and why.
    wait: Option<Wait>,
    /// A copy in the web archive may help.
    offers_archive: bool,
}

/// The steps of an import, as shown on the page.
const STEPS: [&str; 4] = ["Queued", "Fetching", "Extracting", "Done"];

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Query(origin): Query<Origin>,
) -> Result<Response> {
    let import = imports::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    if let Some(redirect) = article_redirect(&import.state, &origin) {
        if app.disk_state() == DiskState::Enough {
            wait_for_lead_image(&reader.library, Some(&import.state), Instant::now() + MAX_WAIT).await?;
        }
        return Ok(redirect.into_response());
    }
    let page = ImportStatusPage::new(layout, import, origin, &crate::web::shell::local_clock(&app));
    Ok(crate::web::shell::page(&page)?.into_response())
}

#[derive(Deserialize)]
pub(crate) struct ReturnForm {
    /// The list of imports where the button was pressed; `None`: on the page of the import.
    pub(super) return_to: Option<String>,
    /// The list that the article was opened from.
    list: Option<String>,
}

impl ReturnForm {
    pub(super) fn origin(&self) -> Origin {
        Origin::parse(self.list.as_deref())
    }
}

pub(crate) async fn retry(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<ReturnForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    imports::find(library, id).await?.ok_or(Error::NotFound)?;
    imports::retry(library, id, app.now()).await?;
    app.wakeups.imports.notify_one();
    match &form.return_to {
        Some(to) => Ok(Redirect::to(ReturnPath::parse(to).as_str())),
        None => redirect_when_done(library, Accepted::New(id), &form.origin()).await,
    }
}

pub(crate) async fn dismiss(
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<ReturnForm>,
) -> Result<Redirect> {
    imports::delete(&reader.library, id).await?;
    let to = form.return_to.map(|to| ReturnPath::parse(&to));
    Ok(Redirect::to(to.as_ref().map_or("/imports", ReturnPath::as_str)))
}

/// Redirects to the article if it is ready in time, else to the page of its import.
pub(crate) async fn redirect_when_done(library: &Library, accepted: Accepted, origin: &Origin) -> Result<Redirect> {
    match accepted {
        Accepted::ArticleExists { article_id } => Ok(redirect_to_article(article_id, ImportOutcome::Existing, origin)),
        Accepted::New(id) | Accepted::AlreadyQueued(id) => {
            let began_at = Instant::now();
            let state = wait_until_done(library, id, began_at + MAX_ARTICLE_WAIT).await?;
            wait_for_lead_image(library, state.as_ref(), began_at + MAX_WAIT).await?;
            let article = state.as_ref().and_then(|state| article_redirect(state, origin));
            Ok(article.unwrap_or_else(|| Redirect::to(&origin.add_to(&format!("/import/{id}")))))
        }
    }
}

fn article_redirect(state: &Progress, origin: &Origin) -> Option<Redirect> {
    match state {
        Progress::Done { article_id: Some(article), outcome: before, .. } => {
            Some(redirect_to_article(*article, *before, origin))
        }
        _ => None,
    }
}

fn redirect_to_article(article: i64, before: ImportOutcome, origin: &Origin) -> Redirect {
    let result = match before {
        ImportOutcome::New => return Redirect::to(&origin.page_url(article, "")),
        ImportOutcome::Existing => ActionResult::AlreadySaved,
        ImportOutcome::Restored => ActionResult::Restored,
        ImportOutcome::Renewed => ActionResult::FetchedAgain,
        ImportOutcome::RenewedUnchanged => ActionResult::FetchedAgainUnchanged,
        ImportOutcome::KeptOld => ActionResult::KeptOld,
    };
    Redirect::to(&origin.notice_url(article, result))
}

impl ImportStatusPage {
    const fn steps(&self) -> [&'static str; 4] {
        STEPS
    }

    /// Returns the URL of the article that is fetched again.
    fn saved_article_url(&self) -> Option<String> {
        self.import.renews.map(|article| self.origin.page_url(article, ""))
    }

    /// Returns the address, if it is that of a feed.
    fn feed_url(&self) -> Option<&str> {
        match &self.import.state {
            Progress::Failed { code, .. } if code == "feed" => self.import.url.as_deref(),
            _ => None,
        }
    }

    /// Returns the URL of the form for its text.
    fn paste_url(&self) -> String {
        self.origin.add_to(&format!("/import?replaces={}", self.import.id))
    }

    fn new(layout: Layout, import: Import, origin: Origin, clock: &LocalClock) -> Self {
        let wait = Wait::find(&import, clock);
        let waits_for_room = layout.disk == DiskState::Full || import.waits_for_room;
        let (heading, step) = match &import.state {
            Progress::Waiting | Progress::Running if waits_for_room => (disk_notice::WAITING, Some(STEPS[0])),
            Progress::Waiting if wait.is_some() => ("Waiting for the site", Some(STEPS[0])),
            Progress::Waiting => ("Queued", Some(STEPS[0])),
            Progress::Running if import.snapshot_id.is_none() => ("Fetching the page", Some(STEPS[1])),
            Progress::Running => ("Extracting the article", Some(STEPS[2])),
            Progress::Done { .. } => ("Article deleted", None),
            Progress::Failed { .. } => ("Couldn’t add this article", None),
        };
        let problem = match &import.state {
            Progress::Failed { message, .. } => Some(message.clone()),
            _ => None,
        };
        let offers_archive = import_wait::offers_archive(&import);
        Self { layout, label: import_label(&import), heading, step, problem, wait, offers_archive, import, origin }
    }
}

/// Returns what an import is called: its URL without scheme and `www.`, or its file name.
pub(crate) fn import_label(import: &Import) -> String {
    const MAX_CHARS: usize = 120;
    let url = import.url.as_deref().and_then(|url| Url::parse(url).ok());
    let Some(url) = url else { return import.file_name.clone().unwrap_or_else(|| "Pasted text".to_owned()) };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let label = format!("{}{port}{}{query}", display_host(&url), url.path().trim_end_matches('/'));
    match label.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &label[..end]),
        None => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn label_for(url: Option<&str>, name: Option<&str>) -> String {
        import_label(&Import {
            id: 1,
            url: url.map(str::to_owned),
            file_name: name.map(str::to_owned),
            snapshot_id: None,
            state: Progress::Waiting,
            attempts: 0,
            waits_for_room: false,
            waits_until: None,
            wait_reason: None,
            postponed_since: None,
            postponements: 0,
            renews: None,
            restores: false,
            feed_url: None,
            is_from_archive: false,
            archived_on: None,
            unfinished_reads: 0,
            accepted_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        })
    }

    #[test]
    fn the_label_is_the_url_or_the_file_name() {
        assert_eq!(label_for(Some("https://www.example.org/a/?b=c"), Some("links.txt")), "example.org/a?b=c");
        assert_eq!(label_for(Some("https://example.org/"), None), "example.org");
        assert_eq!(label_for(Some("http://127.0.0.1:22/a"), None), "127.0.0.1:22/a");
        assert_eq!(label_for(None, Some("saved.html")), "saved.html");
        assert_eq!(label_for(None, None), "Pasted text");
        let long = format!("https://example.org/{}", "я".repeat(200));
        assert_eq!(label_for(Some(&long), None).chars().count(), 121);
    }
}
