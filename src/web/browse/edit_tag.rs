//! `/tag/{slug}/edit`: renames a tag, merges it into another, gives it other names or deletes it. All of it can be undone.

use std::slice;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::library::tags::aliases::{self, Alias};
use crate::library::tags::{self, Tag};
use crate::library::{Library, operations};
use crate::web::browse::list_words::tag_url;
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::{Error, Layout, Reader, Result};

/// Names offered for merging.
const MAX_SUGGESTIONS: i64 = 100;

#[derive(Template)]
#[template(path = "edit_tag.html")]
struct EditTagPage {
    layout: Layout,
    tag: Tag,
    /// The current name, or the one typed.
    name: String,
    problem: Option<String>,
    /// How many articles have it: `1 article`.
    articles: String,
    /// Other tags, to merge with.
    others: Vec<Tag>,
    /// Its other names, separated by commas, or what was typed.
    aliases: String,
    aliases_problem: Option<String>,
}

impl EditTagPage {
    async fn load(library: &Library, layout: Layout, tag: Tag) -> Result<Self> {
        let articles = operation_words::count(tags::count_articles(library, tag.id).await?);
        let mut others = tags::largest(library, MAX_SUGGESTIONS, None).await?;
        others.retain(|other| other.id != tag.id);
        let aliases = aliases::list(library, tag.id).await?;
        let aliases = aliases.into_iter().map(|alias| alias.name).collect::<Vec<_>>().join(", ");
        let name = tag.name.clone();
        Ok(Self { layout, name, tag, problem: None, articles, others, aliases, aliases_problem: None })
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct NameForm {
    #[serde(default)]
    name: String,
    /// The reader knows that the two are merged.
    confirmed: Option<String>,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Path(slug): Path<String>) -> Result<Html<String>> {
    let tag = find(&reader.library, &slug).await?;
    crate::web::shell::page(&EditTagPage::load(&reader.library, layout, tag).await?)
}

pub(crate) async fn rename(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let library = &reader.library;
    let tag = find(library, &slug).await?;
    let name = match tags::parse_name(&form.name) {
        Ok(name) => name,
        Err(reason) => {
            let problem = format!("“{}” can’t be a tag: {reason}", tags::truncate_for_display(&form.name));
            return reject_name(library, layout, tag, form.name, problem).await;
        }
    };
    if name == tag.name {
        return Ok(Redirect::to(&tag_url(&tag.slug)).into_response());
    }
    let slug = tags::slugify(&name);
    let other = tags::find(library, &slug).await?.filter(|other| other.id != tag.id);
    // Else a tag without articles would give way, though the reader was told of a merge.
    if other.is_none() || form.confirmed.is_none() {
        match operations::rename_tag(library, &tag, &name, app.now()).await? {
            Ok(Some(operation)) => return finish(&app, library, operation, Some(&slug)).await,
            Ok(None) => {}
            Err(count) => {
                let problem = operation_words::refuse_names(&name, count);
                return reject_name(library, layout, tag, name, problem).await;
            }
        }
    }
    match tags::find(library, &slug).await? {
        Some(other) if other.id == tag.id => Ok(Redirect::to(&tag_url(&tag.slug)).into_response()),
        Some(other) if form.confirmed.is_none() => confirm_merge(library, layout, (&tag, &other), &name).await,
        Some(other) => match operations::merge_tags(library, slice::from_ref(&tag), &other, app.now()).await? {
            Ok(operation) => finish(&app, library, operation, Some(&other.slug)).await,
            Err(count) => {
                let problem = operation_words::refuse_names(&other.name, count);
                reject_name(library, layout, tag, name, problem).await
            }
        },
        // Another window deleted it.
        None => Err(Error::NotFound),
    }
}

async fn reject_name(library: &Library, layout: Layout, tag: Tag, name: String, problem: String) -> Result<Response> {
    let page = EditTagPage { problem: Some(problem), name, ..EditTagPage::load(library, layout, tag).await? };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

/// Asks whether to merge a tag into another, which is called so or has that as another name.
async fn confirm_merge(library: &Library, layout: Layout, (tag, other): (&Tag, &Tag), name: &str) -> Result<Response> {
    let articles = operation_words::count(tags::count_articles(library, tag.id).await?);
    let reason = if tags::slugify(name) == other.slug {
        format!("There is a tag “{}” already.", other.name)
    } else {
        format!("“{name}” is another name of the tag “{}”.", other.name)
    };
    let page = ConfirmPage {
        layout,
        heading: format!("Merge “{}” into “{}”?", tag.name, other.name),
        text: format!(
            "{reason} {articles} with “{}” will have that one instead, and “{}” becomes another name of it. You can undo this for 30 days.",
            tag.name, tag.name
        ),
        action: format!("/tag/{}/edit", tag.slug),
        fields: vec![("name", other.name.clone()), ("confirmed", "yes".to_owned())],
        button: "Merge tags".to_owned(),
        cancel_url: format!("/tag/{}/edit", tag.slug),
    };
    Ok(page.show()?.into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct AliasesForm {
    #[serde(default)]
    aliases: String,
}

/// Sets the other names of a tag.
pub(crate) async fn set_aliases(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    Form(form): Form<AliasesForm>,
) -> Result<Response> {
    let library = &reader.library;
    let tag = find(library, &slug).await?;
    let problem = match aliases::parse_list(&form.aliases, &tag) {
        Ok(names) => match find_conflict(library, &tag, &names).await? {
            None => {
                return match operations::set_aliases(library, &tag, names, app.now()).await? {
                    Some(operation) => finish(&app, library, operation, Some(&tag.slug)).await,
                    None => Ok(Redirect::to(&tag_url(&tag.slug)).into_response()),
                };
            }
            conflict => conflict,
        },
        Err(problem) => Some(problem),
    };
    let page =
        EditTagPage::load(library, Layout { current_url: format!("/tag/{}/edit", tag.slug), ..layout }, tag).await?;
    let page = EditTagPage { aliases: form.aliases, aliases_problem: problem, ..page };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

/// Says which of a tag's new names belongs to another tag.
async fn find_conflict(library: &Library, tag: &Tag, names: &[Alias]) -> sqlx::Result<Option<String>> {
    for name in names {
        let Some(other) = tags::find(library, &name.slug).await?.filter(|other| other.id != tag.id) else { continue };
        let articles = tags::count_articles(library, other.id).await?;
        if other.slug != name.slug {
            return Ok(Some(format!(
                "“{}” is another name of “{}” already. Remove it there first.",
                name.name, other.name
            )));
        }
        if articles > 0 {
            let articles = operation_words::count(articles);
            return Ok(Some(format!(
                "“{}” is a tag of its own, on {articles}. Merge it into “{}” on its own page, then it becomes another name.",
                other.name, tag.name
            )));
        }
    }
    Ok(None)
}

pub(crate) async fn delete(State(app): State<App>, reader: Reader, Path(slug): Path<String>) -> Result<Response> {
    let tag = find(&reader.library, &slug).await?;
    let operation = operations::delete_tags(&reader.library, &[tag], app.now()).await?;
    finish(&app, &reader.library, operation, None).await
}

/// Does the first part of an operation and shows it with its undo button: on the page of the tag, or among all tags.
async fn finish(app: &App, library: &Library, operation: i64, slug: Option<&str>) -> Result<Response> {
    bulk::run(app, library, operation).await?;
    let page = slug.map_or_else(|| "/tags".to_owned(), tag_url);
    Ok(Redirect::to(&format!("{page}?operation={operation}")).into_response())
}

async fn find(library: &Library, slug: &str) -> Result<Tag> {
    tags::find(library, slug).await?.ok_or(Error::NotFound)
}
