//! Features for the context forests: the scores of the block forests around each block.

use foldhash::HashMap;

use super::features::FeatureMatrix;
use super::segmentation::Segmentation;

/// Appends to each row the scores of the block forests in its context.
pub(crate) fn add_context_features(
    segmentation: &Segmentation,
    block_features: &FeatureMatrix,
    scores: &[f32],
) -> FeatureMatrix {
    let probabilities: Vec<f32> = scores.iter().map(|score| 1.0 / (1.0 + (-score).exp())).collect();
    let context = ContextFeatures::new(segmentation, &probabilities);
    FeatureMatrix::build(segmentation.blocks.len(), |at, out| {
        out.extend(block_features.row(at));
        context.write_features(at, out);
    })
}

/// The scores of a page, summed up once.
struct ContextFeatures<'s> {
    segmentation: &'s Segmentation,
    probabilities: &'s [f32],
    /// Expected article words before each block, and words before each block.
    expected_before: Vec<f32>,
    words_before: Vec<f32>,
    /// Expected article words and all words, per signature.
    by_signature: HashMap<(u64, bool), (f32, f32)>,
    /// The first and the last block of prose that is likely part of the article.
    first_likely: usize,
    last_likely: usize,
}

impl<'s> ContextFeatures<'s> {
    fn new(segmentation: &'s Segmentation, probabilities: &'s [f32]) -> ContextFeatures<'s> {
        let (mut expected, mut words) = (0.0, 0.0);
        let mut expected_before = vec![0.0];
        let mut words_before = vec![0.0];
        for (block, probability) in segmentation.blocks.iter().zip(probabilities) {
            expected += block.words as f32 * probability;
            words += block.words as f32;
            expected_before.push(expected);
            words_before.push(words);
        }
        let is_likely_prose = |at: &usize| probabilities[*at] > 0.5 && segmentation.blocks[*at].words >= 8;
        let blocks = probabilities.len();
        let first_likely = (0..blocks).find(is_likely_prose).unwrap_or(0);
        let last_likely = (0..blocks).rev().find(is_likely_prose).unwrap_or(blocks.saturating_sub(1));
        let mut by_signature: HashMap<(u64, bool), (f32, f32)> = HashMap::default();
        for (block, probability) in segmentation.blocks.iter().zip(probabilities) {
            for key in segmentation.signatures(block) {
                let sums = by_signature.entry(key).or_default();
                sums.0 += (block.words as f32 + 1.0) * probability;
                sums.1 += block.words as f32 + 1.0;
            }
        }
        ContextFeatures {
            by_signature,
            segmentation,
            probabilities,
            expected_before,
            words_before,
            first_likely,
            last_likely,
        }
    }

    fn write_features(&self, at: usize, out: &mut Vec<f32>) {
        let neighbour = |step: isize| {
            at.checked_add_signed(step).and_then(|at| self.probabilities.get(at)).copied().unwrap_or(-0.1)
        };
        out.extend([-4, -3, -2, -1, 0, 1, 2, 3, 4].map(neighbour));
        let all = self.expected_before.last().copied().unwrap_or(0.0).max(1.0);
        out.extend([
            all.ln_1p(),
            self.expected_before[at] / all,
            (at as f32 - self.first_likely as f32).clamp(-50.0, 200.0),
            (at as f32 - self.last_likely as f32).clamp(-200.0, 50.0),
            self.expected_share(at.saturating_sub(5), at),
            self.expected_share(at + 1, (at + 6).min(self.probabilities.len())),
            self.expected_share(at.saturating_sub(15), at),
            self.expected_share(at + 1, (at + 16).min(self.probabilities.len())),
        ]);
        let start = out.len();
        for (_, element) in self.segmentation.self_and_ancestors(self.segmentation.blocks[at].element).take(6) {
            out.push(self.expected_share(element.blocks.start, element.blocks.end));
            out.push((self.expected_before[element.blocks.end] - self.expected_before[element.blocks.start]) / all);
        }
        out.resize(start + 12, -1.0);
        for key in self.segmentation.signatures(&self.segmentation.blocks[at]) {
            out.push(self.by_signature.get(&key).map_or(-1.0, |sums| sums.0 / sums.1));
        }
    }

    /// Returns the expected share of article words in a range of blocks; -1 if it is empty.
    fn expected_share(&self, from: usize, to: usize) -> f32 {
        if from >= to {
            return -1.0;
        }
        let words = self.words_before[to] - self.words_before[from];
        (self.expected_before[to] - self.expected_before[from]) / words.max(1.0)
    }
}
