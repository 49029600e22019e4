//! Dates as feeds write them: RFC 822, ISO 8601, Unix time and what people make of them. Without a zone a date is in UTC.

mod months;
mod words;
mod zones;

use jiff::Timestamp;
use jiff::civil::{Date as Day, DateTime};
use jiff::tz::Offset;

use crate::feed::Date;
use crate::problems::{Problem, Problems};

/// Dates that are longer are something else.
const MAX_LENGTH: usize = 100;

/// Reads a date, and notes it if it is not written as it should be. `None` if there is none.
/// Reads a date as it is written, in a feed or a page; `None` if it cannot be read.
pub fn read_date(given: &str) -> Option<Date> {
    read(given, &mut Problems::default()).filter(|date| date.parsed.is_some())
}

pub(crate) fn read(given: &str, problems: &mut Problems) -> Option<Date> {
    let given = given.trim();
    if given.is_empty() {
        return None;
    }
    let sound = sound_date(given);
    if sound.is_none() {
        problems.add(Problem::OddDate);
    }
    let parsed = sound.or_else(|| parse(given)).filter(is_plausible);
    Some(Date { given: given.chars().take(MAX_LENGTH).collect(), parsed })
}

/// Reads a date that follows RFC 2822 or RFC 3339, or is a plain day.
fn sound_date(text: &str) -> Option<Timestamp> {
    static PARSER: jiff::fmt::rfc2822::DateTimeParser = jiff::fmt::rfc2822::DateTimeParser::new();
    let plain_day = || (text.len() == 10).then(|| text.parse::<Day>().ok())?;
    text.parse().ok().or_else(|| PARSER.parse_timestamp(text).ok()).or_else(|| in_utc(plain_day()?.into()))
}

/// Reads a date however it is written.
fn parse(text: &str) -> Option<Timestamp> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    unix_time(text).or_else(|| words::parse(text))
}

/// Seconds or milliseconds since 1970, of this century and the next.
fn unix_time(text: &str) -> Option<Timestamp> {
    let whole = text.split('.').next().filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

fn in_utc(time: DateTime) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(time).ok()
}

/// Nothing was published on the web before 1970, and what is to be published in a century is a mistake.
fn is_plausible(time: &Timestamp) -> bool {
    (1970..2200).contains(&Offset::UTC.to_datetime(*time).year()) && time.as_second() > 0
}

