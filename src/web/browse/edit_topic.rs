//! `/topic/{slug}/edit`: another name for a topic of the reader's own, or its end. The page is also what asks whether that
//! is meant.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::classify::TopicChoice;
use crate::library::Library;
use crate::library::articles;
use crate::library::tags;
use crate::library::topics::{self, CustomTopic, UNSORTED};
use crate::web::shell::dates;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage {
    layout: Layout,
    topic: CustomTopic,
    /// As it is, or as it was typed.
    name: String,
    problem: Option<String>,
    articles: String,
}

impl TopicPage {
    fn new(layout: Layout, topic: CustomTopic) -> Self {
        let (name, articles) = (topic.name.clone(), dates::number(topic.articles));
        Self { layout, topic, name, problem: None, articles }
    }
}

#[derive(Deserialize)]
pub(crate) struct NameForm {
    #[serde(default)]
    name: String,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Path(slug): Path<String>) -> Result<Html<String>> {
    let topic = own(&reader.library, &slug).await?;
    crate::web::shell::page(&TopicPage::new(layout, topic))
}

pub(crate) async fn rename(
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let library = &reader.library;
    let topic = own(library, &slug).await?;
    let named = match topics::add_custom(library, &form.name).await? {
        Ok(named) => named,
        Err(reason) => {
            let problem = Some(format!("“{}” can’t be a topic: {reason}", tags::truncate_for_display(&form.name)));
            let page = TopicPage { name: form.name, problem, ..TopicPage::new(layout, topic) };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response());
        }
    };
    if named == topic.slug {
        topics::rename_custom(library, &named, &form.name).await?;
    } else {
        articles::merge_custom_topic(library, &topic.slug, &named, None).await?;
    }
    Ok(Redirect::to(&format!("/topic/{}", in_address(&named))).into_response())
}

pub(crate) async fn remove(reader: Reader, Path(slug): Path<String>) -> Result<Redirect> {
    let topic = own(&reader.library, &slug).await?;
    articles::merge_custom_topic(&reader.library, &topic.slug, UNSORTED, Some(&TopicChoice::from_reader(None))).await?;
    Ok(Redirect::to("/topics?removed=1"))
}

async fn own(library: &Library, slug: &str) -> Result<CustomTopic> {
    topics::find_custom(library, slug).await?.ok_or(Error::NotFound)
}

/// A header holds ASCII only.
fn in_address(slug: &str) -> String {
    url::form_urlencoded::byte_serialize(slug.as_bytes()).collect()
}
