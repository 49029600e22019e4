//! What readers type on the page where a source is edited.

use url::Url;

use crate::library::Library;
use crate::library::sources::{self, HostCount, MAX_NAME_CHARS, Source};
use crate::library::tags::truncate_for_display;
use crate::urls::{display_domain, registrable_domain, strip_www};
use crate::web::browse::operation_words;

/// Longer ones are no homepages.
const MAX_URL_CHARS: usize = 500;

/// A host that can become a source of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Host {
    /// Without port and `www.`.
    pub host: String,
    /// In its own letters.
    pub shown: String,
    /// Such as `12 articles`.
    pub articles: String,
}

/// Parses a name; none means the one the source gives itself.
///
/// # Errors
/// A sentence about what is wrong.
pub(crate) fn parse_name(typed: &str) -> Result<Option<String>, String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(format!("“{}” is too long: use at most {MAX_NAME_CHARS} characters.", truncate_for_display(&name)));
    }
    if !name.is_empty() && !name.chars().any(char::is_alphanumeric) {
        return Err(format!("“{name}” can’t be a name: use at least one letter or number."));
    }
    Ok(Some(name).filter(|name| !name.is_empty()))
}

/// Parses the URL of a homepage; none means the domain.
///
/// # Errors
/// A sentence about what is wrong.
pub(crate) fn parse_homepage(typed: &str) -> Result<Option<String>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let url = parse_url(typed).filter(|url| url.as_str().len() <= MAX_URL_CHARS);
    match url {
        Some(url) => Ok(Some(url.into())),
        None => Err(format!(
            "“{}” isn’t the address of a website. Enter one such as https://example.org/news.",
            truncate_for_display(typed)
        )),
    }
}

/// Parses a URL or a host alone.
fn parse_url(typed: &str) -> Option<Url> {
    let with_scheme = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let url = Url::parse(&with_scheme).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let is_host = url.host_str().is_some_and(|host| host.contains('.') || host == "localhost");
    (is_web && is_host && !typed.contains(char::is_whitespace)).then_some(url)
}

/// Finds the source that a reader typed: its domain, its URL or its name.
///
/// # Errors
/// The database fails. In the value: a sentence about what is wrong.
pub(crate) async fn find_typed(library: &Library, typed: &str) -> sqlx::Result<Result<Source, String>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Err("Enter the name or domain of a source.".to_owned()));
    }
    if let Some(source) = sources::find(library, typed).await? {
        return Ok(Ok(source));
    }
    if let Some(url) = parse_url(typed) {
        let domain = registrable_domain(&url).or_else(|| url.host_str().map(str::to_owned)).unwrap_or_default();
        if let Some(source) = sources::find_for_url(library, &domain, Some(&url)).await? {
            return Ok(Ok(source));
        }
    }
    let mut named = sources::find_by_name(library, typed).await?;
    Ok(match named.len() {
        1 => Ok(named.remove(0)),
        0 => Err(format!(
            "No source is called “{}”. Enter its name as it is listed, or its domain.",
            truncate_for_display(typed)
        )),
        _ => {
            let domains: Vec<String> = named.iter().map(|source| display_domain(&source.domain)).collect();
            Err(format!("Several sources are called “{typed}”. Enter the domain of one: {}.", domains.join(", ")))
        }
    })
}

/// Returns the hosts of a source other than its own, each once.
pub(crate) fn hosts_to_split(domain: &str, counts: &[HostCount]) -> Vec<Host> {
    let mut hosts: Vec<(String, i64)> = Vec::new();
    for count in counts {
        let Ok(url) = Url::parse(&format!("http://{}/", count.host)) else { continue };
        let Some(host) = url.domain().map(|host| strip_www(host.trim_end_matches('.')).to_owned()) else { continue };
        match hosts.iter_mut().find(|(known, _)| *known == host) {
            Some((_, articles)) => *articles += count.articles,
            None => hosts.push((host, count.articles)),
        }
    }
    let others = hosts.into_iter().filter(|(host, _)| host != domain);
    others
        .map(|(host, articles)| Host { shown: display_domain(&host), host, articles: operation_words::count(articles) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_homepage_are_checked() {
        assert_eq!(parse_name("  The  Harbour Post "), Ok(Some("The Harbour Post".into())));
        assert_eq!(parse_name(" "), Ok(None));
        assert!(parse_name("–").unwrap_err().starts_with("“–” can’t be a name"));
        assert!(parse_name(&"a".repeat(81)).unwrap_err().ends_with("use at most 80 characters."));
        for (typed, expected) in [
            ("", Ok(None)),
            ("post.example/news", Ok(Some("https://post.example/news"))),
            ("http://bücher.example", Ok(Some("http://xn--bcher-kva.example/"))),
            ("javascript:alert(1)", Err(())),
            ("javascript://post.example/%0aalert(1)", Err(())),
            ("https://ada:secret@post.example", Err(())),
            ("two words", Err(())),
            ("news", Err(())),
        ] {
            let parsed = parse_homepage(typed);
            assert_eq!(parsed.as_ref().map(|url| url.as_deref()).map_err(|_| ()), expected, "{typed}");
        }
    }

    #[test]
    fn hosts_are_listed_once_without_the_sources_own() {
        let count = |host: &str, articles| HostCount { host: host.into(), articles };
        let counts = [
            count("www.post.example", 9),
            count("blog.post.example", 5),
            count("blog.post.example:8080", 2),
            count("www.blog.post.example", 1),
            count("xn--bcher-kva.example", 1),
        ];
        let hosts = hosts_to_split("post.example", &counts);
        let shown: Vec<(&str, &str)> = hosts.iter().map(|host| (host.shown.as_str(), host.articles.as_str())).collect();
        assert_eq!(shown, [("blog.post.example", "8 articles"), ("bücher.example", "1 article")]);
    }
}
