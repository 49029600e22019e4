//! Lists and tables that are kept as a whole.

use crate::select::segmentation::{Survey, Tag};

/// The share of the words from which the rest is kept with them.
const WHOLE: f32 = 0.5;
/// Least mean log odds of a list that a kept line leads up to, and least words of such a line.
const LED_UP: f32 = -2.5;
const LEADS: u32 = 4;

/// A list right after a kept line that ends in a colon, unless it is nothing but links.
pub(super) fn led_in(survey: &Survey, scores: &[f32], kept: &mut [bool]) {
    for list in survey.elements.iter().filter(|element| element.tag == Tag::List && !element.blocks.is_empty()) {
        let leads = |at: &usize| {
            let line = &survey.blocks[*at];
            kept[*at] && line.words >= LEADS && line.text.ends_with([':', '：'])
        };
        let is_led_up = list.blocks.start.checked_sub(1).is_some_and(|before| leads(&before));
        let likely = || scores[list.blocks.clone()].iter().sum::<f32>() > LED_UP * list.blocks.len() as f32;
        if is_led_up && list.link_share() < 0.9 && likely() {
            kept[list.blocks.clone()].fill(true);
        }
    }
}

/// Lists, quotations, and tables of short cells, of which at least half is kept, are kept as a whole.
pub(super) fn wholes(survey: &Survey, kept: &mut [bool]) {
    let layout = around_tables(survey);
    for tag in [Tag::List, Tag::Table, Tag::Quote] {
        for (at, element) in survey.elements.iter().enumerate().filter(|(_, element)| element.tag == tag) {
            let blocks = element.blocks.clone();
            if tag == Tag::Table && (element.words as usize > 25 * blocks.len().max(1) || layout[at]) {
                continue;
            }
            let good: u32 = blocks.clone().filter(|at| kept[*at]).map(|at| survey.blocks[at].words).sum();
            if good as f32 / element.words.max(1) as f32 >= WHOLE {
                kept[blocks].fill(true);
            }
        }
    }
}

/// Per element, whether a table stands inside: then it is no table of facts but lays the page out.
fn around_tables(survey: &Survey) -> Vec<bool> {
    let mut around = vec![false; survey.elements.len()];
    for at in (1..survey.elements.len()).rev() {
        let element = &survey.elements[at];
        around[element.parent] |= around[at] || element.tag == Tag::Table;
    }
    around
}
