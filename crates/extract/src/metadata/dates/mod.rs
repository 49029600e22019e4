//! Parses dates as pages write them. Without a zone a date is read as UTC; dates in the future or before 1980 are
//! rejected.

mod written_dates;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

/// A point in time, and the calendar day as the page writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ParsedDate {
    pub(crate) timestamp: Timestamp,
    pub(crate) day: Date,
}

/// The order of day and month in a numeric date such as `5/6/2024`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayMonthOrder {
    DayFirst,
    MonthFirst,
    Unknown,
}

/// Parses the first candidate that is a valid date.
pub(crate) fn parse_first<'t>(
    candidates: impl IntoIterator<Item = &'t str>,
    now: Timestamp,
    order: DayMonthOrder,
) -> Option<ParsedDate> {
    candidates.into_iter().find_map(|text| parse(text, now, order))
}

/// Parses a date in ISO 8601, RFC 2822, Unix time, or words of many languages. Returns `None` if it is later than
/// `now`.
pub(crate) fn parse(text: &str, now: Timestamp, order: DayMonthOrder) -> Option<ParsedDate> {
    let text = text.trim();
    if text.is_empty() || text.len() > 160 {
        return None;
    }
    let found =
        iso_8601(text).or_else(|| rfc2822(text)).or_else(|| unix_time(text)).or_else(|| date_in_words(text, order))?;
    clamp_to_now(found, now)
}

/// Returns whether a lower-case word names a month.
pub(crate) fn is_month(word: &str) -> bool {
    written_dates::month_number(word).is_some()
}

/// Rejects future dates. Tomorrow may be today in the page's zone, so up to 14 hours ahead count as now.
fn clamp_to_now(found: ParsedDate, now: Timestamp) -> Option<ParsedDate> {
    if found.day < Date::constant(1980, 1, 1) {
        return None;
    }
    if found.timestamp <= now {
        return Some(found);
    }
    let soon = now.checked_add(14.hours()).ok()?;
    (found.timestamp <= soon).then_some(ParsedDate { timestamp: now, day: found.day })
}

fn rfc2822(text: &str) -> Option<ParsedDate> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(ParsedDate { timestamp: zoned.timestamp(), day: zoned.date() })
}

/// Parses `2024-05-06` with optional time, seconds, fraction and offset (also `+0200` and ` +02:00`), `2024-5-6` and
/// `20240506`.
fn iso_8601(text: &str) -> Option<ParsedDate> {
    let (date, rest) = iso_date(text)?;
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']).trim();
    let (time, zone) = split_zone(rest);
    let time = parse_clock(time).unwrap_or(Time::midnight());
    at_offset(date.to_datetime(time), zone)
}

/// Parses a leading date, year first. Also returns the rest of the text.
fn iso_date(text: &str) -> Option<(Date, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let year = text.get(..4).filter(|year| digits(year) == 4)?.parse().ok()?;
    let part = |text: &'_ str, longest: usize| -> Option<(i8, usize)> {
        let length = digits(text).min(longest);
        Some((text.get(..length)?.parse().ok()?, length))
    };
    if digits(text) == 8 {
        let (month, day) = (part(&text[4..], 2)?.0, part(&text[6..], 2)?.0);
        return Some((Date::new(year, month, day).ok()?, &text[8..]));
    }
    let mark = text.as_bytes().get(4).filter(|mark| matches!(mark, b'-' | b'/'))?;
    let (month, length) = part(&text[5..], 2)?;
    let rest = text.get(5 + length..)?.strip_prefix(char::from(*mark))?;
    let (day, length) = part(rest, 2)?;
    Some((Date::new(year, month, day).ok()?, &rest[length..]))
}

/// Splits a time from its zone, which starts with `Z`, `+`, `-` or a letter.
fn split_zone(text: &str) -> (&str, &str) {
    let at = text.find(|letter: char| letter == '+' || letter == '-' || letter == '−' || letter.is_ascii_alphabetic());
    let (clock, zone) = text.split_at(at.unwrap_or(text.len()));
    (clock.trim(), zone.trim())
}

