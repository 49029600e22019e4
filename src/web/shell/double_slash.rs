//! Redirects `//bookmarklet` to `/bookmarklet`: bookmarklets and scripts that join an address with a slash at its end and a
//! path with one at its beginning ask for that.

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

pub(in crate::web) async fn redirect(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let path = uri.path().trim_start_matches('/');
    // One slash and a path without any before it: it cannot lead to another site.
    if request.method() == Method::GET && uri.path().starts_with("//") && !path.starts_with('\\') {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::temporary(&format!("/{path}{query}")).into_response();
    }
    next.run(request).await
}
