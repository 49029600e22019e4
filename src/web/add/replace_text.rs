//! Text pasted for an existing article. It replaces an incomplete article at once; before it replaces a complete one,
//! the reader is asked. Either way nothing pasted is lost.

use askama::Template;
use axum::response::Redirect;

use crate::app::App;
use crate::ingest::extraction::SnapshotPage;
use crate::ingest::failures;
use crate::ingest::intake::{ImportRequest, PasteFormat};
use crate::ingest::re_extraction::{self, ContentChange, ReExtractionOutcome, ReExtractionPreview};
use crate::library::Library;
use crate::library::articles::{self, Article};
use crate::library::imports::{self, NewImport};
use crate::library::snapshots::Snapshot;
use crate::web::read::page_notice;
use crate::web::read::text_changes::{DiffLine, TextChanges};
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Layout, Result};

/// A pasted page or text for an existing article.
pub(crate) struct PastedText {
    article: Article,
    page: Snapshot,
    /// The reader named the article; otherwise it was found by URL.
    is_article_given: bool,
    /// The failed import to replace.
    replaces: Option<i64>,
    /// The list that the article was opened from.
    origin: Origin,
}

/// What happened to the pasted text.
pub(crate) enum PasteResult {
    Done(Redirect),
    /// It gave no article text, for this reason.
    NoText(&'static str),
    /// The article is complete and its text differs, so the reader has to choose.
    Conflict(Box<TextConflict>),
}

/// A complete article and a different text for it.
pub(crate) struct TextConflict {
    pasted: PastedText,
    change: Box<ContentChange>,
}

#[derive(Template)]
#[template(path = "replace_text.html")]
pub(crate) struct ConflictPage {
    layout: Layout,
    article: Article,
    changes: TextChanges,
    text: String,
    format: PasteFormat,
    original_url: String,
    replaces: Option<i64>,
    origin: Origin,
}

impl PastedText {
    /// Returns the input of a form as a text for an existing article, named by the reader or found by URL.
    pub async fn for_existing_article(
        library: &Library,
        request: &ImportRequest,
        (article, origin): (Option<i64>, &Origin),
        replaces: Option<i64>,
    ) -> Result<Option<Self>> {
        let Some(page) = request.page.clone() else { return Ok(None) };
        let is_article_given = article.is_some();
        let article = match (article, &request.url) {
            (Some(article), _) => Some(article),
            (None, Some(url)) => articles::find_by_url(library, url).await?,
            (None, None) => None,
        };
        let Some(article) = article else { return Ok(None) };
        let article = articles::find(library, article).await?.ok_or(Error::NotFound)?;
        Ok(Some(Self { article, page, is_article_given, replaces, origin: origin.clone() }))
    }

    pub async fn apply(self, app: &App, library: &Library) -> Result<PasteResult> {
        if !self.is_article_given && page_notice::is_complete(&self.article) {
            let proposal = re_extraction::preview_pasted(library, self.article.id, &self.page, app.now()).await?;
            if let ReExtractionPreview::Changed(change) = proposal {
                return Ok(PasteResult::Conflict(Box::new(TextConflict { pasted: self, change })));
            }
        }
        let result = match re_extraction::replace_with_pasted(library, self.article.id, &self.page, app.now()).await? {
            ReExtractionOutcome::Changed => ActionResult::TextReplaced,
            ReExtractionOutcome::Unchanged if self.article.state.deleted => ActionResult::Restored,
            ReExtractionOutcome::Unchanged => ActionResult::AlreadySaved,
            ReExtractionOutcome::NoText => return Ok(PasteResult::NoText(failures::no_text_message(self.page.format))),
            ReExtractionOutcome::NoSnapshot => return Err(Error::NotFound),
        };
        self.complete_import(app, library).await?;
        app.wakeups.images.notify_one();
        Ok(PasteResult::Done(Redirect::to(&self.origin.notice_url(self.article.id, result))))
    }

    /// Marks the failed import as done, so that its page redirects to the article.
    async fn complete_import(&self, app: &App, library: &Library) -> Result<()> {
        let url = self.article.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        if self.replaces.is_some() && url.is_some() {
            let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: self.replaces };
            imports::accept(library, &input, app.now()).await?;
        }
        Ok(())
    }
}

impl TextConflict {
    pub fn page(self, layout: Layout) -> ConflictPage {
        let PastedText { article, page, replaces, origin, .. } = self.pasted;
        ConflictPage {
            layout,
            changes: TextChanges::between(&self.change.before.text, &self.change.after.text),
            article,
            format: PasteFormat::from(page.format),
            original_url: page.url.clone().unwrap_or_default(),
            text: SnapshotPage::from_snapshot(0, page).into_source(),
            replaces,
            origin,
        }
    }
}

impl ConflictPage {
    fn article_url(&self) -> String {
        self.origin.page_url(self.article.id, "")
    }
}
