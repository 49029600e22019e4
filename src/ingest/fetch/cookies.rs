//! Cookies of one fetch: kept for the redirects that follow, and gone with it.
//!
//! Some sites set a cookie and send the visitor to the same page again until the cookie comes back. No cookie outlives
//! its fetch, so nothing tells a site that two pages are read by the same reader.

use cookie_store::CookieStore;
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use url::Url;

use crate::urls;

/// Cookies of one fetch. Browsers keep some 180 for a site; a chain of redirects needs a few.
const MAX_COOKIES: usize = 50;
/// Bytes of one `Set-Cookie` header, as in browsers.
const MAX_COOKIE: usize = 4096;
/// Bytes of a `Cookie` header; servers refuse more.
const MAX_HEADER: usize = 8 * 1024;

/// The cookies of one fetch, with the rules of RFC 6265: domain, path, `Secure`, expiry.
#[derive(Debug, Default)]
pub(super) struct CookieJar {
    store: CookieStore,
    stored: usize,
}

impl CookieJar {
    /// Stores the cookies that the response from `url` sets.
    pub(super) fn store(&mut self, headers: &HeaderMap, url: &Url) {
        for header in headers.get_all(SET_COOKIE) {
            let Ok(text) = header.to_str() else { continue };
            if text.len() > MAX_COOKIE || self.stored >= MAX_COOKIES || is_for_public_suffix(text, url) {
                continue;
            }
            if self.store.parse(text, url).is_ok() {
                self.stored += 1;
            }
        }
    }

    /// Returns the `Cookie` header of a request; `None` without cookies.
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let mut value = String::new();
        for (name, cookie) in self.store.get_request_values(url) {
            if value.len() + name.len() + cookie.len() + 3 > MAX_HEADER {
                break;
            }
            if !value.is_empty() {
                value.push_str("; ");
            }
            value.push_str(&format!("{name}={cookie}"));
        }
        if value.is_empty() { None } else { HeaderValue::from_str(&value).ok() }
    }
}

/// Returns whether a cookie is meant for all sites under a suffix such as `co.uk` (RFC 6265, section 5.3, step 5).
fn is_for_public_suffix(cookie: &str, url: &Url) -> bool {
    let domain = cookie.split(';').skip(1).find_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        name.trim().eq_ignore_ascii_case("domain").then(|| value.trim().trim_start_matches('.').to_ascii_lowercase())
    });
    domain.is_some_and(|domain| url.host_str() != Some(&domain) && urls::is_public_suffix(&domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(set: &[(&str, &str)], to: &str) -> String {
        let mut jar = CookieJar::default();
        for (from, cookie) in set {
            let headers = HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_str(cookie).unwrap())]);
            jar.store(&headers, &Url::parse(from).unwrap());
        }
        jar.header(&Url::parse(to).unwrap()).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn a_cookie_goes_back_only_to_where_it_belongs() {
        let site = "https://news.example.org/a/b";
        for (cookie, to, expected) in [
            ("seen=1", "https://news.example.org/a/c", "seen=1"),
            ("seen=1; Path=/", "https://news.example.org/", "seen=1"),
            ("seen=1; Path=/other", "https://news.example.org/a/b", ""),
            ("seen=1", "https://example.org/a/c", ""),
            ("seen=1; Domain=example.org; Path=/", "https://login.example.org/", "seen=1"),
            ("seen=1; Domain=evil.example", "https://evil.example/a/c", ""),
            ("seen=1; Domain=org; Path=/", "https://other.org/", ""),
            ("seen=1; Secure; Path=/", "http://news.example.org/", ""),
            ("seen=1; Max-Age=0; Path=/", "https://news.example.org/", ""),
            ("seen=\"a b\"; Path=/", "https://news.example.org/", "seen=\"a b\""),
        ] {
            assert_eq!(sent(&[(site, cookie)], to), expected, "{cookie} to {to}");
        }
        assert_eq!(sent(&[("https://a.co.uk/", "all=1; Domain=co.uk; Path=/")], "https://b.co.uk/"), "");
        assert_eq!(sent(&[("http://127.0.0.1:8080/a", "seen=1")], "http://127.0.0.1:8080/b"), "seen=1");
    }

    #[test]
    fn a_jar_has_a_limit() {
        let many: Vec<String> = (0..500).map(|number| format!("c{number}={}; Path=/", "x".repeat(1000))).collect();
        let set: Vec<(&str, &str)> = many.iter().map(|cookie| ("https://a.example/", cookie.as_str())).collect();
        let header = sent(&set, "https://a.example/");
        assert!(!header.is_empty() && header.len() <= MAX_HEADER, "{}", header.len());
    }
}
