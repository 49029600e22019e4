//! `/source/{domain}/edit`: renames a source, gives it a homepage, merges it into another, and splits hosts off.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::ingest;
use crate::library::Library;
use crate::library::operations::{self, Merged};
use crate::library::rules::MAX_RULES;
use crate::library::sources::{self, Source, SourceDetails};
use crate::urls::display_domain;
use crate::web::browse::source_form::{self, Host};
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::{Error, Layout, Reader, Result};

/// Sources offered for merging.
const MAX_SUGGESTIONS: i64 = 200;

/// Hosts shown; hardly any source has as many.
const MAX_HOSTS: i64 = 500;

#[derive(Template)]
#[template(path = "edit_source.html")]
struct EditSourcePage {
    layout: Layout,
    /// Its domain in its own letters.
    shown_domain: String,
    details: SourceDetails,
    name: String,
    homepage: String,
    name_problem: Option<String>,
    homepage_problem: Option<String>,
    /// What the reader typed as the source to merge into.
    into: String,
    merge_problem: Option<String>,
    /// Domains and names of other sources.
    others: Vec<(String, String)>,
    /// Hosts that can be split off.
    hosts: Vec<Host>,
    source: Source,
}

impl EditSourcePage {
    async fn load(library: &Library, layout: Layout, source: Source) -> Result<Self> {
        let details = sources::find_details(library, source.id).await?.ok_or(Error::NotFound)?;
        let others = sources::largest(library, MAX_SUGGESTIONS, None).await?.into_iter();
        let others = others.filter(|other| other.id != source.id && ingest::is_website(&other.domain));
        let hosts = sources::count_hosts(library, source.id, MAX_HOSTS).await?;
        Ok(Self {
            layout,
            shown_domain: display_domain(&source.domain),
            name: if details.is_renamed { source.name.clone() } else { String::new() },
            homepage: details.homepage.clone().unwrap_or_default(),
            name_problem: None,
            homepage_problem: None,
            into: String::new(),
            merge_problem: None,
            others: others.map(|other| (display_domain(&other.domain), other.name)).collect(),
            hosts: source_form::hosts_to_split(&source.domain, &hosts),
            details,
            source,
        })
    }

    fn reject(&self) -> Result<Response> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(self)?).into_response())
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct NameForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    homepage: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MergeForm {
    #[serde(default)]
    into: String,
    /// The reader knows what is merged.
    confirmed: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SplitForm {
    host: String,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Path(domain): Path<String>) -> Result<Html<String>> {
    let source = find(&reader.library, &domain).await?;
    crate::web::shell::page(&EditSourcePage::load(&reader.library, layout, source).await?)
}

pub(crate) async fn edit(
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let library = &reader.library;
    let source = find(library, &domain).await?;
    match (source_form::parse_name(&form.name), source_form::parse_homepage(&form.homepage)) {
        (Ok(name), Ok(homepage)) => {
            sources::edit(library, source.id, name.as_deref(), homepage.as_deref()).await?;
            Ok(Redirect::to(&format!("/source/{}", source.domain)).into_response())
        }
        (name, homepage) => EditSourcePage {
            name_problem: name.err(),
            homepage_problem: homepage.err(),
            name: form.name,
            homepage: form.homepage,
            ..EditSourcePage::load(library, layout, source).await?
        }
        .reject(),
    }
}

pub(crate) async fn merge(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Form(form): Form<MergeForm>,
) -> Result<Response> {
    let library = &reader.library;
    let source = find(library, &domain).await?;
    let problem = match source_form::find_typed(library, &form.into).await? {
        Err(problem) => problem,
        Ok(into) if into.id == source.id => format!("That is “{}” itself. Enter another source.", source.name),
        Ok(into) if !ingest::is_website(&into.domain) => {
            format!("“{}” is not a website, so nothing can be merged into it.", into.name)
        }
        Ok(into) if form.confirmed.is_none() => return confirm_merge(library, layout, &source, &into).await,
        Ok(into) => match operations::merge_sources(library, &source, &into, app.now()).await? {
            Merged::Begun(operation) => return finish(&app, library, operation, &into).await,
            Merged::SameSource => "The two were merged meanwhile.".to_owned(),
            Merged::TooManyRules => format!(
                "Together they have more than {MAX_RULES} rules for parts of their pages. Delete some of them first."
            ),
        },
    };
    let page = EditSourcePage::load(library, layout, source).await?;
    EditSourcePage { merge_problem: Some(problem), into: form.into, ..page }.reject()
}

async fn confirm_merge(library: &Library, layout: Layout, source: &Source, into: &Source) -> Result<Response> {
    let details = sources::find_details(library, source.id).await?.ok_or(Error::NotFound)?;
    let into_details = sources::find_details(library, into.id).await?.ok_or(Error::NotFound)?;
    let begins_keywords = details.takes_keywords && !into_details.takes_keywords;
    let keywords = if begins_keywords { " The keywords of all new articles there become your tags." } else { "" };
    let page = ConfirmPage {
        layout,
        heading: format!("Merge “{}” into “{}”?", source.name, into.name),
        text: format!(
            "{} and the rules for parts of its pages go to “{}”, and so will new articles from {}.{keywords} You can undo this for 30 days.",
            operation_words::count(details.articles),
            into.name,
            display_domain(&source.domain)
        ),
        action: format!("/source/{}/merge", source.domain),
        fields: vec![("into", into.domain.clone()), ("confirmed", "yes".to_owned())],
        button: "Merge sources".to_owned(),
        cancel_url: format!("/source/{}/edit", source.domain),
    };
    Ok(page.show()?.into_response())
}

pub(crate) async fn split(
    State(app): State<App>,
    reader: Reader,
    Path(domain): Path<String>,
    Form(form): Form<SplitForm>,
) -> Result<Response> {
    let library = &reader.library;
    let source = find(library, &domain).await?;
    let counts = sources::count_hosts(library, source.id, MAX_HOSTS).await?;
    let hosts = source_form::hosts_to_split(&source.domain, &counts);
    let host = hosts.iter().find(|host| host.host == form.host).ok_or(Error::NotFound)?;
    let split = operations::split_source(library, &source, &host.host, app.now()).await?;
    let (operation, new) = split.ok_or(Error::NotFound)?;
    finish(&app, library, operation, &new).await
}

/// Does the first part of an operation and shows it on the page of a source, with its undo button.
async fn finish(app: &App, library: &Library, operation: i64, source: &Source) -> Result<Response> {
    bulk::run(app, library, operation).await?;
    Ok(Redirect::to(&format!("/source/{}?operation={operation}", source.domain)).into_response())
}

async fn find(library: &Library, domain: &str) -> Result<Source> {
    let source = sources::find(library, domain).await?;
    source.filter(|source| ingest::is_website(&source.domain)).ok_or(Error::NotFound)
}