/// Reads how long a recording is: seconds, `mm:ss` or `hh:mm:ss`.
pub(crate) fn read_duration(text: &str) -> Option<std::time::Duration> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0.0;
    for part in parts {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        seconds = seconds * 60.0 + part.parse::<f64>().ok().filter(|_| is_number)?;
    }
    const MONTH: f64 = 30.0 * 86_400.0;
    (seconds > 0.0 && seconds < MONTH).then(|| std::time::Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        let date = read(text, &mut Problems::default()).unwrap();
        date.parsed.map_or("none".to_owned(), |time| time.to_string())
    }

    #[test]
    fn dates_are_read_as_they_are_found() {
        for (text, expected) in [
            ("Tue, 03 Feb 2026 10:00:00 GMT", "2026-02-03T10:00:00Z"),
            ("2026-02-03T10:00:00+01:00", "2026-02-03T09:00:00Z"),
            ("2026-02-03", "2026-02-03T00:00:00Z"),
            ("2026-02", "2026-02-01T00:00:00Z"),
            ("2026-02-03 10:00", "2026-02-03T10:00:00Z"),
            ("2026-02-03T10:00:00", "2026-02-03T10:00:00Z"),
            ("2026-02-03 10:00:00.123456 -0500 EST", "2026-02-03T15:00:00Z"),
            ("2026/02/03 10:00:00", "2026-02-03T10:00:00Z"),
            ("3.2.2026 10:00", "2026-02-03T10:00:00Z"),
            ("25/12/2026", "2026-12-25T00:00:00Z"),
            ("12/25/2026 3:15:00 PM", "2026-12-25T15:15:00Z"),
            ("12/25/2026 12:15 AM", "2026-12-25T00:15:00Z"),
            ("Tue, 3 February 2026 10:00:00 PST", "2026-02-03T18:00:00Z"),
            ("Tue, 03 Feb 2026 10:00:00 +5:30", "2026-02-03T04:30:00Z"),
            ("Tue, 03 Feb 2026 10:00:00+0530", "2026-02-03T04:30:00Z"),
            ("Tue, 03 Feb 2026 10:00:00 GMT+2", "2026-02-03T08:00:00Z"),
            ("Tue Feb  3 10:00:00 UTC 2026", "2026-02-03T10:00:00Z"),
            ("Tue Feb 03 2026 10:00:00 GMT+0100 (Central European Standard Time)", "2026-02-03T09:00:00Z"),
            ("mar., 3 févr. 2026 10:00:00 +0100", "2026-02-03T09:00:00Z"),
            ("Di, 03 März 2026 10:00:00 +0000", "2026-03-03T10:00:00Z"),
            ("Вт, 03 фев 2026 10:00:00 +0300", "2026-02-03T07:00:00Z"),
            ("wt., 03 lut 2026 10:00:00 +0100", "2026-02-03T09:00:00Z"),
            ("3 de febrero de 2026", "2026-02-03T00:00:00Z"),
            ("Tue, 03 Feb 26 10:00 EDT", "2026-02-03T14:00:00Z"),
            ("Sat, 28 Feb 2026 24:00:00 GMT", "2026-03-01T00:00:00Z"),
            ("Tue, 03 Feb 2026 10:00:60 GMT", "2026-02-03T10:00:59Z"),
            ("1770112800", "2026-02-03T10:00:00Z"),
            ("1770112800000", "2026-02-03T10:00:00Z"),
            ("20260203T100000Z", "2026-02-03T10:00:00Z"),
            ("202602031000", "2026-02-03T10:00:00Z"),
            ("20260203100030", "2026-02-03T10:00:30Z"),
            ("Dienstag, 3. Februar 2026 10:00", "2026-02-03T10:00:00Z"),
            ("3. feb. 2026. 10:00", "2026-02-03T10:00:00Z"),
            ("February 3rd, 2026", "2026-02-03T00:00:00Z"),
            ("1er février 2026", "2026-02-01T00:00:00Z"),
            ("3 marraskuuta 2026", "2026-11-03T00:00:00Z"),
            ("Feb 3 2026, Sat", "2026-02-03T00:00:00Z"),
            ("03 lip 2026", "2026-07-03T00:00:00Z"),
            ("03 Sept. 2026", "2026-09-03T00:00:00Z"),
            ("Marketing 3 2026", "none"),
            ("Deciding 3 2026", "none"),
            ("177011280", "none"),
            ("177011280000", "none"),
            ("-1770112800", "none"),
            ("Invalid Date", "none"),
            ("yesterday", "none"),
            ("0000-00-00 00:00:00", "none"),
            ("0001-01-01T00:00:00Z", "none"),
            ("Thu, 01 Jan 1970 00:00:00 GMT", "none"),
            ("Tue, 31 Feb 2026 10:00:00 GMT", "none"),
            ("Tue, 03 Feb 2026 25:00:00 GMT", "none"),
            ("7", "none"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn only_dates_against_the_rules_are_odd() {
        for (text, odd) in [
            ("Tue, 03 Feb 2026 10:00:00 GMT", 0),
            ("03 Feb 2026 10:00 EST", 0),
            ("2026-02-03T10:00:00Z", 0),
            ("2026-02-03", 0),
            ("Wed, 03 Feb 2026 10:00:00 GMT", 1),
            ("Invalid Date", 1),
        ] {
            let mut problems = Problems::default();
            read(text, &mut problems);
            assert_eq!(problems.count(Problem::OddDate), odd, "{text}");
        }
    }

    #[test]
    fn durations_are_seconds_minutes_or_hours() {
        for (text, expected) in [
            ("45", Some(45.0)),
            ("62:03", Some(3723.0)),
            ("1:02:03", Some(3723.0)),
            (" 95.5 ", Some(95.5)),
            ("abc", None),
            ("1:2:3:4", None),
            ("-5", None),
            ("0", None),
            ("", None),
            ("1e9", None),
        ] {
            assert_eq!(read_duration(text).map(|it| it.as_secs_f64()), expected, "{text}");
        }
    }
}
