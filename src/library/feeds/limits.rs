//! Limits: how long the articles of feeds stay. For ever, unless the reader sets one for a feed or a folder.
//!
//! A feed's own limit goes before that of its folders, and a folder's before that of the folder around it. The limit of a folder is
//! for each of its feeds. Of several folders the most generous holds. What goes is never purged: it is moved to the trash, by an
//! [operation](crate::library::operations::apply_limits).

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use crate::library::Library;
use crate::library::articles::limits::{self, Boundary};
use crate::library::feeds::folders::{self, Folder};
use crate::library::feeds::{self as followed, Feed, Keep};

/// The limit of a feed: an article goes when it is over all that is set here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limit {
    /// The newest so many stay.
    pub newest: Option<u32>,
    /// They stay for so many days.
    pub days: Option<u32>,
}

impl Limit {
    /// Adds another folder's limit; the more generous holds. `None`: for ever.
    fn widen(self, keep: Keep) -> Option<Self> {
        match keep {
            Keep::Forever => None,
            Keep::Newest(articles) => Some(Self { newest: self.newest.max(Some(articles)), ..self }),
            Keep::Days(days) => Some(Self { days: self.days.max(Some(days)), ..self }),
        }
    }
}

/// What is set for all feeds that are followed and all folders. It can be changed, to see what a change would do.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    feeds: HashMap<i64, FeedLimit>,
    folders: HashMap<i64, FolderLimit>,
}

#[derive(Debug, Clone, Default)]
struct FeedLimit {
    own: Option<Keep>,
    folders: Vec<i64>,
    /// Its articles that are not deleted.
    articles: i64,
}

#[derive(Debug, Clone)]
struct FolderLimit {
    parent: Option<i64>,
    own: Option<Keep>,
}

impl Limits {
    /// Loads what is set.
    ///
    /// # Errors
    /// The database fails.
    pub async fn load(library: &Library) -> sqlx::Result<Self> {
        Ok(Self::of(&followed::list(library).await?, &folders::list(library).await?))
    }

    /// Collects what is set for these feeds and all folders.
    #[must_use]
    pub fn of(feeds: &[Feed], folders: &[Folder]) -> Self {
        let limit = |feed: &Feed| FeedLimit { own: feed.settings.keep, folders: Vec::new(), articles: feed.articles };
        let mut feeds: HashMap<i64, FeedLimit> = feeds.iter().map(|feed| (feed.id, limit(feed))).collect();
        for folder in folders {
            for feed in &folder.feeds {
                if let Some(feed) = feeds.get_mut(feed) {
                    feed.folders.push(folder.id);
                }
            }
        }
        let limit = |folder: &Folder| FolderLimit { parent: folder.parent_id, own: folder.keep };
        Self { feeds, folders: folders.iter().map(|folder| (folder.id, limit(folder))).collect() }
    }

