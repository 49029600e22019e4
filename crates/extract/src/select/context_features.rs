//! What the first forest says around each block, as further numbers for the second.

use foldhash::HashMap;

use super::features::Rows;
use super::segmentation::Survey;

/// The rows for the second forest: the first rows, and what the first forest says around each block.
pub(crate) fn second_rows(survey: &Survey, rows: &Rows, scores: &[f32]) -> Rows {
    let likely: Vec<f32> = scores.iter().map(|score| 1.0 / (1.0 + (-score).exp())).collect();
    let around = Around::of(survey, &likely);
    Rows::of(survey.blocks.len(), |at, out| {
        out.extend(rows.row(at));
        around.numbers(at, out);
    })
}

/// What the first forest says of a page.
struct Around<'s> {
    survey: &'s Survey,
    likely: &'s [f32],
    /// Likely words before each block, and words before each block.
    good_before: Vec<f32>,
    words_before: Vec<f32>,
    /// Likely words and words per kind of element.
    kinds: HashMap<(u64, bool), (f32, f32)>,
    /// The first and the last block that is likely and prose.
    first: usize,
    last: usize,
}

impl<'s> Around<'s> {
    fn of(survey: &'s Survey, likely: &'s [f32]) -> Around<'s> {
        let (mut good, mut words) = (0.0, 0.0);
        let mut good_before = vec![0.0];
        let mut words_before = vec![0.0];
        for (block, likely) in survey.blocks.iter().zip(likely) {
            good += block.words as f32 * likely;
            words += block.words as f32;
            good_before.push(good);
            words_before.push(words);
        }
        let sure = |at: &usize| likely[*at] > 0.5 && survey.blocks[*at].words >= 8;
        let blocks = likely.len();
        let first = (0..blocks).find(sure).unwrap_or(0);
        let last = (0..blocks).rev().find(sure).unwrap_or(blocks.saturating_sub(1));
        let mut kinds: HashMap<(u64, bool), (f32, f32)> = HashMap::default();
        for (block, likely) in survey.blocks.iter().zip(likely) {
            for key in survey.kinds(block) {
                let sums = kinds.entry(key).or_default();
                sums.0 += (block.words as f32 + 1.0) * likely;
                sums.1 += block.words as f32 + 1.0;
            }
        }
        Around { kinds, survey, likely, good_before, words_before, first, last }
    }

    fn numbers(&self, at: usize, out: &mut Vec<f32>) {
        let likely =
            |step: isize| at.checked_add_signed(step).and_then(|at| self.likely.get(at)).copied().unwrap_or(-0.1);
        out.extend([-4, -3, -2, -1, 0, 1, 2, 3, 4].map(likely));
        let all = self.good_before.last().copied().unwrap_or(0.0).max(1.0);
        out.extend([
            all.ln_1p(),
            self.good_before[at] / all,
            (at as f32 - self.first as f32).clamp(-50.0, 200.0),
            (at as f32 - self.last as f32).clamp(-200.0, 50.0),
            self.share(at.saturating_sub(5), at),
            self.share(at + 1, (at + 6).min(self.likely.len())),
            self.share(at.saturating_sub(15), at),
            self.share(at + 1, (at + 16).min(self.likely.len())),
        ]);
        let start = out.len();
        for (_, element) in self.survey.around(self.survey.blocks[at].element).take(6) {
            out.push(self.share(element.blocks.start, element.blocks.end));
            out.push((self.good_before[element.blocks.end] - self.good_before[element.blocks.start]) / all);
        }
        out.resize(start + 12, -1.0);
        for key in self.survey.kinds(&self.survey.blocks[at]) {
            out.push(self.kinds.get(&key).map_or(-1.0, |sums| sums.0 / sums.1));
        }
    }

    /// How much of the words in a range of blocks is likely.
    fn share(&self, from: usize, to: usize) -> f32 {
        if from >= to {
            return -1.0;
        }
        let words = self.words_before[to] - self.words_before[from];
        (self.good_before[to] - self.good_before[from]) / words.max(1.0)
    }
}
