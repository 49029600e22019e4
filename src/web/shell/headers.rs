//! What every answer carries, failures included.

use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// For our own pages: nothing inline, nothing from elsewhere.
const OWN: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// For bytes that are not ours (pictures, snapshots): opened on their own they can do nothing. A route that serves such
/// bytes sets it as its `Content-Security-Policy`, which is then left alone.
pub const FOREIGN: HeaderValue =
    HeaderValue::from_static("default-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox");

/// Set on every answer, whatever its handler says.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // A list: a browser takes the last policy it knows. Today's take `same-origin`, with which a form of ours is sent
    // with its `Origin`. Under `no-referrer` it is `Origin: null`, and where browsers send no `Sec-Fetch-Site` either
    // (plain http other than on localhost) we could not tell our own form from a foreign one. Older ones that do not
    // know `same-origin` take `no-referrer`. Neither tells another site anything.
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer, same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Pages are for one reader, and asked for anew each time.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

pub(crate) async fn set(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    complete(response.headers_mut());
    response
}

fn complete(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(OWN);
    headers.entry(header::CACHE_CONTROL).or_insert(PRIVATE);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stricter_policy_is_left_alone_and_nothing_else_can_be_loosened() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, FOREIGN);
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("unsafe-url"));
        complete(&mut headers);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], FOREIGN);
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer, same-origin");
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-cache");
    }
}
