//! How feeds are doing, in words that need no calendar.

use jiff::SignedDuration;

use crate::library::feeds::health::{Pulse, RECENT};
use crate::library::feeds::{Feed, TextFrom};

impl Pulse {
    /// Says how often the feed publishes. `None` if it had no item lately.
    #[must_use]
    pub fn describe_rate(&self) -> Option<String> {
        #[expect(clippy::cast_precision_loss, reason = "a number of articles, and of weeks")]
        let per_week = self.recent as f64 / (RECENT.as_hours() / (7 * 24)) as f64;
        (self.recent > 0).then(|| describe_rate(per_week))
    }
}

/// Says how often a feed publishes.
#[must_use]
pub fn describe_rate(per_week: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "rounded, and small")]
    let about = |number: f64, unit: &str| match number.round() as i64 {
        ..=1 => format!("about one article a {unit}"),
        number => format!("about {number} articles a {unit}"),
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

/// Says where the text of a feed's articles comes from. `None` if that is not known yet.
#[must_use]
pub fn describe_text(feed: &Feed) -> Option<&'static str> {
    if feed.settings.links.is_some() {
        return Some("new links on a page, which are fetched");
    }
    match (feed.settings.text_from, feed.measured_text) {
        (Some(TextFrom::Feed), _) => Some("text from the feed, as you chose"),
        (Some(TextFrom::Page), _) => Some("text from its pages, as you chose"),
        (None, Some((TextFrom::Feed, _))) => Some("whole texts in the feed"),
        (None, Some((TextFrom::Page, _))) => Some("teasers only, so its pages are fetched"),
        (None, None) => None,
    }
}

/// Says that no site could be reached for this long.
#[must_use]
pub fn describe_outage(duration: SignedDuration) -> String {
    let duration = match duration.as_hours() {
        hours @ ..48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    };
    format!("Nothing could be fetched for {duration}. Check the network of the computer that Broadsheet runs on.")
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