    /// Returns whether nothing is limited.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let is_limit = |keep: Option<Keep>| keep.is_some_and(|keep| keep != Keep::Forever);
        !self.feeds.values().any(|feed| is_limit(feed.own)) && !self.folders.values().any(|folder| is_limit(folder.own))
    }

    /// Returns the limit that holds for a feed; `None`: its articles stay for ever.
    #[must_use]
    pub fn of_feed(&self, feed: i64) -> Option<Limit> {
        let feed = self.feeds.get(&feed)?;
        match feed.own {
            Some(own) => Limit::default().widen(own),
            None => self.of_folders(&feed.folders),
        }
    }

    /// Returns the limit of a feed that is in these folders and has none of its own.
    #[must_use]
    pub fn of_folders(&self, folders: &[i64]) -> Option<Limit> {
        if folders.is_empty() {
            return None;
        }
        folders.iter().try_fold(Limit::default(), |limit, folder| limit.widen(self.of_folder(*folder)))
    }

    /// Returns what holds in a folder: its own limit, or that of the nearest folder around it.
    #[must_use]
    pub fn of_folder(&self, folder: i64) -> Keep {
        let (mut next, mut seen) = (Some(folder), HashSet::new());
        while let Some(folder) = next.filter(|folder| seen.insert(*folder)).and_then(|id| self.folders.get(&id)) {
            match folder.own {
                Some(keep) => return keep,
                None => next = folder.parent,
            }
        }
        Keep::Forever
    }

    /// Returns the feeds in a folder and in those in it.
    #[must_use]
    pub fn feeds_in(&self, folder: i64) -> Vec<i64> {
        let inside = self.inside(folder);
        let is_in = |feed: &FeedLimit| feed.folders.iter().any(|folder| inside.contains(folder));
        self.feeds.iter().filter(|(_, feed)| is_in(feed)).map(|(id, _)| *id).collect()
    }

    fn inside(&self, folder: i64) -> HashSet<i64> {
        let mut inside = HashSet::from([folder]);
        let mut found = vec![folder];
        while let Some(around) = found.pop() {
            let inner = self.folders.iter().filter(|(_, folder)| folder.parent == Some(around)).map(|(id, _)| *id);
            found.extend(inner.filter(|id| inside.insert(*id)));
        }
        inside
    }

    /// Sets a feed's own limit and its folders.
    pub fn set_feed(&mut self, feed: i64, own: Option<Keep>, folders: Vec<i64>) {
        let feed = self.feeds.entry(feed).or_default();
        (feed.own, feed.folders) = (own, folders);
    }

    /// Sets the limit of a folder.
    pub fn set_folder(&mut self, folder: i64, own: Option<Keep>) {
        if let Some(folder) = self.folders.get_mut(&folder) {
            folder.own = own;
        }
    }

    /// Takes a folder away, with those in it.
    pub fn remove_folder(&mut self, folder: i64) {
        let inside = self.inside(folder);
        self.folders.retain(|id, _| !inside.contains(id));
        self.feeds.values_mut().for_each(|feed| feed.folders.retain(|id| !inside.contains(id)));
    }

    /// Lists articles that are over the limit, at most `limit`: of all feeds, or of some.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_over(
        &self,
        library: &Library,
        feeds: Option<&[i64]>,
        now: Timestamp,
        limit: i64,
    ) -> sqlx::Result<Vec<i64>> {
        let is_asked = |feed: i64| feeds.is_none_or(|feeds| feeds.contains(&feed));
        let limited: Vec<(i64, Limit, i64)> =
            self.feeds.iter().filter_map(|(id, feed)| Some((*id, self.of_feed(*id)?, feed.articles))).collect();
        if !limited.iter().any(|(feed, ..)| is_asked(*feed)) {
            return Ok(Vec::new());
        }
        let mut boundaries = Vec::with_capacity(limited.len());
        for (feed, Limit { newest, days }, articles) in limited {
            let received_before = days.map_or(i64::MAX, |days| {
                let days = SignedDuration::from_hours(24 * i64::from(days));
                now.checked_sub(days).map_or(i64::MIN, Timestamp::as_second)
            });
            // Those that arrived earlier have no later date.
            let end = match newest {
                None => Some((received_before, i64::MAX)),
                Some(newest) if articles <= i64::from(newest) => None,
                Some(newest) => limits::find_end(library, feed, newest).await?,
            };
            boundaries.extend(end.map(|(sorted_at, id)| Boundary {
                feed,
                sorted_at,
                id,
                received_before,
                is_asked: is_asked(feed),
            }));
        }
        limits::list_over(library, &boundaries, limit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folders 1 in none, 2 in 1, and 3 in none.
    fn limits(own: [Option<Keep>; 3]) -> Limits {
        let folder = |parent, own| FolderLimit { parent, own };
        let folders = [(1, folder(None, own[0])), (2, folder(Some(1), own[1])), (3, folder(None, own[2]))];
        Limits { feeds: HashMap::new(), folders: HashMap::from(folders) }
    }

    #[test]
    fn a_feeds_own_limit_goes_before_that_of_its_folders() {
        let mut limits = limits([Some(Keep::Newest(50)), None, None]);
        for (own, folders, expected) in [
            (None, vec![], None),
            (None, vec![1], Some(Limit { newest: Some(50), days: None })),
            (None, vec![2], Some(Limit { newest: Some(50), days: None })),
            (Some(Keep::Forever), vec![1], None),
            (Some(Keep::Days(3)), vec![1], Some(Limit { newest: None, days: Some(3) })),
            (Some(Keep::Newest(900)), vec![], Some(Limit { newest: Some(900), days: None })),
            (None, vec![1, 3], None),
            (None, vec![9], None),
        ] {
            limits.set_feed(7, own, folders.clone());
            assert_eq!(limits.of_feed(7), expected, "{own:?} in {folders:?}");
        }
        assert_eq!(limits.of_feed(8), None, "it is not followed");
    }

    #[test]
    fn of_several_folders_the_most_generous_holds() {
        let mut limits = limits([Some(Keep::Newest(50)), Some(Keep::Days(7)), Some(Keep::Newest(80))]);
        assert_eq!(limits.of_folders(&[1, 3]), Some(Limit { newest: Some(80), days: None }));
        assert_eq!(limits.of_folders(&[1, 2]), Some(Limit { newest: Some(50), days: Some(7) }));
        limits.set_folder(2, Some(Keep::Forever));
        assert_eq!(limits.of_folders(&[1, 2]), None);
        limits.set_feed(7, None, vec![2, 3]);
        assert_eq!((limits.of_feed(7), limits.feeds_in(1), limits.feeds_in(3)), (None, vec![7], vec![7]));
        limits.remove_folder(1);
        assert_eq!(limits.of_feed(7), Some(Limit { newest: Some(80), days: None }), "the folder in it went, too");
        assert!(!limits.is_empty());
        limits.set_folder(3, None);
        assert!(limits.is_empty());
    }
}
