//! Reads the values of operators: days, minutes, languages.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use unicode_normalization::UnicodeNormalization as _;

/// Days from the first to before the second.
pub type Days = (Date, Date);

/// Returns the days that a value names: `2026-11-23`, `2026-11`, `2026`, `today`, `yesterday`, `7d`, `2w`, `3m`, `1y`.
pub fn parse_days(typed: &str, today: Date) -> Option<Days> {
    let text: String = typed.trim().nfkc().flat_map(char::to_lowercase).collect();
    let day = |date: Date| Some((date, date.checked_add(1.day()).ok()?));
    match text.as_str() {
        "today" => return day(today),
        "yesterday" => return day(today.checked_sub(1.day()).ok()?),
        _ => {}
    }
    if let Some(ago) = parse_span(&text) {
        return day(today.checked_sub(ago).ok()?);
    }
    let mut parts = text.split('-');
    let year: i16 = parse_digits(parts.next()?, 4..=4)?;
    let Some(month) = parts.next() else {
        let first = Date::new(year, 1, 1).ok()?;
        return Some((first, first.checked_add(1.year()).ok()?));
    };
    let month: i8 = parse_digits(month, 1..=2)?;
    let first = Date::new(year, month, parts.next().map_or(Some(1), |day| parse_digits(day, 1..=2))?).ok()?;
    match (text.split('-').count(), parts.next()) {
        (2, None) => Some((first, first.checked_add(1.month()).ok()?)),
        (3, None) => day(first),
        _ => None,
    }
}

/// Returns a time ago: a number of days, weeks, months or years.
fn parse_span(text: &str) -> Option<Span> {
    let unit = text.chars().last()?;
    let number: i64 = parse_digits(&text[..text.len() - unit.len_utf8()], 1..=4)?;
    Some(match unit {
        'd' => number.days(),
        'w' => number.weeks(),
        'm' => number.months(),
        'y' => number.years(),
        _ => return None,
    })
}

fn parse_digits<N: std::str::FromStr>(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<N> {
    let is_number = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// Returns the least and the most minutes of a value: `10`, `<10`, `>=20`, `5-10`, `5..10`.
pub fn parse_minutes(typed: &str) -> Option<(i64, i64)> {
    const MAX: i64 = i64::MAX;
    let text: String = typed.nfkc().filter(|character| !character.is_whitespace()).collect();
    let text = text.replace('≤', "<=").replace('≥', ">=");
    let number = |text: &str| parse_digits::<i64>(text, 1..=6);
    if let Some(most) = text.strip_prefix("<=") {
        Some((0, number(most)?))
    } else if let Some(below) = text.strip_prefix('<') {
        Some((0, number(below)? - 1))
    } else if let Some(least) = text.strip_prefix(">=") {
        Some((number(least)?, MAX))
    } else if let Some(above) = text.strip_prefix('>') {
        Some((number(above)? + 1, MAX))
    } else if let Some((least, most)) = text.split_once("..").or_else(|| text.split_once(['-', '–'])) {
        Some((number(least)?, number(most)?)).filter(|(least, most)| least <= most)
    } else {
        number(&text).map(|exactly| (exactly, exactly))
    }
}

/// Returns the code of a language: two or three letters, and nothing but them of a longer tag such as `pt-BR`.
pub fn parse_language(typed: &str) -> Option<String> {
    let text = words::fold(typed.trim());
    let code = text.split(['-', '_']).next()?;
    let is_code = matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    is_code.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_read_in_every_form() {
        let today = date(2026, 12, 1);
        for (typed, first, end) in [
            ("2026-11-23", date(2026, 11, 23), date(2026, 11, 24)),
            ("2026-1-3", date(2026, 1, 3), date(2026, 1, 4)),
            ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
            ("2026", date(2026, 1, 1), date(2027, 1, 1)),
            ("Today", date(2026, 12, 1), date(2026, 12, 2)),
            ("yesterday", date(2026, 11, 30), date(2026, 12, 1)),
            ("7d", date(2026, 11, 24), date(2026, 11, 25)),
            ("２w", date(2026, 11, 17), date(2026, 11, 18)),
            ("1m", date(2026, 11, 1), date(2026, 11, 2)),
            ("1y", date(2025, 12, 1), date(2025, 12, 2)),
        ] {
            assert_eq!(parse_days(typed, today), Some((first, end)), "{typed}");
        }
        for typed in ["", "2026-02-30", "2026-13", "26-11", "tomorrow", "d", "99999d", "2026-11-23-1", "2026-", "é"] {
            assert_eq!(parse_days(typed, today), None, "{typed}");
        }
    }

    #[test]
    fn minutes_are_a_number_a_comparison_or_a_range() {
        for (typed, range) in [
            ("10", (10, 10)),
            ("<10", (0, 9)),
            ("＜10", (0, 9)),
            ("<=10", (0, 10)),
            ("≤10", (0, 10)),
            (">10", (11, i64::MAX)),
            (">=10", (10, i64::MAX)),
            ("5-10", (5, 10)),
            ("5..10", (5, 10)),
            ("< 10", (0, 9)),
        ] {
            assert_eq!(parse_minutes(typed), Some(range), "{typed}");
        }
        for typed in ["", "<", "ten", "10-5", "1.5", "99999999999999999999", "-3", "<<3"] {
            assert_eq!(parse_minutes(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_language_is_a_code() {
        assert_eq!(parse_language("pt-BR").as_deref(), Some("pt"));
        assert_eq!(parse_language("ＤＥ").as_deref(), Some("de"));
        assert_eq!(parse_language("German"), None);
    }
}
