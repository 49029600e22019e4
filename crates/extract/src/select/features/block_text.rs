//! What blocks say by themselves, and how that compares with what is known of the article.

use std::cell::LazyCell;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashSet};
use memchr::memmem;

use super::{Known, flag};
use crate::cleanup::phrase_rules;
use crate::dom::words::{self, WordPairs};
use crate::select::segmentation::{Survey, Tag};

/// What a block says by itself.
pub(super) struct Own {
    pub(super) title: f32,
    pub(super) byline: f32,
    pub(super) description: f32,
    pub(super) body: f32,
    pub(super) copies: u32,
    pub(super) is_first_copy: bool,
    pub(super) phrase: f32,
    pub(super) appeals: f32,
}

pub(super) fn own(survey: &Survey, known: &Known<'_>) -> Vec<Own> {
    let title = Said::of(known.title);
    let byline = known.byline.map(words::match_key).unwrap_or_default();
    let description = Said::of(known.description.unwrap_or_default());
    let keys: Vec<String> = survey.blocks.iter().map(|block| words::match_key(&block.text)).collect();
    let mut copies: HashMap<&str, u32> = HashMap::default();
    for key in &keys {
        *copies.entry(key).or_default() += 1;
    }
    let body = known.body.map(words::match_key);
    let body: Option<HashSet<u64>> =
        body.as_deref().filter(|body| body.len() > 200).map(|body| shingles(body).collect());
    let mut seen = HashSet::default();
    survey
        .blocks
        .iter()
        .zip(&keys)
        .map(|(block, key)| {
            let pairs = LazyCell::new(|| WordPairs::from_key(key));
            Own {
                title: title.likeness(key, &pairs),
                byline: flag(!byline.is_empty() && block.words <= 25 && key.contains(&byline)),
                description: description.likeness(key, &pairs),
                body: body.as_ref().map_or(-1.0, |body| share(key, body)),
                copies: copies[key.as_str()],
                is_first_copy: seen.insert(key.as_str()),
                phrase: phrase_rules::line_reason_code(&block.text, key, block.words as usize, block.link_share()),
                appeals: phrase_rules::appeal_share(key),
            }
        })
        .collect()
}

/// What the page says of itself, to be compared with each block.
struct Said {
    key: String,
    pairs: WordPairs,
}

impl Said {
    fn of(text: &str) -> Said {
        let key = words::match_key(text);
        Said { pairs: WordPairs::from_key(&key), key }
    }

    /// 1 when a block says the same, else how much of the shorter stands in the longer; 0 when they are not alike at all.
    fn likeness(&self, key: &str, pairs: &LazyCell<WordPairs, impl FnOnce() -> WordPairs>) -> f32 {
        if key.is_empty() || self.key.is_empty() {
            return 0.0;
        }
        if key == self.key {
            return 1.0;
        }
        let (short, long) = if key.len() < self.key.len() { (key, &*self.key) } else { (&*self.key, key) };
        if short.len() < 8 || short.len() * 8 < long.len() {
            return 0.0;
        }
        // Where one stands in the other all pairs of its words do, but for two, when it begins or ends within a word.
        let shared = self.pairs.count_shared(pairs);
        let few = self.pairs.len().min(pairs.len());
        if shared + 2 >= few && memmem::find(long.as_bytes(), short.as_bytes()).is_some() {
            return 0.5 + 0.5 * short.len() as f32 / long.len() as f32;
        }
        0.5 * (shared as f64 / few.max(1) as f64) as f32
    }
}

/// Hashes of each three words in a row.
fn shingles(key: &str) -> impl Iterator<Item = u64> + '_ {
    let words: Vec<&str> = key.split(' ').collect();
    let width = words.len().clamp(1, 3);
    (0..=words.len() - width).map(move |at| FixedState::default().hash_one(&words[at..at + width]))
}

/// How much of a block stands in the text that JSON-LD gives.
fn share(key: &str, body: &HashSet<u64>) -> f32 {
    let (mut all, mut there) = (0, 0);
    for shingle in shingles(key) {
        all += 1;
        there += u32::from(body.contains(&shingle));
    }
    there as f32 / all.max(1) as f32
}

/// The block that is the title: the last heading of the first level that says it, else the first block that does.
pub(super) fn title_at(survey: &Survey, own: &[Own]) -> Option<usize> {
    let says = |at: &usize| own[*at].title >= 0.75;
    let heading = |at: &usize| {
        survey
            .around(survey.blocks[*at].element)
            .take(2)
            .any(|(_, element)| matches!(element.tag, Tag::Heading1 | Tag::Heading2))
    };
    (0..own.len()).filter(says).find(heading).or_else(|| (0..own.len()).find(says))
}
