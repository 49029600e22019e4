//! A small chart of what arrived this week and last: two bars, and their numbers as text.

use jiff::{Timestamp, ToSpan as _};

use crate::library::topics::weeks::MAX_COUNTED;
use crate::web::shell::dates::{LocalClock, format_number};

/// The length of the longest bar.
const MAX_LENGTH: i64 = 100;

/// Two bars. Those of all charts on a page have one scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WeekChart {
    this_week: i64,
    last_week: i64,
    most: i64,
}

impl WeekChart {
    /// `most` is the largest number of all charts.
    pub const fn new(this_week: i64, last_week: i64, most: i64) -> Self {
        Self { this_week, last_week, most }
    }

    pub const fn is_empty(&self) -> bool {
        self.this_week == 0 && self.last_week == 0
    }

    /// Returns class, top and length of each bar.
    pub fn bars(&self) -> [(&'static str, u8, i64); 2] {
        [("this-week", 0, self.length(self.this_week)), ("last-week", 9, self.length(self.last_week))]
    }

    /// A single article can be seen too.
    fn length(&self, number: i64) -> i64 {
        match number {
            0 => 0,
            number => (number * MAX_LENGTH / self.most.max(1)).clamp(2, MAX_LENGTH),
        }
    }

    pub fn this_week(&self) -> String {
        at_least(self.this_week)
    }

    pub fn last_week(&self) -> String {
        at_least(self.last_week)
    }
}

fn at_least(number: i64) -> String {
    let sign = if number >= MAX_COUNTED { "+" } else { "" };
    format!("{}{sign}", format_number(number))
}

/// Returns when last week and this week began: a week is seven days, and today the last one.
pub(crate) fn week_starts(clock: &LocalClock) -> (Timestamp, Timestamp) {
    let start = |days: i32| {
        let day = clock.today().saturating_sub(days.days());
        clock.start_of_day(day).unwrap_or(Timestamp::MIN)
    };
    (start(13), start(6))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn a_week_has_seven_days_of_which_today_is_the_last() {
        let clock = LocalClock::new("2026-11-23T18:40:00Z".parse().unwrap(), TimeZone::UTC);
        let expected = ["2026-11-10T00:00:00Z", "2026-11-17T00:00:00Z"].map(|at| at.parse().unwrap());
        assert_eq!(<[_; 2]>::from(week_starts(&clock)), expected);
    }

    #[test]
    fn bars_have_one_scale_and_every_article_shows() {
        let lengths = |this_week, last_week, most| WeekChart::new(this_week, last_week, most).bars().map(|bar| bar.2);
        assert_eq!(lengths(50, 25, 50), [100, 50]);
        assert_eq!(lengths(1, 0, 1000), [2, 0]);
        assert_eq!(lengths(0, 0, 0), [0, 0]);
        assert!(WeekChart::new(0, 0, 5).is_empty() && !WeekChart::new(0, 1, 5).is_empty());
        let chart = WeekChart::new(1000, 999, 1000);
        assert_eq!((chart.this_week(), chart.last_week()), ("1,000+".to_owned(), "999".to_owned()));
    }
}
