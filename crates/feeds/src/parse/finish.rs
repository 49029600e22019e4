//! Looks over a feed as a whole.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::feed::{Feed, Item};
use crate::problems::{Problem, Problems};

/// Leaves out items with nothing in them, and notes what identifies nothing.
pub(super) fn finish(mut feed: Feed, mut problems: Problems) -> Feed {
    let all = feed.items.len();
    feed.items.retain(|item| !is_empty(item));
    problems.add_times(Problem::EmptyItem, all - feed.items.len());
    let without_id = feed.items.iter().filter(|item| item.guid.is_none() && item.link.is_none());
    problems.add_times(Problem::MissingId, without_id.count());
    problems.add_times(Problem::DuplicateId, doubled_guids(&feed.items).len());
    feed.problems = problems;
    feed
}

fn is_empty(item: &Item) -> bool {
    let has_text = item.title.is_some() || item.summary.is_some() || item.content.is_some();
    !has_text && item.link.is_none() && item.guid.is_none() && item.enclosures.is_empty() && item.published.is_none()
}

/// Returns the identifiers that stand at several items with different links, or with different titles where there is no
/// link. They identify nothing.
fn doubled_guids(items: &[Item]) -> HashSet<&str> {
    let mut others: HashMap<&str, (Option<&Url>, Option<&str>)> = HashMap::new();
    let mut doubled = HashSet::new();
    for item in items {
        let Some(guid) = item.guid.as_deref() else { continue };
        let link = item.link.as_ref();
        let other = (link, item.title.as_deref().filter(|_| link.is_none()));
        if *others.entry(guid).or_insert(other) != other {
            doubled.insert(guid);
        }
    }
    doubled
}
