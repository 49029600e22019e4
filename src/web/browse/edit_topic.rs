//! `/topic/{slug}/edit`: renames or deletes a topic the reader added. The page also asks for confirmation.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use classify::TopicChoice;
use serde::Deserialize;

use crate::library::Library;
use crate::library::articles;
use crate::library::tags;
use crate::library::topics::{self, CustomTopic, UNSORTED};
use crate::web::shell::dates;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "edit_topic.html")]
struct EditTopicPage {
    layout: Layout,
    topic: CustomTopic,
    /// The current name, or the one typed.
    name: String,
    problem: Option<String>,
    articles: String,
}

impl EditTopicPage {
    fn new(layout: Layout, topic: CustomTopic) -> Self {
        let (name, articles) = (topic.name.clone(), dates::format_number(topic.articles));
        Self { layout, topic, name, problem: None, articles }
    }
}

#[derive(Deserialize)]
pub(crate) struct NameForm {
    #[serde(default)]
    name: String,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Path(slug): Path<String>) -> Result<Html<String>> {
    let topic = find_own_topic(&reader.library, &slug).await?;
    crate::web::shell::page(&EditTopicPage::new(layout, topic))
}

pub(crate) async fn rename(
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let library = &reader.library;
    let topic = find_own_topic(library, &slug).await?;
    let new_slug = match topics::add_custom(library, &form.name).await? {
        Ok(new_slug) => new_slug,
        Err(reason) => {
            let problem = Some(format!("“{}” can’t be a topic: {reason}", tags::truncate_for_display(&form.name)));
            let page = EditTopicPage { name: form.name, problem, ..EditTopicPage::new(layout, topic) };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response());
        }
    };
    if new_slug == topic.slug {
        topics::rename_custom(library, &new_slug, &form.name).await?;
    } else {
        articles::merge_topic(library, &topic.slug, &new_slug, None).await?;
    }
    Ok(Redirect::to(&format!("/topic/{}", percent_encode(&new_slug))).into_response())
}

pub(crate) async fn delete(reader: Reader, Path(slug): Path<String>) -> Result<Redirect> {
    let topic = find_own_topic(&reader.library, &slug).await?;
    articles::merge_topic(&reader.library, &topic.slug, UNSORTED, Some(&TopicChoice::from_reader(None))).await?;
    Ok(Redirect::to("/topics?deleted=1"))
}

async fn find_own_topic(library: &Library, slug: &str) -> Result<CustomTopic> {
    topics::find_custom(library, slug).await?.ok_or(Error::NotFound)
}

/// Header values are ASCII.
fn percent_encode(slug: &str) -> String {
    url::form_urlencoded::byte_serialize(slug.as_bytes()).collect()
}
