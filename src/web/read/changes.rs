//! `/article/{id}/differences`: what is different since the article was last extracted again, and the way back.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};

use crate::app::App;
use crate::ingest::re_extraction;
use crate::ingest::text_diff::{self, DiffPart};
use crate::library::articles::{self, Article, versions};
use crate::web::shell::action_notice::{self, Done};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "differences.html")]
struct DifferencesPage {
    layout: Layout,
    article: Article,
    /// When the text was replaced.
    when: String,
    /// The text before is the newer code's, from which the reader went back.
    went_back: bool,
    facts: Vec<(&'static str, String, String)>,
    lines: Vec<Line>,
    /// Paragraphs that went and that came.
    gone: usize,
    new: usize,
}

/// One paragraph, or a stretch of those that stayed.
enum Line {
    Same(String),
    Gone(String),
    New(String),
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
) -> Result<Html<String>> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let before = versions::load_previous(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let now = versions::load_current(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let lines: Vec<Line> =
        text_diff::diff_paragraphs(&before.content.text, &now.text).into_iter().map(Line::from).collect();
    crate::web::shell::page(&DifferencesPage {
        layout,
        article,
        when: crate::web::shell::present(&app).exact(before.replaced_at),
        went_back: before.is_rejected,
        facts: re_extraction::changed_metadata(&before.content, &now),
        gone: lines.iter().filter(|line| matches!(line, Line::Gone(_))).count(),
        new: lines.iter().filter(|line| matches!(line, Line::New(_))).count(),
        lines,
    })
}

pub(crate) async fn undo(State(app): State<App>, reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    if !versions::restore_previous(&reader.library, id, app.now()).await? {
        return Err(Error::NotFound);
    }
    app.wakeups.images.notify_one();
    Ok(Redirect::to(&action_notice::address(id, Some(Done::WentBack))))
}

impl From<DiffPart<'_>> for Line {
    fn from(piece: DiffPart<'_>) -> Self {
        match piece {
            DiffPart::Same(1) => Self::Same("1 unchanged paragraph".to_owned()),
            DiffPart::Same(count) => Self::Same(format!("{count} unchanged paragraphs")),
            DiffPart::Removed(text) => Self::Gone(text.to_owned()),
            DiffPart::Added(text) => Self::New(text.to_owned()),
        }
    }
}
