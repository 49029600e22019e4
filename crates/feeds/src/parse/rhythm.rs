//! When a feed says that it should be asked.

use std::time::Duration;

use jiff::civil::Weekday;

use crate::feed::StatedRhythm;
use crate::markup::namespaces::Namespace;
use crate::markup::tree::Element;

/// Reads the statements among the elements of a channel.
pub(super) fn read(channel: &Element) -> StatedRhythm {
    let text = |namespace, name| channel.child(namespace, name).and_then(Element::text);
    StatedRhythm {
        ttl: text(Namespace::Rss, "ttl").and_then(|text| minutes(&text)),
        update_interval: update_interval(
            text(Namespace::Syndication, "updatePeriod"),
            text(Namespace::Syndication, "updateFrequency"),
        ),
        skip_hours: list(channel, "skipHours", hour),
        skip_days: list(channel, "skipDays", weekday),
    }
}

fn minutes(text: &str) -> Option<Duration> {
    const YEAR: u64 = 366 * 24 * 60;
    let minutes: u64 = text.split('.').next()?.trim().parse().ok()?;
    Some(Duration::from_secs(minutes.min(YEAR) * 60))
}

/// The period divided by the frequency; a missing period is a day, a missing frequency 1.
fn update_interval(period: Option<String>, frequency: Option<String>) -> Option<Duration> {
    if period.is_none() && frequency.is_none() {
        return None;
    }
    const HOUR: u64 = 3600;
    let seconds = match &*period.unwrap_or_default().to_ascii_lowercase() {
        "hourly" => HOUR,
        "" | "daily" => 24 * HOUR,
        "weekly" => 7 * 24 * HOUR,
        "monthly" => 30 * 24 * HOUR,
        "yearly" => 365 * 24 * HOUR,
        _ => return None,
    };
    let frequency = frequency.and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
    Some(Duration::from_secs(seconds / frequency))
}

fn list<T: PartialEq>(channel: &Element, name: &str, read: fn(&str) -> Option<T>) -> Vec<T> {
    let mut found = Vec::new();
    let entries = channel.elements().filter(|element| element.is(Namespace::Rss, name)).flat_map(Element::elements);
    for entry in entries.take(100).filter_map(|element| read(&element.text()?)) {
        if !found.contains(&entry) {
            found.push(entry);
        }
    }
    found
}

/// Reads an hour; 24 is midnight.
fn hour(text: &str) -> Option<i8> {
    text.parse().ok().filter(|hour| (0..=24).contains(hour)).map(|hour: i8| hour % 24)
}

fn weekday(text: &str) -> Option<Weekday> {
    let days = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    let text = text.to_ascii_lowercase();
    days.into_iter().find(|(name, _)| text.starts_with(name)).map(|(_, day)| day)
}
