//! Hours and days at which a feed is not asked, in UTC.

use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};

use super::Circumstances;
use super::interval::{MIN_INTERVAL, spread};
use crate::feed::StatedRhythm;

/// Returns the first time from `time` on at which the feed may be asked. A feed that is never to be asked means nothing by it.
pub(super) fn behind_quiet_times(time: Timestamp, circumstances: &Circumstances<'_>) -> Timestamp {
    let rhythm = circumstances.rhythm;
    if !is_quiet(time, rhythm) {
        return time;
    }
    let Ok(hour) = Offset::UTC
        .to_datetime(time)
        .round(jiff::civil::DateTimeRound::new().smallest(jiff::Unit::Hour).mode(jiff::RoundMode::Floor))
    else {
        return time;
    };
    const HOURS_OF_A_WEEK: i64 = 7 * 24;
    let hours = (1..=HOURS_OF_A_WEEK).filter_map(|count| hour.checked_add(count.hours()).ok());
    let first = hours.filter_map(|hour| Offset::UTC.to_timestamp(hour).ok()).find(|time| !is_quiet(*time, rhythm));
    // Not all feeds at the full hour.
    first.map_or(time, |first| spread(first, MIN_INTERVAL * 20, circumstances.seed))
}

fn is_quiet(time: Timestamp, rhythm: &StatedRhythm) -> bool {
    let time = Offset::UTC.to_datetime(time);
    rhythm.skip_hours.contains(&time.hour()) || rhythm.skip_days.contains(&time.weekday())
}
