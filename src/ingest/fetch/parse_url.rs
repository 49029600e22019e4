//! Parses URLs that people type or paste. Pure.

use url::Url;

use crate::ingest::fetch::error::Error;
use crate::ingest::fetch::ssrf_guard;

/// No browser sends longer URLs; longer input is pasted text.
const MAX_LENGTH: usize = 8 * 1024;

/// Parses the URL of a page. Drops white space, quotation marks and brackets around it and adds a missing `https://`.
/// Whether it may be fetched is checked on fetching.
///
/// # Errors
/// [`Error::InvalidUrl`] for anything else, such as text with white space inside it; [`Error::BlockedUrl`] for other
/// schemes and for URLs with credentials.
pub fn parse_url(text: &str) -> Result<Url, Error> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || "<>\"'“”„«»‘’".contains(c));
    let invalid = || Error::InvalidUrl(text.trim().to_owned());
    // The URL standard would drop line ends and escape spaces, and make one URL of two.
    if trimmed.is_empty() || trimmed.len() > MAX_LENGTH || trimmed.contains(char::is_whitespace) {
        return Err(invalid());
    }
    let url = if let Some(rest) = trimmed.strip_prefix("//") {
        Url::parse(&format!("https://{rest}"))
    } else if has_scheme(trimmed) {
        Url::parse(trimmed)
    } else if looks_like_host(trimmed) {
        Url::parse(&format!("https://{trimmed}"))
    } else {
        return Err(invalid());
    };
    let url = url.map_err(|_| invalid())?;
    ssrf_guard::check_scheme_and_credentials(&url)?;
    Ok(url)
}

/// In `example.org:8080/path` the part before the colon is a host, not a scheme.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let port = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let mut letters = scheme.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && !(is_port && (scheme.contains('.') || scheme == "localhost"))
}

fn looks_like_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    host.starts_with('[') || name == "localhost" || name.trim_end_matches('.').contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_and_pasted_urls_are_parsed() {
        for (pasted, expected) in [
            ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
            ("  http://example.org \n", "http://example.org/"),
            ("example.org/news", "https://example.org/news"),
            ("www.example.org", "https://www.example.org/"),
            ("example.org:8080/x", "https://example.org:8080/x"),
            ("localhost:8080", "https://localhost:8080/"),
            ("//example.org/x", "https://example.org/x"),
            ("<https://example.org/>", "https://example.org/"),
            ("“https://example.org/”", "https://example.org/"),
            ("HTTPS://EXAMPLE.ORG/A", "https://example.org/A"),
            ("zürich.example/ä", "https://xn--zrich-kva.example/%C3%A4"),
            ("example.org/?q=a:b", "https://example.org/?q=a:b"),
        ] {
            assert_eq!(parse_url(pasted).map(String::from), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn invalid_urls_are_rejected_with_a_message_that_quotes_them() {
        for pasted in [
            "",
            "   ",
            "hello",
            "two words.",
            "A headline. And more.",
            "http://",
            "https://a b/",
            "https://a.example/1\nhttps://b.example/2",
            "a.example/b c",
        ] {
            let error = parse_url(pasted).unwrap_err();
            assert_eq!(error.code(), "invalid-url", "{pasted:?}");
            assert!(error.user_message().contains(pasted.trim()));
        }
        let endless = parse_url(&"a.".repeat(10_000)).unwrap_err();
        assert!(endless.user_message().chars().count() < 300);
    }

    #[test]
    fn other_schemes_are_rejected_by_name() {
        for (pasted, scheme) in [
            ("file:///etc/passwd", "file"),
            ("mailto:a@example.org", "mailto"),
            ("javascript:alert(1)", "javascript"),
            ("view-source:https://example.org/", "view-source"),
            ("ftp://example.org/", "ftp"),
        ] {
            let error = parse_url(pasted).unwrap_err();
            assert_eq!(error.code(), "blocked-url", "{pasted}");
            assert!(error.user_message().contains(&format!("“{scheme}:”")), "{}", error.user_message());
        }
    }

    #[test]
    fn urls_with_credentials_are_rejected() {
        let error = parse_url("https://me:secret@example.org/").unwrap_err();
        assert!(error.user_message().contains("password") && !error.user_message().contains("secret"));
    }
}
