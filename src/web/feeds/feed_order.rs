//! In which order `/feeds` lists feeds, and which of them stand on a page. Pure.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::library::feeds::Feed;
use crate::library::feeds::folders::Folder;
use crate::library::feeds::health::{Pulse, Trouble};
use crate::web::feeds::folder_paths::paths;

/// Feeds on a page. Five thousand at once are 1.6 MB of HTML, which no phone shows quickly.
const PAGE_SIZE: usize = 200;

/// The feeds of a folder, or of none.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// The folder with its path.
    pub folder: Option<(String, &'a Folder)>,
    pub feeds: Vec<&'a Feed>,
}

/// What a page shows.
pub(super) struct Page<'a> {
    pub sections: Vec<Section<'a>>,
    /// From 1.
    pub number: usize,
    pub has_next: bool,
}

/// Feeds whose name or address contains what was typed, whatever its accents and capitals.
pub(super) fn find<'a>(feeds: &'a [Feed], typed: &str) -> Vec<&'a Feed> {
    let typed = words::fold(typed.trim());
    let has = |text: &str| words::fold(text).contains(&typed);
    feeds.iter().filter(|feed| typed.is_empty() || has(feed.display_name()) || has(feed.url.as_str())).collect()
}

/// Feeds in no folder first, then the folders by their paths. A feed in several is in each.
pub(super) fn by_folder<'a>(feeds: &[&'a Feed], folders: &'a [Folder]) -> Vec<Section<'a>> {
    let folders_of = folders_by_feed(folders);
    let mut inside: HashMap<i64, Vec<&Feed>> = HashMap::new();
    let mut loose = Vec::new();
    for feed in feeds {
        match folders_of.get(&feed.id) {
            None => loose.push(*feed),
            Some(ids) => ids.iter().for_each(|id| inside.entry(*id).or_default().push(feed)),
        }
    }
    let mut sections = Vec::new();
    if !loose.is_empty() {
        sections.push(Section { folder: None, feeds: loose });
    }
    sections.extend(paths(folders).into_iter().map(|(path, folder)| Section {
        feeds: inside.remove(&folder.id).unwrap_or_default(),
        folder: Some((path, folder)),
    }));
    sections
}

fn folders_by_feed(folders: &[Folder]) -> HashMap<i64, Vec<i64>> {
    let mut folders_of: HashMap<i64, Vec<i64>> = HashMap::new();
    for folder in folders {
        for feed in &folder.feeds {
            folders_of.entry(*feed).or_default().push(folder.id);
        }
    }
    folders_of
}

/// Those with trouble first: gone, failing, silent. Within that, the longest first.
pub(super) fn by_trouble<'a>(feeds: &[&'a Feed], pulses: &HashMap<i64, Pulse>, now: Timestamp) -> Vec<Section<'a>> {
    let mut feeds = feeds.to_vec();
    feeds.sort_by_cached_key(|feed| {
        let pulse = pulses.get(&feed.id).copied().unwrap_or_default();
        let trouble = Trouble::of(feed, &pulse, now);
        let since = pulse.failing_since.or(pulse.newest).unwrap_or(i64::MAX);
        (trouble, if trouble == Trouble::None { 0 } else { since })
    });
    if feeds.is_empty() { Vec::new() } else { vec![Section { folder: None, feeds }] }
}

/// Cuts a page out of the sections: the last one, if there are fewer. A folder that is longer than its page goes on, with its name, on
/// the next; one without feeds takes the place of one.
pub(super) fn cut_page(sections: Vec<Section<'_>>, wanted: usize) -> Page<'_> {
    let places = |section: &Section<'_>| section.feeds.len().max(1);
    let total: usize = sections.iter().map(places).sum();
    let last = total.div_ceil(PAGE_SIZE).max(1);
    let number = wanted.clamp(1, last);
    let (start, end) = ((number - 1) * PAGE_SIZE, number * PAGE_SIZE);
    let mut before = 0;
    let mut cut = Vec::new();
    for section in sections {
        let places = places(&section);
        let (from, to) = (start.saturating_sub(before), end.saturating_sub(before).min(places));
        before += places;
        if from < to {
            let feeds = section.feeds.into_iter().take(to).skip(from).collect();
            cut.push(Section { feeds, ..section });
        }
    }
    Page { sections: cut, number, has_next: number < last }
}
