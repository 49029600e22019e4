//! Pictures of articles: which are expected, which are here, which could not be had. Their bytes are the business of
//! [`crate::library::image_files`].

mod store;

pub(super) use store::set_for_article;
pub use store::{
    DueImage, StoredImage, delete_unreferenced, find, find_due, is_referenced, mark_failed, mark_stored, total_size,
};

use jiff::{SignedDuration, Timestamp};

use crate::library::bool_from_integer;

/// How long after a first, second, … failure a picture is asked for again; then it is given up.
const RETRY_DELAYS: [SignedDuration; 2] = [SignedDuration::from_mins(2), SignedDuration::from_hours(6)];

/// When a picture that failed `tries` times is asked for again; `None`: never by itself.
#[must_use]
pub fn next_attempt_at(attempts: i64, is_transient: bool, now: Timestamp) -> Option<Timestamp> {
    let delay = usize::try_from(attempts).ok().and_then(|attempts| RETRY_DELAYS.get(attempts.saturating_sub(1)))?;
    is_transient.then(|| now + *delay)
}

/// A picture of an article, as its page needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Image {
    /// Where it is at the publisher's.
    pub url: String,
    /// Our own copy.
    pub hash: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// It may still come.
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
