//! A rule that keeps what stands inside the text: chats, and what a reader opens with a button.

use crate::select::segmentation::{Element, Segmentation, Tag};

/// How many containers around such a part may show that it belongs to the text.
const MAX_LEVELS: usize = 3;
/// The most links, as a share of the text.
const MAX_LINK_DENSITY: f32 = 0.5;

/// Keeps elements that `prepare` marks, if they stand between kept blocks or beside more kept words than
/// they have themselves.
pub(super) fn keep_parts_of_text(segmentation: &Segmentation, kept: &mut [bool]) {
    if !segmentation.elements.iter().any(|element| element.is_part_of_text) {
        return;
    }
    let mut words_before = vec![0_u32];
    for (block, kept) in segmentation.blocks.iter().zip(kept.iter()) {
        let before = words_before.last().copied().unwrap_or(0);
        words_before.push(before + if *kept { block.words } else { 0 });
    }
    let kept_words =
        |from: usize, to: usize| words_before.get(to).zip(words_before.get(from)).map_or(0, |(to, from)| to - from);
    for (at, element) in segmentation.elements.iter().enumerate().filter(|(_, element)| element.is_part_of_text) {
        let own = element.blocks.clone();
        let belongs = |around: &Element| {
            let before = kept_words(around.blocks.start, own.start);
            let after = kept_words(own.end, around.blocks.end);
            (before > 0 && after > 0) || (element.tag != Tag::Details && before.max(after) > element.words)
        };
        let mut around = segmentation.self_and_ancestors(at).skip(1).take(MAX_LEVELS);
        if element.link_density() < MAX_LINK_DENSITY && around.any(|(_, around)| belongs(around)) {
            kept[own].fill(true);
        }
    }
}
