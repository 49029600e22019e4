//! Years and days of the calendars in which people write dates.

use icu_calendar::cal::{Hebrew, Hijri, Persian};
use icu_calendar::{AsCalendar, Iso, types};
use jiff::civil::Date;

/// A calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    /// Ours. In Thailand, its years are counted from the Buddha.
    Gregorian,
    /// That of Iran and Afghanistan.
    Persian,
    /// The lunar calendar of Islam, as in Saudi Arabia (Umm al-Qura).
    Islamic,
    /// The calendar of Judaism.
    Hebrew,
}

/// A month of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    number: u8,
    is_leap: bool,
}

impl Calendar {
    /// Parses the name in `month_names.txt`.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "gregorian" => Some(Self::Gregorian),
            "persian" => Some(Self::Persian),
            "islamic" => Some(Self::Islamic),
            "hebrew" => Some(Self::Hebrew),
            _ => None,
        }
    }

    /// Parses a year of four digits that may be one of this calendar since 1980.
    pub(super) fn parse_year(self, word: &str) -> Option<i16> {
        let year: i16 = (word.len() == 4).then(|| word.parse().ok()).flatten()?;
        match self {
            Self::Gregorian if (2523..2643).contains(&year) => Some(year - 543),
            Self::Gregorian => (1980..2200).contains(&year).then_some(year),
            Self::Persian => (1358..1580).contains(&year).then_some(year),
            Self::Islamic => (1400..1620).contains(&year).then_some(year),
            Self::Hebrew => (5740..5960).contains(&year).then_some(year),
        }
    }

    /// Returns the calendar of a date in numbers that begins with this year. The Persian years of our time are Islamic
    /// ones of the 1980s and 90s, when there was no web.
    pub(super) fn of_year(word: &str) -> Option<Self> {
        let is_persian = word.parse().is_ok_and(|year: i16| year < 1420);
        let possible = [Self::Gregorian, if is_persian { Self::Persian } else { Self::Islamic }];
        possible.into_iter().find(|calendar| calendar.parse_year(word).is_some())
    }

    /// Returns the day in our calendar, if it exists.
    pub(super) fn date(self, year: i16, month: Month, day: i8) -> Option<Date> {
        match self {
            Self::Gregorian => Date::new(year, i8::try_from(month.number).ok()?, day).ok(),
            Self::Persian => convert(year, month, day, Persian),
            Self::Islamic => convert(year, month, day, Hijri::new_umm_al_qura()),
            Self::Hebrew => convert(year, month, day, Hebrew),
        }
    }
}

impl Month {
    /// Parses `3`, or `5L` for a leap month after the fifth.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = text.trim_end_matches('L').parse().ok()?;
        Some(Self { number, is_leap: text.ends_with('L') })
    }
}

fn convert<A: AsCalendar>(year: i16, month: Month, day: i8, calendar: A) -> Option<Date> {
    let month = if month.is_leap { types::Month::leap(month.number) } else { types::Month::new(month.number) };
    let date = icu_calendar::Date::try_new(i32::from(year).into(), month, u8::try_from(day).ok()?, calendar).ok()?;
    let date = date.to_calendar(Iso);
    let number = |number: u8| i8::try_from(number).ok();
    let year = i16::try_from(date.year().extended_year()).ok()?;
    Date::new(year, number(date.month().number())?, number(date.day_of_month().0)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_converted() {
        for (calendar, year, month, day, expected) in [
            (Calendar::Gregorian, 2024, "2", 29, Some("2024-02-29")),
            (Calendar::Persian, 1403, "12", 30, Some("2025-03-20")),
            (Calendar::Persian, 1404, "12", 30, None),
            (Calendar::Islamic, 1446, "9", 1, Some("2025-03-01")),
            (Calendar::Hebrew, 5784, "5L", 14, Some("2024-02-23")),
            (Calendar::Hebrew, 5785, "5L", 14, None),
            (Calendar::Hebrew, 5786, "1", 1, Some("2025-09-23")),
        ] {
            let date = calendar.date(year, Month::parse(month).unwrap(), day);
            assert_eq!(date.map(|date| date.to_string()).as_deref(), expected, "{calendar:?} {year} {month} {day}");
        }
    }
}
