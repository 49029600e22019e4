//! Which article follows another in the list that it was opened from.

use std::time::Duration;

use crate::library::Library;
use crate::library::articles::lists;
use crate::web::browse::filters;
use crate::web::shell::dates::LocalClock;
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::origin::Origin;

/// Which article follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follower {
    /// The next one of the list.
    Next,
    /// The next unread one of the list, from its beginning after its end.
    NextUnread,
}

/// Finds the article that follows one in its list. Without a list, it is the next unread one of all.
///
/// # Errors
/// The database fails.
pub(super) async fn find_follower(
    library: &Library,
    (origin, article): (&Origin, i64),
    follower: Follower,
    (clock, search_time): (&LocalClock, Duration),
) -> sqlx::Result<Option<i64>> {
    let list = origin.list.clone().unwrap_or_else(|| ListUrl { unread: true, ..ListUrl::default() });
    let active = filters::resolve(library, list, clock, search_time).await?;
    if follower == Follower::Next {
        return lists::find_next(library, &active.filter, active.sort, article).await;
    }
    let unread = lists::Filter { unread: true, ..active.filter };
    let next = lists::find_next(library, &unread, active.sort, article).await?;
    if next.is_some() {
        return Ok(next);
    }
    let first = lists::list_sorted(library, &unread, active.sort, active.sort.start(), 2).await?;
    Ok(first.cards.iter().map(|card| card.id).find(|id| *id != article))
}
