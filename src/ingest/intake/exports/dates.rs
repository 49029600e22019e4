//! Reads dates as other services write them. Pure.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Seconds from 1601, where some clocks begin, to 1970.
const SECONDS_FROM_1601: i64 = 11_644_473_600;

/// Earlier dates are mistakes: nobody saved a page before there were any.
const EARLIEST: Timestamp = Timestamp::constant(631_152_000, 0);

/// Reads a date: a number of seconds, milliseconds, microseconds or nanoseconds since 1970, of microseconds since 1601, or
/// a date as text. Without a time zone, it is in UTC. `None` for none.
pub(super) fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_matches('"');
    let date = match text.parse::<f64>() {
        Ok(number) => parse_number(number)?,
        Err(_) => parse_text(text)?,
    };
    (date >= EARLIEST).then_some(date)
}

#[expect(clippy::cast_possible_truncation, reason = "fractions of a second are dropped")]
fn parse_number(number: f64) -> Option<Timestamp> {
    let seconds = match number.abs() {
        size if size < 1e11 => number,
        size if size < 1e14 => number / 1e3,
        size if size < 1e16 => number / 1e6,
        size if size < 1e17 => number / 1e6 - SECONDS_FROM_1601 as f64,
        _ => number / 1e9,
    };
    Timestamp::from_second(seconds as i64).ok()
}

fn parse_text(text: &str) -> Option<Timestamp> {
    let in_utc = |date: DateTime| TimeZone::UTC.to_timestamp(date).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(in_utc))
        .or_else(|| text.parse::<Date>().ok().and_then(|date| in_utc(date.to_datetime(jiff::civil::Time::midnight()))))
        .or_else(|| jiff::fmt::strtime::parse("%d/%b/%Y:%H:%M:%S %z", text).ok()?.to_timestamp().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_services_write_them() {
        for (text, expected) in [
            ("1728576752", "2024-10-10T16:12:32Z"),
            ("1728576752.624737", "2024-10-10T16:12:32Z"),
            ("1728576752000", "2024-10-10T16:12:32Z"),
            ("1728576752000000", "2024-10-10T16:12:32Z"),
            ("13373050352000000", "2024-10-10T16:12:32Z"),
            ("2024-10-29T16:30:11.000Z", "2024-10-29T16:30:11Z"),
            ("2024-09-08T11:55:58+0200", "2024-09-08T09:55:58Z"),
            ("2026-03-14 23:55:23.291000+00:00", "2026-03-14T23:55:23.291Z"),
            ("2022-12-05 12:42:10+00:00", "2022-12-05T12:42:10Z"),
            ("2022-12-18 14:49:11", "2022-12-18T14:49:11Z"),
            ("2022-12-18", "2022-12-18T00:00:00Z"),
            ("10/Oct/2000:13:55:36 +0300", "2000-10-10T10:55:36Z"),
        ] {
            assert_eq!(parse_date(text).map(|date| date.to_string()).as_deref(), Some(expected), "{text}");
        }
        for none in ["", "0", "-1", "yesterday", "NaN", "1e300", "1969-12-31", "31/31/2020"] {
            assert_eq!(parse_date(none), None, "{none}");
        }
    }
}
