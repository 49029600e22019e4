//! Looking at feeds now: at one, or at all, which can be stopped.

use axum::extract::State;
use axum::response::Redirect;

use crate::app::App;
use crate::library::feeds::{self, refresh};
use crate::web::feeds::followed_feed::find_followed;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Reader, Result};

/// Looks at all feeds.
pub(crate) async fn start(State(app): State<App>, reader: Reader) -> Result<Redirect> {
    refresh::start(&reader.library, app.now()).await?;
    app.wakeups.feeds.notify_one();
    Ok(Redirect::to("/feeds"))
}

/// Leaves the rest of a refresh to the usual times.
pub(crate) async fn stop(reader: Reader) -> Result<Redirect> {
    refresh::stop(&reader.library).await?;
    Ok(Redirect::to("/feeds"))
}

/// Looks at one feed.
pub(crate) async fn one(State(app): State<App>, reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    find_followed(&reader.library, id).await?;
    feeds::look_now(&reader.library, id, app.now()).await?;
    app.wakeups.feeds.notify_one();
    Ok(Redirect::to(&format!("/feed/{id}?refreshed=1")))
}
