//! The normal form of a URL, by which duplicates are found. Pure.
//!
//! A wrong match loses an article; a missed match costs a duplicate that is found later by its text. So normalization
//! only removes what never distinguishes two articles. Whatever might (`?id=`, `?p=`, `?ref=`, case in the path) stays.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::urls::site::subdomain;
use crate::urls::wrappers::unwrap;

/// The normal form of a URL. Equivalent URLs of an article have the same key.
///
/// The form is `host[:port]/path?query`, without a trailing slash. Removed are: `http` or `https`, credentials, the
/// subdomains `www.`, `m.`, `mobile.` and `amp.`, default ports, the dot after a host, slashes and `index.html` at the
/// end of the path, `/amp` behind an article, tracking parameters, the order of parameters, and the fragment. A fragment that begins with `#!` or
/// `#/` stays, since such pages choose their content by it. Hosts are lower case and ASCII. Escapes are decoded if that
/// changes nothing (`%7E` is `~`), else upper case.
///
/// ```
/// use broadsheet::urls::UrlKey;
/// use url::Url;
///
/// let key = |url: &str| UrlKey::from_url(&Url::parse(url).expect("a valid URL"));
/// assert_eq!(key("http://www.Example.org/a/?utm_source=x#top").as_str(), "example.org/a");
/// assert_ne!(key("https://example.org/?p=1"), key("https://example.org/?p=2"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UrlKey(String);

impl UrlKey {
    /// Returns the normal form of `url`.
    pub fn from_url(url: &Url) -> Self {
        let url = strip_tracking(&unwrap(url));
        let mut key = match url.scheme() {
            "http" | "https" => normalize_host(&url),
            // Other schemes are no web pages; their URLs only equal themselves.
            _ => return Self(url.into()),
        };
        if let Some(port) = url.port() {
            key.push_str(&format!(":{port}"));
        }
        key.push_str(&normalize_path(url.path()));
        if let Some(query) = url.query().and_then(normalize_query) {
            key.push('?');
            key.push_str(&query);
        }
        if let Some(fragment_route) = fragment_route(&url) {
            key.push('#');
            key.push_str(fragment_route);
        }
        Self(key)
    }

