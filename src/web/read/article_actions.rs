//! `POST /article/{id}/action`: marks an article read or unread, stars, archives, deletes or restores it, and goes on
//! reading. `GET /article/{id}/next` goes on without marking.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::Library;
use crate::library::articles::changes::BulkAction;
use crate::library::articles::{self, ArticleAction};
use crate::library::operations::{self, Progress};
use crate::library::stories::{self, ReadingChoice};
use crate::web::read::follower::{Follower, find_follower};
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::{Origin, add_parameters};
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct ActionForm {
    action: Button,
    /// Where to go afterwards, if not to the article or the one that follows.
    return_to: Option<ReturnTo>,
    /// The list that the reader came from.
    list: Option<String>,
}

/// A button of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Button {
    Action(ArticleAction),
    /// Marks the article read and goes on to the next unread one.
    ReadAndNext,
    /// Marks the article read and returns to the list.
    ReadAndBack,
}

impl<'de> Deserialize<'de> for Button {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        match word.as_str() {
            "next" => Ok(Self::ReadAndNext),
            "back" => Ok(Self::ReadAndBack),
            word => ArticleAction::deserialize(serde::de::value::StrDeserializer::new(word)).map(Self::Action),
        }
    }
}

/// Other pages with such forms.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ReturnTo {
    Trash,
    List,
}

pub(crate) async fn apply(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Form(form): Form<ActionForm>,
) -> Result<Redirect> {
    let (library, origin) = (&reader.library, Origin::parse(form.list.as_deref()));
    let action = match form.action {
        Button::Action(action) => action,
        Button::ReadAndNext | Button::ReadAndBack => ArticleAction::Read,
    };
    // The next article is found while this one is still in its place.
    let url = match (form.return_to, form.action) {
        (Some(ReturnTo::Trash), _) => "/trash".to_owned(),
        (
            Some(ReturnTo::List),
            Button::Action(
                ArticleAction::Archive | ArticleAction::Delete | ArticleAction::Keep | ArticleAction::Stream,
            ),
        ) => find_row_after(&app, library, &origin, (id, action)).await?,
        (Some(ReturnTo::List), _) | (None, Button::ReadAndBack) => origin.list_url(id),
        (None, Button::ReadAndNext) => find_next_unread(&app, library, &origin, id).await?,
        (None, Button::Action(ArticleAction::Archive | ArticleAction::Delete)) => {
            find_place_after(&app, library, &origin, (id, action, layout.after_action)).await?
        }
        (None, Button::Action(action)) => {
            add_done(&Origin::article_url(id, origin.list.as_ref()), action_result(action))
        }
    };
    if !articles::apply_action(library, id, action, app.now()).await? {
        return Err(Error::NotFound);
    }
    if action == ArticleAction::Read {
        read_story(&app, library, id).await?;
    }
    Ok(Redirect::to(&url))
}

/// Marks the other articles of a story read, if the reader wants that. Recent changes can take it back.
async fn read_story(app: &App, library: &Library, id: i64) -> Result<()> {
    if stories::find_choice(library).await? == ReadingChoice::Article {
        return Ok(());
    }
    let story = stories::list_for_articles(library, &[id]).await?;
    let unread = story.iter().flat_map(|story| &story.others).filter(|other| !other.is_read);
    let unread: Vec<i64> = unread.map(|other| other.id).collect();
    if !unread.is_empty() {
        let operation = operations::start(library, &BulkAction::Read, None, &unread, app.now()).await?;
        while operations::run_batch(library, operation, app.now()).await? == Progress::Unfinished {}
    }
    Ok(())
}

/// Goes to the next unread article of the list.
pub(crate) async fn next(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Query(origin): Query<Origin>,
) -> Result<Redirect> {
    Ok(Redirect::to(&find_next_unread(&app, &reader.library, &origin, id).await?))
}

async fn find_next_unread(app: &App, library: &Library, origin: &Origin, id: i64) -> sqlx::Result<String> {
    let clock = crate::web::shell::local_clock(app);
    let next = find_follower(library, (origin, id), Follower::NextUnread, (&clock, app.search_time)).await?;
    Ok(match next {
        Some(next) => Origin::article_url(next, origin.list.as_ref()),
        None => add_done(&list_or_all(origin), Some(ActionResult::NoneUnread)),
    })
}

/// Returns where to go after an article was archived or deleted: to the next one or to the list, as the reader has set.
async fn find_place_after(
    app: &App,
    library: &Library,
    origin: &Origin,
    (id, action, setting): (i64, ArticleAction, &str),
) -> sqlx::Result<String> {
    let clock = crate::web::shell::local_clock(app);
    let next = match setting {
        "list" => None,
        _ => find_follower(library, (origin, id), Follower::Next, (&clock, app.search_time)).await?,
    };
    let url = next.map_or_else(|| list_or_all(origin), |next| Origin::article_url(next, origin.list.as_ref()));
    Ok(add_parameters(&add_done(&url, action_result(action)), &[("of", &id.to_string())]))
}

/// Returns the list at the row that takes the place of an article that leaves it, or may.
async fn find_row_after(
    app: &App,
    library: &Library,
    origin: &Origin,
    (id, action): (i64, ArticleAction),
) -> sqlx::Result<String> {
    let clock = crate::web::shell::local_clock(app);
    let next = find_follower(library, (origin, id), Follower::Next, (&clock, app.search_time)).await?;
    let row = next.map(|next| format!("#article-{next}")).unwrap_or_default();
    let url = add_done(&list_or_all(origin), action_result(action));
    Ok(add_parameters(&url, &[("of", &id.to_string())]) + &row)
}

/// Returns the list, which shows what was done; the front page doesn't.
fn list_or_all(origin: &Origin) -> String {
    origin.list.as_ref().map_or_else(|| "/articles".to_owned(), ToString::to_string)
}

fn add_done(url: &str, result: Option<ActionResult>) -> String {
    result.map_or_else(|| url.to_owned(), |result| add_parameters(url, &[("done", result.code())]))
}

const fn action_result(action: ArticleAction) -> Option<ActionResult> {
    match action {
        ArticleAction::Unread => Some(ActionResult::MarkedUnread),
        ArticleAction::Archive => Some(ActionResult::Archived),
        ArticleAction::Delete => Some(ActionResult::Deleted),
        ArticleAction::Restore => Some(ActionResult::Restored),
        ArticleAction::Keep => Some(ActionResult::Kept),
        ArticleAction::Stream => Some(ActionResult::MovedToStream),
        ArticleAction::Read | ArticleAction::Star | ArticleAction::Unstar | ArticleAction::Unarchive => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::shell::action_notice;

    #[test]
    fn form_values_match_the_actions_of_the_library() {
        let parse = |word: &str| serde_json::from_value::<ActionForm>(serde_json::json!({ "action": word }));
        for action in [
            ArticleAction::Read,
            ArticleAction::Unread,
            ArticleAction::Star,
            ArticleAction::Unstar,
            ArticleAction::Archive,
            ArticleAction::Unarchive,
            ArticleAction::Delete,
            ArticleAction::Restore,
            ArticleAction::Keep,
            ArticleAction::Stream,
        ] {
            assert_eq!(parse(action_notice::form_value(action)).unwrap().action, Button::Action(action));
        }
        assert_eq!(parse("next").unwrap().action, Button::ReadAndNext);
        assert_eq!(parse("back").unwrap().action, Button::ReadAndBack);
        assert!(parse("purge").is_err());
    }
}
