//! Looks over a feed as a whole.

use crate::feed::{Feed, Item};
use crate::identity::count_shared_guids;
use crate::problems::{Problem, Problems};

/// Leaves out items with nothing in them, and notes what identifies nothing.
pub(super) fn finish(mut feed: Feed, mut problems: Problems) -> Feed {
    let all = feed.items.len();
    feed.items.retain(|item| !is_empty(item));
    problems.add_times(Problem::EmptyItem, all - feed.items.len());
    let without_id = feed.items.iter().filter(|item| item.guid.is_none() && item.link.is_none());
    problems.add_times(Problem::MissingId, without_id.count());
    problems.add_times(Problem::SharedId, count_shared_guids(&feed.items, feed.site_link.as_ref()));
    feed.problems = problems;
    feed
}

fn is_empty(item: &Item) -> bool {
    let has_text = item.title.is_some() || item.summary.is_some() || item.content.is_some();
    !has_text && item.link.is_none() && item.guid.is_none() && item.enclosures.is_empty() && item.published.is_none()
}
