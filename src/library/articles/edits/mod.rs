//! What the reader has written in place of the publisher's title, byline, date, language or source.
//!
//! The article has the reader's values, so that lists, search and dates follow; the publisher's are kept beside them. An
//! extraction knows only the publisher's: versions hold those, and whatever replaces the text of an article puts the
//! reader's on top again ([`keep_in`]).

mod store;
#[cfg(test)]
mod tests;

pub(super) use store::{follow_source, keep_in, take_out};
pub use store::{go_back, save};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A detail of an article that the reader can edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// The headline.
    Title,
    /// Who wrote it.
    Byline,
    /// The day on which it was published.
    Date,
    /// Language of the text.
    Language,
    /// The publication.
    Source,
}

impl Detail {
    /// Returns the name in the database and in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Byline => "byline",
            Self::Date => "date",
            Self::Language => "language",
            Self::Source => "source",
        }
    }
}

/// A detail that was edited, with the publisher's value. The article itself has the reader's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Edit {
    /// What was edited.
    pub detail: Detail,
    /// The publisher's value; `None`: there was none. A date as [`DateValue`] writes it, a source by its domain.
    pub original: Option<String>,
}

/// New values for some details; `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    /// Never empty.
    pub title: Option<String>,
    /// `Some(None)`: it has none.
    pub byline: Option<Option<String>>,
    /// `Some(None)`: it has none.
    pub date: Option<Option<Date>>,
    /// BCP 47 primary subtag. `Some(None)`: it is not known.
    pub language: Option<Option<String>>,
    /// Domain of a source that is in the library.
    pub source: Option<String>,
}

impl Edits {
    /// Returns the values to write, as the database stores them.
    fn values(&self) -> Vec<(Detail, Option<String>)> {
        let date = |day: Option<Date>| day.map(|day| DateValue::from_day(day).to_string());
        let values = [
            self.title.clone().map(|title| (Detail::Title, Some(title))),
            self.byline.clone().map(|byline| (Detail::Byline, byline)),
            self.date.map(|day| (Detail::Date, date(day))),
            self.language.clone().map(|language| (Detail::Language, language)),
            self.source.clone().map(|source| (Detail::Source, Some(source))),
        ];
        values.into_iter().flatten().collect()
    }
}

/// When an article was published, as the database stores it: `1700000000 2023-11-14`, the Unix seconds and the day in the
/// page's own time zone, if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateValue {
    /// Unix seconds.
    pub at: i64,
    /// The day there.
    pub day: Option<Date>,
}

impl DateValue {
    /// Returns the value of a day without a time, which is stored as its midnight in UTC.
    fn from_day(day: Date) -> Self {
        let midnight = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { at: midnight.as_second(), day: Some(day) }
    }

    /// Parses what [`ToString`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, day) = text.split_once(' ').map_or((text, None), |(at, day)| (at, day.parse().ok()));
        Some(Self { at: at.parse().ok()?, day })
    }
}

impl std::fmt::Display for DateValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.day {
            Some(day) => write!(formatter, "{} {day}", self.at),
            None => write!(formatter, "{}", self.at),
        }
    }
}
