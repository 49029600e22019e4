//! `/feed/{id}`: the articles of a feed, below how it is doing.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::app::App;
use crate::library::feeds::merging;
use crate::library::lanes::Lanes;
use crate::web::browse::list;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::{Error, Layout, Reader, Result};

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    // Whoever opens a feed wants to see it, whichever lane other lists show.
    let list = ListUrl { feed: Some(id.to_string()), lane: Some(Lanes::Both), ..ListUrl::default() };
    match list::show_single(&app, &reader, layout, list, query.as_deref()).await {
        Err(Error::NotFound) => match merging::find_merged(&reader.library, id).await? {
            Some(feed) => Ok(Redirect::to(&format!("/feed/{feed}")).into_response()),
            None => Err(Error::NotFound),
        },
        shown => shown,
    }
}
