//! How a feed is doing, in words for readers.

use jiff::{SignedDuration, Timestamp};

use crate::library::feeds::Feed;
use crate::library::feeds::health::{self, Pulse, Trouble};
use crate::web::shell::dates::LocalClock;

/// Says what is wrong, since when, and what happens next.
pub(crate) fn describe_trouble(feed: &Feed, pulse: &Pulse, clock: &LocalClock) -> Option<String> {
    let message = feed.error.as_ref().map(|error| error.message.trim_end());
    let since = pulse.failing_since.map(|since| format!(" Since {}.", lowercase_age(clock, since)));
    let since = since.unwrap_or_default();
    Some(match Trouble::of(feed, pulse, clock.now()) {
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
    facts.extend(pulse.describe_rate());
    facts.extend(health::describe_text(feed).map(str::to_owned));
    facts
}