/// Parses `14:05`, `14:05:06.789` or `14.05`.
fn parse_clock(text: &str) -> Option<Time> {
    let text = text.split('.').next().filter(|whole| whole.contains(':')).unwrap_or(text);
    let mut parts = text.split([':', '.']).map(|part| part.trim().parse::<i8>().ok());
    let hour = parts.next()??;
    let minute = parts.next()??;
    let second = parts.next().flatten().unwrap_or(0).min(59);
    Time::new(hour, minute, second, 0).ok()
}

fn at_offset(local: DateTime, zone: &str) -> Option<ParsedDate> {
    let minutes = parse_offset(zone).unwrap_or(0);
    let offset = Offset::from_seconds(minutes * 60).ok()?;
    Some(ParsedDate { timestamp: offset.to_timestamp(local).ok()?, day: local.date() })
}

/// Parses an offset or zone abbreviation into minutes east of UTC.
fn parse_offset(zone: &str) -> Option<i32> {
    let named = match zone.to_ascii_uppercase().as_str() {
        "EST" | "CDT" => Some(-5),
        "EDT" | "AST" => Some(-4),
        "CST" | "MDT" => Some(-6),
        "MST" | "PDT" => Some(-7),
        "PST" => Some(-8),
        "BST" | "CET" | "MEZ" | "WAT" => Some(1),
        "CEST" | "MESZ" | "EET" | "CAT" | "SAST" => Some(2),
        "EEST" | "MSK" | "EAT" => Some(3),
        "JST" | "KST" => Some(9),
        "AEST" => Some(10),
        "SGT" | "HKT" => Some(8),
        _ => None,
    };
    if let Some(hours) = named {
        return Some(hours * 60);
    }
    let sign = match zone.chars().next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let digits: String =
        zone.chars().skip(1).take_while(|c| c.is_ascii_digit() || *c == ':').filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse::<i32>().ok()?, digits[2..].parse::<i32>().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Parses seconds or milliseconds since 1970.
fn unix_time(text: &str) -> Option<ParsedDate> {
    let number: i64 = text.parse().ok()?;
    let timestamp = match text.len() {
        10 => Timestamp::from_second(number).ok()?,
        13 => Timestamp::from_millisecond(number).ok()?,
        _ => return None,
    };
    Some(ParsedDate { timestamp, day: Offset::UTC.to_datetime(timestamp).date() })
}

/// Finds `May 6, 2024`, `6. Mai 2024, 14:05`, `06.05.2024` or `2024年5月6日` anywhere in a short text.
fn date_in_words(text: &str, order: DayMonthOrder) -> Option<ParsedDate> {
    let lower = text.to_lowercase();
    let date = written_dates::find_date(&lower, order)?;
    at_offset(date.to_datetime(find_time(&lower).unwrap_or(Time::midnight())), find_zone(text))
}

/// Finds a time of day, `14:05` or `2:05 pm`.
fn find_time(text: &str) -> Option<Time> {
    let colon = text.match_indices(':').map(|(at, _)| at).find(|at| {
        text[..*at].ends_with(|letter: char| letter.is_ascii_digit())
            && text[at + 1..].starts_with(|letter: char| letter.is_ascii_digit())
    })?;
    let hour: String =
        text[..colon].chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect();
    let minute: String = text[colon + 1..].chars().take_while(char::is_ascii_digit).collect();
    let after = text[colon + 1 + minute.len()..].trim_start().replace('.', "");
    let hour: i8 = hour.parse().ok()?;
    let hour = match (hour, after.starts_with("pm"), after.starts_with("am")) {
        (1..=11, true, _) => hour + 12,
        (12, _, true) => 0,
        _ => hour,
    };
    Time::new(hour, minute.parse().ok()?, 0, 0).ok()
}

/// Finds a zone abbreviation in capitals.
fn find_zone(text: &str) -> &str {
    text.split(|letter: char| !letter.is_ascii_alphabetic())
        .find(|word| word.len() >= 3 && word.to_ascii_uppercase() == **word && parse_offset(word).is_some())
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        parse(text, now, DayMonthOrder::Unknown).map_or("none".into(), |found| found.timestamp.to_string())
    }

    #[test]
    fn usual_date_formats_are_parsed() {
        for (text, wanted) in [
            ("2024-05-06", "2024-05-06T00:00:00Z"),
            ("2024-05-06T14:05:06+02:00", "2024-05-06T12:05:06Z"),
            ("2024-05-06T14:05:06.123Z", "2024-05-06T14:05:06Z"),
            ("2024-05-06 14:05:06 +0200", "2024-05-06T12:05:06Z"),
            ("2024-05-06T14:05", "2024-05-06T14:05:00Z"),
            ("2024/05/06 14:05", "2024-05-06T14:05:00Z"),
            ("Mon, 06 May 2024 14:05:06 GMT", "2024-05-06T14:05:06Z"),
            ("May 6, 2024", "2024-05-06T00:00:00Z"),
            ("Updated: May 6th, 2024 2:05 p.m. EDT", "2024-05-06T18:05:00Z"),
            ("6. Mai 2024, 14:05 Uhr", "2024-05-06T14:05:00Z"),
            ("6 de mayo de 2024", "2024-05-06T00:00:00Z"),
            ("6 мая 2024", "2024-05-06T00:00:00Z"),
            ("06.05.2024", "2024-05-06T00:00:00Z"),
            ("2024-5-6T7:05:00", "2024-05-06T07:05:00Z"),
            ("20240506", "2024-05-06T00:00:00Z"),
            ("20240506T140500Z", "2024-05-06T00:00:00Z"),
            ("Publicado el lunes 6 de mayo del 2024", "2024-05-06T00:00:00Z"),
            ("6 mai 2024 à 14:05", "2024-05-06T14:05:00Z"),
            ("lunedì 6 maggio 2024", "2024-05-06T00:00:00Z"),
            ("6 maja 2024", "2024-05-06T00:00:00Z"),
            ("6. května 2024", "2024-05-06T00:00:00Z"),
            ("1. července 2024", "2024-07-01T00:00:00Z"),
            ("6 травня 2024", "2024-05-06T00:00:00Z"),
            ("6 Mayıs 2024", "2024-05-06T00:00:00Z"),
            ("2024. május 6.", "2024-05-06T00:00:00Z"),
            ("6. toukokuuta 2024", "2024-05-06T00:00:00Z"),
            ("6 Μαΐου 2024", "2024-05-06T00:00:00Z"),
            ("6 مايو 2024", "2024-05-06T00:00:00Z"),
            ("٦ مايو ٢٠٢٤", "2024-05-06T00:00:00Z"),
            ("6 मई 2024", "2024-05-06T00:00:00Z"),
            ("6 พฤษภาคม 2567", "2024-05-06T00:00:00Z"),
            ("2024년 5월 6일", "2024-05-06T00:00:00Z"),
            ("13/05/2024", "2024-05-13T00:00:00Z"),
            ("2024年5月6日", "2024-05-06T00:00:00Z"),
            ("06.05.24, 14:05 Uhr", "2024-05-06T14:05:00Z"),
            ("1714996800", "2024-05-06T12:00:00Z"),
        ] {
            assert_eq!(check(text), wanted, "{text}");
        }
    }

    #[test]
    fn invalid_and_future_dates_are_rejected() {
        for text in [
            "",
            "yesterday",
            "2031-01-01",
            "2024-13-40",
            "5/6/2024",
            "0001-01-01T00:00:00",
            "Room 12 2024",
            "5 marketing 2024",
            "é024-05-06",
            "99999999999999999999",
        ] {
            assert_eq!(check(text), "none", "{text}");
        }
        assert_eq!(check("192.168.12.24"), "none");
        assert_eq!(check("2026-11-24"), "2026-11-23T12:00:00Z", "tomorrow may be today elsewhere");
    }

    #[test]
    fn day_is_kept_as_written() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let day = |text: &str, order| parse(text, now, order).map(|found| found.day.to_string());
        assert_eq!(day("2024-05-06T23:30:00-05:00", DayMonthOrder::Unknown).as_deref(), Some("2024-05-06"));
        assert_eq!(day("2024-05-06T00:10:00+02:00", DayMonthOrder::Unknown).as_deref(), Some("2024-05-06"));
        assert_eq!(day("5/6/2024", DayMonthOrder::DayFirst).as_deref(), Some("2024-06-05"));
        assert_eq!(day("5/6/2024", DayMonthOrder::MonthFirst).as_deref(), Some("2024-05-06"));
        assert_eq!(day("13/6/2024", DayMonthOrder::MonthFirst).as_deref(), Some("2024-06-13"));
        assert_eq!(day("5/16/2024", DayMonthOrder::DayFirst).as_deref(), Some("2024-05-16"));
    }
}
