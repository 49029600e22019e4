//! By what a request shows that a proxy passed it on. `docs/security.md` has what each proxy sends.

use axum::http::header::CONNECTION;
use axum::http::{HeaderMap, Version};

use crate::accounts::access::ProxySign;

/// Headers that proxies add.
const HEADERS: [&str; 18] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-real-port",
    "x-client-ip",
    "client-ip",
    "x-cluster-client-ip",
    "x-proxyuser-ip",
    "true-client-ip",
    "cdn-loop",
    "x-host",
    "x-nginx-proxy",
    "x-request-start",
    "x-rewrite-url",
    "remote-user",
    "x-scheme",
    "x-url-scheme",
    "front-end-https",
];

/// How names of headers begin that proxies and tunnels add.
const HEADER_PREFIXES: [&str; 13] = [
    "x-forwarded",
    "x-original-",
    "x-proxy-",
    "cf-",
    "x-envoy-",
    "x-amz",
    "x-azure-",
    "x-appengine-",
    "x-arr-",
    "fastly-",
    "fly-",
    "ngrok-",
    "tailscale-",
];

/// Returns the first sign of a proxy, if there is any.
pub(super) fn find(version: Version, headers: &HeaderMap) -> Option<ProxySign> {
    if version < Version::HTTP_11 {
        return Some(ProxySign::OldVersion);
    }
    // Browsers keep the connection; proxies without a pool of connections close it, or ask for an upgrade every time.
    let keeps_alive = |value: &str| value.split(',').all(|word| word.trim().eq_ignore_ascii_case("keep-alive"));
    if !headers.get_all(CONNECTION).iter().all(|value| value.to_str().is_ok_and(keeps_alive)) {
        return Some(ProxySign::Connection);
    }
    let header = headers.keys().map(axum::http::HeaderName::as_str).find(|name| is_proxy_header(name))?;
    Some(ProxySign::Header(header.to_owned()))
}

/// Returns whether a header of this name (lower case) is added by proxies.
fn is_proxy_header(header: &str) -> bool {
    HEADERS.contains(&header) || HEADER_PREFIXES.iter().any(|prefix| header.starts_with(prefix))
}
