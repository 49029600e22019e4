//! `POST /article/{id}/topic-and-tags`: saves the reader's topic and tags for an article.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::app::App;
use crate::classify;
use crate::library::Library;
use crate::library::articles::{self, Article};
use crate::library::tags;
use crate::library::topics;
use crate::web::read::article;
use crate::web::read::topic_and_tags_form::{TopicAndTagsForm, join_tags};
use crate::web::shell::action_notice::{self, ActionResult};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(mut form): Form<TopicAndTagsForm>,
) -> Result<Response> {
    let library = &reader.library;
    let article = articles::find(library, id).await?.ok_or(Error::NotFound)?;
    if form.tags.is_none() {
        form.tags = Some(join_tags(&tags::list_for_article(library, id).await?));
    }
    match parse_new_tags(library, id, form.tags_text()).await? {
        Err(problem) => form.tags_problem = Some(problem),
        Ok(new_tags) => {
            form.topic_problem = save_topic_and_tags(library, &article, &form, new_tags.as_deref()).await?;
        }
    }
    if form.has_problems() {
        return article::show_with_form(&app, &reader, layout, id, form).await;
    }
    Ok(Redirect::to(&action_notice::article_url(id, Some(ActionResult::TopicAndTagsSaved))).into_response())
}

/// Parses the tags if they changed, or returns what is wrong with them.
async fn parse_new_tags(
    library: &Library,
    article: i64,
    typed: &str,
) -> sqlx::Result<std::result::Result<Option<Vec<String>>, String>> {
    // A publisher's tag may contain a comma, so an unchanged line is not parsed.
    if typed.trim() == join_tags(&tags::list_for_article(library, article).await?).trim() {
        return Ok(Ok(None));
    }
    Ok(tags::parse_list(typed).map(Some))
}

/// Saves the topic and the tags, or returns what is wrong with the topic. An unchanged topic keeps its reason.
async fn save_topic_and_tags(
    library: &Library,
    article: &Article,
    form: &TopicAndTagsForm,
    tags: Option<&[String]>,
) -> sqlx::Result<Option<String>> {
    let own = form.new_topic.trim();
    let topic = if own.is_empty() {
        form.topic.clone()
    } else {
        match topics::add_custom(library, own).await? {
            Ok(slug) => slug,
            Err(reason) => {
                return Ok(Some(format!("“{}” can’t be a topic: {reason}", tags::truncate_for_display(own))));
            }
        }
    };
    let choice = readers_choice(&topic);
    let new_topic = (topic != article.topic).then_some((topic.as_str(), &choice));
    if articles::set_topic_and_tags(library, article.id, new_topic, tags).await? {
        return Ok(None);
    }
    Ok(Some(format!(
        "No topic called “{}”. Choose one from the list or enter a new one.",
        tags::truncate_for_display(&topic)
    )))
}

/// Returns the topic choice of a reader.
fn readers_choice(topic: &str) -> classify::TopicChoice {
    classify::TopicChoice {
        topic: classify::Topic::from_slug(topic),
        reason: classify::TopicReason::Reader,
        suggestions: Vec::new(),
    }
}
