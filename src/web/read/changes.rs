//! `/article/{id}/changes`: shows what changed in the last re-extraction, and restores the previous version.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};

use crate::app::App;
use crate::ingest::re_extraction;
use crate::ingest::text_diff::{self, DiffPart};
use crate::library::articles::{self, Article, versions};
use crate::web::shell::action_notice::{self, ActionResult};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesPage {
    layout: Layout,
    article: Article,
    /// When the text was replaced.
    replaced_at: String,
    /// The reader restored the older version, so the previous one is newer.
    is_restored: bool,
    changed_fields: Vec<(&'static str, String, String)>,
    lines: Vec<DiffLine>,
    /// Paragraphs removed and added.
    removed_count: usize,
    added_count: usize,
}

/// A changed paragraph, or a run of unchanged ones.
enum DiffLine {
    Unchanged(String),
    Removed(String),
    Added(String),
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
) -> Result<Html<String>> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let previous = versions::load_previous(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let current = versions::load_current(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let lines: Vec<DiffLine> =
        text_diff::diff_paragraphs(&previous.content.text, &current.text).into_iter().map(DiffLine::from).collect();
    crate::web::shell::page(&ChangesPage {
        layout,
        article,
        replaced_at: crate::web::shell::local_clock(&app).format_date_time(previous.replaced_at),
        is_restored: previous.is_rejected,
        changed_fields: re_extraction::changed_metadata(&previous.content, &current),
        removed_count: lines.iter().filter(|line| matches!(line, DiffLine::Removed(_))).count(),
        added_count: lines.iter().filter(|line| matches!(line, DiffLine::Added(_))).count(),
        lines,
    })
}

pub(crate) async fn restore_version(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
) -> Result<Redirect> {
    if !versions::restore_previous(&reader.library, id, app.now()).await? {
        return Err(Error::NotFound);
    }
    app.wakeups.images.notify_one();
    Ok(Redirect::to(&action_notice::article_url(id, Some(ActionResult::VersionRestored))))
}

impl From<DiffPart<'_>> for DiffLine {
    fn from(piece: DiffPart<'_>) -> Self {
        match piece {
            DiffPart::Same(1) => Self::Unchanged("1 unchanged paragraph".to_owned()),
            DiffPart::Same(count) => Self::Unchanged(format!("{count} unchanged paragraphs")),
            DiffPart::Removed(text) => Self::Removed(text.to_owned()),
            DiffPart::Added(text) => Self::Added(text.to_owned()),
        }
    }
}
