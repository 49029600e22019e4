//! `/article/{id}/changes`: shows what changed in the last re-extraction, and restores the previous version.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};

use crate::app::App;
use crate::ingest::re_extraction;
use crate::library::articles::{self, Article, versions};
use crate::web::read::text_changes::{DiffLine, TextChanges};
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesPage {
    layout: Layout,
    article: Article,
    /// The list that the article was opened from.
    origin: Origin,
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
    Query(origin): Query<Origin>,
) -> Result<Html<String>> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let previous = versions::load_previous(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let current = versions::load_current(&reader.library, id).await?.ok_or(Error::NotFound)?;
    crate::web::shell::page(&ChangesPage {
        layout,
        article,
        origin,
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
    Form(origin): Form<Origin>,
) -> Result<Redirect> {
    if !versions::restore_previous(&reader.library, id, app.now()).await? {
        return Err(Error::NotFound);
    }
    app.wakeups.images.notify_one();
    Ok(Redirect::to(&origin.notice_url(id, ActionResult::VersionRestored)))
}

impl ChangesPage {
    /// Returns the URL of another page about the article; of its own, if that is empty.
    fn page_url(&self, page: &str) -> String {
        self.origin.page_url(self.article.id, page)
    }
}
