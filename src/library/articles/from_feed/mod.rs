//! Articles from feeds: what their items say of them.

mod store;

pub(in crate::library) use store::{apply_to_article, note_feed_text, plan_refetch};

use jiff::SignedDuration;

/// How long the page of an article is not fetched again after that was done because its item was changed.
const REFETCH_PAUSE: SignedDuration = SignedDuration::from_hours(6);

/// An article that is older is not fetched again by itself.
const MAX_REFETCH_AGE: SignedDuration = SignedDuration::from_hours(14 * 24);
