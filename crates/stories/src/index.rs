//! The articles of some days in memory, and which of them have a word.

use foldhash::{HashMap, HashSet};

use crate::MAX_SILENCE;
use crate::grouping::{Candidates, Group, Hand};
use crate::likeness::{self, Weighed};
use crate::profile::{Class, Profile, Term};

/// Articles that are assumed before any is known, so that a few do not make a word frequent.
const ASSUMED_ARTICLES: f32 = 1000.0;
/// What a known article counts compared with an assumed one: names of several events are frequent soon.
const TRUST: f32 = 3.0;
/// A group is joined with another from this likeness on, and how much more it takes while few articles are known.
const THRESHOLD: f32 = 0.18;
const THRESHOLD_WHILE_SMALL: f32 = 0.02;
const SMALL_LIBRARY: usize = 1000;
/// Articles are connected from this likeness on.
const MIN_CONNECTION: f32 = 0.13;
/// Articles of words that are looked at for one article, those of the rarest words first.
const MAX_POSTINGS: usize = 6_000;
/// Articles that are compared with one at most, and articles that are grouped at once.
const MAX_COMPARED: usize = 48;
const MAX_GROUPED: usize = 64;

/// The articles of some days, by id.
#[derive(Default)]
pub struct Index {
    articles: HashMap<i64, Profile>,
    postings: HashMap<u32, Posting>,
    hands: HashMap<i64, Vec<Hand>>,
}

/// The articles that have a word.
#[derive(Default)]
struct Posting {
    written: Option<Box<str>>,
    ids: Vec<i64>,
}

impl Index {
    /// Returns how many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Returns whether there is an article with this id.
    #[must_use]
    pub fn contains(&self, id: i64) -> bool {
        self.articles.contains_key(&id)
    }

    /// Adds an article; one with the same id gives way.
    pub fn insert(&mut self, id: i64, mut profile: Profile) {
        self.remove(id);
        for (key, written) in std::mem::take(&mut profile.words) {
            // Of several ways to write it the first by letters, so that the order of arrival does not matter.
            let known = &mut self.postings.entry(key).or_default().written;
            if known.as_ref().is_none_or(|known| written < *known) {
                *known = Some(written);
            }
        }
        for key in keys(&profile) {
            self.postings.entry(key).or_default().ids.push(id);
        }
        self.articles.insert(id, profile);
    }

    /// Removes an article.
    pub fn remove(&mut self, id: i64) {
        let Some(profile) = self.articles.remove(&id) else { return };
        self.hands.remove(&id);
        for key in keys(&profile) {
            if let Some(posting) = self.postings.get_mut(&key) {
                posting.ids.retain(|known| *known != id);
                if posting.ids.is_empty() {
                    self.postings.remove(&key);
                }
            }
        }
    }

    /// Sets what the reader decided of an article and others, in place of what was known of it.
    pub fn decide(&mut self, id: i64, hands: Vec<Hand>) {
        if hands.is_empty() {
            self.hands.remove(&id);
        } else {
            self.hands.insert(id, hands);
        }
    }

