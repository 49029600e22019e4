//! A page or text that is handed in for an article that is here. It becomes the article's text, at once where only a part of it
//! was here; where the whole was, its reader is asked. So nothing that was pasted is lost.

use askama::Template;
use axum::response::Redirect;

use crate::app::App;
use crate::ingest;
use crate::ingest::extraction::SnapshotPage;
use crate::ingest::intake::{ImportRequest, PasteFormat};
use crate::ingest::re_extraction::{self, ReExtractionOutcome, ReExtractionPreview};
use crate::library::Library;
use crate::library::articles::{self, Article, ArticleAction};
use crate::library::imports::{self, NewImport};
use crate::library::snapshots::Snapshot;
use crate::web::read::notice;
use crate::web::shell::action_notice::{self, Done};
use crate::web::shell::{Error, Layout, Result};

/// A page for an article.
pub(crate) struct Paste {
    article: Article,
    page: Snapshot,
    /// The reader has said that it is for this article.
    is_meant: bool,
    /// The failed import that ends with it.
    from: Option<i64>,
}

/// What became of it.
pub(crate) enum Taken {
    Done(Redirect),
    /// Why it is no text.
    NothingToRead(&'static str),
    /// Another whole text is here; which of the two is to stay?
    Asks(Box<Known>),
}

/// An article that is here as a whole, and another text for it.
pub(crate) struct Known(Paste);

#[derive(Template)]
#[template(path = "known.html")]
pub(crate) struct KnownPage {
    layout: Layout,
    article: Article,
    text: String,
    kind: PasteFormat,
    address: String,
    from: Option<i64>,
}

impl Paste {
    /// What was handed in, if it is a page for an article that is here: as the reader says, or by its address.
    pub async fn of(
        library: &Library,
        ready: &ImportRequest,
        meant: Option<i64>,
        from: Option<i64>,
    ) -> Result<Option<Self>> {
        let Some(page) = ready.page.clone() else { return Ok(None) };
        let article = match (meant, &ready.url) {
            (Some(article), _) => Some(article),
            (None, Some(address)) => articles::find_by_url(library, address).await?,
            (None, None) => None,
        };
        let Some(article) = article else { return Ok(None) };
        let article = articles::find(library, article).await?.ok_or(Error::NotFound)?;
        Ok(Some(Self { article, page, is_meant: meant.is_some(), from }))
    }

    pub async fn take(self, app: &App, library: &Library) -> Result<Taken> {
        if !self.is_meant && notice::is_whole(&self.article) {
            let proposal = re_extraction::preview_pasted(library, self.article.id, &self.page, app.now()).await?;
            if matches!(proposal, ReExtractionPreview::Changed(_)) {
                return Ok(Taken::Asks(Box::new(Known(self))));
            }
        }
        let done = match re_extraction::replace_with_pasted(library, self.article.id, &self.page, app.now()).await? {
            ReExtractionOutcome::Changed => Done::Pasted,
            ReExtractionOutcome::Unchanged if self.article.state.deleted => Done::Restored,
            ReExtractionOutcome::Unchanged => Done::Already,
            ReExtractionOutcome::NoText => return Ok(Taken::NothingToRead(ingest::no_text_message(self.page.format))),
            ReExtractionOutcome::NoSnapshot => return Err(Error::NotFound),
        };
        articles::apply_action(library, self.article.id, ArticleAction::Restore, app.now()).await?;
        self.end_import(app, library).await?;
        app.wakeups.images.notify_one();
        Ok(Taken::Done(Redirect::to(&action_notice::address(self.article.id, Some(done)))))
    }

    /// The page of a failed import leads to the article from now on.
    async fn end_import(&self, app: &App, library: &Library) -> Result<()> {
        let address = self.article.url.as_deref().and_then(|address| url::Url::parse(address).ok());
        if self.from.is_some() && address.is_some() {
            let input = NewImport { url: address, snapshot_id: None, file_name: None, replaces_id: self.from };
            imports::accept(library, &input, app.now()).await?;
        }
        Ok(())
    }
}

impl Known {
    pub fn page(self, layout: Layout) -> KnownPage {
        let Paste { article, page, from, .. } = self.0;
        KnownPage {
            layout,
            article,
            kind: PasteFormat::from(page.format),
            address: page.url.clone().unwrap_or_default(),
            text: SnapshotPage::from_snapshot(0, page).into_source(),
            from,
        }
    }
}
