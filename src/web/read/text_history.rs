//! What an article's page says of a text that its publisher has changed.

use crate::library::articles::versions::seen::History;
use crate::web::shell::dates::LocalClock;
use crate::web::shell::origin::{Origin, add_parameters};

/// What the page of an article says of its earlier texts.
pub(crate) struct TextHistory {
    /// Where all texts are listed.
    pub url: String,
    /// When the reader saw an earlier text, and where that is compared with this one.
    pub change: Option<(String, String)>,
}

impl TextHistory {
    /// Returns `None` for an article that was never changed.
    pub fn new(article: i64, history: &History, origin: &Origin, clock: &LocalClock) -> Option<Self> {
        history.changed_at?;
        let url = origin.page_url(article, "versions");
        let change = history.change().map(|(seen_at, version)| {
            let parameters = [("from", version.to_string()), ("to", "now".to_owned())];
            let url = add_parameters(&url, &parameters.each_ref().map(|(name, value)| (*name, value.as_str())));
            (clock.format_day_age(clock.date(seen_at.as_second())), url)
        });
        // "on 3 November", but "today".
        let change = change.map(|(day, url)| {
            match day.starts_with(|first: char| first.is_ascii_digit()) && !day.ends_with("ago") {
                true => (format!("on {day}"), url),
                false => (day, url),
            }
        });
        Some(Self { url, change })
    }
}
