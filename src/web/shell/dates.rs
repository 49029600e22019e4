//! Times and durations in words. Pure: current time and time zone are passed in.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use query::Setting;

use crate::library::reading_time;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The current time in the reader's time zone.
#[derive(Debug, Clone)]
pub struct LocalClock {
    now: Timestamp,
    zone: TimeZone,
    today: Date,
}

impl LocalClock {
    /// Creates the clock for a time zone.
    #[must_use]
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        let today = zone.to_datetime(now).date();
        Self { now, zone, today }
    }

    /// Returns how long ago a time was: `5 minutes ago`, `yesterday`, `19 November`, `3 June 2024`. `at`: Unix seconds.
    #[must_use]
    pub fn format_age(&self, at: i64) -> String {
        let seconds = self.now.as_second() - at;
        if is_date_only(at) || seconds >= DAY {
            return self.format_day_age(self.date(at));
        }
        match seconds {
            ..MINUTE => "just now".into(),
            MINUTE..HOUR => pluralize(seconds / MINUTE, "minute ago", "minutes ago"),
            _ => pluralize(seconds / HOUR, "hour ago", "hours ago"),
        }
    }

    /// Returns how long ago a day was: `today`, `yesterday`, `4 days ago`, `19 November`, `3 June 2024`.
    #[must_use]
    pub fn format_day_age(&self, date: Date) -> String {
        match self.today.duration_since(date).as_hours() / 24 {
            ..=0 => "today".into(),
            1 => "yesterday".into(),
            days @ 2..7 => format!("{days} days ago"),
            _ if date.year() == self.today.year() => format!("{} {}", date.day(), month_name(date)),
            _ => format_date(date),
        }
    }

    /// Returns a short date for a column: `Today`, `Yesterday`, `20 Nov`, `3 Jun 2024`. `at`: Unix seconds.
    #[must_use]
    pub fn format_short_date(&self, at: i64) -> String {
        let date = self.date(at);
        match self.today.duration_since(date).as_hours() / 24 {
            0 => "Today".into(),
            1 => "Yesterday".into(),
            _ if date.year() == self.today.year() => format!("{} {}", date.day(), &month_name(date)[..3]),
            _ => format!("{} {} {}", date.day(), &month_name(date)[..3], date.year()),
        }
    }

    /// Returns date and time: `22 November 2026, 18:40`; only the date if no time is known.
    #[must_use]
    pub fn format_date_time(&self, at: Timestamp) -> String {
        let date = self.date(at.as_second());
        if is_date_only(at.as_second()) {
            return format_date(date);
        }
        let time = self.zone.to_datetime(at).time();
        format!("{}, {:02}:{:02}", format_date(date), time.hour(), time.minute())
    }

    /// Returns a time today, `14:05`, or on another day: `24 November, 02:05`.
    #[must_use]
    pub fn format_time(&self, at: Timestamp) -> String {
        let local = self.zone.to_datetime(at);
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        match local.date() {
            today if today == self.today => time,
            date => format!("{} {}, {time}", date.day(), month_name(date)),
        }
    }

    /// Returns the current time.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the date: `22 November 2026`.
    #[must_use]
    pub fn format_date(&self, at: Timestamp) -> String {
        format_date(self.date(at.as_second()))
    }

    /// Returns the date for the front page: `Monday, 23 November 2026`.
    #[must_use]
    pub fn format_today(&self) -> String {
        format_weekday(self.today)
    }

    /// Returns the time zone.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns the current date.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// Returns the day and its place, as queries are understood.
    #[must_use]
    pub fn query_setting(&self) -> Setting {
        Setting { today: self.today, time_zone: self.zone.clone() }
    }

    /// Returns the days until a time, rounded up; 0 if it has passed. `at`: Unix seconds.
    #[must_use]
    pub fn days_until(&self, at: i64) -> i64 {
        (at - self.now.as_second()).max(0).saturating_add(DAY - 1) / DAY
    }

    /// Returns when a day starts here; `None` beyond the calendar.
    #[must_use]
    pub fn start_of_day(&self, date: Date) -> Option<Timestamp> {
        self.zone.to_ambiguous_zoned_datetime(date.at(0, 0, 0, 0)).compatible().ok().map(|zoned| zoned.timestamp())
    }

    /// Returns when the next day starts here.
    #[must_use]
    pub fn end_of_day(&self, date: Date) -> Option<Timestamp> {
        self.start_of_day(date.checked_add(1.day()).ok()?)
    }

    /// Returns the date here. `at`: Unix seconds.
    #[must_use]
    pub fn date(&self, at: i64) -> Date {
        let time = Timestamp::from_second(at).unwrap_or(self.now);
        if is_date_only(at) { TimeZone::UTC.to_datetime(time).date() } else { self.zone.to_datetime(time).date() }
    }
}

