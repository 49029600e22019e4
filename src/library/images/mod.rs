//! Images of articles: which must be fetched, which are stored, which have failed. Their bytes are in
//! [`crate::library::image_files`].

mod store;

pub(super) use store::set_for_article;
pub use store::{
    DueImage, StoredImage, delete_unreferenced, find, find_due, is_referenced, mark_failed, mark_stored, total_size,
};

use jiff::{SignedDuration, Timestamp};

use crate::library::bool_from_integer;

/// Delays before the second and the third attempt to fetch an image. After that, it is given up.
const RETRY_DELAYS: [SignedDuration; 2] = [SignedDuration::from_mins(2), SignedDuration::from_hours(6)];

/// Returns when to fetch an image again after this many failed attempts; `None` if never. Only transient errors are
/// retried.
#[must_use]
pub fn next_attempt_at(attempts: i64, is_transient: bool, now: Timestamp) -> Option<Timestamp> {
    let delay = usize::try_from(attempts).ok().and_then(|attempts| RETRY_DELAYS.get(attempts.saturating_sub(1)))?;
    is_transient.then(|| now + *delay)
}

/// An image of an article, for the article's page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Image {
    /// URL at the publisher.
    pub url: String,
    /// Hash of our copy.
    pub hash: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Whether it may still be fetched.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_pending: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_requested_at_most_three_times() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(next_attempt_at(1, true, now), Some(now + SignedDuration::from_mins(2)));
        assert_eq!(next_attempt_at(2, true, now), Some(now + SignedDuration::from_hours(6)));
        assert_eq!(next_attempt_at(3, true, now), None);
        assert_eq!(next_attempt_at(1, false, now), None);
    }
}
