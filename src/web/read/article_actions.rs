//! `POST /article/{id}/action`: marks an article read or unread, stars, archives, deletes or restores it.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::{self, Mark};
use crate::web::shell::action_notice::{self, ActionResult};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct ActionForm {
    action: Mark,
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
    if !articles::mark(&reader.library, id, form.action, app.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(match form.return_to {
        Some(ReturnTo::Trash) => Redirect::to("/trash"),
        None => Redirect::to(&action_notice::article_url(id, action_result(form.action))),
    })
}

const fn action_result(action: Mark) -> Option<ActionResult> {
    match action {
        Mark::Unread => Some(ActionResult::MarkedUnread),
        Mark::Archive => Some(ActionResult::Archived),
        Mark::Delete => Some(ActionResult::Deleted),
        Mark::Restore => Some(ActionResult::Restored),
        Mark::Read | Mark::Star | Mark::Unstar | Mark::Unarchive => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_values_match_the_actions_of_the_library() {
        for action in [
            Mark::Read,
            Mark::Unread,
            Mark::Star,
            Mark::Unstar,
            Mark::Archive,
            Mark::Unarchive,
            Mark::Delete,
            Mark::Restore,
        ] {
            let form: ActionForm =
                serde_json::from_value(serde_json::json!({ "action": action_notice::form_value(action) })).unwrap();
            assert_eq!(form.action, action);
        }
    }
}
