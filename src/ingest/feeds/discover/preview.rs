//! What is in a feed, for readers who do not follow it yet. Pure.

use feeds::{Feed, Item};
use jiff::Timestamp;
use url::Url;

use crate::library::feeds::TextFrom;

/// Titles that are shown.
const MAX_TITLES: usize = 3;

/// Items by which two documents are told to be the same feed.
const COMPARED: usize = 5;

/// What is in a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The page it belongs to.
    pub site_url: Option<Url>,
    /// Titles of the newest items, newest first.
    pub newest: Vec<String>,
    /// When the newest item was published.
    pub newest_at: Option<Timestamp>,
    /// Items a week, if there are enough with dates.
    pub per_week: Option<f64>,
    /// Whether it carries whole texts, or only teasers.
    pub text: TextFrom,
    /// Links or identifiers of its first items.
    pub(super) items: Vec<String>,
}

impl Preview {
    pub(super) fn of(feed: &Feed, text: TextFrom) -> Self {
        let mut items: Vec<&Item> = feed.items.iter().collect();
        // Those without dates stay in the order of the document.
        items.sort_by_key(|item| std::cmp::Reverse(item.published_at()));
        let dates: Vec<Timestamp> = items.iter().filter_map(|item| item.published_at()).collect();
        let title = |item: &&Item| item.title.clone().filter(|title| !title.trim().is_empty());
        let key = |item: &Item| item.link.as_ref().map(Url::to_string).or_else(|| item.guid.clone());
        Self {
            site_url: feed.site_link.clone(),
            newest: items.iter().filter_map(title).take(MAX_TITLES).collect(),
            newest_at: dates.first().copied(),
            per_week: per_week(&dates),
            text,
            items: feed.items.iter().filter_map(key).take(COMPARED).collect(),
        }
    }
}

/// Returns items a week, given their dates, newest first.
fn per_week(dates: &[Timestamp]) -> Option<f64> {
    const SECONDS: f64 = 7.0 * 86_400.0;
    let (newest, oldest) = (dates.first()?, dates.last()?);
    let span = newest.duration_since(*oldest).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "numbers of items")]
    let gaps = (dates.len() - 1) as f64;
    (span >= 1.0 && gaps >= 1.0).then(|| gaps / span * SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rhythm_is_that_of_the_dates() {
        let dates = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<Timestamp>>();
        assert_eq!(
            per_week(&dates(&["2026-11-22T00:00:00Z", "2026-11-15T00:00:00Z", "2026-11-08T00:00:00Z"])),
            Some(1.0)
        );
        assert_eq!(per_week(&dates(&["2026-11-22T00:00:00Z"])), None);
        assert_eq!(per_week(&dates(&["2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z"])), None);
    }
}
