//! `POST /article/{id}/topic-and-tags`: saves the reader's topic and tags for an article.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;

use crate::app::App;
use crate::library::Library;
use crate::library::articles::{self, Article};
use crate::library::lanes;
use crate::library::operations;
use crate::library::tags::{self, TagChanges};
use crate::library::topics;
use crate::web::read::article::{self, RejectedForm};
use crate::web::read::topic_and_tags_form::{TopicAndTagsForm, join_tags};
use crate::web::read::topic_reason;
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::Origin;
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
    let origin = Origin::parse(form.list.as_deref());
    if form.tags_before.is_none() {
        form.tags_before = Some(join_tags(&tags::list_for_article(library, id).await?));
    }
    let before = form.tags_before.clone().unwrap_or_default();
    let mut operation = None;
    match parse_changes(&before, form.tags.get_or_insert_with(|| before.clone())) {
        Err(problem) => form.tags_problem = Some(problem),
        Ok(changes) => match save_topic_and_tags(library, &article, &form, &changes, app.now()).await? {
            Err(problem) => form.topic_problem = Some(problem),
            Ok(done) => operation = done,
        },
    }
    if form.has_problems() {
        return article::show_with_form(&app, &reader, layout, (id, origin), RejectedForm::TopicAndTags(form)).await;
    }
    let url = match operation {
        Some(operation) => topic_reason::corrected_url(&origin, id, operation),
        None => origin.notice_url(id, ActionResult::TopicAndTagsSaved),
    };
    Ok(Redirect::to(&url).into_response())
}

/// Parses what changed in a line of tags, or returns what is wrong with it.
fn parse_changes(before: &str, after: &str) -> std::result::Result<TagChanges, String> {
    // With a publisher's keywords an article may have more tags than a reader can give it, so an unchanged line is not parsed.
    if before.trim() == after.trim() {
        return Ok(TagChanges::default());
    }
    let before: Vec<String> = before.split(',').map(tags::normalize_name).filter(|name| !name.is_empty()).collect();
    Ok(TagChanges::between(&before, &tags::parse_list(after)?))
}

/// Saves the topic and the tags, or returns what is wrong with the topic. An unchanged topic keeps its reason. Returns the
/// operation that changed the topic, so that it can be undone, and what was learned from it forgotten.
async fn save_topic_and_tags(
    library: &Library,
    article: &Article,
    form: &TopicAndTagsForm,
    tags: &TagChanges,
    now: Timestamp,
) -> sqlx::Result<std::result::Result<Option<i64>, String>> {
    let own = form.new_topic.trim();
    let topic = if own.is_empty() {
        form.topic.clone()
    } else {
        match topics::add_custom(library, own).await? {
            Ok(slug) => slug,
            Err(reason) => {
                return Ok(Err(format!("“{}” can’t be a topic: {reason}", tags::truncate_for_display(own))));
            }
        }
    };
    let is_changed = topic != article.topic && (!own.is_empty() || form.topic_before.as_ref() != Some(&topic));
    if is_changed && topics::find(library, &topic).await?.is_none() {
        let name = tags::truncate_for_display(&topic);
        return Ok(Err(format!("No topic called “{name}”. Choose one from the list or enter a new one.")));
    }
    let choice = classify::TopicChoice::from_reader(classify::Topic::from_slug(&topic));
    // The log only has changes of articles that are not in the trash.
    let unlogged = (is_changed && article.state.deleted).then_some((topic.as_str(), &choice));
    if !tags.added.is_empty() {
        lanes::keep_article(library, article.id, now).await?;
    }
    if !is_changed || article.state.deleted {
        articles::set_topic_and_tags(library, article.id, unlogged, Some(tags)).await?;
        return Ok(Ok(None));
    }
    operations::move_to_topic(library, article.id, &topic, tags, now).await.map(|id| Ok(Some(id)))
}
