//! What unfollowing a feed changes, and what following it again brings back; and the feeds of an article.

mod store;

pub(in crate::library) use store::{end, follow_again, forget_unfinished_items, list_only_in};
pub use store::{find_unfollowing, list_for_article};
