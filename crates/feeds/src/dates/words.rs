//! Dates word by word, in whatever order.

use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};

use super::{months, zones};

/// The parts of a date that were found so far.
#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    /// Hour, minute and second.
    time: Option<(i8, i8, i8)>,
    is_afternoon: Option<bool>,
    zone: Option<Offset>,
}

/// Reads a date by its words. `None` if they do not name a day.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let mut parts = Parts::default();
    // What stands in parentheses repeats the zone.
    let text = text.split('(').next().unwrap_or_default();
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        parts.read_word(word);
    }
    parts.timestamp()
}

impl Parts {
    fn read_word(&mut self, word: &str) {
        if let Some(month) = months::number_of(word) {
            // The last one: a day of the week may look like a month.
            self.month = Some(month);
        } else if self.day.is_none() && self.read_day(word) {
        } else if word.contains(':') && self.time.is_none() {
            self.read_time(word);
        } else if let Some(offset) = zones::numeric(word) {
            self.zone = Some(offset);
        } else if matches!(&*word.to_ascii_lowercase(), "am" | "a.m." | "pm" | "p.m.") {
            self.is_afternoon = Some(word.starts_with(['p', 'P']));
        } else if let Some(number) = number_in(word) {
            self.read_number(number);
        } else if self.zone.is_none() {
            self.read_zone(word);
        }
    }

    /// Reads a zone such as `EST` or `GMT+2`.
    fn read_zone(&mut self, word: &str) {
        let sign = word.find(['+', '-']).unwrap_or(word.len());
        let (name, offset) = word.split_at(sign);
        self.zone = match zones::named(name) {
            Some(_) if !offset.is_empty() => zones::numeric(offset),
            named => named,
        };
    }

    /// Reads a day in numbers: `2026-10-01`, `2026/10/1T08:00`, `1.10.2026`, `10/25/2026`, `20261001`, with a time `202610010800`.
    fn read_day(&mut self, word: &str) -> bool {
        let (day, time) = match word.split_once(['T', 't']) {
            Some((day, time)) if time.starts_with(|c: char| c.is_ascii_digit()) => (day, Some(time)),
            _ => (word, None),
        };
        let is_compact = matches!(day.len(), 8 | 12 | 14) && day.bytes().all(|byte| byte.is_ascii_digit());
        let time = time.or_else(|| is_compact.then(|| &day[8..])).filter(|time| !time.is_empty());
        let numbers: Vec<&str> = match is_compact {
            true => vec![&day[..4], &day[4..6], &day[6..8]],
            false => day.trim_end_matches('.').split(['-', '/', '.']).collect(),
        };
        let Some(numbers) = numbers.iter().map(|it| it.parse::<i16>().ok()).collect::<Option<Vec<i16>>>() else {
            return false;
        };
        let (year, month, date) = match numbers[..] {
            [year, month, date] if year > 31 => (year, month, date),
            // Programs that write points begin with the day, those that write slashes with the month if that can be.
            [first, second, year] if day.contains('/') && first <= 12 => (year, first, second),
            [date, month, year] => (year, month, date),
            [year, month] if year > 1900 => (year, month, 1),
            _ => return false,
        };
        (self.year, self.month, self.day) = (Some(full_year(year)), i8::try_from(month).ok(), i8::try_from(date).ok());
        if let Some(time) = time {
            self.read_time(time);
        }
        true
    }

    /// Reads a time, with the zone that may be glued to it: `22:15:30+5:30`, `10:00Z`, `100000`.
    fn read_time(&mut self, word: &str) {
        let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(word.len());
        let (time, rest) = word.split_at(end);
        let time = time.split_once('.').map_or(time, |(whole, _)| whole);
        let parts: Vec<&str> = match (time.contains(':'), time.len()) {
            (true, _) => time.split(':').collect(),
            (false, 6) => vec![&time[..2], &time[2..4], &time[4..]],
            (false, 4) => vec![&time[..2], &time[2..]],
            _ => return,
        };
        let Some(numbers) = parts.iter().map(|it| it.parse::<i8>().ok()).collect::<Option<Vec<i8>>>() else { return };
        self.time = match numbers[..] {
            [hour, minute] => Some((hour, minute, 0)),
            // A leap second is the last one of its minute.
            [hour, minute, second] => Some((hour, minute, if second == 60 { 59 } else { second })),
            _ => None,
        };
        match &*rest.to_ascii_lowercase() {
            "" => {}
            "am" | "pm" => self.is_afternoon = Some(rest.starts_with(['p', 'P'])),
            _ => self.zone = zones::numeric(rest).or_else(|| zones::named(rest)),
        }
    }

    /// Reads a day of the month or a year.
    fn read_number(&mut self, word: &str) {
        let Ok(number) = word.parse::<i16>() else { return };
        match number {
            1..=31 if self.day.is_none() && word.len() <= 2 => self.day = i8::try_from(number).ok(),
            _ if self.year.is_none() => self.year = Some(full_year(number)),
            _ => {}
        }
    }

    fn timestamp(self) -> Option<Timestamp> {
        let day = jiff::civil::Date::new(self.year?, self.month?, self.day?).ok()?;
        let (mut hour, minute, second) = self.time.unwrap_or_default();
        match self.is_afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        // Midnight at the end of a day.
        let (day, hour) = match hour {
            24 => (day.checked_add(1.day()).ok()?, 0),
            hour => (day, hour),
        };
        let time = DateTime::from_parts(day, Time::new(hour, minute, second, 0).ok()?);
        self.zone.unwrap_or(Offset::UTC).to_timestamp(time).ok()
    }
}

/// Returns the digits of `3`, `3.` and `3rd`.
fn number_in(word: &str) -> Option<&str> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, rest) = word.split_at(end);
    let is_number = matches!(&*rest.to_lowercase(), "" | "." | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª");
    (is_number && !number.is_empty()).then_some(number)
}

/// Returns the year of two digits: 70 to 99 are of the last century.
fn full_year(year: i16) -> i16 {
    match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        year => year,
    }
}
