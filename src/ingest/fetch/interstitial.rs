//! Pages that forward to another page, and pages shown instead of the article. Pure.

use std::time::Duration;

use extract::{Interstitial, PageScan};
use url::Url;

use crate::ingest::fetch::error::Error;

/// Longest text of a forwarding page ("Redirecting…", perhaps with a link).
const MAX_FORWARDING_CHARS: usize = 250;
/// A refresh after a longer delay reloads a page that is meant to be read.
const MAX_FORWARDING_DELAY: Duration = Duration::from_secs(60);

/// Where a page with little text leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Forward {
    /// By a refresh, which is as good as a redirect.
    Redirect(Url),
    /// By its script, its only link or its frame. That is a guess, so it is made a few times only.
    Notice(Url),
}

/// Returns where a page with little text leads. `header` is its `Refresh` header, which takes precedence over the tag.
/// `None` if the page leads nowhere, or to itself.
pub(super) fn forwarding_target(scan: &PageScan, header: Option<&str>, current: &Url) -> Option<Forward> {
    let by_refresh = header.or(scan.meta_refresh()).and_then(parse_refresh);
    let by_refresh =
        by_refresh.filter(|(delay, _)| *delay <= MAX_FORWARDING_DELAY && scan.text_length() <= MAX_FORWARDING_CHARS);
    if let Some(target) = by_refresh.and_then(|(_, href)| other_page(href, current)) {
        return Some(Forward::Redirect(target));
    }
    let target = other_page(scan.forwarding_url()?, current)?;
    matches!(target.scheme(), "http" | "https").then_some(Forward::Notice(target))
}

/// Resolves a URL, without its fragment, unless it is that of the page itself.
fn other_page(href: &str, current: &Url) -> Option<Url> {
    let mut target = current.join(href.trim()).ok()?;
    target.set_fragment(None);
    let mut current_page = current.clone();
    current_page.set_fragment(None);
    (target != current_page).then_some(target)
}

/// Checks that the page at `current` is not a bot check or consent page. A short page on a consent host is one whatever
/// it says, if the fetch of `requested` was redirected there.
pub(super) fn check_not_interstitial(scan: &PageScan, requested: &Url, current: &Url) -> Result<(), Error> {
    let was_sent_away = requested.host_str() != current.host_str();
    match scan.interstitial(Some(current)) {
        Some(Interstitial::BotCheck) => Err(Error::BotCheck),
        Some(Interstitial::Consent) => Err(Error::ConsentPage),
        None if was_sent_away && scan.is_short() && extract::is_consent_url(current) => Err(Error::ConsentPage),
        None => Ok(()),
    }
}

/// Parses `5; url=https://…` as in the HTML standard: the delay, and the URL if there is one.
fn parse_refresh(content: &str) -> Option<(Duration, &str)> {
    let content = content.trim();
    let end = content.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(content.len());
    let (delay, rest) = content.split_at(end);
    let seconds: u64 = match delay.split('.').next()? {
        "" if delay.starts_with('.') => 0,
        whole => whole.parse().ok()?,
    };
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';' || c == ',');
    let target = match rest.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("url") => {
            let after = rest[3..].trim_start();
            after.strip_prefix('=').unwrap_or(rest).trim_start()
        }
        _ => rest,
    };
    let target = match target.chars().next()? {
        quote @ ('"' | '\'') => target[1..].split(quote).next()?,
        _ => target,
    };
    let target = target.trim();
    (!target.is_empty()).then_some((Duration::from_secs(seconds), target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refresh_is_parsed_like_in_browsers() {
        for (content, expected) in [
            ("0; url=/a", Some((0, "/a"))),
            ("5;URL='https://x.example/?a=b;c'", Some((5, "https://x.example/?a=b;c"))),
            ("1.5, /a b", Some((1, "/a b"))),
            (" 0 url = \"u\" rest", Some((0, "u"))),
            ("0;urlaub.html", Some((0, "urlaub.html"))),
            (".5;a", Some((0, "a"))),
            ("30", None),
            ("", None),
            ("url=/a", None),
            ("0; url=''", None),
            ("99999999999999999999999; url=a", None),
            ("0;é", Some((0, "é"))),
        ] {
            let found = parse_refresh(content).map(|(delay, to)| (delay.as_secs(), to));
            assert_eq!(found, expected, "{content}");
        }
    }
}
