//! Where to go after a form: a path on this server, whatever the form says.

use url::{Position, Url};

/// A path, with its query if any, on our own origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReturnPath(String);

impl ReturnPath {
    /// Parses the requested path; anything else becomes the front page. It is resolved as browsers do (WHATWG URL)
    /// against an origin nobody has, and resolved again as it will be sent: `/.//evil.example` is ours only the first
    /// time.
    pub(crate) fn parse(next: &str) -> Self {
        let base = Url::parse("http://ours.invalid/").expect("this is a valid URL");
        let path = |url: &Url| url[Position::BeforePath..Position::AfterQuery].to_owned();
        let own_url = |next: &str| base.join(next).ok().filter(|url| url.origin() == base.origin());
        let resolved = own_url(next).filter(|_| next.starts_with('/')).map(|url| path(&url));
        let resolved_again = resolved.as_deref().and_then(own_url).map(|url| path(&url));
        Self(resolved.filter(|path| resolved_again.as_ref() == Some(path)).unwrap_or_else(|| "/".to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_links_become_the_front_page() {
        for evil in [
            "//e",
            "/\\e",
            "\\\\e",
            "\\/e",
            "///e",
            "////e",
            "/\t/e",
            "\t//e",
            " //e",
            "/\n/e",
            "https:e",
            "https://e",
            "http:/e",
            "javascript:alert(1)",
            "data:text/html,x",
            "//e@ours.invalid",
            "/.//e",
            "/..//e",
            "/a/..//e",
            "/./\\e",
            "/%2e//e",
            "e",
            "?x",
            "",
            "//ours.invalid@e/",
            "http://ours.invalid:81/",
        ] {
            assert_eq!(ReturnPath::parse(evil).as_str(), "/", "{evil:?}");
        }
    }

    #[test]
    fn own_paths_are_kept() {
        for path in
            ["/", "/article/1", "/articles?topic=science&unread=1", "/tag/caf%C3%A9", "/%09/e", "/%5ce", "/a//b"]
        {
            assert_eq!(ReturnPath::parse(path).as_str(), path);
        }
        assert_eq!(ReturnPath::parse("/topic/a b#part").as_str(), "/topic/a%20b");
    }
}
