//! Turns every failed response into a page that explains it.

use askama::Template;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::web::shell::auth::Reader;
use crate::web::shell::error::Problem;
use crate::web::shell::layout::Layout;
use crate::web::shell::request_log::RequestId;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    layout: Layout,
    problem: Problem,
    request: String,
}

/// Makes a page of every failure that is none yet. What came with it (`Retry-After`, `Allow`) stays.
pub(crate) async fn show(request: Request, next: Next) -> Response {
    let cookie = request.headers().get(header::COOKIE).cloned();
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let mut response = next.run(request).await;
    if !is_bare_failure(&response) {
        return response;
    }
    let status = response.status();
    let problem = response.extensions_mut().remove::<Problem>().unwrap_or_else(|| Problem::of(status));
    let reader = response.extensions_mut().remove::<Reader>();
    let layout = Layout::new(cookie.as_ref().and_then(|cookie| cookie.to_str().ok()), reader.as_ref());
    let body = crate::web::shell::page(&ErrorPage { layout, problem, request: id });
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    // The template fails only for want of memory; then the bare status has to do.
    body.map_or_else(|_| status.into_response(), |body| (parts, body).into_response())
}

/// A failed status with no body or a line of plain text, as axum and our own [`Error`] answer.
fn is_bare_failure(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/plain");
    (response.status().is_client_error() || response.status().is_server_error()) && kind.starts_with("text/plain")
}
