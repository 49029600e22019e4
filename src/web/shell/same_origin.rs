//! Requests that change something must come from our own pages, or another site could act with the reader's cookie
//! (CSRF).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::accounts::AccessPolicy;
use crate::app::App;
use crate::web::shell::auth::Client;
use crate::web::shell::error::{Error, Result};

pub(crate) async fn check(State(app): State<App>, client: Client, request: Request, next: Next) -> Result<Response> {
    if !is_safe(request.method()) && !is_same_origin(request.headers(), &client, &app.access) {
        return Err(Error::Forbidden(
            "That request didn’t come from one of Broadsheet’s own pages, so nothing was done. Open Broadsheet at its own \
             address and try again. Behind a proxy, the public URL must be configured."
                .into(),
        ));
    }
    Ok(next.run(request).await)
}

const fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Returns whether a request comes from our own origin. `Sec-Fetch-Site` cannot be forged by a page; from browsers
/// without it, `Origin` must be ours. A request with neither does not come from one of our pages.
fn is_same_origin(headers: &HeaderMap, client: &Client, access: &AccessPolicy) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = headers.get("origin").and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| access.is_same_origin(origin, client.host()))
}
