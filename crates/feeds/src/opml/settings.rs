//! Our own settings of a feed or a folder, as attributes of a namespace. None that is taken from a list can delete, fetch or reach
//! anything: how long articles stay is written, but read only where it removes none.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::markup::scanner::Tag;

/// The namespace of our attributes.
pub const NAMESPACE: &str = "urn:broadsheet:opml";

/// Bytes of a selector.
const MAX_SELECTOR: usize = 1_200;

/// Settings of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether it is not looked at.
    pub pause: Option<Pause>,
    /// Only so many of its newest items are listed.
    pub newest: Option<u32>,
    /// Its items never count as unread.
    pub never_unread: bool,
    /// Where the text comes from, if the reader decided that.
    pub whole_text: Option<WholeText>,
    /// How long its articles stay, if the reader decided that.
    pub keep: Option<Keep>,
    /// Its address is that of a page, and this selects the links that are followed. Whoever uses it reads it with care.
    pub links: Option<String>,
}

/// How long articles stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For ever.
    Forever,
    /// The newest, so many.
    Newest(u32),
    /// So many days.
    Days(u32),
}

impl Keep {
    /// Returns whether articles would go.
    pub const fn is_limit(self) -> bool {
        !matches!(self, Self::Forever)
    }
}

/// How long a feed is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Until the reader says otherwise.
    Open,
    /// Until a time. A date alone stands for its beginning in UTC.
    Until(Timestamp),
}

/// Where the text of an article comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WholeText {
    /// The feed itself.
    Feed,
    /// The page of the article.
    Page,
}

/// Reads our attributes of an outline; `prefixes` are those that mean our namespace.
pub(super) fn read(tag: &Tag<'_>, prefixes: &[String]) -> Settings {
    let mut settings = Settings::default();
    for attribute in &tag.attributes {
        let Some((prefix, name)) = attribute.name.split_once(':') else { continue };
        if !prefixes.iter().any(|known| known == prefix) {
            continue;
        }
        let value = attribute.value.trim();
        match name {
            "paused" => settings.pause = read_pause(value),
            "newest" => settings.newest = value.parse().ok().filter(|count| *count > 0),
            "links" => settings.links = Some(value.to_owned()).filter(|it| (1..=MAX_SELECTOR).contains(&it.len())),
            "neverUnread" => settings.never_unread = value == "true",
            "wholeText" => {
                settings.whole_text = match value {
                    "feed" => Some(WholeText::Feed),
                    "page" => Some(WholeText::Page),
                    _ => None,
                }
            }
            "keep" => settings.keep = read_keep(value),
            _ => {}
        }
    }
    settings
}

fn read_keep(value: &str) -> Option<Keep> {
    let count = |words: &str| words.trim().parse().ok().filter(|count| *count > 0);
    match value.split_once(' ') {
        None if value == "forever" => Some(Keep::Forever),
        Some(("newest", articles)) => count(articles).map(Keep::Newest),
        Some((days, "days")) => count(days).map(Keep::Days),
        _ => None,
    }
}

/// Returns how long articles stay as an attribute says it.
pub(super) fn keep_value(keep: Keep) -> String {
    match keep {
        Keep::Forever => "forever".to_owned(),
        Keep::Newest(articles) => format!("newest {articles}"),
        Keep::Days(days) => format!("{days} days"),
    }
}

fn read_pause(value: &str) -> Option<Pause> {
    match value {
        "true" => Some(Pause::Open),
        time => time.parse().ok().or_else(|| read_day(time)).map(Pause::Until),
    }
}

fn read_day(value: &str) -> Option<Timestamp> {
    let day: Date = value.parse().ok()?;
    TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

/// Returns our attributes, with names and values.
pub(super) fn attributes(settings: &Settings) -> Vec<(&'static str, String)> {
    let pause = settings.pause.map(|pause| match pause {
        Pause::Open => "true".to_owned(),
        Pause::Until(time) => time.to_string(),
    });
    let whole_text = settings.whole_text.map(|it| match it {
        WholeText::Feed => "feed".to_owned(),
        WholeText::Page => "page".to_owned(),
    });
    let all = [
        ("bs:paused", pause),
        ("bs:newest", settings.newest.map(|count| count.to_string())),
        ("bs:neverUnread", settings.never_unread.then(|| "true".to_owned())),
        ("bs:wholeText", whole_text),
        ("bs:keep", settings.keep.map(keep_value)),
        ("bs:links", settings.links.clone()),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
