//! Whether the computer's clock can be right, judged by what the library has seen before. A small computer without a
//! battery starts in 1970, and a wrong setting may be decades ahead; neither may delete anything or drop a date.
//!
//! A clock is off if it is earlier than the last time it was seen to be right, or more than thirty days later. Then
//! nothing is deleted until it is right again or has gone on for a day at the new time, unless that is before this program
//! was written. After that, everything in the trash
//! has its whole thirty days again, since some of it may have been put there under the wrong time.

mod store;

pub use store::{observe, read, settle};

use jiff::{SignedDuration, Timestamp};

/// This program was written after this, so no clock can be right before it.
const WRITTEN: Timestamp = Timestamp::constant(1_793_491_200, 0);

/// A correction of this much is no jump.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);

/// How long a library may go unused before the clock is doubted.
const MAX_GAP: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long a clock that jumped must go on before it is believed.
const SETTLING_TIME: SignedDuration = SignedDuration::from_hours(24);

/// How often the time is stored.
const SEEN_INTERVAL: SignedDuration = SignedDuration::from_hours(1);

/// How much later than the last known time a page's own date may be while the clock is behind.
const MAX_CLAIM: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What the clock shows, and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// What it shows.
    now: Timestamp,
    /// When it was last seen to be right; at first, the time of the newest row.
    seen_at: Timestamp,
    /// What it showed when it was first seen to be off.
    jumped_at: Option<Timestamp>,
}

/// Whether the clock is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belief {
    /// It is right.
    Right,
    /// It jumped just now.
    Jumped,
    /// It jumped, and is not believed before this time.
    Doubted(Timestamp),
    /// It jumped, but is believed from now on.
    Settled,
}

impl Clock {
    /// Judges the clock.
    #[must_use]
    pub fn judge(&self) -> Belief {
        let is_near = |other: Timestamp| {
            let passed = other.duration_until(self.now);
            -TOLERANCE <= passed && passed <= MAX_GAP
        };
        match self.jumped_at {
            None if is_near(self.seen_at) => Belief::Right,
            Some(_) if is_near(self.seen_at) => Belief::Settled,
            Some(jumped_at) if is_near(jumped_at) && self.now < WRITTEN => Belief::Doubted(WRITTEN),
            Some(jumped_at) if is_near(jumped_at) => match jumped_at.saturating_add(SETTLING_TIME) {
                Ok(until) if self.now < until => Belief::Doubted(until),
                _ => Belief::Settled,
            },
            _ => Belief::Jumped,
        }
    }

    /// Returns when it was last seen to be right.
    #[must_use]
    pub const fn seen_at(&self) -> Timestamp {
        self.seen_at
    }

    /// Returns the latest date that a page may give itself: now, or later if the clock is behind.
    #[must_use]
    pub fn latest_date(&self) -> Timestamp {
        if self.is_behind() { self.seen_at.saturating_add(MAX_CLAIM).unwrap_or(Timestamp::MAX) } else { self.now }
    }

    /// Returns when an article that gives itself this date was received. If the clock is behind, its own date is the
    /// better witness.
    #[must_use]
    pub fn received_at(&self, published_at: Option<Timestamp>) -> Timestamp {
        if self.is_behind() { self.seen_at.max(published_at.unwrap_or(self.seen_at)) } else { self.now }
    }

    fn is_behind(&self) -> bool {
        self.now.duration_until(self.seen_at) > TOLERANCE
    }

    /// Returns whether the time should be stored again.
    fn is_due(&self) -> bool {
        self.seen_at.duration_until(self.now) >= SEEN_INTERVAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::test_library;

    fn time(text: &str) -> Timestamp {
        format!("{text}:00Z").parse().unwrap()
    }

    #[test]
    fn a_clock_that_is_far_off_is_doubted_for_a_day() {
        let seen = "2026-11-23T12:00";
        let until = |text: &str| Belief::Doubted(time(text));
        for (now, jumped_at, expected) in [
            ("2026-11-23T12:10", None, Belief::Right),
            ("2026-11-23T11:10", None, Belief::Right),
            ("2026-12-20T12:00", None, Belief::Right),
            ("2026-12-24T12:00", None, Belief::Jumped),
            ("2099-01-01T00:00", None, Belief::Jumped),
            ("2026-11-23T10:50", None, Belief::Jumped),
            ("1970-01-01T00:00", None, Belief::Jumped),
            ("1970-01-01T20:00", Some("1970-01-01T00:00"), until("2026-11-01T00:00")),
            ("1970-01-20T00:00", Some("1970-01-01T00:00"), until("2026-11-01T00:00")),
            ("2026-11-04T20:00", Some("2026-11-04T00:00"), until("2026-11-05T00:00")),
            ("2026-11-05T00:00", Some("2026-11-04T00:00"), Belief::Settled),
            ("2099-01-01T23:00", Some("2099-01-01T00:00"), until("2099-01-02T00:00")),
            ("2099-01-02T00:00", Some("2099-01-01T00:00"), Belief::Settled),
            ("2040-01-02T00:00", Some("2099-01-01T00:00"), Belief::Jumped),
            ("2026-11-23T12:10", Some("1970-01-01T00:00"), Belief::Settled),
        ] {
            let clock = Clock { now: time(now), seen_at: time(seen), jumped_at: jumped_at.map(time) };
            assert_eq!(clock.judge(), expected, "{now}, {jumped_at:?}");
        }
        for now in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Clock { now, seen_at: time(seen), jumped_at: None }.judge(), Belief::Jumped);
        }
    }

    #[test]
    fn a_page_is_believed_rather_than_a_clock_that_is_behind() {
        let (seen, yesterday, next_week) =
            (time("2026-11-23T12:00"), time("2026-11-22T12:00"), time("2026-11-30T12:00"));
        let behind = Clock { now: time("1970-01-01T00:00"), seen_at: seen, jumped_at: None };
        assert!(behind.latest_date() > next_week);
        assert_eq!(behind.received_at(Some(yesterday)), seen);
        assert_eq!(behind.received_at(Some(next_week)), next_week);
        assert_eq!(behind.received_at(None), seen);
        let right = Clock { now: next_week, ..behind };
        assert_eq!((right.latest_date(), right.received_at(Some(yesterday))), (next_week, next_week));
    }

    #[tokio::test]
    async fn a_new_library_knows_that_it_is_not_1970() {
        let (library, _folder) = test_library().await;
        assert_eq!(read(&library, Timestamp::UNIX_EPOCH).await.unwrap().judge(), Belief::Jumped);
        assert_eq!(read(&library, time("2026-11-23T12:00")).await.unwrap().judge(), Belief::Right);
        settle(&library, time("2031-05-01T12:00")).await.unwrap();
        assert_eq!(read(&library, time("2031-05-01T12:10")).await.unwrap().judge(), Belief::Right);
        assert_eq!(read(&library, time("2026-11-23T12:00")).await.unwrap().judge(), Belief::Jumped);
    }
}
