//! Groups a few articles by their likeness: the two most alike groups are joined first, until no two are alike enough.

use crate::MAX_SILENCE;
use crate::likeness::{self, Likeness, Weighed};

/// Words that say why an article is in a story, at most.
const MAX_WORDS: usize = 6;

/// What the reader decided of two articles, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// They belong together.
    Together(i64, i64),
    /// They do not.
    Apart(i64, i64),
}

impl Hand {
    /// Returns whether it is about this article.
    #[must_use]
    pub const fn concerns(&self, id: i64) -> bool {
        match *self {
            Self::Together(one, other) | Self::Apart(one, other) => one == id || other == id,
        }
    }
}

/// Articles of one event, or a single one, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// By time, then id.
    pub members: Vec<Member>,
    /// When the first was published, in seconds since 1970.
    pub first_published: i64,
}

/// An article of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id of the article.
    pub id: i64,
    /// The article whose text it repeats.
    pub copy_of: Option<i64>,
    /// What it shares with the others, the most telling first, as it is written.
    pub words: Vec<String>,
}

/// The articles that are grouped, with how alike each two are.
pub(crate) struct Candidates<'a> {
    pub(crate) articles: Vec<(i64, Weighed<'a>)>,
    likeness: Vec<Likeness>,
    hands: Vec<(usize, usize, bool)>,
}

impl<'a> Candidates<'a> {
    /// Compares each two of the articles. They are put in order first, so that nothing depends on how they were found.
    pub(crate) fn new(mut articles: Vec<(i64, Weighed<'a>)>, hands: &[Hand]) -> Self {
        articles.sort_by_key(|(id, article)| (article.profile.published, *id));
        let count = articles.len();
        let mut likeness = vec![Likeness::default(); count * count];
        for one in 0..count {
            for other in 0..one {
                let found = likeness::compare(&articles[one].1, &articles[other].1);
                likeness[one * count + other] = found.clone();
                likeness[other * count + one] = found;
            }
        }
        let at = |id: i64| articles.iter().position(|(known, _)| *known == id);
        let read = |hand: &Hand| match *hand {
            Hand::Together(one, other) => Some((at(one)?, at(other)?, true)),
            Hand::Apart(one, other) => Some((at(one)?, at(other)?, false)),
        };
        let hands = hands.iter().filter_map(read).collect();
        Self { articles, likeness, hands }
    }

    fn likeness(&self, one: usize, other: usize) -> &Likeness {
        &self.likeness[one * self.articles.len() + other]
    }

    /// Groups the articles. Two groups are joined if they are at least `threshold` alike.
    pub(crate) fn group(&self, threshold: f32) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = (0..self.articles.len()).map(|article| vec![article]).collect();
        for (one, other, _) in self.hands.iter().filter(|(.., together)| *together) {
            let (Some(into), Some(from)) = (find(&groups, *one), find(&groups, *other)) else { continue };
            if into != from {
                join(&mut groups, into.min(from), into.max(from));
            }
        }
        loop {
            let pairs = (0..groups.len()).flat_map(|other| (0..other).map(move |one| (one, other)));
            let alike = pairs.filter_map(|(one, other)| Some((self.link(&groups[one], &groups[other])?, one, other)));
            let best = alike.max_by(|a, b| a.0.total_cmp(&b.0).then((b.1, b.2).cmp(&(a.1, a.2))));
            match best {
                Some((score, one, other)) if score >= threshold => join(&mut groups, one, other),
                _ => return groups,
            }
        }
    }

    /// Returns how alike two groups are; `None` if they must not be joined.
    fn link(&self, one: &[usize], other: &[usize]) -> Option<f32> {
        let is_apart = |a: usize, b: usize| {
            self.hands.iter().any(|(x, y, together)| !together && ((*x, *y) == (a, b) || (*x, *y) == (b, a)))
        };
        let (mut best, mut sum, mut count, mut gap) = (0.0_f32, 0.0_f32, 0.0_f32, i64::MAX);
        for (a, b) in one.iter().flat_map(|a| other.iter().map(move |b| (*a, *b))) {
            let likeness = self.likeness(a, b);
            if likeness.is_vetoed || is_apart(a, b) {
                return None;
            }
            best = best.max(likeness.score);
            sum += likeness.score;
            count += 1.0;
            let times = (self.articles[a].1.profile.published, self.articles[b].1.profile.published);
            gap = gap.min((times.0 - times.1).abs());
        }
        (gap <= MAX_SILENCE).then(|| (best + sum / count) / 2.0)
    }

    /// Says of each member of a group whose copy it is and what it shares with the others.
    pub(crate) fn describe(&self, group: &[usize], word: impl Fn(u32) -> Option<String>) -> Group {
        let describe = |position: usize| {
            let article = group[position];
            let copied = group[..position].iter().find(|earlier| self.likeness(article, **earlier).is_copy);
            Member {
                id: self.articles[article].0,
                copy_of: copied.map(|earlier| self.articles[*earlier].0),
                words: self.shared_words(article, group, &word),
            }
        };
        Group {
            members: (0..group.len()).map(describe).collect(),
            first_published: self.articles[group[0]].1.profile.published,
        }
    }

    fn shared_words(&self, article: usize, group: &[usize], word: impl Fn(u32) -> Option<String>) -> Vec<String> {
        let mut weights: Vec<(u32, f32)> = Vec::new();
        for other in group.iter().filter(|other| **other != article) {
            for (key, weight) in likeness::shared_keys(&self.articles[article].1, &self.articles[*other].1) {
                match weights.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, sum)) => *sum += weight,
                    None => weights.push((key, weight)),
                }
            }
        }
        weights.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weights.into_iter().filter_map(|(key, _)| word(key)).take(MAX_WORDS).collect()
    }
}

fn find(groups: &[Vec<usize>], article: usize) -> Option<usize> {
    groups.iter().position(|group| group.contains(&article))
}

/// Joins the second group to the first, which comes before it.
fn join(groups: &mut Vec<Vec<usize>>, one: usize, other: usize) {
    let members = groups.remove(other);
    groups[one].extend(members);
    groups[one].sort_unstable();
}
