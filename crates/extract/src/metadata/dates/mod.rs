//! Parses dates as pages write them. Without a zone a date is read as UTC; dates in the future or before 1980 are
//! rejected.

mod calendars;
mod east_asian;
mod month_names;
mod scripts;
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

impl ParsedDate {
    /// The beginning of a day in UTC.
    pub(crate) fn from_day(day: Date) -> Option<ParsedDate> {
        let timestamp = Offset::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok()?;
        Some(ParsedDate { timestamp, day })
    }
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
    let text = &*scripts::unify(text);
    let found =
        iso_8601(text).or_else(|| rfc2822(text)).or_else(|| unix_time(text)).or_else(|| date_in_words(text, order))?;
    clamp_to_now(found, now)
}

/// Returns whether a lower-case word names a month.
pub(crate) fn is_month(word: &str) -> bool {
    month_names::is_month(word)
}

/// Counts what may be the digits of a date, in any script. An era stands for the digits that its years lack.
pub(crate) fn count_digits(text: &str) -> usize {
    const LACKING: usize = 2;
    scripts::count_digits(text) + if east_asian::names_era(text) { LACKING } else { 0 }
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
    // Other calendars count otherwise.
    let year = Some(year).filter(|year| (1900..2200).contains(year))?;
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
mod tests;
