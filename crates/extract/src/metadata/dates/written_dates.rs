//! Finds dates in words or numbers anywhere in a short text.

use jiff::civil::Date;

use super::calendars::{Calendar, Month};
use super::month_names::{self, MonthName};
use super::{DayMonthOrder, east_asian, scripts};

/// Returns the first date in a lower-case text whose letters are unified.
pub(super) fn find_date(text: &str, order: DayMonthOrder) -> Option<Date> {
    let words: Vec<&str> = month_names::words(text).collect();
    date_with_month_name(&words).or_else(|| east_asian::find_date(text)).or_else(|| numeric_date(&words, text, order))
}

/// Parses `6 May 2024`, `May 6, 2024`, `2024. május 6.`, `2024. gada 6. maijs`. A date in our calendar precedes the same
/// in another.
fn date_with_month_name(words: &[&str]) -> Option<Date> {
    let months = || (0..words.len()).flat_map(|at| month_names::months_at(&words[at..]).map(move |found| (at, found)));
    let is_ours = |name: &MonthName| name.calendar == Calendar::Gregorian;
    let mut found = months().filter(|(_, (name, _))| is_ours(name));
    let mut others = months().filter(|(_, (name, _))| !is_ours(name));
    let date =
        |(at, (name, length)): (usize, (&MonthName, usize))| date_around(&words[..at], name, &words[at + length..]);
    found.find_map(date).or_else(|| others.find_map(date))
}

/// Parses the day and year on both sides of a month.
fn date_around(before: &[&str], name: &MonthName, after: &[&str]) -> Option<Date> {
    let speaks = |word: &&&str| !month_names::is_filler(word);
    let mut before = before.iter().rev().filter(speaks);
    let mut after = after.iter().filter(speaks);
    let (left, far_left) = (before.next(), before.next());
    let (right, far_right) = (after.next(), after.next());
    [(right, left), (left, right), (far_right, right), (far_left, left)].into_iter().find_map(|(year, day)| {
        let (year, day) = (parse_year(year?, name)?, parse_day(day?, name.calendar)?);
        name.calendar.date(year, name.month, day)
    })
}

fn parse_year(word: &str, name: &MonthName) -> Option<i16> {
    let digits = without_ending(word);
    let known = name.calendar.parse_year(digits);
    match digits.parse::<i16>() {
        Err(_) if name.calendar == Calendar::Hebrew => {
            name.calendar.parse_year(&scripts::hebrew_number(word)?.to_string())
        }
        // Thai years are often written with two digits: "69" is 2569.
        Ok(year) if digits.len() == 2 && name.is_thai() => name.calendar.parse_year(&(2500 + year).to_string()),
        _ => known,
    }
}

fn parse_day(word: &str, calendar: Calendar) -> Option<i8> {
    let hebrew = || scripts::hebrew_number(word).filter(|_| calendar == Calendar::Hebrew);
    let day = without_ending(word).parse().ok().or_else(|| hebrew()?.try_into().ok())?;
    (1..=31).contains(&day).then_some(day)
}

/// Removes what is joined to a number: `6th`, `2024ж`.
fn without_ending(word: &str) -> &str {
    let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic());
    if month_names::is_filler(&word[digits.len()..]) { digits } else { word }
}

/// Parses `06.05.2024`, `6/5/2024`, `2024.05.06` and `06.05.24`. Dotted dates are day first; with `/` the order is that
/// of the page's language. If unknown, the date is accepted only when one order is impossible.
fn numeric_date(words: &[&str], text: &str, order: DayMonthOrder) -> Option<Date> {
    let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let three = words
        .windows(3)
        .find(|three| three.iter().all(plain) && (year_first(three, text).is_some() || ends_with_year(three, text)))?;
    let number = |at: usize| three[at].parse::<i8>().ok();
    if let Some((calendar, year)) = year_first(three, text) {
        return calendar.date(year, Month::parse(three[1])?, number(2)?);
    }
    if let Some((calendar, year)) = other_year(three[2]).filter(|_| is_joined(three, text)) {
        return calendar.date(year, Month::parse(three[1])?, number(0)?);
    }
    let (first, second) = (number(0)?, number(1)?);
    let year = match Calendar::Gregorian.parse_year(three[2]) {
        Some(year) => year,
        None => i16::from(number(2)?) + if number(2)? > 80 { 1900 } else { 2000 },
    };
    let dotted =
        text.contains(&format!("{}.{}.", three[0], three[1])) || text.contains(&format!("{}-{}-", three[0], three[1]));
    let day_first = dotted || first > 12 || (order == DayMonthOrder::DayFirst && second <= 12);
    match (day_first, second > 12 || order == DayMonthOrder::MonthFirst) {
        (true, _) if second <= 12 => Date::new(year, second, first).ok(),
        (false, true) => Date::new(year, first, second).ok(),
        _ => (first == second).then(|| Date::new(year, first, second).ok()).flatten(),
    }
}

/// Returns the year at the start of three numbers. Those of other calendars are easily something else, so the numbers
/// must be joined.
fn year_first(three: &[&str], text: &str) -> Option<(Calendar, i16)> {
    let ours = Calendar::Gregorian.parse_year(three[0]).map(|year| (Calendar::Gregorian, year));
    ours.or_else(|| other_year(three[0]).filter(|_| is_joined(three, text)))
}

fn other_year(word: &str) -> Option<(Calendar, i16)> {
    let calendar = Calendar::of_year(word).filter(|calendar| *calendar != Calendar::Gregorian)?;
    Some((calendar, calendar.parse_year(word)?))
}

fn is_joined(three: &[&str], text: &str) -> bool {
    ["/", "-"].iter().any(|mark| text.contains(&three.join(mark)))
}

/// Returns whether the year comes last: four digits, or two after two dots.
fn ends_with_year(three: &[&str], text: &str) -> bool {
    let short = || {
        let written = format!("{}.{}.{}", three[0], three[1], three[2]);
        let alone = |at: usize| !text[at + written.len()..].starts_with(['.', ':']);
        three[1].len() == 2 && three[2].len() == 2 && text.find(&written).is_some_and(alone)
    };
    let is_year = Calendar::of_year(three[2]);
    is_year.is_some_and(|calendar| calendar == Calendar::Gregorian || is_joined(three, text)) || short()
}
