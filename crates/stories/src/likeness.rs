//! How alike two articles are: the cosine of their weighed words, and how many rare ones they share.

use crate::MAX_SILENCE;
use crate::profile::{Class, Profile, Term};
use crate::titles;

/// A term is rare from this inverse document frequency on.
const MIN_RARE_IDF: f32 = 3.9;
/// A part of a name that both articles write after the same other part says little more than that part.
const PART_OF_NAME: f32 = 0.6;
/// Rare terms, or names, that two articles on one event share at least; a name of several words counts once.
const MIN_RARE: f32 = 3.0;
/// Teasers cannot share as many: one for so many terms, and two at least. What a word of the topic counts there.
const MIN_RARE_OF_TEASER: f32 = 2.0;
const TERMS_PER_RARE: f32 = 10.0;
const TOPICAL_RARE: f32 = 0.6;
const MIN_RARE_ACROSS: f32 = 1.5;
/// Shingles that make a copy: of both texts, or of the shorter one if it is long enough.
const COPY_SIMILARITY: f32 = 0.5;
const COPY_CONTAINMENT: f32 = 0.8;
const MIN_COPY_SHINGLES: usize = 12;
/// How much less alike articles are that are as far apart as a story can be silent.
const SILENCE_DISCOUNT: f32 = 0.12;

/// How alike two articles are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Likeness {
    /// From 0 to 1.
    pub(crate) score: f32,
    /// They cannot be about one event, whatever else they share.
    pub(crate) is_vetoed: bool,
    /// One repeats the text of the other.
    pub(crate) is_copy: bool,
}

/// The terms of an article with their weights in this library.
pub(crate) struct Weighed<'a> {
    pub(crate) profile: &'a Profile,
    own: Vec<(Term, f32)>,
    across: Vec<(Term, f32)>,
    norm: f32,
    norm_across: f32,
}

impl<'a> Weighed<'a> {
    pub(crate) fn new(profile: &'a Profile, idf: impl Fn(&Term) -> f32) -> Self {
        let weigh = |terms: &[Term]| terms.iter().map(|term| (*term, idf(term))).collect::<Vec<_>>();
        let (own, across) = (weigh(&profile.terms), weigh(&profile.across));
        let norm =
            |terms: &[(Term, f32)]| terms.iter().map(|(term, idf)| (term.weight * idf).powi(2)).sum::<f32>().sqrt();
        Self { profile, norm: norm(&own), norm_across: norm(&across), own, across }
    }
}

/// What two articles share.
#[derive(Default)]
struct Shared {
    product: f32,
    rare: f32,
    names: f32,
    topical: f32,
    plain: f32,
}

/// Compares two articles.
pub(crate) fn compare(a: &Weighed, b: &Weighed) -> Likeness {
    if titles::are_of_different_events(a.profile, b.profile) || a.profile.series.is_some() || b.profile.series.is_some()
    {
        return Likeness { is_vetoed: true, ..Likeness::default() };
    }
    let is_copy = a.profile.language == b.profile.language && is_copy(&a.profile.shingles, &b.profile.shingles);
    if is_copy && titles::have_other_subjects(a.profile, b.profile) {
        return Likeness { is_vetoed: true, ..Likeness::default() };
    }
    let score = if is_copy { 1.0 } else { score(a, b) };
    Likeness { score, is_vetoed: false, is_copy }
}

