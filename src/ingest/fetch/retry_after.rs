//! The `Retry-After` header. Pure.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap};

/// When a site wants to be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// After this time.
    In(Duration),
    /// At this time, by the site's clock.
    At(Timestamp),
}

impl RetryAfter {
    /// Reads the header (RFC 9110, section 10.2.3): seconds, or a date. If the response has a date of its own, the difference
    /// of the two counts, so that the clocks need not agree.
    pub(super) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
        let value = text(header::RETRY_AFTER)?;
        if let Some(whole) = value.split('.').next().filter(|whole| whole.bytes().all(|b| b.is_ascii_digit())) {
            return whole.parse().ok().map(|seconds| Self::In(Duration::from_secs(seconds)));
        }
        let at = httpdate::parse_http_date(value).ok()?;
        match text(header::DATE).and_then(|date| httpdate::parse_http_date(date).ok()) {
            Some(sent) => Some(Self::In(at.duration_since(sent).unwrap_or_default())),
            None => at.duration_since(SystemTime::UNIX_EPOCH).ok().and_then(|since| {
                let seconds = i64::try_from(since.as_secs()).ok()?;
                Timestamp::from_second(seconds).ok().map(Self::At)
            }),
        }
    }

    /// Returns the time by our clock.
    #[must_use]
    pub fn time(self, now: Timestamp) -> Timestamp {
        match self {
            Self::In(wait) => SignedDuration::try_from(wait)
                .ok()
                .and_then(|wait| now.checked_add(wait).ok())
                .unwrap_or(Timestamp::MAX),
            Self::At(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> Option<RetryAfter> {
        let headers = pairs.iter().map(|(name, value)| {
            (header::HeaderName::from_static(name), header::HeaderValue::from_str(value).unwrap())
        });
        RetryAfter::from_headers(&headers.collect())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        let seconds = |seconds| Some(RetryAfter::In(Duration::from_secs(seconds)));
        let date = ("date", "Mon, 23 Nov 2026 12:00:00 GMT");
        assert_eq!(read(&[("retry-after", "120")]), seconds(120));
        assert_eq!(read(&[("retry-after", " 1.5 ")]), seconds(1));
        assert_eq!(read(&[("retry-after", "Mon, 23 Nov 2026 12:05:00 GMT"), date]), seconds(300));
        assert_eq!(read(&[("retry-after", "Mon, 23 Nov 2026 11:00:00 GMT"), date]), seconds(0));
        assert_eq!(read(&[("retry-after", "Monday, 23-Nov-26 12:01:00 GMT"), date]), seconds(60));
        let at: Timestamp = "2026-11-23T12:05:00Z".parse().unwrap();
        assert_eq!(read(&[("retry-after", "Mon, 23 Nov 2026 12:05:00 GMT")]), Some(RetryAfter::At(at)));
        for nothing in ["", "soon", "-5", "99999999999999999999999"] {
            assert_eq!(read(&[("retry-after", nothing)]), None, "{nothing}");
        }
        assert_eq!(read(&[date]), None);
    }

    #[test]
    fn the_longest_wait_has_a_time() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(RetryAfter::In(Duration::MAX).time(now), Timestamp::MAX);
        assert_eq!(RetryAfter::In(Duration::from_secs(60)).time(now).to_string(), "2026-11-23T12:01:00Z");
    }
}
