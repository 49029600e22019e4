//! Addresses: when two of them lead to the same article, and which site they belong to. Pure.
//!
//! A wrong "same" loses an article, a wrong "different" costs a duplicate that is noticed later by
//! its text. So only what never tells two articles apart is taken away here; whatever might
//! (`?id=`, `?p=`, `?ref=`, upper and lower case in the path) stays.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::urls::site::subdomain;

/// The normal form of an address, under which the same article is found again.
///
/// It reads `host[:port]/path?query`, without a trailing slash. Taken away are: `http` or `https`,
/// a name and password, the subdomains `www.`, `m.`, `mobile.` and `amp.`, default ports, the dot
/// at the end of a host, slashes and `index.html` at the end of the path, tracking parameters, the
/// order of parameters and the fragment. A fragment that begins with `#!` or `#/` stays, since
/// there the page itself chooses its article by it. Host names are lower case and in their ASCII
/// form; escapes are decoded where that changes nothing (`%7E` is `~`) and upper case elsewhere.
///
/// ```
/// use broadsheet::urls::AddressKey;
/// use url::Url;
///
/// let key = |address: &str| AddressKey::of(&Url::parse(address).expect("a valid address"));
/// assert_eq!(key("http://www.Example.org/a/?utm_source=x#top").as_str(), "example.org/a");
/// assert_ne!(key("https://example.org/?p=1"), key("https://example.org/?p=2"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AddressKey(String);

impl AddressKey {
    /// The normal form of `url`. Every address has one.
    pub fn of(url: &Url) -> Self {
        let url = without_tracking(url);
        let mut key = match url.scheme() {
            "http" | "https" => plain_host(&url),
            // Other schemes are no web pages; they only ever equal themselves.
            _ => return Self(url.into()),
        };
        if let Some(port) = url.port() {
            key.push_str(&format!(":{port}"));
        }
        key.push_str(&plain_path(url.path()));
        if let Some(query) = url.query().and_then(plain_query) {
            key.push('?');
            key.push_str(&query);
        }
        if let Some(route) = route(&url) {
            key.push('#');
            key.push_str(route);
        }
        Self(key)
    }

