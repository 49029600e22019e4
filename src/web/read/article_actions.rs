//! `POST /article/{id}/action`: marks an article read or unread, stars, archives, deletes or restores it.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::{self, Mark};
use crate::web::shell::action_notice::{self, Done};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct MarkForm {
    action: Mark,
    /// Where to go afterwards, if not to the article.
    return_to: Option<ReturnTo>,
}

/// The pages besides the article's own that have such forms.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ReturnTo {
    Trash,
}

pub(crate) async fn mark(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<MarkForm>,
) -> Result<Redirect> {
    if !articles::mark(&reader.library, id, form.action, app.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(match form.return_to {
        Some(ReturnTo::Trash) => Redirect::to("/trash"),
        None => Redirect::to(&action_notice::address(id, done(form.action))),
    })
}

const fn done(mark: Mark) -> Option<Done> {
    match mark {
        Mark::Unread => Some(Done::Unread),
        Mark::Archive => Some(Done::Archived),
        Mark::Delete => Some(Done::Deleted),
        Mark::Restore => Some(Done::Restored),
        Mark::Read | Mark::Star | Mark::Unstar | Mark::Unarchive => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_and_the_library_mean_the_same_mark() {
        for mark in [
            Mark::Read,
            Mark::Unread,
            Mark::Star,
            Mark::Unstar,
            Mark::Archive,
            Mark::Unarchive,
            Mark::Delete,
            Mark::Restore,
        ] {
            let form: MarkForm =
                serde_json::from_value(serde_json::json!({ "action": action_notice::word(mark) })).unwrap();
            assert_eq!(form.action, mark);
        }
    }
}
