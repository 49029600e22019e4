//! Recordings and films that come with the items of feeds. The files stay at their publisher; what is stored is where they are.

mod store;

pub(in crate::library::feeds) use store::replace;
pub use store::{find, list_for_article, list_for_feed, note};

use url::Url;

/// A recording that an item comes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecording {
    /// Where it is.
    pub url: Url,
    /// What the feed says it is: `audio/…` or `video/…`.
    pub media_type: String,
    /// How long it is, in seconds.
    pub seconds: Option<i64>,
    /// Its size.
    pub bytes: Option<i64>,
}

/// A recording of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Row id.
    pub id: i64,
    /// Where it is.
    pub url: String,
    /// What the feed says it is: `audio/…` or `video/…`.
    pub media_type: String,
    /// How long it is, in seconds.
    pub seconds: Option<i64>,
    /// Its size.
    pub bytes: Option<i64>,
    /// The feed that names it.
    pub feed_url: String,
}
