//! `/folder/{id}`: the articles of the feeds in a folder, and of those in the folders in it.

use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::app::App;
use crate::library::lanes::Lanes;
use crate::web::browse::list;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::{Layout, Reader, Result};

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    // Whoever opens a folder wants to see it, whichever lane other lists show.
    let list = ListUrl { folder: Some(id.to_string()), lane: Some(Lanes::Both), ..ListUrl::default() };
    list::show_single(&app, &reader, layout, list, query.as_deref()).await
}
