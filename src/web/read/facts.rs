//! Facts about an article, as its page words them.

use jiff::civil::Date;
use url::{Url, form_urlencoded};

use crate::urls;
use crate::web::read::original;
use crate::web::shell::dates::{self, LocalClock};

/// Where a file or pasted page says it is from. Nobody has checked that, so it is shown apart from the source.
pub(crate) struct Claim {
    pub host: String,
    pub url: String,
    /// Where to add the article of that URL.
    pub add_url: String,
}

impl Claim {
    pub fn new(url: &str) -> Option<Self> {
        let url = original::http_url(url)?;
        let host = urls::display_host(&Url::parse(&url).ok()?);
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("url", &url).finish();
        Some(Self { host, add_url: format!("/import?{query}"), url })
    }
}

/// A time for people, and for the `datetime` attribute.
pub(crate) struct DateText {
    pub text: String,
    pub datetime: String,
}

impl DateText {
    pub fn new(at: jiff::Timestamp, clock: &LocalClock) -> Self {
        Self { text: clock.format_date_time(at), datetime: dates::datetime_attribute(at.as_second()) }
    }

    /// Creates the text for a publication date. If the day differs from the local one, only the publisher's date is
    /// shown.
    pub fn published(at: jiff::Timestamp, day: Option<Date>, clock: &LocalClock) -> Self {
        match day {
            Some(day) if day != clock.date(at.as_second()) => {
                Self { text: dates::format_date(day), datetime: day.to_string() }
            }
            _ => Self::new(at, clock),
        }
    }
}
