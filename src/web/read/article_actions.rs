//! `POST /article/{id}/action`: marks an article read or unread, stars, archives, deletes or restores it.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::{self, ArticleAction};
use crate::web::shell::action_notice::{self, ActionResult};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct ActionForm {
    action: ArticleAction,
    /// Where to go afterwards, if not to the article.
    return_to: Option<ReturnTo>,
}

/// Other pages with such forms.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ReturnTo {
    Trash,
}

pub(crate) async fn apply(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<ActionForm>,
) -> Result<Redirect> {
    if !articles::apply_action(&reader.library, id, form.action, app.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(match form.return_to {
        Some(ReturnTo::Trash) => Redirect::to("/trash"),
        None => Redirect::to(&action_notice::article_url(id, action_result(form.action))),
    })
}

const fn action_result(action: ArticleAction) -> Option<ActionResult> {
    match action {
        ArticleAction::Unread => Some(ActionResult::MarkedUnread),
        ArticleAction::Archive => Some(ActionResult::Archived),
        ArticleAction::Delete => Some(ActionResult::Deleted),
        ArticleAction::Restore => Some(ActionResult::Restored),
        ArticleAction::Read | ArticleAction::Star | ArticleAction::Unstar | ArticleAction::Unarchive => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_values_match_the_actions_of_the_library() {
        for action in [
            ArticleAction::Read,
            ArticleAction::Unread,
            ArticleAction::Star,
            ArticleAction::Unstar,
            ArticleAction::Archive,
            ArticleAction::Unarchive,
            ArticleAction::Delete,
            ArticleAction::Restore,
        ] {
            let form: ActionForm =
                serde_json::from_value(serde_json::json!({ "action": action_notice::form_value(action) })).unwrap();
            assert_eq!(form.action, action);
        }
    }
}
