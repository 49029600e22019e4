//! Headings of what is kept.

use foldhash::HashMap;

use crate::select::segmentation::{Survey, Tag};

/// Least log odds of a heading above a kept block, of one that stands beside kept prose, and of one made like others that are kept.
const HEADING: f32 = -0.8;
const SISTER: f32 = -2.5;
const LIKE: f32 = -1.5;
/// So many headings made alike are a series.
const SERIES: usize = 3;

/// A heading stays with a kept block right below it, if something is kept above as well: near, or beside it. So does the page's
/// own heading above the first paragraph, where it is not the title (then it goes as a repetition).
pub(super) fn above_kept(survey: &Survey, scores: &[f32], kept: &mut [bool]) {
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    for at in (0..kept.len().saturating_sub(1)).rev() {
        if kept[at] || !kept[at + 1] {
            continue;
        }
        kept[at] = match survey.elements[survey.blocks[at].element].tag {
            Tag::Heading2 | Tag::Heading => {
                let is_near = scores[at] >= HEADING && kept[at.saturating_sub(6)..at].contains(&true);
                let before = at.saturating_sub(40)..at;
                is_near
                    || (scores[at] >= SISTER
                        && before.into_iter().any(|before| kept[before] && are_sisters(survey, before, at)))
            }
            Tag::Heading1 => at + 1 == first && scores[at] >= SISTER && are_sisters(survey, first, at),
            _ => false,
        };
    }
}

/// Of headings that are made alike and stand above kept blocks, the others stay where most do.
pub(super) fn like_others(survey: &Survey, scores: &[f32], kept: &mut [bool]) {
    let mut series: HashMap<u64, Vec<usize>> = HashMap::default();
    let above_kept = (0..kept.len().saturating_sub(1)).filter(|at| kept[at + 1] && is_one(survey, *at));
    above_kept.for_each(|at| series.entry(survey.elements[survey.blocks[at].element].kind).or_default().push(at));
    for headings in series.into_values().filter(|headings| headings.len() >= SERIES) {
        let good = headings.iter().filter(|at| kept[**at]).count();
        if good * 3 >= headings.len() * 2 {
            headings.iter().for_each(|at| kept[*at] |= scores[*at] > LIKE);
        }
    }
}

/// Whether a block is a heading below the page's own.
pub(super) fn is_one(survey: &Survey, at: usize) -> bool {
    matches!(survey.elements[survey.blocks[at].element].tag, Tag::Heading2 | Tag::Heading)
}

/// Whether a block is prose and stands in an element beside that of another.
fn are_sisters(survey: &Survey, prose: usize, other: usize) -> bool {
    let parent = |at: usize| survey.elements[survey.blocks[at].element].parent;
    survey.blocks[prose].is_prose() && parent(prose) == parent(other)
}
