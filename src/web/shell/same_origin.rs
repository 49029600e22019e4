//! Other sites may link to our pages, and no more. They change nothing, or they could act with the reader's cookie
//! (CSRF). And they load nothing in frames, as images or by scripts, or they could learn from redirects, sizes and times
//! what is here, and keep the server busy.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::accounts::AccessPolicy;
use crate::app::App;
use crate::web::shell::auth::Client;
use crate::web::shell::error::{Error, Result};
use crate::web::shell::fetch_metadata::{self, Site};

pub(crate) async fn check(State(app): State<App>, client: Client, request: Request, next: Next) -> Result<Response> {
    let (method, headers) = (request.method(), request.headers());
    if !is_safe(method) && !is_same_origin(headers, &client, &app.access) {
        return Err(Error::Forbidden(
            "That request didn’t come from one of Broadsheet’s own pages, so nothing was done. Open Broadsheet at its own \
             address and try again. Behind a proxy, the public URL must be configured."
                .into(),
        ));
    }
    if is_safe(method) && is_background_request(method, headers, &client, &app.access) {
        return Err(Error::Forbidden(
            "Another site tried to load this as a part of its own page. Open Broadsheet in a tab of its own.".into(),
        ));
    }
    Ok(next.run(request).await)
}

const fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Returns whether a request comes from our own origin. From browsers that do not say so, `Origin` must be ours. A request
/// with neither does not come from one of our pages.
fn is_same_origin(headers: &HeaderMap, client: &Client, access: &AccessPolicy) -> bool {
    match Site::of(headers) {
        Site::SameOrigin => true,
        Site::User | Site::Other => false,
        Site::Unknown => {
            let origin = headers.get("origin").and_then(|origin| origin.to_str().ok());
            origin.is_some_and(|origin| access.is_same_origin(origin, client.host()))
        }
    }
}

/// Returns whether another site's page makes a request without leaving for ours. Browsers that do not say so send
/// `Origin` with requests of scripts only, so frames and images of other sites are not recognised: cookies with
/// `SameSite` and answers without foreign redirects protect these.
fn is_background_request(method: &Method, headers: &HeaderMap, client: &Client, access: &AccessPolicy) -> bool {
    match Site::of(headers) {
        Site::SameOrigin | Site::User => false,
        Site::Other => !fetch_metadata::is_navigation(method, headers),
        Site::Unknown => headers
            .get("origin")
            .is_some_and(|origin| !origin.to_str().is_ok_and(|origin| access.is_same_origin(origin, client.host()))),
    }
}
