//! Features of a block's position: on the page, among its neighbours, in its section, and among similar blocks.

use foldhash::HashMap;

use super::{FeatureExtractor, flag};
use crate::select::segmentation::{Block, Segmentation, Tag};

impl FeatureExtractor<'_> {
    /// Appends the position on the page.
    pub(super) fn write_position(&self, at: usize, out: &mut Vec<f32>) {
        let blocks = self.segmentation.blocks.len();
        let words = self.words_before[blocks].max(1) as f32;
        let prose = self.prose_before[blocks].max(1) as f32;
        let title = self.title_block.map_or(-100.0, |title| at as f32 - title as f32).clamp(-100.0, 200.0);
        let title_words =
            self.title_block.map_or(-1.0, |title| self.words_before[at] as f32 - self.words_before[title] as f32);
        out.extend([
            at as f32 / blocks as f32,
            self.words_before[at] as f32 / words,
            self.prose_before[at] as f32 / prose,
            self.prose_before[at].min(30) as f32,
            (self.prose_before[blocks] - self.prose_before[at]).min(30) as f32,
            (blocks - at).min(300) as f32,
            title,
            title_words.signum() * title_words.abs().ln_1p(),
        ]);
    }

    /// Appends features of the blocks before and after.
    pub(super) fn write_neighbours(&self, at: usize, out: &mut Vec<f32>) {
        let blocks = &self.segmentation.blocks;
        let own = &blocks[at];
        for step in [-2_isize, -1, 1, 2] {
            let other = at.checked_add_signed(step).and_then(|other| blocks.get(other).map(|block| (other, block)));
            let Some((other, block)) = other else {
                out.extend([-1.0; 7]);
                continue;
            };
            out.extend([
                self.log_words[other],
                block.link_density(),
                flag(block.ends_sentence),
                f32::from(self.segmentation.elements[block.element].tag as u8),
                self.steps_to_common_ancestor(own, block),
                self.text_features[other].phrase_score,
                flag(
                    self.segmentation.elements[block.element].signature
                        == self.segmentation.elements[own.element].signature,
                ),
            ]);
        }
        for reach in [3, 8] {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(blocks.len()));
            let bytes: usize = blocks[from..to].iter().map(|block| block.text.len()).sum();
            let linked_bytes: u32 = blocks[from..to].iter().map(|block| block.linked_bytes).sum();
            out.extend([
                ((self.words_before[to] - self.words_before[from]) as f32).ln_1p(),
                linked_bytes as f32 / bytes.max(1) as f32,
                (self.prose_before[to] - self.prose_before[from]) as f32 / (to - from) as f32,
            ]);
        }
    }

    /// Appends the distance to the title, and features of the headings before and after.
    pub(super) fn write_section(&self, at: usize, out: &mut Vec<f32>) {
        let block = &self.segmentation.blocks[at];
        match self.title_block {
            Some(title) => {
                let title = &self.segmentation.blocks[title];
                out.push(self.steps_to_common_ancestor(block, title));
                out.push(self.steps_to_common_ancestor(title, block));
                let ancestor = self.segmentation.common_ancestor(block.element, title.element);
                out.extend(&self.element_stats[ancestor][..4]);
            }
            None => out.extend([-1.0; 6]),
        }
        match self.preceding_headings[at] {
            Some(heading_at) => {
                let heading = &self.segmentation.blocks[heading_at];
                let after = heading_at + 1;
                out.extend([
                    f32::from(self.segmentation.elements[heading.element].tag as u8),
                    heading.link_density(),
                    (heading.words as f32).min(30.0),
                    (at - heading_at).min(60) as f32,
                    (self.words_before[at] - self.words_before[after.min(at)]) as f32,
                    (self.prose_before[at] - self.prose_before[after.min(at)]) as f32,
                    self.text_features[heading_at].phrase_score,
                    self.text_features[heading_at].title_similarity,
                    self.steps_to_common_ancestor(block, heading),
                    self.steps_to_common_ancestor(heading, block),
                ]);
            }
            None => out.extend([-1.0; 10]),
        }
        let next = (at + 1..self.preceding_headings.len()).take(40).find(|next| {
            self.preceding_headings[*next] != self.preceding_headings[at]
                && self.preceding_headings[*next] == Some(next - 1)
        });
        match next.map(|next| next - 1) {
            Some(heading_at) => {
                let heading = &self.segmentation.blocks[heading_at];
                out.extend([
                    f32::from(self.segmentation.elements[heading.element].tag as u8),
                    heading.link_density(),
                    (heading_at - at) as f32,
                    self.text_features[heading_at].phrase_score,
                    self.steps_to_common_ancestor(block, heading),
                ]);
            }
            None => out.extend([-1.0; 5]),
        }
    }

    /// Appends totals of the blocks with the same signatures.
    pub(super) fn write_similar_blocks(&self, at: usize, out: &mut Vec<f32>) {
        let all = self.words_before[self.segmentation.blocks.len()].max(1) as f32;
        for stats in
            self.segmentation.signatures(&self.segmentation.blocks[at]).map(|key| self.signature_stats.get(&key))
        {
            match stats {
                Some(stats) => out.extend([
                    (stats.blocks as f32).ln_1p(),
                    stats.words as f32 / all,
                    stats.prose_blocks as f32 / stats.blocks.max(1) as f32,
                    stats.linked_bytes as f32 / stats.bytes.max(1) as f32,
                    (at as f32 - stats.first as f32).min(200.0),
                ]),
                None => out.extend([-1.0; 5]),
            }
        }
    }

    /// Counts the steps from the first block's element up to the common ancestor, at most 20.
    fn steps_to_common_ancestor(&self, from: &Block, other: &Block) -> f32 {
        let elements = &self.segmentation.elements;
        let ancestor = self.segmentation.common_ancestor(from.element, other.element);
        f32::from(elements[from.element].depth - elements[ancestor].depth).min(20.0)
    }
}

/// Totals of the blocks with the same signature.
#[derive(Default)]
pub(super) struct SignatureStats {
    blocks: u32,
    words: u32,
    prose_blocks: u32,
    bytes: u32,
    linked_bytes: u32,
    first: usize,
}

pub(super) fn compute_signature_stats(segmentation: &Segmentation) -> HashMap<(u64, bool), SignatureStats> {
    let mut stats: HashMap<(u64, bool), SignatureStats> = HashMap::default();
    for (at, block) in segmentation.blocks.iter().enumerate() {
        for key in segmentation.signatures(block) {
            let group = stats.entry(key).or_insert_with(|| SignatureStats { first: at, ..SignatureStats::default() });
            group.blocks += 1;
            group.words += block.words;
            group.prose_blocks += u32::from(block.is_prose());
            group.bytes += block.text.len() as u32;
            group.linked_bytes += block.linked_bytes;
        }
    }
    stats
}

/// Returns for each block the nearest heading before it.
pub(super) fn find_preceding_headings(segmentation: &Segmentation) -> Vec<Option<usize>> {
    let mut last = None;
    (0..segmentation.blocks.len())
        .map(|at| {
            let before = last;
            let tag = segmentation.elements[segmentation.blocks[at].element].tag;
            if matches!(tag, Tag::Heading1 | Tag::Heading2 | Tag::MinorHeading) {
                last = Some(at);
            }
            before
        })
        .collect()
}