/// Returns the value of a `datetime` attribute. `at`: Unix seconds.
#[must_use]
pub fn datetime_attribute(at: i64) -> String {
    let time = Timestamp::from_second(at).unwrap_or_default();
    if is_date_only(at) { TimeZone::UTC.to_datetime(time).date().to_string() } else { time.to_string() }
}

/// Returns a date in words: `22 November 2026`.
#[must_use]
pub fn format_date(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date), date.year())
}

/// Returns a date with its day of the week: `Monday, 23 November 2026`.
#[must_use]
pub fn format_weekday(date: Date) -> String {
    let weekday = DAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    format!("{weekday}, {}", format_date(date))
}

/// Dates without a time are stored as midnight UTC. Converted to the reader's time zone, they would often become the
/// day before.
const fn is_date_only(at: i64) -> bool {
    at.rem_euclid(DAY) == 0
}

fn month_name(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// Returns the time to read this many words: `7 minutes`; from 90 minutes on in hours, `1½ hours`.
#[must_use]
pub fn reading_time(words: i64, language: Option<&str>) -> String {
    let minutes = reading_time::minutes(words, language);
    format_hours(minutes).map_or_else(|| pluralize(minutes, "minute", "minutes"), |hours| format!("{hours} hours"))
}

/// Returns the same, abbreviated: `7 min`, `1½ h`.
#[must_use]
pub fn short_reading_time(words: i64, language: Option<&str>) -> String {
    let minutes = reading_time::minutes(words, language);
    format_hours(minutes).map_or_else(|| format!("{minutes} min"), |hours| format!("{hours} h"))
}

/// Returns the seconds after which an article counts as read: a third of its reading time, to the second.
#[must_use]
pub fn seconds_until_read(words: i64, language: Option<&str>) -> i64 {
    words.max(1).saturating_mul(20) / reading_time::words_per_minute(language) + 1
}

/// Rounds to half hours; `None` below 90 minutes.
fn format_hours(minutes: i64) -> Option<String> {
    let halves = minutes.saturating_add(15) / 30;
    let half = if halves % 2 == 1 { "½" } else { "" };
    (minutes >= 90).then(|| format!("{}{half}", format_number(halves / 2)))
}

fn pluralize(number: i64, singular: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { singular } else { plural })
}

/// Returns a number with its noun: `1 story`, `1,200 stories`.
#[must_use]
pub fn count(number: i64, singular: &str, plural: &str) -> String {
    format!("{} {}", format_number(number), if number == 1 { singular } else { plural })
}

