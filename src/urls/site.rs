//! The site a URL belongs to, and how to show its host.

use std::collections::HashSet;
use std::sync::LazyLock;

use url::{Host, Url, quirks};

/// Domains below which each subdomain is somebody else's publication, beside those of the Public Suffix List.
static SHARED_DOMAINS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let rows = include_str!("shared_domains.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split('\t').next()).collect()
});

/// Returns the registrable domain by the [Public Suffix List](https://publicsuffix.org) and `shared_domains.tsv`:
/// `bbc.co.uk` for `news.bbc.co.uk`, `mara.blogspot.com` and `mara.substack.com` for these blogs.
///
/// IP addresses, names without a dot (`localhost`) and hosts that offer subdomains to others (`blogspot.com` itself)
/// are returned unchanged. `None` without a host and for a suffix such as `co.uk`.
pub fn registrable_domain(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => registrable_domain_of_name(name.trim_end_matches('.')).map(str::to_owned),
        Host::Ipv4(_) | Host::Ipv6(_) => url.host_str().map(str::to_owned),
    }
}

/// Returns whether both URLs have the same registrable domain.
pub fn same_site(a: &Url, b: &Url) -> bool {
    registrable_domain(a).is_some_and(|domain| registrable_domain(b) == Some(domain))
}

/// Returns the host for display: without `www.`, in Unicode.
///
/// Other scripts than Latin are only shown if the top-level domain is also in such a script (`пример.рф`). Elsewhere
/// their letters may imitate another site, so the ASCII form is shown. Empty for a URL without a host.
pub fn display_host(url: &Url) -> String {
    display_domain(strip_www(url.host_str().unwrap_or_default().trim_end_matches('.')))
}

/// Returns a host without `www.`, unless that is all there is.
pub fn strip_www(host: &str) -> &str {
    host.strip_prefix("www.").filter(|rest| psl::domain_str(rest).is_some()).unwrap_or(host)
}

/// Returns a domain in its own letters, under the same conditions as [`display_host`].
pub fn display_domain(host: &str) -> String {
    let unicode = quirks::domain_to_unicode(host);
    let is_latin = |letter: char| letter <= '\u{24F}';
    let has_non_ascii_tld = unicode.rsplit('.').next().is_some_and(|label| !label.is_ascii());
    if unicode.is_empty() || !(has_non_ascii_tld || unicode.chars().all(is_latin)) {
        return host.to_owned();
    }
    unicode
}

fn registrable_domain_of_name(host: &str) -> Option<&str> {
    if let Some(domain) = site_on_shared_domain(host) {
        return Some(domain);
    }
    let is_shared_suffix = || {
        psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(psl::Type::Private) && suffix == host)
    };
    match psl::domain_str(host) {
        Some(domain) => Some(domain),
        None if host.is_empty() => None,
        None => (!host.contains('.') || is_shared_suffix()).then_some(host),
    }
}

/// Returns `mara.substack.com` for hosts of that blog, and the shared domain for its own pages.
fn site_on_shared_domain(host: &str) -> Option<&str> {
    let mut site = host;
    let mut rest = host;
    loop {
        if SHARED_DOMAINS.contains(rest) {
            // `www` is no blog.
            return Some(if site.strip_suffix(rest) == Some("www.") { rest } else { site });
        }
        site = rest;
        (_, rest) = rest.split_once('.')?;
    }
}

/// Returns whether sites of others are below this name: `co.uk`, `blogspot.com`.
pub(crate) fn is_public_suffix(host: &str) -> bool {
    psl::suffix_str(host) == Some(host)
}

/// Returns `sport` for `sport.example.org`. Use the Public Suffix List only through this module: the list is compiled
/// to code, and each module that calls it would get its own copy.
pub(crate) fn subdomain(host: &str) -> Option<&str> {
    let domain = site_on_shared_domain(host).or_else(|| psl::domain_str(host))?;
    host.strip_suffix(domain)?.strip_suffix('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(url_text: &str) -> Url {
        Url::parse(url_text).unwrap()
    }

    #[test]
    fn registrable_domain_follows_the_public_suffix_list() {
        for (url_text, expected) in [
            ("https://news.example.co.uk/a", Some("example.co.uk")),
            ("https://www.example.org", Some("example.org")),
            ("https://mara.blogspot.com", Some("mara.blogspot.com")),
            ("https://blogspot.com", Some("blogspot.com")),
            ("http://localhost:3000", Some("localhost")),
            ("http://192.168.1.9/a", Some("192.168.1.9")),
            ("http://[::1]:80/a", Some("[::1]")),
            ("https://example.org./a", Some("example.org")),
            ("https://co.uk/", None),
            ("https://mara.substack.com/p/tides", Some("mara.substack.com")),
            ("https://www.mara.substack.com/", Some("mara.substack.com")),
            ("https://substack.com/home", Some("substack.com")),
            ("https://www.medium.com/@mara", Some("medium.com")),
            ("https://mara.blog.fc2.com/", Some("mara.blog.fc2.com")),
            ("https://tides.github.io/a", Some("tides.github.io")),
            ("https://notsubstack.com/a", Some("notsubstack.com")),
            ("mailto:mara@example.org", None),
        ] {
            assert_eq!(registrable_domain(&url(url_text)).as_deref(), expected, "{url_text}");
        }
        assert!(same_site(&url("https://a.example.org"), &url("http://b.example.org/x")));
        assert!(!same_site(&url("https://a.tumblr.com"), &url("https://b.tumblr.com")));
        assert!(!same_site(&url("https://a.blogspot.com"), &url("https://b.blogspot.com")));
        assert!(!same_site(&url("mailto:a@example.org"), &url("mailto:a@example.org")));
    }

    #[test]
    fn shared_domains_are_named_once_and_are_no_suffixes_of_registries() {
        let text = include_str!("shared_domains.tsv").lines().filter(|line| !line.starts_with('#'));
        let names: Vec<&str> = text.filter_map(|row| row.split('\t').next()).collect();
        assert!(names.len() >= 60 && names.len() == SHARED_DOMAINS.len());
        for name in names {
            assert!(
                name.contains('.')
                    && name == name.to_lowercase()
                    && url(&format!("https://{name}/")).domain().is_some()
            );
        }
    }

    #[test]
    fn hosts_are_shown_in_unicode_unless_they_may_deceive() {
        for (url_text, expected) in [
            ("https://www.example.org/a", "example.org"),
            ("https://news.example.org/a", "news.example.org"),
            ("https://xn--bcher-kva.example", "bücher.example"),
            ("https://пример.рф", "пример.рф"),
            ("https://аррӏе.com", "xn--80ak6aa92e.com"),
            ("https://www.com", "www.com"),
            ("http://127.0.0.1/", "127.0.0.1"),
            ("mailto:mara@example.org", ""),
        ] {
            assert_eq!(display_host(&url(url_text)), expected, "{url_text}");
        }
    }
}