    /// The name of a text without an address: the same text, pasted once more, is the same article.
    pub fn of_text(text: &str) -> Self {
        let hash = Sha256::digest(text.split_whitespace().collect::<Vec<_>>().join(" "));
        Self(format!("text:{}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
    }

    /// A key that [`AddressKey::as_str`] gave and the database kept.
    pub(crate) const fn stored(key: String) -> Self {
        Self(key)
    }

    /// The key as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AddressKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The address without what does not belong to it: tracking parameters, and a place on the page.
pub fn plain(url: &Url) -> Url {
    let mut plain = without_tracking(url);
    if route(&plain).is_none() {
        plain.set_fragment(None);
    }
    plain
}

/// Whether the address is a site's front page, or the front page of one of its languages
/// (`/de/`, `/pt-br`), rather than an article.
pub fn is_front_page(url: &Url) -> bool {
    let url = without_tracking(url);
    let path = plain_path(url.path());
    let nothing_chosen = url.query().and_then(plain_query).is_none() && route(&url).is_none();
    nothing_chosen && matches!(path.trim_start_matches('/'), segment if is_front_segment(segment))
}

/// The subdomains under which sites show the same article for another screen.
const SCREENS: &[&str] = &["www", "m", "mobile", "amp"];

fn plain_host(url: &Url) -> String {
    let Some(Host::Domain(host)) = url.host() else {
        return url.host_str().unwrap_or_default().to_owned();
    };
    let mut host = host.trim_end_matches('.').to_owned();
    while let Some(shorter) = without_screen(&host) {
        host = shorter;
    }
    host
}

/// `www.example.org` and also `en.m.example.org`, where the label stands before the domain. Labels
/// of the registrable domain itself are never taken: `m.blogspot.com` is a blog named m.
fn without_screen(host: &str) -> Option<String> {
    let subdomain = subdomain(host)?;
    let domain = &host[subdomain.len() + 1..];
    let labels: Vec<&str> = subdomain.split('.').collect();
    let place = [0, labels.len() - 1].into_iter().find(|&at| SCREENS.contains(&labels[at]))?;
    let kept = labels.iter().enumerate().filter(|(at, _)| *at != place);
    let kept = kept.flat_map(|(_, label)| [*label, "."]).collect::<String>();
    Some(kept + domain)
}

/// What servers answer with when only the folder is asked for.
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

fn plain_path(path: &str) -> String {
    let path = plain_escapes(path);
    let mut rest = path.as_str();
    loop {
        rest = rest.trim_end_matches('/');
        match rest.rsplit_once('/') {
            Some((folder, page)) if INDEX_PAGES.contains(&page) => rest = folder,
            _ => return rest.to_owned(),
        }
    }
}

/// `None` when nothing remains. The order within one name stays: there it may have a meaning.
fn plain_query(query: &str) -> Option<String> {
    let plain = plain_escapes(query);
    let mut pairs: Vec<&str> = plain.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_by_key(|pair| pair.split('=').next());
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// The part of the fragment by which a page chooses what it shows.
fn route(url: &Url) -> Option<&str> {
    url.fragment()
        .filter(|fragment| fragment.strip_prefix(['!', '/']).is_some_and(|rest| !rest.trim_matches('/').is_empty()))
}

/// Decodes escapes of letters, digits and `-._~`, and writes all others in upper case: the
/// equivalences of RFC 3986, section 6.2.2.
fn plain_escapes(escaped: &str) -> String {
    let mut plain = String::with_capacity(escaped.len());
    let mut pieces = escaped.split('%');
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match escape(piece) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(char::from(byte));
                plain.push_str(&piece[2..]);
            }
            Some(byte) => {
                plain.push_str(&format!("%{byte:02X}"));
                plain.push_str(&piece[2..]);
            }
            None => {
                plain.push('%');
                plain.push_str(piece);
            }
        }
    }
    plain
}

fn escape(piece: &str) -> Option<u8> {
    let digits = piece.get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

fn is_front_segment(segment: &str) -> bool {
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
    match segment.split_once(['-', '_']) {
        Some((language, country)) => is_code(language) && is_code(country),
        None => segment.is_empty() || segment == "home" || is_code(segment),
    }
}

/// The address without tracking parameters, also those whose names are written in escapes.
fn without_tracking(url: &Url) -> Url {
    let mut plain = url.clone();
    plain.set_query(url.query().map(plain_escapes).as_deref());
    extract::strip_tracking(&plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::urls::{display_host, registrable_domain, same_site};

    fn url(address: &str) -> Url {
        Url::parse(address).unwrap()
    }

    fn key(address: &str) -> String {
        AddressKey::of(&url(address)).as_str().to_owned()
    }

    #[test]
    fn the_same_article_is_found_under_all_its_addresses() {
        for (address, expected) in [
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
            assert_eq!(key(address), expected, "{address}");
        }
    }

    #[test]
    fn an_address_is_shown_without_tracking_and_without_a_place() {
        for (address, expected) in [
            ("https://example.org/a?utm_source=x#y", "https://example.org/a"),
            ("https://example.org/a/?b=2&fbclid=z", "https://example.org/a/?b=2"),
            ("https://example.org/#!/a", "https://example.org/#!/a"),
        ] {
            assert_eq!(plain(&url(address)).as_str(), expected);
        }
    }

    #[test]
    fn different_articles_are_never_merged() {
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
        ] {
            assert_ne!(key(one), key(other), "{one} and {other}");
        }
    }

    #[test]
    fn a_front_page_has_no_article_in_its_address() {
        for address in [
            "https://example.org",
            "http://www.example.org/index.html?utm_source=x",
            "https://example.org/de/",
            "https://example.org/pt-br",
            "https://example.org/#top",
            "https://example.org/home",
            "https://example.org/#!/",
        ] {
            assert!(is_front_page(&url(address)), "{address}");
        }
        for address in [
            "https://example.org/?p=3",
            "https://example.org/sport",
            "https://example.org/#!/a",
            "https://example.org/de/a",
        ] {
            assert!(!is_front_page(&url(address)), "{address}");
        }
    }

    proptest! {
        #[test]
        fn a_key_leads_to_itself(
            host in "(www\\.|m\\.|amp\\.|de\\.){0,3}[a-z]{1,6}\\.(org|co\\.uk|blogspot\\.com)\\.?",
            path in "(/|/index\\.html|/[a-zA-Z%2EF~é .]{0,6}){0,4}",
            query in "(\\?[a-c=&%25+é]{0,12})?",
            fragment in "(#[!/a-c]{0,4})?",
        ) {
            if let Ok(url) = Url::parse(&format!("http://{host}{path}{query}{fragment}")) {
                let key = AddressKey::of(&url);
                let again = Url::parse(&format!("http://{key}")).unwrap();
                prop_assert_eq!(AddressKey::of(&again), key);
            }
        }

        #[test]
        fn no_address_makes_it_panic(address in "\\PC{0,40}") {
            for address in [address.clone(), format!("http://{address}")] {
                if let Ok(url) = Url::parse(&address) {
                    let _ = (AddressKey::of(&url), registrable_domain(&url), display_host(&url));
                    prop_assert!(same_site(&url, &url) == registrable_domain(&url).is_some());
                    let _ = is_front_page(&url);
                }
            }
        }
    }
}
