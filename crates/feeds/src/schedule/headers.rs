//! What a server says about when to ask again.

use std::time::Duration;

use jiff::Timestamp;

use super::MAX_RETRY_AFTER;
use super::interval::later;
use crate::dates;
use crate::problems::Problems;

/// The headers that matter, as given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Headers<'a> {
    /// `Cache-Control`.
    pub cache_control: Option<&'a str>,
    /// `Expires`.
    pub expires: Option<&'a str>,
    /// `Retry-After`.
    pub retry_after: Option<&'a str>,
    /// `X-RateLimit-Reset`, which means the same to some hosts.
    pub rate_limit_reset: Option<&'a str>,
}

impl Headers<'_> {
    /// Returns how long the answer is good for. The clock of the server does not count.
    pub(super) fn freshness(&self, now: Timestamp) -> Option<Duration> {
        match self.cache_control {
            Some(control) if directive(control, "no-cache").is_some() || directive(control, "no-store").is_some() => {
                None
            }
            Some(control) if directive(control, "max-age").is_some() => directive(control, "max-age")
                .flatten()
                .and_then(|seconds| seconds.trim_matches('"').parse().ok())
                .map(Duration::from_secs),
            _ => until(date(self.expires?)?, now),
        }
    }

    /// Returns until when the server asks to wait, within the limit.
    pub(super) fn retry_after(&self, now: Timestamp) -> Option<Timestamp> {
        let by_seconds = |text: &str| text.trim().parse::<f64>().ok().filter(|seconds| *seconds >= 0.0);
        let stated = self.retry_after.and_then(|text| match by_seconds(text) {
            Some(seconds) => Some(Duration::from_secs_f64(seconds.min(MAX_RETRY_AFTER.as_secs_f64()))),
            None => until(date(text)?, now),
        });
        let wait = stated.or_else(|| {
            /// Larger numbers are times, not waits.
            const FIRST_TIME: f64 = 1e9;
            let number = by_seconds(self.rate_limit_reset?)?;
            match number >= FIRST_TIME {
                true => until(Timestamp::from_second(number as i64).ok()?, now),
                false => Some(Duration::from_secs_f64(number)),
            }
        });
        Some(later(now, wait?.min(MAX_RETRY_AFTER)))
    }
}

/// Returns the value of a directive; the inner `None` if it has none.
fn directive<'t>(control: &'t str, name: &str) -> Option<Option<&'t str>> {
    control.split(',').find_map(|directive| {
        let (key, value) =
            directive.split_once('=').map_or((directive, None), |(key, value)| (key, Some(value.trim())));
        key.trim().eq_ignore_ascii_case(name).then_some(value)
    })
}

fn date(text: &str) -> Option<Timestamp> {
    dates::read(text, &mut Problems::default())?.parsed
}

/// Returns how long it is until a time; `None` if it is over.
fn until(time: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(time.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-10-05T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn freshness_is_what_the_server_says() {
        let fresh = |cache_control, expires| {
            Headers { cache_control, expires, ..Headers::default() }.freshness(now()).map(|it| it.as_secs())
        };
        assert_eq!(fresh(Some("public, Max-Age=900"), None), Some(900));
        assert_eq!(fresh(Some("max-age=\"900\""), Some("Mon, 05 Oct 2026 09:00:00 GMT")), Some(900));
        assert_eq!(fresh(Some("private"), Some("Mon, 05 Oct 2026 09:00:00 GMT")), Some(3600));
        assert_eq!(fresh(Some("max-age=900, no-cache"), None), None);
        assert_eq!(fresh(Some("max-age=often"), None), None);
        assert_eq!(fresh(None, Some("0")), None);
        assert_eq!(fresh(None, Some("Fri, 01 Jan 1999 00:00:00 GMT")), None);
    }

    #[test]
    fn waits_are_seconds_or_dates_and_end_after_thirty_days() {
        let wait = |retry_after, rate_limit_reset| {
            let headers = Headers { retry_after, rate_limit_reset, ..Headers::default() };
            headers.retry_after(now()).map(|until| until.duration_since(now()).as_secs())
        };
        assert_eq!(wait(Some("7200"), None), Some(7200));
        assert_eq!(wait(Some(" Mon, 05 Oct 2026 09:00:00 GMT "), Some("5")), Some(3600));
        assert_eq!(wait(Some("99999999999999999999"), None), Some(30 * 86_400));
        assert_eq!(wait(Some("soon"), Some("345.5")), Some(345));
        assert_eq!(wait(None, Some("1791190800")), Some(3600));
        assert_eq!(wait(Some("Mon, 05 Oct 2026 07:00:00 GMT"), None), None);
        assert_eq!(wait(Some("-5"), None), None);
        assert_eq!(wait(None, None), None);
    }
}
