//! `POST /article/{id}/keywords` and `POST /source/{domain}/keywords`: the reader takes a publisher's keywords as tags.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles;
use crate::library::tags::{self, Tag};
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Reader, Result};

/// Returns the keywords that are no tags of the article yet.
pub(crate) fn suggest(keywords: Vec<String>, tags: &[Tag]) -> Vec<String> {
    let is_new = |name: &String| {
        let slug = tags::slugify(&tags::normalize_name(name));
        !slug.is_empty() && tags.iter().all(|tag| tag.slug != slug)
    };
    keywords.into_iter().filter(is_new).collect()
}

/// The keyword that becomes a tag.
#[derive(Debug, Deserialize)]
pub(crate) struct KeywordForm {
    keyword: String,
    /// The list that the reader came from.
    list: Option<String>,
}

pub(crate) async fn take(reader: Reader, ArticleId(id): ArticleId, Form(form): Form<KeywordForm>) -> Result<Redirect> {
    let name = tags::parse_name(&form.keyword).map_err(|_| Error::NotFound)?;
    if !tags::add_to_article(&reader.library, id, &[name]).await? {
        return Err(Error::NotFound);
    }
    let url = Origin::parse(form.list.as_deref()).notice_url(id, ActionResult::TopicAndTagsSaved);
    Ok(Redirect::to(&format!("{url}#topic-and-tags")))
}

/// Whether the keywords of a source become tags, and the article where the reader said so, with its list.
#[derive(Debug, Deserialize)]
pub(crate) struct SourceForm {
    take: bool,
    article: Option<i64>,
    list: Option<String>,
}

pub(crate) async fn take_all(
    State(app): State<App>,
    reader: Reader,
    Path(domain): Path<String>,
    Form(form): Form<SourceForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    if !tags::set_takes_keywords(library, &domain, form.take).await? {
        return Err(Error::NotFound);
    }
    app.wakeups.keywords.notify_one();
    Ok(Redirect::to(&match form.article {
        Some(id) if articles::find(library, id).await?.is_some() => {
            Origin::parse(form.list.as_deref()).notice_url(id, ActionResult::TopicAndTagsSaved)
        }
        _ => format!("/source/{domain}"),
    }))
}
