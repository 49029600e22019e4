//! The operation that unfollows a feed, and following it again.

mod store;

use ::feeds::opml::List;
use jiff::Timestamp;
use url::Url;

use crate::library::articles::changes::{BulkAction, FeedName};
use crate::library::feeds::lists::{self, FollowedList};
use crate::library::feeds::{self, Feed};
use crate::library::operations::setup::Setup;
use crate::library::operations::store as operations;
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
    let id = operations::write(&mut tx, &action, None, &articles, now).await?;
    imports::hand_over(&mut tx, feed.id).await?;
    feeds::forget_unfinished_items(&mut tx, feed.id).await?;
    imports::delete_unfinished_of_feed(&mut tx, feed.id).await?;
    let Some(folders) = feeds::end(&mut tx, feed.id, id, now).await? else { return Ok(None) };
    operations::log_setup(&mut tx, id, &Setup::Unfollowed { feed: feed.id, folders }).await?;
    store::take_over_undo(&mut tx, feed.id, id, now).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Follows a feed again that was unfollowed: it is in its folders at once, and the operation, which is returned, is undone by
/// [`run_batch`](super::run_batch). Returns `None` if the feed is followed or not known, or the operation is gone.
///
/// # Errors
/// The database fails.
pub async fn follow_again(library: &Library, url: &Url) -> sqlx::Result<Option<i64>> {
    match feeds::find_unfollowing(library, url).await? {
        Some(operation) if operations::undo(library, operation).await? => Ok(Some(operation)),
        _ => Ok(None),
    }
}

/// Follows all feeds of a list, as [`lists::follow_all`]. Those that were unfollowed are followed again, and count as new.
///
/// # Errors
/// The database fails. What was followed before stays; the same list can be taken again.
pub async fn follow_all(library: &Library, list: &List, now: Timestamp) -> sqlx::Result<FollowedList> {
    let mut again = 0;
    for feed in &list.feeds {
        again += usize::from(follow_again(library, &feed.url).await?.is_some());
    }
    let done = lists::follow_all(library, list, now).await?;
    Ok(FollowedList { new: done.new + again, known: done.known.saturating_sub(again) })
}
