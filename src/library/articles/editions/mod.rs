//! Editions: a day's news as a newspaper that comes to an end.
//!
//! The edition of today has what arrived since midnight, and what arrived yesterday and was not read by then. If that is
//! little, it is filled up with older unread articles; if there are none, with the newest. What the reader reads meanwhile
//! stays where it is. When the day ends, what arrived on it is composed for the last time and stored ([`closed`]).
//!
//! [`material`] reads what may be in an edition, [`composition`] arranges it, by the weights of [`weights`]; both are pure.

pub mod closed;
mod composition;
pub mod material;
mod weights;

pub use composition::{Composition, Item, Place, compose};

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How much older than the edition an article may be that arrives with it, in seconds: it may have been published a day
/// before. Older ones were imported, or come with a feed that is new.
const MAX_AGE: i64 = 24 * 60 * 60;

/// The time that an edition is about. All in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// When the day begins.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// Articles that arrived before are too late for it: that begin, or a day earlier for the edition of today.
    pub arrived_from: i64,
    /// Articles that were published before are too old for it.
    pub published_from: i64,
    /// Articles it has at least, if there are any. The rest are older ones.
    pub fill_to: usize,
}

impl Day {
    /// Returns the time of the edition of today, which goes on. `None` beyond the calendar.
    #[must_use]
    pub fn current(date: Date, zone: &TimeZone) -> Option<Self> {
        let arrived_from = start(date.checked_sub(1.day()).ok()?, zone)?;
        let published_from = arrived_from - MAX_AGE;
        Some(Self { arrived_from, published_from, fill_to: FILL_TO, ..Self::past(date, zone)? })
    }

    /// Returns the time of the edition of a day that has ended. `None` beyond the calendar.
    #[must_use]
    pub fn past(date: Date, zone: &TimeZone) -> Option<Self> {
        let starts_at = start(date, zone)?;
        let ends_at = start(date.checked_add(1.day()).ok()?, zone)?;
        Some(Self { starts_at, ends_at, arrived_from: starts_at, published_from: starts_at - MAX_AGE, fill_to: 0 })
    }
}

/// Articles that the edition of today has at least: enough for a page.
const FILL_TO: usize = 12;

fn start(date: Date, zone: &TimeZone) -> Option<i64> {
    let zoned = zone.to_ambiguous_zoned_datetime(date.at(0, 0, 0, 0)).compatible().ok()?;
    Some(zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_begins_and_ends_at_midnight_here() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let long = Day::past(date(2026, 10, 25), &berlin).unwrap();
        assert_eq!(long.ends_at - long.starts_at, 25 * 3600, "the clock is put back");
        let today = Day::current(date(2026, 10, 26), &berlin).unwrap();
        assert_eq!((today.arrived_from, today.starts_at), (long.starts_at, long.ends_at));
        assert_eq!(Day::past(Date::MAX, &berlin), None);
        assert_eq!(Day::current(Date::MIN, &berlin), None);
    }
}
