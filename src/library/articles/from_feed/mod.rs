//! Articles from feeds: what their items say of them.

mod store;

pub(in crate::library) use store::{apply_to_article, note_feed_text};
