//! Links that only wrap the link to another page: search results, mail protection, "you are leaving".
//!
//! Their targets stand in them, so they need not be asked, and the article is not theirs. `wrappers.tsv` lists them.
//! Shorteners keep their targets to themselves; they are asked like any site.

use std::sync::LazyLock;

use url::{Url, form_urlencoded};

/// Wrappers within wrappers that are taken off.
const MAX_LAYERS: usize = 5;

/// A row of the table.
struct Wrapper {
    host: &'static str,
    path: &'static str,
    target: Target,
}

/// Where the target stands.
enum Target {
    /// In the first of these parameters that holds a URL.
    Parameters(Vec<&'static str>),
    /// In the rest of the path.
    Path,
    /// It is the whole query.
    Query,
}

static WRAPPERS: LazyLock<Vec<Wrapper>> = LazyLock::new(|| {
    let rows = include_str!("wrappers.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let (host, path, target) = (fields.next()?, fields.next()?, fields.next()?);
        let target = match target {
            "path" => Target::Path,
            "query" => Target::Query,
            names => Target::Parameters(names.split(',').collect()),
        };
        Some(Wrapper { host, path, target })
    })
    .collect()
});

/// Returns the URL that a link wraps, or the link itself.
///
/// ```
/// use broadsheet::urls::unwrap;
/// use url::Url;
///
/// let wrapped = Url::parse("https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa").expect("a URL");
/// assert_eq!(unwrap(&wrapped).as_str(), "https://example.org/a");
/// ```
#[must_use]
pub fn unwrap(url: &Url) -> Url {
    let mut current = url.clone();
    for _ in 0..MAX_LAYERS {
        match unwrap_once(&current) {
            Some(target) => current = target,
            None => break,
        }
    }
    current
}

fn unwrap_once(url: &Url) -> Option<Url> {
    let host = url.domain()?.trim_end_matches('.');
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
    let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.matches(host, url.path()))?;
    let target = match &wrapper.target {
        Target::Parameters(names) => names.iter().find_map(|name| {
            let (_, value) = url.query_pairs().find(|(key, _)| key == name)?;
            parse_target(&value)
        }),
        Target::Query => {
            let query = url.query()?;
            let decoded = form_urlencoded::parse(query.as_bytes()).next().map(|(name, _)| name.into_owned());
            parse_target(query).or_else(|| parse_target(&decoded?))
        }
        Target::Path => {
            let rest = &url.path()[wrapper.path.len()..];
            let (scheme, rest) = rest.strip_prefix("s/").map_or(("http", rest), |rest| ("https", rest));
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            parse_target(&format!("{scheme}://{rest}{query}"))
        }
    }?;
    (target != *url).then_some(target)
}

impl Wrapper {
    fn matches(&self, host: &str, path: &str) -> bool {
        let is_host = match (self.host.strip_prefix("*."), self.host.strip_suffix(".*")) {
            (Some(domain), _) => host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            // Its national domains: one or two short labels follow, as in co.uk.
            (None, Some(name)) => {
                host.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')).is_some_and(|suffix| {
                    let labels: Vec<&str> = suffix.split('.').collect();
                    labels.len() <= 2 && labels.iter().all(|label| (2..=3).contains(&label.len()))
                })
            }
            (None, None) => host == self.host,
        };
        let is_path = || {
            let rest = path.strip_prefix(self.path);
            rest.is_some_and(|rest| self.path.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
        };
        is_host && is_path()
    }
}

/// Parses a target: a web URL of a site with a name.
fn parse_target(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let is_site = url.domain().is_some_and(|name| name.trim_end_matches('.').contains('.'));
    (matches!(url.scheme(), "http" | "https") && is_site).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let rows = include_str!("wrappers.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(WRAPPERS.len(), rows);
        assert!(WRAPPERS.iter().all(|wrapper| wrapper.path.starts_with('/')));
    }

    #[test]
    fn wrapped_links_are_taken_out() {
        for (wrapped, expected) in [
            ("https://www.google.com/url?q=https://example.org/a%3Fb%3Dc&sa=D", "https://example.org/a?b=c"),
            ("https://google.co.uk/url?sa=t&url=http%3A%2F%2Fexample.org%2F", "http://example.org/"),
            ("https://www.google.de/amp/s/www.example.org/a/amp?b=c", "https://www.example.org/a/amp?b=c"),
            ("https://www.google.com/amp/example.org/a", "http://example.org/a"),
            ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a.html", "https://www.example.org/a.html"),
            ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa&h=AT0", "https://example.org/a"),
            (
                "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=05",
                "https://example.org/a",
            ),
            ("https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fexample.org%2Fa", "https://example.org/a"),
            ("https://out.reddit.com/t3_x?url=https%3A%2F%2Fexample.org%2Fa&token=b", "https://example.org/a"),
            ("https://href.li/?https://example.org/a", "https://example.org/a"),
            (
                "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Furl%3Dhttps%253A%252F%252Fexample.org%252Fa",
                "https://example.org/a",
            ),
        ] {
            assert_eq!(unwrap(&Url::parse(wrapped).unwrap()).as_str(), expected, "{wrapped}");
        }
    }

    #[test]
    fn other_links_stay_as_they_are() {
        for link in [
            "https://www.google.com/search?q=https://example.org/a",
            "https://www.google.com/url?q=not+a+link",
            "https://www.google.com/url?q=http://localhost/a",
            "https://www.google.com/url?q=javascript:alert(1)",
            "https://google.evil.example/url?q=https://example.org/a",
            "https://example.org/redirect?q=https://example.net/a",
            "https://www.youtube.com/watch?v=1&q=https://example.org/",
            "https://notfacebook.com/l.php?u=https://example.org/",
            "http://127.0.0.1/url?url=https://example.org/",
        ] {
            assert_eq!(unwrap(&Url::parse(link).unwrap()).as_str(), link);
        }
    }
}