fn score(a: &Weighed, b: &Weighed) -> f32 {
    let gap = (a.profile.published - b.profile.published).abs();
    if gap > MAX_SILENCE {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most two days")]
    let discount = 1.0 - SILENCE_DISCOUNT * gap as f32 / MAX_SILENCE as f32;
    let is_across = a.profile.language != b.profile.language;
    let (shared, norms) = if is_across {
        (share(&a.across, &b.across), a.norm_across * b.norm_across)
    } else {
        (share(&a.own, &b.own), a.norm * b.norm)
    };
    let is_enough = if is_across {
        shared.names >= MIN_RARE_ACROSS && shared.rare + shared.topical + shared.plain >= MIN_RARE
    } else {
        shared.rare >= 1.0 && shared.rare + shared.topical * TOPICAL_RARE >= required(a, b)
    };
    let cosine = shared.product / norms.max(f32::MIN_POSITIVE);
    if is_enough { cosine * discount } else { 0.0 }
}

/// Returns how many rare terms two articles must share: fewer if one of them is short.
#[expect(clippy::cast_precision_loss, reason = "some hundred terms at most")]
fn required(a: &Weighed, b: &Weighed) -> f32 {
    (a.own.len().min(b.own.len()) as f32 / TERMS_PER_RARE).clamp(MIN_RARE_OF_TEASER, MIN_RARE)
}

/// Walks two lists of terms, sorted by key.
fn share(a: &[(Term, f32)], b: &[(Term, f32)]) -> Shared {
    let mut shared = Shared::default();
    for (one, other) in (Pairs { a, b }) {
        let ((term, idf), (other, _)) = (one, other);
        let is_part = [term.name_before, other.name_before].into_iter().any(|before| has(a, before) && has(b, before));
        let factor = if is_part { PART_OF_NAME } else { 1.0 };
        shared.product += factor * term.weight * other.weight * idf * idf;
        if is_rare(term, *idf) {
            shared.rare += factor;
        }
        match term.class {
            Class::Name | Class::Number if other.class == term.class => shared.names += factor,
            Class::Topical => shared.topical += 1.0,
            Class::Plain => shared.plain += 1.0,
            _ => {}
        }
    }
    shared
}

fn has(terms: &[(Term, f32)], key: u32) -> bool {
    key != 0 && terms.binary_search_by_key(&key, |(term, _)| term.key).is_ok()
}

fn is_rare(term: &Term, idf: f32) -> bool {
    term.class.can_be_rare() && idf >= MIN_RARE_IDF
}

/// Returns the keys of what two articles share, with what each weighs.
pub(crate) fn shared_keys(a: &Weighed, b: &Weighed) -> Vec<(u32, f32)> {
    let weight =
        |((term, idf), (other, _)): (&(Term, f32), &(Term, f32))| (term.key, term.weight * other.weight * idf * idf);
    let is_telling =
        |(term, _): &(&(Term, f32), &(Term, f32))| term.0.class.can_be_rare() || term.0.class == Class::Topical;
    if a.profile.language == b.profile.language {
        Pairs { a: &a.own, b: &b.own }.filter(is_telling).map(weight).collect()
    } else {
        Pairs { a: &a.across, b: &b.across }.filter(is_telling).map(weight).collect()
    }
}

/// The terms that two sorted lists share.
struct Pairs<'a> {
    a: &'a [(Term, f32)],
    b: &'a [(Term, f32)],
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a (Term, f32), &'a (Term, f32));

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (one, other) = (self.a.first()?, self.b.first()?);
            match one.0.key.cmp(&other.0.key) {
                std::cmp::Ordering::Less => self.a = &self.a[1..],
                std::cmp::Ordering::Greater => self.b = &self.b[1..],
                std::cmp::Ordering::Equal => {
                    (self.a, self.b) = (&self.a[1..], &self.b[1..]);
                    return Some((one, other));
                }
            }
        }
    }
}

/// Returns whether two texts are mostly the same words in the same order, or the longer one contains the shorter.
fn is_copy(a: &[u32], b: &[u32]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < MIN_COPY_SHINGLES {
        return false;
    }
    let shared = short.iter().filter(|shingle| long.binary_search(shingle).is_ok()).count();
    let all = short.len() + long.len() - shared;
    ratio(shared, all) >= COPY_SIMILARITY || ratio(shared, short.len()) >= COPY_CONTAINMENT
}

#[expect(clippy::cast_precision_loss, reason = "at most some hundred shingles")]
fn ratio(part: usize, all: usize) -> f32 {
    part as f32 / all.max(1) as f32
}
