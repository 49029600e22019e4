//! The interval between looks.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Circumstances;

/// No feed is asked more often.
pub const MIN_INTERVAL: Duration = Duration::from_secs(15 * 60);

/// No feed is asked less often, unless its server asks for it.
pub const MAX_INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// For feeds whose rhythm is not known yet.
const FIRST_INTERVAL: Duration = Duration::from_secs(3600);

/// So many of the newest items show the rhythm.
const RHYTHM_ITEMS: usize = 12;

/// A feed is asked so many times between two of its items.
const LOOKS_PER_ITEM: u32 = 3;

/// A feed that is silent for long is asked each time that its silence has grown by this part.
const PART_OF_SILENCE: u32 = 12;

/// Returns the usual time between two items of a feed; `None` if there are too few to tell. Items that came together count
/// as one.
pub fn usual_gap(item_times: &[Timestamp]) -> Option<Duration> {
    /// What is published within an hour counts as one.
    const TOGETHER: i64 = 3600;
    /// Items that came with one look and have no dates are a second apart; nobody publishes that fast.
    const AT_ONCE: u64 = 60;
    let mut times: Vec<i64> = item_times.iter().map(|time| time.as_second()).collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    times.truncate(RHYTHM_ITEMS);
    let span = times.first()? - times.last()?;
    let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[0] - pair[1]).collect();
    gaps.sort_unstable();
    let median = *gaps.get(gaps.len() / 2).filter(|_| gaps.len() >= 2)?;
    // Bursts have small gaps inside and long ones between; their mean tells more.
    let mean = span / i64::try_from(gaps.len()).ok()?;
    let gap = if median < TOGETHER && mean > 4 * median { mean } else { median };
    u64::try_from(gap).ok().filter(|gap| *gap >= AT_ONCE).map(Duration::from_secs)
}

/// Returns the interval of a feed that answers as it should.
pub(super) fn regular(circumstances: &Circumstances<'_>) -> Duration {
    let Circumstances { now, rhythm, item_times, .. } = circumstances;
    let newest = item_times.iter().filter(|time| *time <= now).max();
    let silence = newest.and_then(|newest| Duration::try_from(now.duration_since(*newest)).ok()).unwrap_or_default();
    let learned = usual_gap(item_times).map_or(FIRST_INTERVAL, |gap| gap / LOOKS_PER_ITEM);
    let learned = learned.max(silence / PART_OF_SILENCE);
    let wished = [circumstances.headers.freshness(*now), rhythm.ttl, rhythm.update_interval];
    let wished = wished.into_iter().flatten().max().unwrap_or_default();
    // However long a feed wants to be left alone: half of what it lists must still be known.
    // Items that all have the same date tell nothing.
    let span = circumstances.listed_span.filter(|span| !span.is_zero());
    let safe = span.map_or(MAX_INTERVAL, |span| span / 2);
    learned.max(wished.min(safe)).min(safe.max(learned)).clamp(MIN_INTERVAL, MAX_INTERVAL)
}

/// Returns the time so much later.
pub(super) fn later(time: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| time.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

/// Moves a time a little later, by up to a twentieth of `wait`, so that not all feeds are asked at once.
pub(super) fn spread(time: Timestamp, wait: Duration, seed: u64) -> Timestamp {
    let twentieth = wait.as_millis() / 20;
    let chance = u128::from(mix(seed)) % (twentieth + 1);
    later(time, Duration::from_millis(u64::try_from(chance).unwrap_or_default()))
}

/// Returns a number that looks like chance (SplitMix64).
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
