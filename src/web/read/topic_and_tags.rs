//! `POST /article/{id}/labels`: the reader's own topic and tags for an article.

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
use crate::web::read::topic_and_tags_form::{Labels, line};
use crate::web::shell::action_notice::{self, Done};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(mut labels): Form<Labels>,
) -> Result<Response> {
    let library = &reader.library;
    let article = articles::find(library, id).await?.ok_or(Error::NotFound)?;
    if labels.tags.is_none() {
        labels.tags = Some(line(&tags::list_for_article(library, id).await?));
    }
    match new_tags(library, id, labels.typed_tags()).await? {
        Err(problem) => labels.tags_problem = Some(problem),
        Ok(new_tags) => {
            labels.problem = save_topic(library, &article, &labels).await?;
            if let (None, Some(names)) = (&labels.problem, new_tags) {
                tags::set_for_article(library, id, &names).await?;
            }
        }
    }
    if labels.is_wrong() {
        return article::show_again(&app, &reader, layout, id, labels).await;
    }
    Ok(Redirect::to(&action_notice::address(id, Some(Done::Filed))).into_response())
}

/// The tags, if they are others than before; or what is wrong with them.
async fn new_tags(
    library: &Library,
    article: i64,
    typed: &str,
) -> sqlx::Result<std::result::Result<Option<Vec<String>>, String>> {
    // A publisher's tag may have a comma in its name: what was not changed is not taken apart.
    if typed.trim() == line(&tags::list_for_article(library, article).await?).trim() {
        return Ok(Ok(None));
    }
    Ok(tags::parse_list(typed).map(Some))
}

/// Files the article; what is wrong with the topic if that cannot be done. The topic it has already keeps its reason.
async fn save_topic(library: &Library, article: &Article, labels: &Labels) -> sqlx::Result<Option<String>> {
    let own = labels.own_topic.trim();
    let topic = if own.is_empty() {
        labels.topic.clone()
    } else {
        match topics::add_custom(library, own).await? {
            Ok(slug) => slug,
            Err(reason) => {
                return Ok(Some(format!("“{}” can’t be a topic: {reason}", tags::truncate_for_display(own))));
            }
        }
    };
    if topic == article.topic || articles::set_topic(library, article.id, &topic, &chosen_by_reader(&topic)).await? {
        return Ok(None);
    }
    Ok(Some(format!(
        "No topic called “{}”. Choose one from the list or enter a new one.",
        tags::truncate_for_display(&topic)
    )))
}

/// What the reader's own choice is kept as.
fn chosen_by_reader(topic: &str) -> classify::TopicChoice {
    classify::TopicChoice {
        topic: classify::Topic::from_slug(topic),
        reason: classify::TopicReason::Reader,
        suggestions: Vec::new(),
    }
}
