//! What changes something must come from our own pages: a form or a script elsewhere would act with the reader's cookie.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::accounts::AccessPolicy;
use crate::app::App;
use crate::web::shell::auth::Caller;
use crate::web::shell::error::{Error, Result};

pub(crate) async fn check(State(app): State<App>, caller: Caller, request: Request, next: Next) -> Result<Response> {
    if !is_safe(request.method()) && !is_same_origin(request.headers(), &caller, &app.access) {
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

/// A browser that sends `Sec-Fetch-Site` (no page can forge it) is believed; of an older one the `Origin` must be ours.
/// What says neither is no browser showing a page of ours.
fn is_same_origin(headers: &HeaderMap, caller: &Caller, access: &AccessPolicy) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = headers.get("origin").and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| access.is_same_origin(origin, caller.host()))
}
