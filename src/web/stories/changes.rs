//! `POST /story/{id}/read`, `/split` and `/join`: marks all articles of a story read, takes some out of it, or joins it with another. Each is
//! an operation, which can be undone for 30 days.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use url::form_urlencoded;

use crate::app::App;
use crate::jobs;
use crate::library::articles::changes::{BulkAction, StoryName};
use crate::library::stories::{self, Story};
use crate::library::{Library, articles, operations};
use crate::web::browse::bulk;
use crate::web::shell::origin::add_parameters;
use crate::web::shell::{Layout, Reader, Result};
use crate::web::stories::page::{self, MAX_DISTANCE, Problems};

pub(crate) async fn read(State(app): State<App>, reader: Reader, Path(id): Path<String>) -> Result<Redirect> {
    let story = page::find(&reader, &id).await?;
    let articles: Vec<i64> = story.members.iter().map(|member| member.id).collect();
    change(&app, &reader.library, &story, (BulkAction::Read, &articles)).await
}

pub(crate) async fn split(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response> {
    let story = page::find(&reader, &id).await?;
    let chosen: Vec<i64> = values(&body, "article").iter().filter_map(|id| id.parse().ok()).collect();
    let is_chosen = |id: i64| chosen.contains(&id);
    let articles: Vec<i64> = story.members.iter().map(|member| member.id).filter(|id| is_chosen(*id)).collect();
    let problem = match articles.len() {
        0 => Some("Select the articles that don’t belong to this story."),
        all if all == story.members.len() => Some("Leave at least one article in the story."),
        _ => None,
    };
    if problem.is_some() {
        return refuse(&app, &reader, layout, (story, Problems { split: problem, ..Problems::default() })).await;
    }
    // The story goes on as what is left of it.
    let left = story.members.iter().find(|member| !is_chosen(member.id)).or(story.members.first());
    let name = left.map(|member| StoryName { article: member.id, title: member.title.clone() });
    let action = BulkAction::SplitStory(name.unwrap_or(StoryName { article: 0, title: String::new() }));
    Ok(change(&app, &reader.library, &story, (action, &articles)).await?.into_response())
}

pub(crate) async fn join(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response> {
    let library = &reader.library;
    let story = page::find(&reader, &id).await?;
    let typed = values(&body, "link").concat();
    let chosen = values(&body, "article").first().and_then(|id| id.parse().ok());
    let found = match (typed.trim(), chosen) {
        ("", Some(article)) => find_others(library, &story, Target::Article(article)).await?,
        ("", None) => Err("Choose a story, or paste the link of one."),
        (link, _) => match parse_link(link) {
            Some(target) => find_others(library, &story, target).await?,
            None => Err("That isn’t the link of an article or story in this library."),
        },
    };
    match found {
        Ok(articles) => {
            let first = &story.members[0];
            let action = BulkAction::JoinStory(StoryName { article: first.id, title: first.title.clone() });
            Ok(change(&app, library, &story, (action, &articles)).await?.into_response())
        }
        Err(problem) => {
            let problems = Problems { join: Some(problem), link: typed, ..Problems::default() };
            refuse(&app, &reader, layout, (story, problems)).await
        }
    }
}

/// Returns the values of a field of a form.
fn values(body: &[u8], field: &str) -> Vec<String> {
    form_urlencoded::parse(body).filter(|(name, _)| name == field).map(|(_, value)| value.into_owned()).collect()
}

/// What a story is joined with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Article(i64),
    Story(i64),
}

/// Reads the link of an article or a story, of this or any other address of the library.
fn parse_link(link: &str) -> Option<Target> {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.trim_end_matches('/').rsplit('/');
    let id = parts.next()?.parse().ok()?;
    match parts.next()? {
        "article" => Some(Target::Article(id)),
        "story" => Some(Target::Story(id)),
        _ => None,
    }
}

/// Lists the articles that join a story, or says why they can't.
async fn find_others(
    library: &Library,
    story: &Story,
    target: Target,
) -> Result<std::result::Result<Vec<i64>, &'static str>> {
    let other_story = match target {
        Target::Article(article) => stories::find_of_article(library, article).await?,
        Target::Story(id) => Some(id),
    };
    if other_story == Some(story.id) {
        return Ok(Err("These articles are in this story already."));
    }
    let mut others = match other_story {
        Some(other) => stories::list_members(library, other).await?,
        None => Vec::new(),
    };
    if let (Target::Article(article), None) = (target, other_story) {
        others.push(article);
    }
    let mut dates = Vec::new();
    for id in &others {
        if let Some(article) = articles::find(library, *id).await?.filter(|article| !article.state.deleted) {
            dates.push(article.published_at.unwrap_or(article.received_at).as_second());
        }
    }
    let is_near = |at: &i64| story.members.iter().any(|member| (member.sorted_at - at).abs() <= MAX_DISTANCE);
    Ok(match dates.as_slice() {
        [] => Err("There is no such article or story, or it is in the trash."),
        dates if !dates.iter().any(is_near) => {
            Err("These articles are more than a week apart, so they can’t be one story.")
        }
        _ => Ok(others),
    })
}

/// Does an operation, puts what it is about into stories, and returns to the story, or to all articles if there is none any more.
async fn change(
    app: &App,
    library: &Library,
    story: &Story,
    (action, articles): (BulkAction, &[i64]),
) -> Result<Redirect> {
    let operation = operations::start(library, &action, None, articles, app.now()).await?;
    bulk::run(app, library, operation).await?;
    jobs::find_stories_now(app, library).await?;
    let page = match stories::find(library, story.id).await? {
        Some(story) => format!("/story/{}", story.id),
        None => "/articles".to_owned(),
    };
    Ok(Redirect::to(&add_parameters(&page, &[("operation", &operation.to_string())])))
}

async fn refuse(app: &App, reader: &Reader, layout: Layout, (story, problems): (Story, Problems)) -> Result<Response> {
    let page = page::show_story(app, reader, layout, (story, None, problems)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_articles_and_stories_are_read() {
        for (link, expected) in [
            ("http://127.0.0.1:8080/article/7?list=x", Some(Target::Article(7))),
            ("/story/12#row", Some(Target::Story(12))),
            ("https://harbour.example/news/ferry", None),
            ("7", None),
            ("", None),
        ] {
            assert_eq!(parse_link(link), expected, "{link}");
        }
    }
}
