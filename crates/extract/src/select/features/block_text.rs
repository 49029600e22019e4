//! Features of a block's text, by itself and compared with the metadata.

use std::cell::LazyCell;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashSet};
use memchr::memmem;

use super::{PageMetadata, flag};
use crate::cleanup::phrase_rules;
use crate::dom::words::{self, WordPairs};
use crate::select::segmentation::{Segmentation, Tag};

/// Features of a block's text.
pub(super) struct TextFeatures {
    pub(super) title_similarity: f32,
    pub(super) has_byline: f32,
    pub(super) description_similarity: f32,
    pub(super) json_ld_overlap: f32,
    pub(super) repeats: u32,
    pub(super) is_first_occurrence: bool,
    pub(super) phrase_score: f32,
    pub(super) appeal_score: f32,
}

pub(super) fn compute_text_features(segmentation: &Segmentation, metadata: &PageMetadata<'_>) -> Vec<TextFeatures> {
    let title = ReferenceText::new(metadata.title);
    let byline = metadata.byline.map(words::match_key).unwrap_or_default();
    let description = ReferenceText::new(metadata.description.unwrap_or_default());
    let keys: Vec<String> = segmentation.blocks.iter().map(|block| words::match_key(&block.text)).collect();
    let mut repeats: HashMap<&str, u32> = HashMap::default();
    for key in &keys {
        *repeats.entry(key).or_default() += 1;
    }
    let body = metadata.body.map(words::match_key);
    let body: Option<HashSet<u64>> =
        body.as_deref().filter(|body| body.len() > 200).map(|body| shingles(body).collect());
    let mut seen = HashSet::default();
    segmentation
        .blocks
        .iter()
        .zip(&keys)
        .map(|(block, key)| {
            let pairs = LazyCell::new(|| WordPairs::from_key(key));
            TextFeatures {
                title_similarity: title.similarity_to(key, &pairs),
                has_byline: flag(!byline.is_empty() && block.words <= 25 && key.contains(&byline)),
                description_similarity: description.similarity_to(key, &pairs),
                json_ld_overlap: body.as_ref().map_or(-1.0, |body| shingle_overlap(key, body)),
                repeats: repeats[key.as_str()],
                is_first_occurrence: seen.insert(key.as_str()),
                phrase_score: phrase_rules::line_reason_code(
                    &block.text,
                    key,
                    block.words as usize,
                    block.link_density(),
                ),
                appeal_score: phrase_rules::appeal_share(key),
            }
        })
        .collect()
}

/// A text from the metadata, to compare blocks with.
struct ReferenceText {
    key: String,
    pairs: WordPairs,
}

impl ReferenceText {
    fn new(text: &str) -> ReferenceText {
        let key = words::match_key(text);
        ReferenceText { pairs: WordPairs::from_key(&key), key }
    }

    /// Returns 1 if a block has the same words, else how much of the shorter text the longer contains; 0 if they are
    /// unrelated.
    fn similarity_to(&self, key: &str, pairs: &LazyCell<WordPairs, impl FnOnce() -> WordPairs>) -> f32 {
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
        // A contained text shares all its word pairs but two, since it may begin or end within a word.
        let shared = self.pairs.count_shared(pairs);
        let few = self.pairs.len().min(pairs.len());
        if shared + 2 >= few && memmem::find(long.as_bytes(), short.as_bytes()).is_some() {
            return 0.5 + 0.5 * short.len() as f32 / long.len() as f32;
        }
        0.5 * (shared as f64 / few.max(1) as f64) as f32
    }
}

/// Returns the hashes of all runs of three words.
fn shingles(key: &str) -> impl Iterator<Item = u64> + '_ {
    let words: Vec<&str> = key.split(' ').collect();
    let width = words.len().clamp(1, 3);
    (0..=words.len() - width).map(move |at| FixedState::default().hash_one(&words[at..at + width]))
}

/// Returns the share of a block's shingles that the JSON-LD text contains.
fn shingle_overlap(key: &str, body: &HashSet<u64>) -> f32 {
    let (mut all, mut shared) = (0, 0);
    for shingle in shingles(key) {
        all += 1;
        shared += u32::from(body.contains(&shingle));
    }
    shared as f32 / all.max(1) as f32
}

/// Finds the block that shows the title: the first heading that matches it, else the first block that does.
pub(super) fn find_title(segmentation: &Segmentation, text_features: &[TextFeatures]) -> Option<usize> {
    let matches_title = |at: &usize| text_features[*at].title_similarity >= 0.75;
    let is_heading = |at: &usize| {
        segmentation
            .self_and_ancestors(segmentation.blocks[*at].element)
            .take(2)
            .any(|(_, element)| matches!(element.tag, Tag::Heading1 | Tag::Heading2))
    };
    (0..text_features.len())
        .filter(matches_title)
        .find(is_heading)
        .or_else(|| (0..text_features.len()).find(matches_title))
}
