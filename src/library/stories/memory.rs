//! The index of articles in memory: those around the newest, and, while older ones are put into stories, those around these.

use std::collections::HashSet;
use std::sync::Arc;

use ::stories::{Article, Hand, Index, Profile};
use tokio::sync::Mutex;

use crate::library::Library;
use crate::library::stories::store::{self, StoredArticle};

/// Seconds of a day.
const DAY: i64 = 24 * 3600;
/// How far an index reaches before and after the articles that are put into stories. Stories of articles nearer to its beginning than the
/// difference are left as they are, since what they belong to may be missing.
const BEFORE: i64 = 10 * DAY;
const AFTER: i64 = 7 * DAY;
pub(super) const SURE: i64 = 7 * DAY;
/// Articles of an index at most, the newest: some 4 kB each.
const MAX_ARTICLES: usize = 30_000;
/// Articles that are read at once.
const PAGE: i64 = 500;

/// What a library keeps in memory of its stories. It is read again when it is needed.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Slots>>);

impl Memory {
    /// Waits until nobody else puts articles into stories.
    pub(super) async fn lock(&self) -> tokio::sync::OwnedMutexGuard<Slots> {
        self.0.clone().lock_owned().await
    }
}

/// Two indexes, so that what arrives now and old articles that are put into stories do not push each other out.
#[derive(Default)]
pub(super) struct Slots {
    newest: Slot,
    older: Slot,
}

/// The articles between two dates.
#[derive(Default)]
pub(super) struct Slot {
    pub(super) index: Index,
    /// From and until when, in seconds since 1970.
    range: Option<(i64, i64)>,
    /// Articles that were read since and are as they were.
    fresh: HashSet<i64>,
}

impl Slots {
    /// Returns the index around a date.
    pub(super) fn around(&mut self, date: i64) -> &mut Slot {
        let is_old = self.newest.range.is_some_and(|(from, _)| date < from + BEFORE - SURE);
        if is_old { &mut self.older } else { &mut self.newest }
    }

    /// Takes over articles that have changed, wherever they are.
    pub(super) fn update(&mut self, articles: &[StoredArticle]) {
        for slot in [&mut self.newest, &mut self.older] {
            articles.iter().for_each(|article| slot.update(article));
        }
    }

    /// Gives the memory back that only old articles needed.
    pub(super) fn forget_older(&mut self) {
        self.older = Slot::default();
    }
}

impl Slot {
    /// Reads what is missing around a date, and forgets what is far from it.
    pub(super) async fn move_to(&mut self, library: &Library, date: i64) -> anyhow::Result<()> {
        let (from, until) = (date - BEFORE, date + AFTER);
        let missing = match self.range {
            Some((first, last)) if from <= last && first <= until => vec![(from, first - 1), (last + 1, until)],
            _ => {
                *self = Self::default();
                vec![(from, until)]
            }
        };
        self.index.retain(from, until);
        for (from, until) in missing.into_iter().filter(|(from, until)| from <= until) {
            self.load(library, (from, until)).await?;
        }
        let index = &self.index;
        self.fresh.retain(|id| index.contains(*id));
        self.range = Some((from, until));
        Ok(())
    }

    /// Reads articles of a range, the newest first.
    async fn load(&mut self, library: &Library, (from, until): (i64, i64)) -> anyhow::Result<()> {
        let mut last = (until, i64::MAX);
        while self.index.len() < MAX_ARTICLES {
            let articles = store::list_around(library, from, last, PAGE).await?;
            let Some(oldest) = articles.last() else { return Ok(()) };
            last = (oldest.sorted_at, oldest.id);
            let read = |articles: Vec<StoredArticle>| {
                articles.into_iter().map(|article| (profile(&article), article)).collect()
            };
            let read: Vec<(Profile, StoredArticle)> = tokio::task::spawn_blocking(move || read(articles)).await?;
            for (profile, article) in read {
                self.index.insert(article.id, profile);
                self.index.decide(article.id, hands(&article));
                self.fresh.insert(article.id);
            }
        }
        Ok(())
    }

    fn update(&mut self, article: &StoredArticle) {
        let is_in_range = self.range.is_some_and(|(from, until)| (from..=until).contains(&article.sorted_at));
        if !article.is_here || !is_in_range {
            return self.index.remove(article.id);
        }
        if !(self.fresh.remove(&article.id) && article.version == 0) {
            self.index.insert(article.id, profile(article));
        }
        self.index.decide(article.id, hands(article));
    }
}

fn profile(article: &StoredArticle) -> Profile {
    Profile::of(&Article {
        published: article.sorted_at,
        language: article.language.as_deref(),
        title: &article.title,
        text: &article.text,
    })
}

/// Reads what the reader decided of an article: pairs of another article and whether they belong together.
fn hands(article: &StoredArticle) -> Vec<Hand> {
    let pairs: Vec<(i64, i64)> = serde_json::from_str(&article.decisions).unwrap_or_default();
    let hand = |(other, is_together): (i64, i64)| match is_together {
        0 => Hand::Apart(article.id, other),
        _ => Hand::Together(article.id, other),
    };
    pairs.into_iter().map(hand).collect()
}
