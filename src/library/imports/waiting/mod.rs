//! Which import is next, and which ones wait: for their turn, for room on the disk, or for their site.
//!
//! A site that doesn't answer, or asks to wait, is asked again for a day, each time after a longer while. Meanwhile its
//! host pauses, so that its other imports don't ask in vain either, and the imports of other hosts go on. No host has more
//! than two of the places in the queue.

mod store;

pub(in crate::library) use store::pause_host;
pub(in crate::library::imports) use store::retry_batch;
pub use store::{
    claim_next, fetch_from_archive, find_next, next_due, postpone, requeue, retry, stop, stop_all_postponed,
    stop_waiting_for_room,
};

use jiff::{SignedDuration, Timestamp};

use crate::library::imports::{Failure, Import};

/// How long a site is asked in vain before its import fails.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// The longest pause of a host that didn't say how long. Its imports have longer ones of their own.
const MAX_HOST_PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// The pauses between the attempts of one import. The last one repeats.
const DELAYS: [SignedDuration; 8] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(4),
];

/// Who has added an import to the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueuedBy {
    /// The reader.
    Reader,
    /// A feed that the reader follows.
    Feed,
}

/// Why an import cannot go on now, and when it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postponement {
    /// What the site said or did. Shown while the import waits, and when patience ends.
    pub failure: Failure,
    /// When the site is asked again.
    pub next_attempt: Timestamp,
    /// The host that pauses, and until when.
    pub pause: Option<(String, Timestamp)>,
}

impl Postponement {
    /// Decides when an import runs again, after its site has failed to answer or has asked to wait until `asked_until`.
    /// Returns `None` if that is longer than a day after the first time.
    #[must_use]
    pub fn new(
        import: &Import,
        failure: Failure,
        (host, asked_until): (Option<String>, Option<Timestamp>),
        now: Timestamp,
    ) -> Option<Self> {
        let step = usize::try_from(import.postponements).unwrap_or(usize::MAX).min(DELAYS.len() - 1);
        let own = now + DELAYS[step];
        // Never sooner than at the next full second, which is as fine as times are stored.
        let next_attempt = asked_until.map_or(own, |asked| asked.max(now + SignedDuration::from_secs(1)));
        let since = import.postponed_since.unwrap_or(now);
        let pause_until = asked_until.map_or_else(|| own.min(now + MAX_HOST_PAUSE), |_| next_attempt);
        (next_attempt <= since + PATIENCE).then(|| Self {
            failure,
            next_attempt,
            pause: host.map(|host| (host, pause_until)),
        })
    }
}

#[cfg(test)]
mod tests;
