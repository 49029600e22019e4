//! `POST /article/{id}/mark`: marks an article read or unread, stars, archives, deletes or restores it.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::{self, ArticleAction};
use crate::web::shell::action_notice::{self, Done};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct MarkForm {
    mark: ArticleAction,
    /// Where to go afterwards, if not to the article.
    back: Option<Back>,
}

/// The pages besides the article's own that have such forms.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Back {
    Trash,
}

pub(crate) async fn mark(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<MarkForm>,
) -> Result<Redirect> {
    if !articles::apply_action(&reader.library, id, form.mark, app.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(match form.back {
        Some(Back::Trash) => Redirect::to("/trash"),
        None => Redirect::to(&action_notice::address(id, done(form.mark))),
    })
}

const fn done(mark: ArticleAction) -> Option<Done> {
    match mark {
        ArticleAction::Unread => Some(Done::Unread),
        ArticleAction::Archive => Some(Done::Archived),
        ArticleAction::Delete => Some(Done::Deleted),
        ArticleAction::Restore => Some(Done::Restored),
        ArticleAction::Read | ArticleAction::Star | ArticleAction::Unstar | ArticleAction::Unarchive => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_and_the_library_mean_the_same_mark() {
        for mark in [
            ArticleAction::Read,
            ArticleAction::Unread,
            ArticleAction::Star,
            ArticleAction::Unstar,
            ArticleAction::Archive,
            ArticleAction::Unarchive,
            ArticleAction::Delete,
            ArticleAction::Restore,
        ] {
            let form: MarkForm =
                serde_json::from_value(serde_json::json!({ "mark": action_notice::word(mark) })).unwrap();
            assert_eq!(form.mark, mark);
        }
    }
}
