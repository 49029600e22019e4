//! What unfollowing a feed changes, and what following it again brings back; and the feeds of an article.

mod store;

pub use store::list_for_article;
pub(in crate::library) use store::{end, find_unfollowing, follow_again, forget_unfinished_items, list_only_in};