/// Returns a number with commas between thousands.
#[must_use]
pub fn format_number(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Monday noon UTC, in a time zone two hours east.
    fn clock() -> LocalClock {
        LocalClock::new(time("2026-11-23T12:00:00Z"), TimeZone::fixed(jiff::tz::offset(2)))
    }

    #[test]
    fn recent_times_show_their_age_and_older_ones_their_date() {
        for (at, expected) in [
            ("2026-11-23T12:00:30Z", "just now"),
            ("2026-11-23T11:59:30Z", "just now"),
            ("2026-11-23T11:59:00Z", "1 minute ago"),
            ("2026-11-23T11:01:00Z", "59 minutes ago"),
            ("2026-11-23T11:00:00Z", "1 hour ago"),
            ("2026-11-22T12:00:01Z", "23 hours ago"),
            ("2026-11-22T12:00:00Z", "yesterday"),
            ("2026-11-21T21:59:00Z", "2 days ago"),
            ("2026-11-17T08:00:00Z", "6 days ago"),
            ("2026-11-16T08:00:00Z", "16 November"),
            ("2025-12-31T08:00:00Z", "31 December 2025"),
        ] {
            assert_eq!(clock().format_age(time(at).as_second()), expected, "{at}");
        }
    }

    #[test]
    fn a_date_without_a_time_is_the_same_in_every_time_zone() {
        let west = LocalClock::new(time("2026-11-23T12:00:00Z"), TimeZone::fixed(jiff::tz::offset(-8)));
        let day = time("2026-11-23T00:00:00Z");
        assert_eq!(west.format_age(day.as_second()), "today");
        assert_eq!(west.format_date_time(day), "23 November 2026");
        assert_eq!(datetime_attribute(day.as_second()), "2026-11-23");
        assert_eq!(west.format_date_time(time("2026-11-23T00:01:00Z")), "22 November 2026, 16:01");
        assert_eq!(datetime_attribute(day.as_second() + 60), "2026-11-23T00:01:00Z");
    }

    #[test]
    fn a_day_starts_and_ends_in_the_readers_time_zone() {
        let day: Date = "2026-11-23".parse().unwrap();
        assert_eq!(clock().start_of_day(day), Some(time("2026-11-22T22:00:00Z")));
        assert_eq!(clock().end_of_day(day), Some(time("2026-11-23T22:00:00Z")));
        assert_eq!(clock().end_of_day(Date::MAX), None);
    }

    #[test]
    fn columns_show_short_dates_and_the_front_page_a_long_one() {
        for (at, expected) in [
            ("2026-11-23T01:00:00Z", "Today"),
            ("2026-11-22T01:00:00Z", "Yesterday"),
            ("2026-11-20T01:00:00Z", "20 Nov"),
            ("2024-06-03T01:00:00Z", "3 Jun 2024"),
        ] {
            assert_eq!(clock().format_short_date(time(at).as_second()), expected, "{at}");
        }
        assert_eq!(clock().format_today(), "Monday, 23 November 2026");
        assert_eq!(clock().format_date_time(time("2026-11-22T16:40:00Z")), "22 November 2026, 18:40");
    }

    #[test]
    fn remaining_time_is_rounded_up_to_days() {
        let now = time("2026-11-23T12:00:00Z").as_second();
        for (seconds, expected) in [(-5, 0), (0, 0), (1, 1), (86_400, 1), (86_401, 2)] {
            assert_eq!(clock().days_until(now + seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn reading_speed_differs_between_words_and_characters() {
        assert_eq!(reading_time::minutes(0, None), 1);
        assert_eq!(reading_time::minutes(230, Some("en")), 1);
        assert_eq!(reading_time::minutes(231, Some("en")), 2);
        assert_eq!(reading_time::minutes(1000, Some("ja")), 2);
        assert_eq!(reading_time::minutes(i64::MAX, None), i64::MAX / 230);
    }

    #[test]
    fn long_reading_times_are_in_hours() {
        for (minutes, expected, short) in [
            (1, "1 minute", "1 min"),
            (89, "89 minutes", "89 min"),
            (90, "1½ hours", "1½ h"),
            (110, "2 hours", "2 h"),
            (1306, "22 hours", "22 h"),
        ] {
            assert_eq!(reading_time(minutes * 230, None), expected);
            assert_eq!(short_reading_time(minutes * 230, None), short);
        }
    }

    #[test]
    fn an_article_counts_as_read_after_a_third_of_its_reading_time() {
        let seconds = [0, 10, 230, 2300, 230 * 60].map(|words| seconds_until_read(words, None));
        assert_eq!(seconds, [1, 1, 21, 201, 1201]);
        assert_eq!(seconds_until_read(500, Some("ja")), 21);
    }

    #[test]
    fn numbers_have_commas_between_thousands() {
        for (given, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-100, "-100")] {
            assert_eq!(format_number(given), expected);
        }
    }
}
