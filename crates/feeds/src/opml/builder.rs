//! Puts feeds into folders; the same folder or feed twice is one.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::report::{Outcome, ReportLine};
use super::{Child, Folder, List, ListedFeed, MAX_FOLDERS};

/// Characters of the name of a folder.
const MAX_NAME_CHARS: usize = 100;

/// The list itself, as a folder.
pub(super) const TOP: usize = 0;

#[derive(Default)]
pub(super) struct Builder {
    pub(super) list: List,
    pub(super) report: Vec<ReportLine>,
    folders: HashMap<(usize, String), usize>,
    feeds: HashMap<Url, usize>,
    placed: HashSet<(usize, usize)>,
}

impl Builder {
    /// Returns the folder of a name in another, which is new if there is none; `None` if there are too many. Slashes, which stand
    /// between the names of a path, become hyphens.
    pub(super) fn folder(&mut self, parent: usize, name: &str) -> Option<usize> {
        let name: String = name.chars().take(MAX_NAME_CHARS).map(|char| if char == '/' { '-' } else { char }).collect();
        let name = name.trim();
        let key = (parent, name.to_owned());
        if let Some(folder) = self.folders.get(&key) {
            return Some(*folder);
        }
        // The list itself is none that it has.
        let next = self.list.folders.len();
        if next > MAX_FOLDERS {
            return None;
        }
        self.folders.insert(key, next);
        self.list.folders.push(Folder { name: name.to_owned(), ..Folder::default() });
        self.list.folders[parent].children.push(Child::Folder(next));
        Some(next)
    }

    /// Puts a feed into a folder. Returns what became of it.
    pub(super) fn add(&mut self, folder: usize, feed: ListedFeed) -> Outcome {
        let mut key = feed.url.clone();
        key.set_fragment(None);
        let next = self.list.feeds.len();
        let position = *self.feeds.entry(key).or_insert(next);
        let is_new = position == next;
        if is_new {
            self.list.feeds.push(feed);
        }
        if !self.placed.insert((folder, position)) {
            return Outcome::DuplicateInFolder;
        }
        self.list.folders[folder].children.push(Child::Feed(position));
        if is_new { Outcome::Added } else { Outcome::AddedToSecondFolder }
    }

    pub(super) fn say(&mut self, line: usize, name: impl Into<String>, outcome: Outcome) {
        self.report.push(ReportLine { line, name: name.into(), outcome });
    }
}

/// Returns the web address of a feed. Schemes that only say that it is a feed are replaced.
pub(super) fn feed_address(text: &str) -> Option<Url> {
    const FEED_SCHEMES: &[&str] = &["feed", "rss", "itpc", "pcast", "podcast"];
    let text = text.trim();
    let unwrapped = text.split_once(':').and_then(|(scheme, rest)| {
        let is_feed = FEED_SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme));
        // `feed://example.org/rss` or `feed:https://example.org/rss`.
        is_feed.then(|| if rest.starts_with("//") { format!("https:{rest}") } else { rest.to_owned() })
    });
    Url::parse(unwrapped.as_deref().unwrap_or(text)).ok().filter(crate::markup::base::is_web)
}