    fn hands_of(&self, id: i64) -> &[Hand] {
        self.hands.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Removes what was published before `from` or after `until`, in seconds since 1970.
    pub fn retain(&mut self, from: i64, until: i64) {
        let is_gone = |(_, profile): &(&i64, &Profile)| profile.published < from || profile.published > until;
        let gone: Vec<i64> = self.articles.iter().filter(is_gone).map(|(id, _)| *id).collect();
        gone.into_iter().for_each(|id| self.remove(id));
    }

    /// Groups an article with all that are connected with it, directly or by others. What the reader decided holds.
    #[must_use]
    pub fn group_around(&self, id: i64) -> Vec<Group> {
        self.group(&self.connected(id))
    }

    fn group(&self, connected: &[i64]) -> Vec<Group> {
        let articles = connected.iter().filter_map(|id| Some((*id, self.weigh(self.articles.get(id)?))));
        let hands: Vec<Hand> = connected.iter().flat_map(|id| self.hands_of(*id)).copied().collect();
        let candidates = Candidates::new(articles.collect(), &hands);
        let word = |key: u32| self.postings.get(&key)?.written.as_deref().map(str::to_owned);
        candidates.group(self.threshold()).iter().map(|group| candidates.describe(group, word)).collect()
    }

    /// Groups all articles. Where few are known, each one that arrives changes how rare words are, so those before it are
    /// looked at again.
    #[must_use]
    pub fn group_all(&self) -> Vec<Group> {
        let mut ids: Vec<i64> = self.articles.keys().copied().collect();
        ids.sort_unstable();
        let mut seen: HashSet<i64> = HashSet::default();
        let mut groups = Vec::new();
        for id in ids {
            if !seen.contains(&id) {
                let connected: Vec<i64> = self.connected(id).into_iter().filter(|id| !seen.contains(id)).collect();
                seen.extend(&connected);
                groups.extend(self.group(&connected));
            }
        }
        groups
    }

    /// Returns whether each article that arrives changes much, so that all should be grouped again.
    #[must_use]
    pub fn is_small(&self) -> bool {
        self.len() < SMALL_LIBRARY
    }

    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand at most")]
    fn threshold(&self) -> f32 {
        let missing = SMALL_LIBRARY.saturating_sub(self.len()) as f32 / SMALL_LIBRARY as f32;
        THRESHOLD + THRESHOLD_WHILE_SMALL * missing
    }

    /// Returns the ids of all articles that are connected with one, and its own.
    fn connected(&self, id: i64) -> Vec<i64> {
        let mut found = vec![id];
        let mut seen: HashSet<i64> = HashSet::from_iter([id]);
        let mut at = 0;
        while let Some(id) = found.get(at).copied() {
            at += 1;
            let by_hand = self.hands_of(id).iter().filter_map(|hand| match *hand {
                Hand::Together(one, other) if one == id => Some(other),
                Hand::Together(one, other) if other == id => Some(one),
                _ => None,
            });
            for next in by_hand.chain(self.neighbours(id)) {
                if found.len() < MAX_GROUPED && self.contains(next) && seen.insert(next) {
                    found.push(next);
                }
            }
        }
        found
    }

    /// Returns the articles that are like one, most alike first.
    fn neighbours(&self, id: i64) -> Vec<i64> {
        let Some(profile) = self.articles.get(&id).filter(|profile| profile.series.is_none()) else {
            return Vec::new();
        };
        let weighed = self.weigh(profile);
        let connect = |other: i64| {
            let likeness = likeness::compare(&weighed, &self.weigh(self.articles.get(&other)?));
            (likeness.score >= MIN_CONNECTION).then_some((likeness.score, other))
        };
        let mut found: Vec<(f32, i64)> = self.similar(id, profile).into_iter().filter_map(connect).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Returns the articles that share most with one, by rough weight.
    fn similar(&self, id: i64, profile: &Profile) -> Vec<i64> {
        let terms = profile.terms.iter().chain(&profile.across).filter(|term| term.class != Class::Common);
        let mut postings: Vec<(&Term, &Posting)> =
            terms.filter_map(|term| Some((term, self.postings.get(&term.key)?))).collect();
        // The rarest say most, and are read first.
        postings.sort_by_key(|(term, posting)| (posting.ids.len(), term.key));
        let mut weights: HashMap<i64, f32> = HashMap::default();
        let mut left = MAX_POSTINGS;
        for (term, posting) in postings {
            let Some(rest) = left.checked_sub(posting.ids.len()) else { break };
            left = rest;
            let weight = term.weight * self.idf(term).powi(2);
            for other in &posting.ids {
                *weights.entry(*other).or_default() += weight;
            }
        }
        let is_near = |other: &i64| {
            let gap = self.articles.get(other).map(|other| (other.published - profile.published).abs());
            *other != id && gap.is_some_and(|gap| gap <= MAX_SILENCE)
        };
        let mut found: Vec<(i64, f32)> = weights.into_iter().filter(|(other, _)| is_near(other)).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(MAX_COMPARED);
        found.into_iter().map(|(id, _)| id).collect()
    }

    fn weigh<'a>(&self, profile: &'a Profile) -> Weighed<'a> {
        Weighed::new(profile, |term| self.idf(term))
    }

    /// Returns the inverse document frequency of a term: how rare it is here, and how rare such terms are.
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand at most")]
    fn idf(&self, term: &Term) -> f32 {
        let here = self.postings.get(&term.key).map_or(0, |posting| posting.ids.len()) as f32;
        ((self.len() as f32 * TRUST + ASSUMED_ARTICLES) / (here * TRUST + term.class.per_thousand())).ln().max(0.0)
    }
}

/// Returns the keys of all terms of a profile, each once.
fn keys(profile: &Profile) -> impl Iterator<Item = u32> {
    let is_new = |term: &&Term| profile.terms.binary_search_by_key(&term.key, |own| own.key).is_err();
    profile.terms.iter().chain(profile.across.iter().filter(is_new)).map(|term| term.key)
}
