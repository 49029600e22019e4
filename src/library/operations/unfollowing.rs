//! The operation that unfollows a feed.

use jiff::Timestamp;

use crate::library::articles::changes::{BulkAction, FeedName};
use crate::library::feeds::{self, Feed};
use crate::library::operations::setup::Setup;
use crate::library::operations::store;
use crate::library::{Library, imports};

/// Unfollows a feed, and moves those of its articles to the trash that are neither kept nor in another feed that is
/// followed, to be done by [`run_batch`](super::run_batch). What was still to be fetched for it alone is not fetched, and
/// what is on its way does not arrive. Returns the operation; `None` if the feed is not followed.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn unfollow(library: &Library, feed: &Feed, now: Timestamp) -> sqlx::Result<Option<i64>> {
    let mut tx = library.begin_write().await?;
    let articles = feeds::list_only_in(&mut tx, feed.id).await?;
    let action = BulkAction::Unfollow(FeedName { feed: feed.id, name: feed.display_name().to_owned() });
    let id = store::write(&mut tx, &action, None, &articles, now).await?;
    imports::hand_over(&mut tx, feed.id).await?;
    feeds::forget_unfinished_items(&mut tx, feed.id).await?;
    imports::delete_unfinished_of_feed(&mut tx, feed.id).await?;
    let Some(folders) = feeds::end(&mut tx, feed.id, id, now).await? else { return Ok(None) };
    store::log_setup(&mut tx, id, &Setup::Unfollowed { feed: feed.id, folders }).await?;
    tx.commit().await?;
    Ok(Some(id))
}
