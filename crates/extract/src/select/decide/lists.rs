//! Rules that keep entire lists, tables and quotations.

use crate::select::segmentation::{Segmentation, Tag};

/// Share of the words from which the rest is kept as well.
const MIN_KEPT_SHARE: f32 = 0.5;
/// Least mean score of a list after a kept line with a colon, and least words of that line.
const MIN_LIST_SCORE: f32 = -2.5;
const MIN_LEAD_IN_WORDS: u32 = 4;

/// Keeps a list directly after a kept line that ends with a colon, unless it consists of links.
pub(super) fn keep_lists_after_colon(segmentation: &Segmentation, scores: &[f32], kept: &mut [bool]) {
    for list in segmentation.elements.iter().filter(|element| element.tag == Tag::List && !element.blocks.is_empty()) {
        let is_lead_in = |at: &usize| {
            let line = &segmentation.blocks[*at];
            kept[*at] && line.words >= MIN_LEAD_IN_WORDS && line.text.ends_with([':', '：'])
        };
        let has_lead_in = list.blocks.start.checked_sub(1).is_some_and(|before| is_lead_in(&before));
        let likely = || scores[list.blocks.clone()].iter().sum::<f32>() > MIN_LIST_SCORE * list.blocks.len() as f32;
        if has_lead_in && list.link_density() < 0.9 && likely() {
            kept[list.blocks.clone()].fill(true);
        }
    }
}

/// Keeps entire lists, quotations and tables of short cells of which at least half is kept.
pub(super) fn complete_mostly_kept(segmentation: &Segmentation, kept: &mut [bool]) {
    let is_layout = find_layout_tables(segmentation);
    for tag in [Tag::List, Tag::Table, Tag::Blockquote] {
        for (at, element) in segmentation.elements.iter().enumerate().filter(|(_, element)| element.tag == tag) {
            let blocks = element.blocks.clone();
            if tag == Tag::Table && (element.words as usize > 25 * blocks.len().max(1) || is_layout[at]) {
                continue;
            }
            let kept_words: u32 = blocks.clone().filter(|at| kept[*at]).map(|at| segmentation.blocks[at].words).sum();
            if kept_words as f32 / element.words.max(1) as f32 >= MIN_KEPT_SHARE {
                kept[blocks].fill(true);
            }
        }
    }
}

/// Marks elements that contain a table: if such an element is a table, it is layout, not data.
fn find_layout_tables(segmentation: &Segmentation) -> Vec<bool> {
    let mut contains_table = vec![false; segmentation.elements.len()];
    for at in (1..segmentation.elements.len()).rev() {
        let element = &segmentation.elements[at];
        contains_table[element.parent] |= contains_table[at] || element.tag == Tag::Table;
    }
    contains_table
}
