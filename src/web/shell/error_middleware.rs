//! Turns every bare error response into a page.

use askama::Template;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::web::shell::auth::Reader;
use crate::web::shell::error::ErrorMessage;
use crate::web::shell::layout::Layout;
use crate::web::shell::request_log::RequestId;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    layout: Layout,
    message: ErrorMessage,
    request_id: String,
    /// It helps to find an error in the log. What the visitor did is not there.
    shows_request_id: bool,
}

/// Renders the error page. Headers such as `Retry-After` and `Allow` are kept.
pub(crate) async fn render(request: Request, next: Next) -> Response {
    let cookie = request.headers().get(header::COOKIE).cloned();
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let mut response = next.run(request).await;
    if !needs_error_page(&response) {
        return response;
    }
    let status = response.status();
    let message =
        response.extensions_mut().remove::<ErrorMessage>().unwrap_or_else(|| ErrorMessage::from_status(status));
    let reader = response.extensions_mut().remove::<Reader>();
    let layout = Layout::new(cookie.as_ref().and_then(|cookie| cookie.to_str().ok()), reader.as_ref());
    let body =
        crate::web::shell::page(&ErrorPage { layout, message, request_id, shows_request_id: status.is_server_error() });
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    // Rendering fails only without memory. Then the bare status is sent.
    body.map_or_else(|_| status.into_response(), |body| (parts, body).into_response())
}

/// Returns whether a response is an error without a body or with plain text, as axum and [`Error`] make it.
fn needs_error_page(response: &Response) -> bool {
    let content_type =
        response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text/plain");
    (response.status().is_client_error() || response.status().is_server_error())
        && content_type.starts_with("text/plain")
}
