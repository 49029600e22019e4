//! Dates in the forms pages write them, as moments. Without a zone a date is read as UTC; a date
//! that is after the present or before the web is no date.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

/// The first of these that is a date and not in the future.
pub(crate) fn first(candidates: impl IntoIterator<Item = String>, now: Timestamp) -> Option<Timestamp> {
    candidates.into_iter().find_map(|text| parse(&text, now))
}

/// One date in ISO 8601, RFC 2822 or words (English and the month names of some more languages).
pub(crate) fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > 120 {
        return None;
    }
    let found = iso(text)
        .or_else(|| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()))
        .or_else(|| seconds(text))
        .or_else(|| in_words(text))?;
    within(found, now)
}

/// A day early tomorrow may be today in the page's zone, so up to 14 hours ahead counts as now.
fn within(found: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let earliest = Offset::UTC.to_timestamp(Date::constant(1980, 1, 1).to_datetime(Time::midnight())).ok()?;
    if found < earliest {
        return None;
    }
    if found <= now {
        return Some(found);
    }
    let soon = now.checked_add(14.hours()).ok()?;
    (found <= soon).then_some(now)
}

/// `2024-05-06`, with or without time, seconds, fraction and offset (also `+0200` and ` +02:00`).
fn iso(text: &str) -> Option<Timestamp> {
    let date: Date = text.get(..10)?.replace('/', "-").parse().ok()?;
    let rest = text[10..].trim_start_matches(['T', 't', ' ', ',']).trim();
    let (time, zone) = split_zone(rest);
    let time = clock(time).unwrap_or(Time::midnight());
    moment(date.to_datetime(time), zone)
}

/// Splits a time into clock and zone: the zone begins at `Z`, `+`, `-` or a letter.
fn split_zone(text: &str) -> (&str, &str) {
    let at = text.find(|letter: char| letter == '+' || letter == '-' || letter == '−' || letter.is_ascii_alphabetic());
    let (clock, zone) = text.split_at(at.unwrap_or(text.len()));
    (clock.trim(), zone.trim())
}

/// `14:05`, `14:05:06.789`, `14.05`, or nothing.
fn clock(text: &str) -> Option<Time> {
    let text = text.split('.').next().filter(|whole| whole.contains(':')).unwrap_or(text);
    let mut parts = text.split([':', '.']).map(|part| part.trim().parse::<i8>().ok());
    let hour = parts.next()??;
    let minute = parts.next()??;
    let second = parts.next().flatten().unwrap_or(0).min(59);
    Time::new(hour, minute, second, 0).ok()
}

fn moment(local: DateTime, zone: &str) -> Option<Timestamp> {
    let minutes = offset(zone).unwrap_or(0);
    let offset = Offset::from_seconds(minutes * 60).ok()?;
    offset.to_timestamp(local).ok()
}

/// Minutes east of UTC.
fn offset(zone: &str) -> Option<i32> {
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

/// Seconds or milliseconds since 1970.
fn seconds(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// Month names, by the letters they begin with; longer beginnings first where one contains another.
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1),
    ("ene", 1),
    ("gen", 1),
    ("янв", 1),
    ("sty", 1),
    ("oca", 1),
    ("feb", 2),
    ("fev", 2),
    ("fév", 2),
    ("фев", 2),
    ("lut", 2),
    ("şub", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrt", 3),
    ("maa", 3),
    ("мар", 3),
    ("apr", 4),
    ("abr", 4),
    ("avr", 4),
    ("апр", 4),
    ("kwi", 4),
    ("nis", 4),
    ("may", 5),
    ("mai", 5),
    ("maj", 5),
    ("mag", 5),
    ("mei", 5),
    ("мая", 5),
    ("май", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("июн", 6),
    ("cze", 6),
    ("haz", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("июл", 7),
    ("lip", 7),
    ("tem", 7),
    ("aug", 8),
    ("ago", 8),
    ("aoû", 8),
    ("aou", 8),
    ("авг", 8),
    ("sie", 8),
    ("ağu", 8),
    ("sep", 9),
    ("set", 9),
    ("сен", 9),
    ("wrz", 9),
    ("eyl", 9),
    ("oct", 10),
    ("okt", 10),
    ("out", 10),
    ("ott", 10),
    ("окт", 10),
    ("paź", 10),
    ("eki", 10),
    ("nov", 11),
    ("ноя", 11),
    ("lis", 11),
    ("kas", 11),
    ("dec", 12),
    ("dez", 12),
    ("dic", 12),
    ("déc", 12),
    ("дек", 12),
    ("gru", 12),
    ("ara", 12),
];

fn month(word: &str) -> Option<i8> {
    MONTHS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, month)| *month)
}

/// `May 6, 2024`, `6. Mai 2024, 14:05`, `06.05.2024`, `2024年5月6日`, anywhere in a short text.
fn in_words(text: &str) -> Option<Timestamp> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let date = with_month_name(&words).or_else(|| east_asian(&lower)).or_else(|| numbers(&words, &lower))?;
    moment(date.to_datetime(time_in(&lower).unwrap_or(Time::midnight())), zone_in(text))
}

