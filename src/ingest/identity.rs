//! Which publication a page comes from, and by which URLs its article is found again.
//!
//! What we have seen counts: the URL that the reader asked for or typed, and where fetching it ended. What a page says of
//! itself is weaker, since anyone can write anything into a page or a file:
//!
//! - **The source is where the text came from**: the URL after redirects, so that no site with an open redirect lends its
//!   name to another. A file and a page pasted without a link come from the reader's computer.
//! - **The URL asked for always finds the article.** Where a redirect ended does so only if the page names that URL in its
//!   canonical link; otherwise it only suggests the article, as canonical links do, and the texts decide. A short page names
//!   nothing, nor does one that its own site redirected to: a site in trouble sends all its articles to one apology.
//! - **What a file says is shown** (`claimed_url`) and is no key. The article of that URL can still be fetched; both are kept.

use extract::{Article, Verdict};
use url::Url;

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::site_names;
use crate::library::sources::NewSource;
use crate::urls::{UrlKey, is_front_page, is_service_page, registrable_domain, same_site};

/// The domain and name of the source for text that was pasted without a URL.
pub const PASTED_SOURCE: (&str, &str) = ("pasted", "Pasted text");

/// The domain and name of the source for uploaded files.
pub const UPLOADED_SOURCE: (&str, &str) = ("uploaded", "Uploaded files");

/// Most apologies, logins and notices have fewer words, and most articles more.
const MIN_WORDS_TO_NAME: usize = 120;

/// No login, error or notice page has more, not even with legal text.
const MAX_NOTICE_WORDS: usize = 400;

/// Returns whether a source is a website, so that it can have rules and a link.
#[must_use]
pub fn is_website(domain: &str) -> bool {
    domain != PASTED_SOURCE.0 && domain != UPLOADED_SOURCE.0
}

/// What identifies an article.
#[derive(Debug)]
pub(super) struct Identity {
    /// Where its text came from.
    pub url: Option<Url>,
    /// Where it says it came from, if we have not seen that.
    pub claimed_url: Option<Url>,
    /// Keys by which it is found.
    pub url_keys: Vec<UrlKey>,
    /// A key that suggests it.
    pub suggested_key: Option<UrlKey>,
    pub source: NewSource,
}

impl Identity {
    /// Identifies the article of a page; `file_name` is that of an upload.
    pub fn new(page: &SnapshotPage, extracted: &Article, file_name: Option<&str>) -> Self {
        let canonical = extracted.canonical_url.clone().filter(|canonical| !is_front_page(canonical));
        let Some(asked) = &page.requested_url else {
            let (domain, name) = if file_name.is_some() { UPLOADED_SOURCE } else { PASTED_SOURCE };
            return Self {
                url: None,
                claimed_url: page.url.clone().or(canonical),
                url_keys: vec![UrlKey::from_text(&extracted.text)],
                suggested_key: None,
                source: NewSource { domain: domain.into(), name: name.into() },
            };
        };
        let url = page.url.as_ref().unwrap_or(asked);
        let canonical_key = canonical.filter(|canonical| same_site(canonical, url)).map(|url| UrlKey::from_url(&url));
        let (asked_key, key) = (UrlKey::from_url(asked), UrlKey::from_url(url));
        let (url_keys, suggested_key) = if asked_key == key {
            (vec![key], canonical_key)
        } else if !can_name(url, extracted) {
            (vec![asked_key], None)
        } else if canonical_key.as_ref() == Some(&key) {
            (vec![asked_key, key], canonical_key)
        } else if canonical_key.is_none() && same_site(asked, url) {
            // The site itself did not lead to the article, but away from it, as far as anyone can tell.
            (vec![asked_key], None)
        } else {
            (vec![asked_key], canonical_key.or(Some(key)))
        };
        let is_article = !matches!(extracted.verdict, Verdict::Interstitial);
        let site_name = extracted.site_name.as_deref().filter(|_| is_article);
        let source = source_of(url, site_name, &extracted.title);
        Self { url: Some(url.clone()), claimed_url: None, url_keys, suggested_key, source }
    }
}

/// Returns the domain and URL by which a page is filed under a source, whose rules hold for it: where its text came from.
pub(super) fn filing(page: &SnapshotPage) -> Option<(String, &Url)> {
    let url = page.url.as_ref().or(page.requested_url.as_ref())?;
    page.requested_url.as_ref().map(|_| (domain_of(url), url))
}

/// Returns whether the asked page is gone and a short notice, login or error page was shown instead of it.
pub(super) fn is_notice_instead_of_page(page: &SnapshotPage, extracted: &Article) -> bool {
    let (Some(asked), Some(url)) = (&page.requested_url, &page.url) else { return false };
    let is_redirected = UrlKey::from_url(asked) != UrlKey::from_url(url);
    is_redirected && is_service_page(url) && !is_service_page(asked) && extracted.word_count < MAX_NOTICE_WORDS
}

/// Returns whether a page that a redirect led to may be the article of its own URL.
fn can_name(url: &Url, extracted: &Article) -> bool {
    extracted.word_count >= MIN_WORDS_TO_NAME
        && !matches!(extracted.verdict, Verdict::Interstitial | Verdict::Listing)
        && !is_front_page(url)
        && !is_service_page(url)
}

/// Returns the domain of the source at a URL.
fn domain_of(url: &Url) -> String {
    // No domain: a public suffix such as `co.uk`.
    let domain = registrable_domain(url).or_else(|| url.host_str().map(str::to_owned)).unwrap_or_default();
    // A computer at home may have such a name; its full name ends with a dot.
    if is_website(&domain) { domain } else { domain + "." }
}

fn source_of(url: &Url, site_name: Option<&str>, title: &str) -> NewSource {
    let domain = domain_of(url);
    let name = site_name.and_then(|name| site_names::clean(name, title)).unwrap_or_else(|| domain.clone());
    NewSource { domain, name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_name_falls_back_to_its_domain() {
        let url = Url::parse("https://news.harbour.example/a").unwrap();
        for (given, expected) in [
            (Some(" The Harbour Post "), "The Harbour Post"),
            (Some("www.harbour.example"), "harbour.example"),
            (Some("www."), "harbour.example"),
            (Some("Sign in | The Harbour Post"), "harbour.example"),
            (None, "harbour.example"),
        ] {
            assert_eq!(source_of(&url, given, "The late ferry").name, expected);
        }
    }

    #[test]
    fn no_computer_passes_for_the_source_of_files() {
        for (host, domain) in
            [("uploaded", "uploaded."), ("pasted:8080", "pasted."), ("nas", "nas"), ("co.uk", "co.uk")]
        {
            let url = Url::parse(&format!("http://{host}/a")).unwrap();
            assert_eq!(source_of(&url, None, "").domain, domain);
            assert!(is_website(&domain_of(&url)));
        }
    }
}
