//! What is wrong with a feed.

use jiff::{SignedDuration, Timestamp};

use crate::library::feeds::Feed;
use crate::library::feeds::health::Pulse;

/// A feed without new articles for this long is said to be silent.
const SILENT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A problem of the site that lasts longer is one of the feed: its address may be broken while others of the site work.
const LASTING: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is wrong with a feed. The order is that in which lists sorted by trouble show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// It is gone, and not asked again.
    Gone,
    /// Its last look had no feed.
    Failing,
    /// Its site asks to wait or has a problem, which is no fault of the feed, unless it lasts.
    HostWaits,
    /// It had no new article for long.
    Silent,
    /// The reader has paused it.
    Paused,
    /// Nothing.
    None,
}

impl Trouble {
    /// Returns what is wrong with a feed.
    #[must_use]
    pub fn of(feed: &Feed, pulse: &Pulse, now: Timestamp) -> Self {
        if feed.next_look_at.is_none() {
            return Self::Gone;
        }
        if feed.is_paused(now) {
            return Self::Paused;
        }
        match &feed.error {
            Some(error) if error.is_of_host() && !is_failing_for_long(pulse, now) => Self::HostWaits,
            Some(_) => Self::Failing,
            None if is_silent(pulse, now) => Self::Silent,
            None => Self::None,
        }
    }

    /// Returns whether it is a fault of the feed.
    #[must_use]
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::Gone | Self::Failing)
    }
}

fn is_failing_for_long(pulse: &Pulse, now: Timestamp) -> bool {
    pulse.failing_since.is_some_and(|since| since < (now - LASTING).as_second())
}

fn is_silent(pulse: &Pulse, now: Timestamp) -> bool {
    pulse.newest.is_some_and(|newest| newest < (now - SILENT).as_second())
}
