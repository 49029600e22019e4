//! What machines are told of the day, weighed against what a reader sees.

use jiff::civil::Date;
use jiff::tz::Offset;

use super::visible_dates::{Seen, Shown};
use super::{SURE, addressed, earliest, is_next_to};
use crate::metadata::dates::Dated;

/// What the page tells machines.
pub(super) struct Told {
    date: Dated,
    trust: Trust,
}

/// How surely machines are told a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// In one place of the body or the data, or differently in two.
    Once,
    /// In the head, and nothing else is told.
    Head,
    /// In head and data alike.
    Twice,
}

impl Told {
    /// What data and head say, or else a property of the body; of two days the one that readers see, too.
    pub(super) fn of(
        [data, head]: [Option<Dated>; 2],
        property: impl FnOnce() -> Option<Dated>,
        seen: &Seen,
    ) -> Option<Self> {
        let is_seen = |told: &Dated| seen.plain.is_some_and(|plain| !plain.exact && plain.date.day == told.day);
        let date = data.filter(is_seen).or(head.filter(is_seen)).or(data).or(head).or_else(property)?;
        let says = |told: Option<Dated>| told.map(|told| told.day == date.day);
        let trust = match (says(data), says(head)) {
            (Some(true), Some(true)) => Trust::Twice,
            (None, Some(true)) => Trust::Head,
            _ => Trust::Once,
        };
        Some(Self { date, trust })
    }

    /// The day among what is told, what is seen and what the address says. `None`: there are two, and nothing tells which.
    pub(super) fn weighed(&self, seen: &Seen, address: Option<Dated>) -> Option<Dated> {
        let told = self.date;
        if seen.beside.contains(&told.day) {
            return Some(earliest(told, address));
        }
        // The same moment, written in the page's own zone.
        let same = |seen: &&Shown| seen.exact && seen.date.at.duration_since(told.at).as_mins().abs() <= 90;
        if let Some(seen) = [&seen.plain, &seen.changed].into_iter().flatten().find(same) {
            return Some(Dated { day: seen.date.day, ..told });
        }
        let plain = seen.plain.filter(|seen| seen.is_worded || !is_turned(seen.date.day, told.day));
        if let Some(plain) = plain {
            if is_local(&plain, told) {
                return Some(Dated { day: plain.date.day, ..told });
            }
            if plain.date.at < told.at && !is_next_to(plain.date.day, told.day) && plain.cost <= self.dearest(seen) {
                return Some(plain.date);
            }
        }
        let later = |seen: &Shown| seen.cost <= SURE && seen.date.at > told.at;
        match self.trust {
            Trust::Twice if plain.filter(later).is_some_and(|plain| is_another(&plain, told, seen)) => None,
            // A day that is told to machines in one place only, and shown to no reader, is often that of the first draft.
            // Where it stands beside the headline, readers have seen the later one.
            Trust::Once => {
                let later = [plain, seen.changed].into_iter().flatten().find(later);
                Some(later.map_or_else(|| addressed(told, address), |seen| seen.date))
            }
            _ => Some(addressed(told, address)),
        }
    }

    /// What an earlier day that readers see may cost to be believed.
    fn dearest(&self, seen: &Seen) -> usize {
        // Several days near the headline may be those of other articles.
        let alone = seen.beside.iter().all(|day| *day == seen.beside[0]);
        match (self.trust, alone) {
            (Trust::Once, true) => SURE,
            (Trust::Once, false) => SURE - 4,
            _ => SURE - 8,
        }
    }
}

/// Whether readers see the same day in the page's own zone, where machines are told that of another.
fn is_local(plain: &Shown, told: Dated) -> bool {
    let is_told_locally = Offset::UTC.to_datetime(told.at).date() != told.day;
    is_next_to(plain.date.day, told.day) && !plain.exact && !is_told_locally && plain.cost <= SURE + 6
}

/// Whether a day that readers see is one of its own: not that of a change, nor the same in another zone.
fn is_another(plain: &Shown, told: Dated, seen: &Seen) -> bool {
    let is_change = seen.changed.is_some_and(|changed| changed.date.day == plain.date.day);
    !is_change && !is_next_to(plain.date.day, told.day)
}

/// Whether two days are one with month and day in the other order.
fn is_turned(one: Date, other: Date) -> bool {
    one != other && one.year() == other.year() && one.month() == other.day() && one.day() == other.month()
}