    /// Returns a key for a text without a URL: a hash, so the same text has the same key.
    pub fn from_text(text: &str) -> Self {
        let hash = Sha256::digest(text.split_whitespace().collect::<Vec<_>>().join(" "));
        Self(format!("text:{}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
    }

    /// Restores a key from the database, as returned by [`UrlKey::as_str`].
    pub(crate) const fn from_stored(key: String) -> Self {
        Self(key)
    }

    /// Returns the key as stored in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UrlKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Removes tracking parameters and the fragment, unless the page chooses its content by the fragment.
pub fn strip_tracking_and_fragment(url: &Url) -> Url {
    let mut normalized = strip_tracking(url);
    if fragment_route(&normalized).is_none() {
        normalized.set_fragment(None);
    }
    normalized
}

/// Returns whether the URL is a site's front page, or the front page of one of its languages (`/de/`, `/pt-br`), rather
/// than an article.
pub fn is_front_page(url: &Url) -> bool {
    let url = strip_tracking(url);
    let path = normalize_path(url.path());
    let has_no_query_or_route = url.query().and_then(normalize_query).is_none() && fragment_route(&url).is_none();
    has_no_query_or_route && matches!(path.trim_start_matches('/'), segment if is_front_page_segment(segment))
}

/// Subdomains under which sites show the same article for other devices.
const DEVICE_LABELS: &[&str] = &["www", "m", "mobile", "amp"];

fn normalize_host(url: &Url) -> String {
    let Some(Host::Domain(host)) = url.host() else {
        return url.host_str().unwrap_or_default().to_owned();
    };
    let mut host = host.trim_end_matches('.').to_owned();
    while let Some(shorter) = strip_device_label(&host) {
        host = shorter;
    }
    host
}

/// Removes a device label at the beginning (`www.example.org`) or before the domain (`en.m.example.org`). Keeps labels
/// of the registrable domain itself: `m.blogspot.com` is a blog named m.
fn strip_device_label(host: &str) -> Option<String> {
    let subdomain = subdomain(host)?;
    let domain = &host[subdomain.len() + 1..];
    let labels: Vec<&str> = subdomain.split('.').collect();
    let position = [0, labels.len() - 1].into_iter().find(|&at| DEVICE_LABELS.contains(&labels[at]))?;
    let remaining = labels.iter().enumerate().filter(|(at, _)| *at != position);
    let remaining = remaining.flat_map(|(_, label)| [*label, "."]).collect::<String>();
    Some(remaining + domain)
}

/// Files that servers return for a folder.
const INDEX_PAGES: &[&str] = &[
    "index.html",
    "index.htm",
    "index.shtml",
    "index.php",
    "index.asp",
    "index.aspx",
    "index.jsp",
    "default.htm",
    "default.html",
    "default.asp",
    "default.aspx",
];

/// The end of the path of an article's page for phones (accelerated mobile pages).
const AMP_SEGMENTS: &[&str] = &["amp", "amp.html"];

fn normalize_path(path: &str) -> String {
    let path = normalize_escapes(path);
    let mut rest = path.as_str();
    loop {
        rest = rest.trim_end_matches('/');
        match rest.rsplit_once('/') {
            Some((folder, page)) if INDEX_PAGES.contains(&page) => rest = folder,
            Some((folder, page)) if AMP_SEGMENTS.contains(&page) && is_article_path(folder) => rest = folder,
            _ => return rest.to_owned(),
        }
    }
}

/// Returns whether the last segment of a path looks like that of an article (three words, a long number, a file), and not
/// like that of a topic, a language, a year or a version.
fn is_article_path(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_slug = last.split('-').count() >= 3 && last.bytes().any(|b| b.is_ascii_alphabetic());
    let is_number = !last.contains('.') && last.bytes().filter(u8::is_ascii_digit).count() >= 5;
    let is_file = last.rsplit_once('.').is_some_and(|(_, ending)| PAGE_ENDINGS.contains(&ending));
    is_slug || is_number || is_file
}

/// Endings of the files that are articles.
const PAGE_ENDINGS: &[&str] = &["html", "htm", "shtml", "php", "asp", "aspx", "jsp", "cms", "story"];

/// Sorts parameters by name; `None` if there are none. The order of equal names stays, since it may have a meaning.
fn normalize_query(query: &str) -> Option<String> {
    let normalized = normalize_escapes(query);
    let mut pairs: Vec<&str> = normalized.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_by_key(|pair| pair.split('=').next());
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// Returns a fragment by which the page chooses its content.
fn fragment_route(url: &Url) -> Option<&str> {
    url.fragment()
        .filter(|fragment| fragment.strip_prefix(['!', '/']).is_some_and(|rest| !rest.trim_matches('/').is_empty()))
}

/// Decodes escapes of letters, digits and `-._~`, and writes all others in upper case (RFC 3986, section 6.2.2).
fn normalize_escapes(escaped: &str) -> String {
    let mut normalized = String::with_capacity(escaped.len());
    let mut pieces = escaped.split('%');
    normalized.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match parse_escape(piece) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                normalized.push(char::from(byte));
                normalized.push_str(&piece[2..]);
            }
            Some(byte) => {
                normalized.push_str(&format!("%{byte:02X}"));
                normalized.push_str(&piece[2..]);
            }
            None => {
                normalized.push('%');
                normalized.push_str(piece);
            }
        }
    }
    normalized
}

fn parse_escape(piece: &str) -> Option<u8> {
    let digits = piece.get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

fn is_front_page_segment(segment: &str) -> bool {
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
    match segment.split_once(['-', '_']) {
        Some((language, country)) => is_code(language) && is_code(country),
        None => segment.is_empty() || segment == "home" || is_code(segment),
    }
}

/// Parameters that say where a link was found, besides those that `extract` removes from links. In lower case.
const TRACKING_PARAMETERS: &[&str] =
    &["cmp", "ref_src", "ref_url", "ocid", "guccounter", "guce_referrer", "guce_referrer_sig", "si"];

/// Values of parameters that choose an article's page for phones.
const AMP_PARAMETERS: &[&str] = &["amp", "amp=1", "amp=true", "outputtype=amp", "service=amp"];

fn is_noise(parameter: &str) -> bool {
    let parameter = parameter.to_ascii_lowercase();
    let name = parameter.split('=').next().unwrap_or_default();
    name.starts_with("ns_") || TRACKING_PARAMETERS.contains(&name) || AMP_PARAMETERS.contains(&parameter.as_str())
}

/// Removes tracking parameters, even if their names are escaped.
fn strip_tracking(url: &Url) -> Url {
    let mut normalized = url.clone();
    if let Some(query) = url.query().map(normalize_escapes) {
        let kept: Vec<&str> = query.split('&').filter(|parameter| !is_noise(parameter)).collect();
        normalized.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    extract::strip_tracking(&normalized)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::urls::{display_host, registrable_domain, same_site};

    fn url(url_text: &str) -> Url {
        Url::parse(url_text).unwrap()
    }

    fn key(url_text: &str) -> String {
        UrlKey::from_url(&url(url_text)).as_str().to_owned()
    }

    #[test]
    fn equivalent_urls_have_the_same_key() {
        for (url_text, expected) in [
            ("https://example.org", "example.org"),
            ("http://www.example.org/", "example.org"),
            ("https://EXAMPLE.org:443/News/a", "example.org/News/a"),
            ("http://example.org:80/a", "example.org/a"),
            ("https://example.org:8443/a", "example.org:8443/a"),
            ("https://example.org./a/", "example.org/a"),
            ("https://reader:secret@example.org/a", "example.org/a"),
            ("https://example.org/a/index.html", "example.org/a"),
            ("https://example.org/index.php?id=7", "example.org?id=7"),
            ("https://example.org/a#comments", "example.org/a"),
            ("https://example.org/a#:~:text=word", "example.org/a"),
            ("https://m.example.org/a", "example.org/a"),
            ("https://www.m.example.org/a", "example.org/a"),
            ("https://mobile.example.co.uk/a", "example.co.uk/a"),
            ("https://amp.example.org/a", "example.org/a"),
            ("https://example.org/news/ferry-late-again/amp/", "example.org/news/ferry-late-again"),
            ("https://example.org/ferry-late-again/amp.html", "example.org/ferry-late-again"),
            ("https://example.org/news/20417/amp", "example.org/news/20417"),
            ("https://example.org/late.html/amp", "example.org/late.html"),
            ("https://example.org/a?outputType=amp", "example.org/a"),
            ("https://example.org/a?amp", "example.org/a"),
            ("https://example.org/a?CMP=share_btn&ns_mchannel=social&ns_source=x", "example.org/a"),
            ("https://example.org/a?ref_src=twsrc&ocid=x&guccounter=1&si=Ab", "example.org/a"),
            ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3Dx", "example.org/a"),
            ("https://en.m.example.org/a", "en.example.org/a"),
            ("https://example.org/a?utm_source=x&utm_medium=y", "example.org/a"),
            ("https://example.org/a?%75tm_source=x", "example.org/a"),
            ("https://example.org/a?b=2&fbclid=z&a=1", "example.org/a?a=1&b=2"),
            ("https://example.org/a?&&b=2&", "example.org/a?b=2"),
            ("https://example.org/%7emara/%c3%a9t%C3%A9", "example.org/~mara/%C3%A9t%C3%A9"),
            ("https://bücher.example/ü", "xn--bcher-kva.example/%C3%BC"),
            ("http://127.0.0.1:8080/a/", "127.0.0.1:8080/a"),
            ("http://[::1]/a", "[::1]/a"),
        ] {
            assert_eq!(key(url_text), expected, "{url_text}");
        }
    }

    #[test]
    fn tracking_and_fragment_are_stripped() {
        for (url_text, expected) in [
            ("https://example.org/a?utm_source=x#y", "https://example.org/a"),
            ("https://example.org/a/?b=2&fbclid=z", "https://example.org/a/?b=2"),
            ("https://example.org/#!/a", "https://example.org/#!/a"),
        ] {
            assert_eq!(strip_tracking_and_fragment(&url(url_text)).as_str(), expected);
        }
    }

    #[test]
    fn urls_of_different_articles_have_different_keys() {
        for (one, other) in [
            ("https://example.org/?id=1", "https://example.org/?id=2"),
            ("https://example.org/?p=1", "https://example.org/?p=2"),
            ("https://example.org/s.php?story_fbid=1&id=9", "https://example.org/s.php?story_fbid=2&id=9"),
            ("https://example.org/a?ref=1", "https://example.org/a?ref=2"),
            ("https://example.org/#!/a", "https://example.org/#!/b"),
            ("https://example.org/#/a", "https://example.org/#/b"),
            ("https://example.org/a?x=1&x=2", "https://example.org/a?x=2&x=1"),
            ("https://example.org/a%2Fb", "https://example.org/a/b"),
            ("https://example.org/A", "https://example.org/a"),
            ("https://example.org/a.html", "https://example.org/a"),
            ("https://example.org/a", "https://news.example.org/a"),
            ("https://example.org/a", "https://example.org:8080/a"),
            ("https://m.blogspot.com/a", "https://blogspot.com/a"),
            ("https://www.co.uk/a", "https://co.uk/a"),
            ("https://example.org/index.html/a", "https://example.org/a"),
            ("https://example.org/amp", "https://example.org"),
            ("https://example.org/wiki/amp", "https://example.org/wiki"),
            ("https://example.org/en/wiki/amp", "https://example.org/en/wiki"),
            ("https://example.org/tag/amp", "https://example.org/tag"),
            ("https://example.org/docs/1.12.3/amp", "https://example.org/docs/1.12.3"),
            ("https://example.org/next.js/amp", "https://example.org/next.js"),
            ("https://example.org/web-frameworks/amp", "https://example.org/web-frameworks"),
            ("https://example.org/docs/en-us/amp", "https://example.org/docs/en-us"),
            ("https://example.org/blog/2024/amp", "https://example.org/blog/2024"),
            ("https://example.org/en/amp", "https://example.org/en"),
            ("https://example.org/amplifier", "https://example.org"),
            ("https://example.org/a?amp=7", "https://example.org/a"),
            ("https://example.org/a?campus=7", "https://example.org/a"),
        ] {
            assert_ne!(key(one), key(other), "{one} and {other}");
        }
    }

    #[test]
    fn front_pages_are_recognised() {
        for url_text in [
            "https://example.org",
            "http://www.example.org/index.html?utm_source=x",
            "https://example.org/de/",
            "https://example.org/pt-br",
            "https://example.org/#top",
            "https://example.org/home",
            "https://example.org/#!/",
        ] {
            assert!(is_front_page(&url(url_text)), "{url_text}");
        }
        for url_text in [
            "https://example.org/?p=3",
            "https://example.org/sport",
            "https://example.org/#!/a",
            "https://example.org/de/a",
            "https://example.org/en/amp",
            "https://example.org/pt-br/amp",
        ] {
            assert!(!is_front_page(&url(url_text)), "{url_text}");
        }
    }

    proptest! {
        #[test]
        fn normalization_is_idempotent(
            host in "(www\\.|m\\.|amp\\.|de\\.){0,3}[a-z]{1,6}\\.(org|co\\.uk|blogspot\\.com)\\.?",
            path in "(/|/index\\.html|/[a-zA-Z%2EF~é .]{0,6}){0,4}",
            query in "(\\?[a-c=&%25+é]{0,12})?",
            fragment in "(#[!/a-c]{0,4})?",
        ) {
            if let Ok(url) = Url::parse(&format!("http://{host}{path}{query}{fragment}")) {
                let key = UrlKey::from_url(&url);
                let again = Url::parse(&format!("http://{key}")).unwrap();
                prop_assert_eq!(UrlKey::from_url(&again), key);
            }
        }

        #[test]
        fn arbitrary_urls_do_not_panic(url_text in "\\PC{0,40}") {
            for url_text in [url_text.clone(), format!("http://{url_text}")] {
                if let Ok(url) = Url::parse(&url_text) {
                    let _ = (UrlKey::from_url(&url), registrable_domain(&url), display_host(&url));
                    prop_assert!(same_site(&url, &url) == registrable_domain(&url).is_some());
                    let _ = is_front_page(&url);
                }
            }
        }
    }
}
