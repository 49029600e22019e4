//! URLs of copies in a web archive, in the form of the Wayback Machine. Pure.
//!
//! `https://web.archive.org/web/20240131120000id_/https://example.org/a` is the page as it was received: without the
//! archive's toolbar, and with its links as they were. A request for the date `2` is redirected to the newest copy.

use jiff::civil::Date;
use url::Url;

/// Returns the URL that leads to the newest copy of a page.
pub(super) fn newest_copy_url(archive: &Url, page: &Url) -> Url {
    let mut url = archive.clone();
    let mut page = page.clone();
    page.set_fragment(None);
    let folder = archive.path().trim_end_matches('/').to_owned();
    let (path, query) = (&page[..url::Position::AfterPath], page.query());
    url.set_path(&format!("{folder}/web/2id_/{path}"));
    url.set_query(query);
    url
}

/// Returns the day of a copy and the URL of its page.
pub(super) fn parse_copy_url(archive: &Url, copy: &Url) -> Option<(Date, Url)> {
    if copy.host_str() != archive.host_str() {
        return None;
    }
    let (_, rest) = copy.as_str().split_once("/web/")?;
    let (stamp, page) = rest.split_once('/')?;
    let digits = stamp.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let day = Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()?;
    // Servers may collapse the two slashes.
    let page = match page.split_once(":/") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.trim_start_matches('/')),
        None => format!("http://{page}"),
    };
    let page = Url::parse(&page).ok().filter(|page| matches!(page.scheme(), "http" | "https"))?;
    Some((day, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_copy_is_asked_for_and_read_back() {
        let archive = url("https://web.archive.org/");
        for (page, asked) in [
            ("https://example.org/a?b=c#d", "https://web.archive.org/web/2id_/https://example.org/a?b=c"),
            ("http://example.org:8080/", "https://web.archive.org/web/2id_/http://example.org:8080/"),
            ("https://example.org/é%20?q=%26", "https://web.archive.org/web/2id_/https://example.org/%C3%A9%20?q=%26"),
        ] {
            assert_eq!(newest_copy_url(&archive, &url(page)).as_str(), asked);
        }
        let day = jiff::civil::date(2024, 1, 31);
        for (copy, page) in [
            ("https://web.archive.org/web/20240131120000id_/https://example.org/a?b=c", "https://example.org/a?b=c"),
            ("https://web.archive.org/web/20240131/http:/example.org/a", "http://example.org/a"),
            ("https://web.archive.org/web/20240131120000id_/example.org/a", "http://example.org/a"),
        ] {
            assert_eq!(parse_copy_url(&archive, &url(copy)), Some((day, url(page))), "{copy}");
        }
        for other in [
            "https://web.archive.org/web/2id_/https://example.org/a",
            "https://web.archive.org/web/20241399120000/https://example.org/a",
            "https://evil.example/web/20240131120000/https://example.org/a",
            "https://web.archive.org/about",
        ] {
            assert_eq!(parse_copy_url(&archive, &url(other)), None, "{other}");
        }
    }
}