fn year(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse::<i16>().ok()).flatten().filter(|year| (1980..2200).contains(year))
}

fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic());
    let ending = &word[digits.len()..];
    let known = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª");
    digits.parse().ok().filter(|day| known && (1..=31).contains(day))
}

fn with_month_name(words: &[&str]) -> Option<Date> {
    for (at, word) in words.iter().enumerate() {
        let Some(month) = (!word.starts_with(|letter: char| letter.is_ascii_digit())).then(|| month(word)).flatten()
        else {
            continue;
        };
        let skip = |word: &&&str| !matches!(**word, "de" | "del" | "of" | "the");
        let before = words[..at].iter().rev().find(skip).and_then(|word| day(word));
        let mut following = words[at + 1..].iter().filter(skip);
        let next = following.next();
        let date = match before {
            Some(day) => next.and_then(|word| year(word)).and_then(|year| Date::new(year, month, day).ok()),
            None => None,
        };
        let other = || {
            let day = next.and_then(|word| day(word))?;
            Date::new(year(following.next()?)?, month, day).ok()
        };
        if let Some(date) = date.or_else(other) {
            return Some(date);
        }
    }
    None
}

/// `2024年5月6日` and `2024년 5월 6일`.
fn east_asian(text: &str) -> Option<Date> {
    let numbers: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let marked = ["年", "년"].iter().any(|mark| text.contains(mark));
    let at = numbers.iter().position(|number| year(number).is_some()).filter(|_| marked)?;
    let part = |ahead: usize| numbers.get(at + ahead).and_then(|number| number.parse::<i8>().ok());
    Date::new(year(numbers[at])?, part(1)?, part(2)?).ok()
}

/// `06.05.2024`, `6/5/2024`, `2024.05.06`: day first where that is the custom of the mark (`.`), and
/// with `/` only when the other order is impossible.
fn numbers(words: &[&str], text: &str) -> Option<Date> {
    let three = words.windows(3).find(|three| {
        three.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
            && (year(three[0]).is_some() || year(three[2]).is_some())
    })?;
    let number = |at: usize| three[at].parse::<i8>().ok();
    if let Some(year) = year(three[0]) {
        return Date::new(year, number(1)?, number(2)?).ok();
    }
    let (first, second, year) = (number(0)?, number(1)?, year(three[2])?);
    let dotted =
        text.contains(&format!("{}.{}.", three[0], three[1])) || text.contains(&format!("{}-{}-", three[0], three[1]));
    match (dotted || first > 12, second > 12) {
        (true, false) => Date::new(year, second, first).ok(),
        (false, true) => Date::new(year, first, second).ok(),
        _ => (first == second).then(|| Date::new(year, first, second).ok()).flatten(),
    }
}

/// A clock time in the text, `14:05` or `2:05 pm`.
fn time_in(text: &str) -> Option<Time> {
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

/// A zone's short name among the words, in capitals.
fn zone_in(text: &str) -> &str {
    text.split(|letter: char| !letter.is_ascii_alphabetic())
        .find(|word| word.len() >= 3 && word.to_ascii_uppercase() == **word && offset(word).is_some())
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        parse(text, now).map_or("none".into(), |found| found.to_string())
    }

    #[test]
    fn dates_are_read_in_the_usual_forms() {
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
            ("13/05/2024", "2024-05-13T00:00:00Z"),
            ("2024年5月6日", "2024-05-06T00:00:00Z"),
            ("1714996800", "2024-05-06T12:00:00Z"),
        ] {
            assert_eq!(check(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_not_yet_is_none() {
        for text in [
            "",
            "yesterday",
            "2031-01-01",
            "2024-13-40",
            "5/6/2024",
            "0001-01-01T00:00:00",
            "Room 12 2024",
            "é024-05-06",
            "99999999999999999999",
        ] {
            assert_eq!(check(text), "none", "{text}");
        }
        assert_eq!(check("2026-11-24"), "2026-11-23T12:00:00Z", "tomorrow may be today elsewhere");
    }
}
