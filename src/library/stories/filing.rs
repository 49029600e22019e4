//! Puts the articles that wait in the queue into stories.

use std::collections::HashSet;

use ::stories::{Group, Index};

use crate::library::Library;
use crate::library::stories::memory::SURE;
use crate::library::stories::store::{self, StoredArticle};

/// Articles that are put into stories at once, and the time in which they lie: an index reaches some days around it.
const BATCH: i64 = 100;
const SPAN: i64 = 24 * 3600;

/// Puts the newest articles of the queue into stories, with what is around them. Returns whether there were any.
///
/// # Errors
/// The database fails; the same articles come again then.
pub async fn file_next(library: &Library) -> anyhow::Result<bool> {
    let mut slots = library.stories().lock().await;
    let mut queued = store::list_queued(library, BATCH).await?;
    let Some(newest) = queued.first().map(|article| article.sorted_at) else {
        slots.forget_older();
        return Ok(false);
    };
    let is_last = queued.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
    queued.retain(|article| article.sorted_at > newest - SPAN);
    slots.around(newest).move_to(library, newest).await?;
    let (groups, queued, slots) = tokio::task::spawn_blocking(move || {
        slots.update(&queued);
        let slot = slots.around(newest);
        let groups = group(&slot.index, (&queued, newest), is_last);
        (groups, queued, slots)
    })
    .await?;
    store::write(library, &groups, &queued).await?;
    drop(slots);
    Ok(true)
}

/// Groups articles with all that are connected with them. In a small library, each that arrives changes how rare words are, so the
/// others are looked at again.
fn group(index: &Index, (queued, newest): (&[StoredArticle], i64), is_last: bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut seen: HashSet<i64> = HashSet::new();
    for article in queued.iter().filter(|article| article.is_here) {
        if !seen.contains(&article.id) {
            let found = index.group_around(article.id);
            // A later look at an article is as good as an earlier one; of two, one is written.
            let is_new = |group: &&Group| group.members.iter().all(|member| !seen.contains(&member.id));
            let new: Vec<Group> = found.iter().filter(is_new).cloned().collect();
            seen.extend(new.iter().flat_map(|group| &group.members).map(|member| member.id));
            groups.extend(new);
        }
    }
    if is_last && index.is_small() {
        let queued: HashSet<i64> = queued.iter().map(|article| article.id).collect();
        let is_sure = |group: &Group| {
            group.members.iter().any(|member| queued.contains(&member.id)) || group.first_published >= newest - SURE
        };
        groups = index.group_all().into_iter().filter(is_sure).collect();
    }
    groups
}
