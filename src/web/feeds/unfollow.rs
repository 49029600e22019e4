//! `/feed/{id}/unfollow`: asks, then unfollows a feed. What is not kept of it goes to the trash, and comes back with an undo.

use axum::Form;
use axum::extract::State;
use axum::response::{Html, Redirect};
use serde::Deserialize;

use crate::app::App;
use crate::library::operations;
use crate::web::browse::bulk;
use crate::web::feeds::followed_feed::find_followed;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct UnfollowForm {
    /// The reader knows what follows.
    confirmed: Option<String>,
}

pub(crate) async fn confirm(reader: Reader, layout: Layout, ArticleId(id): ArticleId) -> Result<Html<String>> {
    let feed = find_followed(&reader.library, id).await?;
    ConfirmPage {
        layout,
        heading: format!("Unfollow “{}”?", feed.display_name()),
        text:
            "Its articles go to the trash, except those that you kept, starred, tagged, archived, edited or moved to a topic, \
               or that another feed has too. You can undo this for 30 days; if you follow it again until then, its articles are as before."
                .to_owned(),
        action: format!("/feed/{id}/unfollow"),
        fields: vec![("confirmed", "yes".to_owned())],
        button: "Unfollow".to_owned(),
        cancel_url: format!("/feed/{id}"),
    }
    .show()
}

pub(crate) async fn submit(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<UnfollowForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    let feed = find_followed(library, id).await?;
    if form.confirmed.is_none() {
        return Ok(Redirect::to(&format!("/feed/{id}/unfollow")));
    }
    let operation = operations::unfollow(library, &feed, app.now()).await?.ok_or(Error::NotFound)?;
    bulk::run(&app, library, operation).await?;
    Ok(Redirect::to(&format!("/feeds?operation={operation}")))
}
