//! Security and caching headers of every response, errors included.

use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// For Broadsheet's own pages: nothing inline, nothing from other sites.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// For foreign content such as images: opened on its own, it can do nothing. A route that serves such content sets this
/// policy itself, and it is kept.
pub const SANDBOX_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox");

/// Set on every response, overriding the handler's.
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // A browser uses the last policy it knows. With `same-origin` our own forms send their `Origin`. With `no-referrer`
    // they send `Origin: null`, and where browsers do not send `Sec-Fetch-Site` (plain http except localhost) they look
    // like foreign ones. Old browsers that do not know `same-origin` use `no-referrer`. Neither reveals anything to
    // other sites.
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer, same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Pages are personal, and change with every action.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// For pages that must be true after Back: browsers show pages that are only to be revalidated as they were.
pub(crate) const NEVER_STORE: [(HeaderName, HeaderValue); 1] =
    [(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"))];

pub(crate) async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set_headers(response.headers_mut());
    response
}

fn set_headers(headers: &mut HeaderMap) {
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, value);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(PAGE_POLICY);
    headers.entry(header::CACHE_CONTROL).or_insert(REVALIDATE);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_sets_its_own_policy_and_no_other_security_header() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX_POLICY);
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("unsafe-url"));
        set_headers(&mut headers);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], SANDBOX_POLICY);
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer, same-origin");
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-cache");
    }
}
