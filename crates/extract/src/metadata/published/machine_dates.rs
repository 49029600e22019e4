//! Reconciles machine-readable dates with the visible ones.

use jiff::civil::Date;
use jiff::tz::Offset;

use super::visible_dates::{VisibleDate, VisibleDates};
use super::{TRUSTED_COST, is_adjacent_day, prefer_much_older_url, reconcile_with_url};
use crate::metadata::dates::ParsedDate;

/// The machine-readable date of a page.
pub(super) struct MachineDate {
    date: ParsedDate,
    trust: Trust,
}

/// How sure the machine-readable date is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// In one place of the body or of JSON-LD, or two different ones.
    Single,
    /// Only in the head.
    HeadOnly,
    /// The same in the head and in JSON-LD.
    HeadAndData,
}

impl MachineDate {
    /// Chooses between JSON-LD and head, else a property of the body. Of two days, the visible one wins.
    pub(super) fn choose(
        [data, head]: [Option<ParsedDate>; 2],
        property: impl FnOnce() -> Option<ParsedDate>,
        visible: &VisibleDates,
    ) -> Option<Self> {
        let is_seen = |machine: &ParsedDate| {
            visible.plain.is_some_and(|plain| !plain.from_attribute && plain.date.day == machine.day)
        };
        let date = data.filter(is_seen).or(head.filter(is_seen)).or(data).or(head).or_else(property)?;
        let says = |machine: Option<ParsedDate>| machine.map(|machine| machine.day == date.day);
        let trust = match (says(data), says(head)) {
            (Some(true), Some(true)) => Trust::HeadAndData,
            (None, Some(true)) => Trust::HeadOnly,
            _ => Trust::Single,
        };
        Some(Self { date, trust })
    }

    /// Returns the publication date, given the visible dates and that in the URL. Returns `None` if two dates conflict
    /// and nothing decides between them.
    pub(super) fn reconcile(&self, visible: &VisibleDates, url_date: Option<ParsedDate>) -> Option<ParsedDate> {
        let machine = self.date;
        if visible.days_near_headline.contains(&machine.day) {
            return Some(prefer_much_older_url(machine, url_date));
        }
        // The same time, written in the page's own zone.
        let same = |seen: &&VisibleDate| {
            seen.from_attribute && seen.date.timestamp.duration_since(machine.timestamp).as_mins().abs() <= 90
        };
        if let Some(seen) = [&visible.plain, &visible.modified].into_iter().flatten().find(same) {
            return Some(ParsedDate { day: seen.date.day, ..machine });
        }
        let plain =
            visible.plain.filter(|seen| seen.has_month_name || !is_day_month_swapped(seen.date.day, machine.day));
        if let Some(plain) = plain {
            if is_same_day_in_page_zone(&plain, machine) {
                return Some(ParsedDate { day: plain.date.day, ..machine });
            }
            if plain.date.timestamp < machine.timestamp
                && !is_adjacent_day(plain.date.day, machine.day)
                && plain.cost <= self.max_visible_cost(visible)
            {
                return Some(plain.date);
            }
        }
        let later = |seen: &VisibleDate| seen.cost <= TRUSTED_COST && seen.date.timestamp > machine.timestamp;
        match self.trust {
            Trust::HeadAndData
                if plain.filter(later).is_some_and(|plain| is_distinct_day(&plain, machine, visible)) =>
            {
                None
            }
            // A machine-readable date in one place only, which no reader sees, is often that of the first draft. The
            // later date beside the headline is what readers see.
            Trust::Single => {
                let later = [plain, visible.modified].into_iter().flatten().find(later);
                Some(later.map_or_else(|| reconcile_with_url(machine, url_date), |seen| seen.date))
            }
            _ => Some(reconcile_with_url(machine, url_date)),
        }
    }

    /// Returns the maximum cost at which an earlier visible date is believed.
    fn max_visible_cost(&self, visible: &VisibleDates) -> usize {
        // Several days near the headline may belong to other articles.
        let alone = visible.days_near_headline.iter().all(|day| *day == visible.days_near_headline[0]);
        match (self.trust, alone) {
            (Trust::Single, true) => TRUSTED_COST,
            (Trust::Single, false) => TRUSTED_COST - 4,
            _ => TRUSTED_COST - 8,
        }
    }
}

/// Returns whether the visible day is the same date in the page's own zone.
fn is_same_day_in_page_zone(plain: &VisibleDate, machine: ParsedDate) -> bool {
    let is_told_locally = Offset::UTC.to_datetime(machine.timestamp).date() != machine.day;
    is_adjacent_day(plain.date.day, machine.day)
        && !plain.from_attribute
        && !is_told_locally
        && plain.cost <= TRUSTED_COST + 6
}

/// Returns whether a visible day is neither that of a modification nor the same date in another zone.
fn is_distinct_day(plain: &VisibleDate, machine: ParsedDate, visible: &VisibleDates) -> bool {
    let is_change = visible.modified.is_some_and(|modified| modified.date.day == plain.date.day);
    !is_change && !is_adjacent_day(plain.date.day, machine.day)
}

/// Returns whether two days differ only in the order of month and day.
fn is_day_month_swapped(one: Date, other: Date) -> bool {
    one != other && one.year() == other.year() && one.month() == other.day() && one.day() == other.month()
}
