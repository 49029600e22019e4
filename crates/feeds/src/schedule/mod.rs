//! When to look next: from what a feed did so far and what its server said. Pure: time and chance are handed in.
//!
//! The interval is learned from the feed's rhythm, between a quarter of an hour and a day. What feed and server ask for
//! makes it longer, but never so long that items would be lost. Errors make it longer, too; only `410 Gone`, twice over a
//! day, ends it.

mod headers;
mod interval;
mod moves;
mod quiet;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::feed::StatedRhythm;

pub use headers::Headers;
pub use interval::{MAX_INTERVAL, MIN_INTERVAL, usual_gap};
pub use moves::{KnownFeed, Move, is_same_feed};

/// The longest time that a server may ask to wait.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(30 * 86_400);

/// How long a feed must answer only that nothing is new before it is asked without validators.
pub const STICKY_AFTER: Duration = Duration::from_secs(8 * 86_400);

/// How long a feed must be gone before it stops.
const GONE_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The wait after the first error, which doubles with each.
const FIRST_BACKOFF: Duration = Duration::from_secs(3600);

/// Looks in a row at which a list of links may be missing before that is an error.
const MISSES_ALLOWED: u32 = 2;

/// The longest wait until a list that was missing is looked for again.
const RECHECK: Duration = Duration::from_secs(6 * 3600);

/// So many failures in a row may pass: with an hour between them, half a day.
const PASSING_FAILURES: u32 = 12;

/// The longest wait after errors: less than a day, so that a site in trouble at the same hour each day is not always asked
/// at that hour.
const MAX_BACKOFF: Duration = Duration::from_secs(20 * 3600);

/// What an answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The feed.
    Feed,
    /// 304: nothing is new.
    NotModified,
    /// 404, which some sites answer for hours.
    NotFound,
    /// 410.
    Gone,
    /// 429: the host asks all to wait.
    TooManyRequests,
    /// Another error of the server, or none could be reached.
    Unavailable,
    /// Access is refused, for now or for good.
    Refused,
    /// Something that is no feed, or another feed.
    NotThisFeed,
    /// The page, without the list of links that is followed.
    NoList,
}

impl Answer {
    /// Returns what a status says; `None` if the body decides, or it is a redirect.
    pub const fn of_status(status: u16) -> Option<Answer> {
        match status {
            304 => Some(Answer::NotModified),
            404 => Some(Answer::NotFound),
            410 => Some(Answer::Gone),
            429 => Some(Answer::TooManyRequests),
            400..=499 => Some(Answer::Refused),
            500..=599 => Some(Answer::Unavailable),
            _ => None,
        }
    }
}

/// What is remembered of a feed's answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Errors in a row. Requests to wait are none.
    pub failures: u32,
    /// Requests to wait in a row.
    pub refusals: u32,
    /// Looks in a row at which the page had no list of links.
    pub misses: u32,
    /// Since when it answers that it is gone.
    pub gone_since: Option<Timestamp>,
    /// Since when it answers only that nothing is new.
    pub unmodified_since: Option<Timestamp>,
    /// When it was last asked without validators, although there were some.
    pub asked_afresh: Option<Timestamp>,
    /// Where it says that it moved.
    pub moved: Option<Move>,
}

/// What the next look depends on besides the history.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The time.
    pub now: Timestamp,
    /// What the server said.
    pub headers: Headers<'a>,
    /// What the feed says of its rhythm.
    pub rhythm: &'a StatedRhythm,
    /// When its newest items were published, or arrived.
    pub item_times: &'a [Timestamp],
    /// How much time the items that it lists span.
    pub listed_span: Option<Duration>,
    /// Chance, such as a hash of the address.
    pub seed: u64,
}

/// When to look next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// At this time.
    Look(Timestamp),
    /// At this time, and until then nobody asks the host.
    HostWaits(Timestamp),
    /// Never: the feed is gone.
    Stop,
}

impl History {
    /// Notes an answer. Returns when to look next.
    pub fn note(&mut self, answer: Answer, circumstances: &Circumstances<'_>) -> Next {
        let now = circumstances.now;
        self.count(answer, now);
        let is_gone = self.gone_since.is_some_and(|since| now.duration_since(since) >= GONE_AFTER);
        if answer == Answer::Gone && is_gone {
            return Next::Stop;
        }
        let regular = interval::regular(circumstances);
        let wait = match answer {
            Answer::Feed | Answer::NotModified => regular,
            Answer::NoList if !self.has_lost_list() => regular.min(RECHECK),
            Answer::TooManyRequests => backoff(self.refusals),
            _ => backoff(self.failures).min(self.longest_wait(circumstances.listed_span)),
        };
        let asked = circumstances.headers.retry_after(now);
        if answer == Answer::TooManyRequests || (answer == Answer::Unavailable && asked.is_some()) {
            let until = asked.unwrap_or_else(|| interval::later(now, wait)).max(interval::later(now, MIN_INTERVAL));
            return Next::HostWaits(interval::spread(until, Duration::from_secs(60), circumstances.seed));
        }
        let at =
            interval::spread(interval::later(now, wait), wait, circumstances.seed ^ now.as_second().cast_unsigned());
        let at = quiet::behind_quiet_times(asked.map_or(at, |asked| asked.max(at)), circumstances);
        Next::Look(at)
    }

    /// Returns how long a feed that has just begun to fail may wait: half of what it listed must still be there when it is back. One that
    /// goes on failing waits as long as others.
    fn longest_wait(&self, listed_span: Option<Duration>) -> Duration {
        match listed_span.filter(|_| self.failures <= PASSING_FAILURES) {
            Some(span) => (span / 2).max(FIRST_BACKOFF),
            None => MAX_BACKOFF,
        }
    }

    fn count(&mut self, answer: Answer, now: Timestamp) {
        match answer {
            Answer::Feed | Answer::NotModified => {
                (self.failures, self.refusals, self.misses, self.gone_since) = (0, 0, 0, None);
                let since = self.unmodified_since.take().unwrap_or(now);
                self.unmodified_since = (answer == Answer::NotModified).then_some(since);
            }
            Answer::TooManyRequests => self.refusals = self.refusals.saturating_add(1),
            Answer::NoList => {
                self.misses = self.misses.saturating_add(1);
                self.failures += u32::from(self.has_lost_list());
            }
            _ => self.failures = self.failures.saturating_add(1),
        }
        if answer == Answer::Gone {
            self.gone_since.get_or_insert(now);
        }
    }

    /// Returns whether a list of links was missing so often that it is no accident.
    pub const fn has_lost_list(&self) -> bool {
        self.misses > MISSES_ALLOWED
    }

    /// Returns whether the next request should have no validators: some servers answer for ever that nothing is new. Only
    /// feeds with a known rhythm, at most once in eight days, and never a host that asked to wait.
    pub fn should_ask_afresh(&self, now: Timestamp, usual_gap: Option<Duration>, host_asked_to_wait: bool) -> bool {
        let (Some(since), Some(gap), false) = (self.unmodified_since, usual_gap, host_asked_to_wait) else {
            return false;
        };
        let lasts = |since: Timestamp, time: Duration| now.duration_since(since).unsigned_abs() >= time && now > since;
        lasts(since, STICKY_AFTER.max(gap * 3)) && self.asked_afresh.is_none_or(|asked| lasts(asked, STICKY_AFTER))
    }
}

/// Returns how long to wait after so many errors in a row.
fn backoff(count: u32) -> Duration {
    (FIRST_BACKOFF * 2_u32.pow(count.saturating_sub(1).min(6))).min(MAX_BACKOFF)
}
