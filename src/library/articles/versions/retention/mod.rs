//! How long previous versions are kept.

mod store;

pub use store::{delete_old, renew_time};

use jiff::SignedDuration;

/// How long a previous version is kept. One that the reader rejected is kept as long as the article.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);
