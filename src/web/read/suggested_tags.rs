//! `POST /article/{id}/suggested-tags`: the reader takes a suggested tag, or turns it down for this article or for all.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::Library;
use crate::library::articles::{self, Article};
use crate::library::lanes;
use crate::library::tags::suggestions::{self, Candidates, Origin as From, Shown};
use crate::library::tags::{self, Tag, TagChanges};
use crate::web::shell::action_notice::{Notice, UndoForm};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::{Origin, add_parameters};
use crate::web::shell::{Error, Reader, Result};

/// A suggested tag, as shown.
pub(crate) struct TagSuggestion {
    pub name: String,
    /// Where it comes from.
    pub origin: &'static str,
}

/// Returns the tags to suggest below an article.
pub(crate) fn suggest(article: &Article, tags: &[Tag], candidates: &Candidates) -> Vec<TagSuggestion> {
    if article.state.deleted {
        return Vec::new();
    }
    let shown = Shown {
        tags,
        topic: &article.topic_name,
        source: &article.source_name,
        domain: &article.source_domain,
        byline: article.byline.as_deref().unwrap_or_default(),
    };
    let suggested = suggestions::suggest(candidates, &shown).into_iter().map(|suggestion| TagSuggestion {
        name: suggestion.name,
        origin: match suggestion.origin {
            From::Tag => "one of your tags",
            From::Keyword => "a keyword of the publisher",
            From::Text => "from the text",
        },
    });
    suggested.collect()
}

/// A button for a suggestion, or one that undoes what another did. Its value is the name.
#[derive(Debug, Deserialize)]
pub(crate) struct SuggestionForm {
    add: Option<String>,
    decline: Option<String>,
    never: Option<String>,
    undo_add: Option<String>,
    undo_decline: Option<String>,
    undo_never: Option<String>,
    /// The list that the reader came from.
    list: Option<String>,
}

/// What was just done with a suggestion, as the URL says. Anyone can write it there; the notice is shown only if it is
/// true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SuggestionDone {
    Added,
    Declined,
    Never,
}

pub(crate) async fn answer(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<SuggestionForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    articles::find(library, id).await?.ok_or(Error::NotFound)?;
    let url = Origin::parse(form.list.as_deref()).page_url(id, "");
    let done = if let Some(name) = form.add {
        let tag = parse(&name)?;
        lanes::keep_article(library, id, app.now()).await?;
        tags::add_to_article(library, id, &[tag]).await?;
        Some(("added", name))
    } else if let Some(name) = form.decline {
        suggestions::decline(library, id, &parse(&name)?).await?;
        Some(("declined", name))
    } else if let Some(name) = form.never {
        suggestions::never_suggest(library, id, &parse(&name)?).await?;
        Some(("never", name))
    } else if let Some(name) = form.undo_add {
        let changes = TagChanges { removed: vec![name], ..TagChanges::default() };
        articles::set_topic_and_tags(library, id, None, Some(&changes)).await?;
        None
    } else if let Some(name) = form.undo_decline {
        suggestions::take_back_declined(library, id, &name).await?;
        None
    } else if let Some(name) = form.undo_never {
        suggestions::allow(library, &name).await?;
        None
    } else {
        return Err(Error::NotFound);
    };
    let url = done.map_or(url.clone(), |(done, name)| add_parameters(&url, &[("suggestion", done), ("name", &name)]));
    Ok(Redirect::to(&format!("{url}#article-tags")))
}

fn parse(name: &str) -> Result<String> {
    tags::parse_name(name).map_err(|_| Error::NotFound)
}

/// Says what was just done with a suggestion, and undoes it.
pub(crate) async fn find_notice(
    library: &Library,
    (article, list): (i64, Option<String>),
    tags: &[Tag],
    (done, name): (SuggestionDone, &str),
) -> sqlx::Result<Option<Notice>> {
    let slug = tags::slugify(&tags::normalize_name(name));
    let (name, text, field) = match done {
        SuggestionDone::Added => {
            let name = tags.iter().find(|tag| tag.slug == slug).map(|tag| tag.name.clone());
            (name, "Tagged “{}”.", "undo_add")
        }
        SuggestionDone::Declined => {
            let name = suggestions::find_declined(library, article, &slug).await?;
            (name, "“{}” won’t be suggested for this article again.", "undo_decline")
        }
        SuggestionDone::Never => {
            let name = suggestions::find_never_suggested(library, &slug).await?;
            (name, "“{}” won’t be suggested for any article.", "undo_never")
        }
    };
    Ok(name.map(|name| Notice {
        text: text.replace("{}", &name),
        undo: Some(UndoForm {
            url: format!("/article/{article}/suggested-tags"),
            field: (field, name),
            label: "Undo",
            list,
        }),
        link: None,
    }))
}
