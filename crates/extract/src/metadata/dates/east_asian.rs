//! Dates of China, Japan, Korea and Taiwan: `2024年5月6日`, `令和8年3月3日`, `二〇二六年三月三日`, `2024년 5월 6일`.

use jiff::civil::Date;

use super::calendars::Calendar;
use super::scripts::{is_numeral, number};

/// Eras with the year before their first.
const ERAS: [(&str, i16); 5] = [("令和", 2018), ("平成", 1988), ("昭和", 1925), ("民國", 1911), ("民国", 1911)];

/// Returns the first date in a text whose digits are ASCII.
pub(super) fn find_date(text: &str) -> Option<Date> {
    text.match_indices(['年', '년']).find_map(|(at, mark)| {
        let before = text[..at].trim_end();
        let (month, rest) = split_number(&text[at + mark.len()..], &['月', '월'])?;
        let (day, _) = split_number(rest, &['日', '号', '號', '일'])?;
        Date::new(read_year(before)?, month, day).ok()
    })
}

/// Returns whether a text counts its years from the beginning of an era, with few digits.
pub(super) fn names_era(text: &str) -> bool {
    text.contains('年') && ERAS.iter().any(|(name, _)| text.contains(name))
}

/// Splits off a number and the mark after it.
fn split_number<'t>(text: &'t str, marks: &[char]) -> Option<(i8, &'t str)> {
    let text = text.trim_start();
    let (word, rest) = text.split_at(text.find(|letter| !is_numeral(letter)).unwrap_or(text.len()));
    let rest = rest.trim_start();
    Some((i8::try_from(number(word)?).ok()?, rest.strip_prefix(marks).unwrap_or(rest)))
}

/// Reads the year at the end of a text.
fn read_year(before: &str) -> Option<i16> {
    let start = before.trim_end_matches(is_numeral).len();
    let (before, year) = before.split_at(start);
    let era = ERAS.iter().find(|(name, _)| before.trim_end().ends_with(name));
    match era {
        Some((_, start)) => number(year).filter(|year| (1..200).contains(year)).map(|year| start + year),
        None => Calendar::Gregorian.parse_year(&number(year)?.to_string()),
    }
}
