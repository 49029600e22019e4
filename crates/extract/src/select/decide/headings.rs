//! Rules that keep headings.

use foldhash::HashMap;

use crate::select::segmentation::{Segmentation, Tag};

/// Least score of a heading above a kept block, of one beside kept prose, and of one in a series of similar headings.
const MIN_SCORE_ABOVE_KEPT: f32 = -0.8;
const MIN_SCORE_BESIDE_PROSE: f32 = -2.5;
const MIN_SCORE_IN_SERIES: f32 = -1.5;
/// Least number of similar headings that form a series.
const MIN_SERIES_LENGTH: usize = 3;

/// Keeps a heading directly above a kept block if a block shortly before it is kept, or kept prose beside it. Keeps the
/// page's `<h1>` above the first paragraph too; if it repeats the title, cleanup removes it later.
pub(super) fn keep_headings_above_kept(segmentation: &Segmentation, scores: &[f32], kept: &mut [bool]) {
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    for at in (0..kept.len().saturating_sub(1)).rev() {
        if kept[at] || !kept[at + 1] {
            continue;
        }
        kept[at] = match segmentation.elements[segmentation.blocks[at].element].tag {
            Tag::Heading2 | Tag::MinorHeading => {
                let is_near = scores[at] >= MIN_SCORE_ABOVE_KEPT && kept[at.saturating_sub(6)..at].contains(&true);
                let before = at.saturating_sub(40)..at;
                is_near
                    || (scores[at] >= MIN_SCORE_BESIDE_PROSE
                        && before
                            .into_iter()
                            .any(|before| kept[before] && is_sibling_of_prose(segmentation, before, at)))
            }
            Tag::Heading1 => {
                at + 1 == first && scores[at] >= MIN_SCORE_BESIDE_PROSE && is_sibling_of_prose(segmentation, first, at)
            }
            _ => false,
        };
    }
}

/// Keeps all headings with the same signature above kept blocks if two thirds of them are kept.
pub(super) fn keep_similar_headings(segmentation: &Segmentation, scores: &[f32], kept: &mut [bool]) {
    let mut series: HashMap<u64, Vec<usize>> = HashMap::default();
    let above_kept = (0..kept.len().saturating_sub(1)).filter(|at| kept[at + 1] && is_subheading(segmentation, *at));
    above_kept.for_each(|at| {
        series.entry(segmentation.elements[segmentation.blocks[at].element].signature).or_default().push(at)
    });
    for headings in series.into_values().filter(|headings| headings.len() >= MIN_SERIES_LENGTH) {
        let kept_count = headings.iter().filter(|at| kept[**at]).count();
        if kept_count * 3 >= headings.len() * 2 {
            headings.iter().for_each(|at| kept[*at] |= scores[*at] > MIN_SCORE_IN_SERIES);
        }
    }
}

/// Whether a block is a heading of the second level or lower.
pub(super) fn is_subheading(segmentation: &Segmentation, at: usize) -> bool {
    matches!(segmentation.elements[segmentation.blocks[at].element].tag, Tag::Heading2 | Tag::MinorHeading)
}

/// Whether a block is prose, and its element a sibling of the other block's.
fn is_sibling_of_prose(segmentation: &Segmentation, prose: usize, other: usize) -> bool {
    let parent = |at: usize| segmentation.elements[segmentation.blocks[at].element].parent;
    segmentation.blocks[prose].is_prose() && parent(prose) == parent(other)
}
