//! `/import/{id}`: how far one import is, until it is an article; and what can be done when it has failed.

use std::pin::pin;
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::app::App;
use crate::library::Library;
use crate::library::imports::{self, Accepted, Import, ImportOutcome, ImportState as Progress};
use crate::urls::display_host;
use crate::web::shell::action_notice::{self, Done};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::return_path::Destination;
use crate::web::shell::{Error, Layout, Reader, Result};

/// How long a reader who handed something in waits for the article itself; the whole answer may take 3 s.
const PATIENCE: Duration = Duration::from_millis(2500);

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage {
    layout: Layout,
    import: Import,
    called: String,
    heading: &'static str,
    /// Which of the steps below it is at; `None` when it has ended.
    step: Option<&'static str>,
    problem: Option<String>,
}

/// The steps on the way, as the page names them.
const STEPS: [&str; 4] = ["Queued", "Fetching", "Extracting", "Done"];

pub(crate) async fn show(reader: Reader, layout: Layout, ArticleId(id): ArticleId) -> Result<Response> {
    let import = imports::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    if let Some(article) = article(&import.state) {
        return Ok(article.into_response());
    }
    Ok(crate::web::shell::page(&ProgressPage::new(layout, import))?.into_response())
}

#[derive(Deserialize)]
pub(crate) struct Back {
    /// The list it was asked from.
    to: Option<String>,
}

pub(crate) async fn retry(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(back): Form<Back>,
) -> Result<Redirect> {
    let library = &reader.library;
    imports::find(library, id).await?.ok_or(Error::NotFound)?;
    imports::retry(library, id, app.now()).await?;
    app.wakeups.imports.notify_one();
    match back.to {
        Some(to) => Ok(Redirect::to(Destination::parse(&to).as_str())),
        None => follow(library, Accepted::New(id)).await,
    }
}

pub(crate) async fn remove(reader: Reader, ArticleId(id): ArticleId, Form(back): Form<Back>) -> Result<Redirect> {
    imports::delete(&reader.library, id).await?;
    let to = back.to.map(|to| Destination::parse(&to));
    Ok(Redirect::to(to.as_ref().map_or("/imports", Destination::as_str)))
}

/// Where somebody goes who has handed in one thing: to the article if it is here in time, else to the page of its import.
pub(crate) async fn follow(library: &Library, accepted: Accepted) -> Result<Redirect> {
    match accepted {
        Accepted::ArticleExists { article_id: article } => Ok(to_article(article, ImportOutcome::Existing)),
        Accepted::New(id) | Accepted::AlreadyQueued(id) => {
            let ended = ended(library, id).await?;
            Ok(ended.as_ref().and_then(article).unwrap_or_else(|| Redirect::to(&format!("/import/{id}"))))
        }
    }
}

/// What the import ended as; `None` when it has not within our patience.
async fn ended(library: &Library, id: i64) -> sqlx::Result<Option<Progress>> {
    let until = Instant::now() + PATIENCE;
    loop {
        let mut changed = pin!(library.import_changed().notified());
        // From here on no bell is missed, so what is read below is either the end or followed by a bell.
        changed.as_mut().enable();
        match imports::find(library, id).await? {
            Some(import) if import.state.is_final() => return Ok(Some(import.state)),
            Some(_) => {}
            None => return Ok(None),
        }
        if timeout_at(until, changed).await.is_err() {
            return Ok(None);
        }
    }
}

fn article(state: &Progress) -> Option<Redirect> {
    match state {
        Progress::Done { article_id: Some(article), outcome: before, .. } => Some(to_article(*article, *before)),
        _ => None,
    }
}

fn to_article(article: i64, before: ImportOutcome) -> Redirect {
    let done = match before {
        ImportOutcome::New => None,
        ImportOutcome::Existing => Some(Done::Already),
        ImportOutcome::Restored => Some(Done::Restored),
    };
    Redirect::to(&action_notice::address(article, done))
}

impl ProgressPage {
    const fn steps(&self) -> [&'static str; 4] {
        STEPS
    }

    fn new(layout: Layout, import: Import) -> Self {
        let (heading, step) = match &import.state {
            Progress::Waiting => ("Queued", Some(STEPS[0])),
            Progress::Running if import.snapshot_id.is_none() => ("Fetching the page", Some(STEPS[1])),
            Progress::Running => ("Extracting the article", Some(STEPS[2])),
            Progress::Done { .. } => ("Article deleted", None),
            Progress::Failed { .. } => ("Couldn’t add this article", None),
        };
        let problem = match &import.state {
            Progress::Failed { message: problem, .. } => Some(problem.clone()),
            _ => None,
        };
        Self { layout, called: called(&import), heading, step, problem, import }
    }
}

/// What people call an import: its address without what nobody reads, or the name of its file.
pub(crate) fn called(import: &Import) -> String {
    const LONGEST: usize = 120;
    let address = import.url.as_deref().and_then(|address| Url::parse(address).ok());
    let Some(address) = address else { return import.file_name.clone().unwrap_or_else(|| "Pasted text".to_owned()) };
    let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
    let port = address.port().map(|port| format!(":{port}")).unwrap_or_default();
    let whole = format!("{}{port}{}{query}", display_host(&address), address.path().trim_end_matches('/'));
    match whole.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn called_when(address: Option<&str>, name: Option<&str>) -> String {
        called(&Import {
            id: 1,
            url: address.map(str::to_owned),
            file_name: name.map(str::to_owned),
            snapshot_id: None,
            state: Progress::Waiting,
            attempts: 0,
            accepted_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        })
    }

    #[test]
    fn an_import_is_called_by_its_address_or_its_file() {
        assert_eq!(called_when(Some("https://www.example.org/a/?b=c"), Some("links.txt")), "example.org/a?b=c");
        assert_eq!(called_when(Some("https://example.org/"), None), "example.org");
        assert_eq!(called_when(Some("http://127.0.0.1:22/a"), None), "127.0.0.1:22/a");
        assert_eq!(called_when(None, Some("saved.html")), "saved.html");
        assert_eq!(called_when(None, None), "Pasted text");
        let long = format!("https://example.org/{}", "я".repeat(200));
        assert_eq!(called_when(Some(&long), None).chars().count(), 121);
    }
}
