//! `/article/{id}/changes`: shows what changed in the last re-extraction, and restores the previous version.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};

use crate::app::App;
use crate::ingest::re_extraction;
use crate::library::articles::{self, Article, versions};
use crate::web::read::text_changes::{DiffLine, TextChanges};
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
    changes: TextChanges,
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
    crate::web::shell::page(&ChangesPage {
        layout,
        article,
        replaced_at: crate::web::shell::local_clock(&app).format_date_time(previous.replaced_at),
        is_restored: previous.is_rejected,
        changed_fields: re_extraction::changed_metadata(&previous.content, &current),
        changes: TextChanges::between(&previous.content.text, &current.text),
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
