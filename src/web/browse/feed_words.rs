//! How a feed is doing, in words for readers.

use jiff::{SignedDuration, Timestamp};

use crate::library::feeds::health::Pulse;
use crate::library::feeds::{Feed, TextFrom};
use crate::web::shell::dates::{LocalClock, format_number};

/// A feed without new articles for this long is said to be silent.
const SILENT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is wrong with a feed. The order is that in which the list sorted by trouble shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// It is gone, and not asked again.
    Gone,
    /// Its last look had no feed.
    Failing,
    /// Its site asks to wait, which is no fault of the feed.
    HostWaits,
    /// It had no new article for long.
    Silent,
    /// The reader has paused it.
    Paused,
    /// Nothing.
    None,
}

impl Trouble {
    pub fn of(feed: &Feed, pulse: &Pulse, clock: &LocalClock) -> Self {
        if feed.next_look_at.is_none() {
            return Self::Gone;
        }
        if feed.is_paused(clock.now()) {
            return Self::Paused;
        }
        match &feed.error {
            Some(error) if error.code == "status-429" => Self::HostWaits,
            Some(_) => Self::Failing,
            None if is_silent(pulse, clock) => Self::Silent,
            None => Self::None,
        }
    }

    /// Returns whether it is shown as a fault.
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::Gone | Self::Failing)
    }
}

fn is_silent(pulse: &Pulse, clock: &LocalClock) -> bool {
    pulse.newest.is_some_and(|newest| newest < (clock.now() - SILENT).as_second())
}

/// Says what is wrong, since when, and what happens next.
pub(crate) fn describe_trouble(feed: &Feed, pulse: &Pulse, clock: &LocalClock) -> Option<String> {
    let message = feed.error.as_ref().map(|error| error.message.trim_end());
    let since = pulse.failing_since.map(|since| format!(" Since {}.", lowercase_age(clock, since)));
    let since = since.unwrap_or_default();
    Some(match Trouble::of(feed, pulse, clock) {
        Trouble::None => return None,
        Trouble::Gone => format!("{} “Refresh now” asks again.", message.unwrap_or("The feed is gone.")),
        Trouble::Failing | Trouble::HostWaits => format!("{}{since}", message.unwrap_or("It couldn’t be read.")),
        Trouble::Silent => {
            let newest = pulse.newest.map(|newest| clock.format_age(newest)).unwrap_or_default();
            format!("Silent for long: its newest article is of {newest}. The {} itself answers as usual.", what(feed))
        }
        Trouble::Paused => match feed.settings.paused_until {
            Some(until) if until < Timestamp::MAX - SignedDuration::from_hours(48) => {
                format!("Paused until {}.", clock.format_date(until))
            }
            _ => "Paused until you resume it.".to_owned(),
        },
    })
}

/// Returns what is looked at.
pub(crate) const fn what(feed: &Feed) -> &'static str {
    if feed.settings.links.is_some() { "page" } else { "feed" }
}

/// Returns an age as it follows "since": `just now` would not.
fn lowercase_age(clock: &LocalClock, at: i64) -> String {
    Timestamp::from_second(at).map_or_else(|_| clock.format_age(at), |at| clock.format_time(at))
}

/// Returns facts for a line: the last look, the next one, the newest article, how often it publishes, and its text.
pub(crate) fn facts(feed: &Feed, pulse: &Pulse, clock: &LocalClock) -> Vec<String> {
    let mut facts = Vec::new();
    facts.push(match feed.looked_at {
        Some(at) => format!("Looked at {}", clock.format_age(at.as_second())),
        None => "Not looked at yet".to_owned(),
    });
    if let Some(next) = feed.next_look_at.filter(|_| !feed.is_paused(clock.now())) {
        facts.push(match next <= clock.now() {
            true => "next look now".to_owned(),
            false => format!("next look at {}", clock.format_time(next)),
        });
    }
    facts.push(match pulse.newest {
        Some(newest) => format!("newest article {}", clock.format_age(newest)),
        None => "no articles yet".to_owned(),
    });
    #[expect(clippy::cast_precision_loss, reason = "a number of articles")]
    let per_week = pulse.recent as f64 / 4.0;
    facts.extend((pulse.recent > 0).then(|| describe_rate(per_week)));
    facts.extend(describe_text(feed));
    facts
}

/// Says how often a feed publishes.
pub(crate) fn describe_rate(per_week: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "rounded, and small")]
    let about = |number: f64, unit: &str| match number.round() as i64 {
        ..=1 => format!("about one article a {unit}"),
        number => format!("about {} articles a {unit}", format_number(number)),
    };
    if per_week >= 10.0 {
        about(per_week / 7.0, "day")
    } else if per_week >= 0.75 {
        about(per_week, "week")
    } else if per_week >= 0.2 {
        about(per_week * 52.0 / 12.0, "month")
    } else {
        "less than one article a month".to_owned()
    }
}

/// Says where the text of its articles comes from.
fn describe_text(feed: &Feed) -> Option<String> {
    if feed.settings.links.is_some() {
        return Some("new links on a page, which are fetched".to_owned());
    }
    let text = match (feed.settings.text_from, feed.measured_text) {
        (Some(TextFrom::Feed), _) => "text from the feed, as you chose",
        (Some(TextFrom::Page), _) => "text from its pages, as you chose",
        (None, Some((TextFrom::Feed, _))) => "whole texts in the feed",
        (None, Some((TextFrom::Page, _))) => "teasers only, so its pages are fetched",
        (None, None) => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_told_in_the_unit_that_suits() {
        for (per_week, words) in [
            (70.0, "about 10 articles a day"),
            (3.2, "about 3 articles a week"),
            (0.8, "about one article a week"),
            (0.5, "about 2 articles a month"),
            (0.25, "about one article a month"),
            (0.01, "less than one article a month"),
        ] {
            assert_eq!(describe_rate(per_week), words);
        }
    }
}
