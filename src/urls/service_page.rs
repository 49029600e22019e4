//! Recognises the pages that sites send visitors to instead of the page they asked for.

use url::Url;

use crate::urls::site::subdomain;

/// Parts of paths that name such pages. Only whole parts count: an article may be called `sorry-state-of-ferries`.
const SEGMENTS: &[&str] = &[
    "404",
    "500",
    "503",
    "access-denied",
    "blocked",
    "captcha",
    "challenge",
    "consent",
    "cookie-consent",
    "cookiewall",
    "denied",
    "error",
    "errors",
    "forbidden",
    "log-in",
    "login",
    "maintenance",
    "not-found",
    "notfound",
    "offline",
    "page-not-found",
    "paywall",
    "region-blocked",
    "register",
    "sign-in",
    "signin",
    "signup",
    "sorry",
    "sso",
    "subscribe",
    "unavailable",
    "wartung",
];

/// Returns whether a URL names a login, error, consent or maintenance page, by a part of its path or host.
///
/// ```
/// use broadsheet::urls::is_service_page;
/// use url::Url;
///
/// let is_service = |url: &str| is_service_page(&Url::parse(url).expect("a valid URL"));
/// assert!(is_service("https://example.org/sorry/index.html") && is_service("https://consent.example.org/collect"));
/// assert!(!is_service("https://example.org/2026/sorry-state-of-ferries") && !is_service("https://error.org/a"));
/// ```
#[must_use]
pub fn is_service_page(url: &Url) -> bool {
    let is_service = |part: &str| {
        let name = part.rsplit_once('.').map_or(part, |(name, _)| name);
        SEGMENTS.contains(&name.to_ascii_lowercase().as_str())
    };
    let subdomain = url.host_str().and_then(subdomain).unwrap_or_default();
    url.path_segments().is_some_and(|mut parts| parts.any(is_service)) || subdomain.split('.').any(is_service)
}
