//! Turns scores into decisions: a threshold, then rules where a block's own score is not enough.
//!
//! Each rule was measured on pages that the trees had not seen; the crate's README.md has the figures.

pub(super) mod boxes;
mod headings;
mod lists;
mod parts_of_text;
mod section_labels;
pub(super) mod standfirst;
mod teasers;
#[cfg(test)]
mod tests;

use foldhash::HashMap;

use super::PageMetadata;
use super::readability::Readability;
use super::segmentation::{Block, Segmentation, Tag};

/// Score from which a block is kept.
const KEEP_THRESHOLD: f32 = 0.0;
/// Expected F1 from which a page is clear and every block is decided by its own score.
const CLEAR_F1: f32 = 0.8;
/// An article of fewer words gets a lower threshold, and a page of fewer is kept entirely.
const MIN_WORDS: u32 = 25;
/// Least number of sibling paragraphs that form a text, and the share of their words that must be kept.
const MIN_SIBLING_PARAGRAPHS: usize = 6;
const MIN_KEPT_SHARE: f32 = 0.3;
/// Least score of code inside the article, and of other blocks that a rule keeps.
const MIN_CODE_SCORE: f32 = -2.0;
const MIN_DOUBTFUL_SCORE: f32 = -3.0;
/// Score up to which prose is never kept.
const HOPELESS_SCORE: f32 = -4.0;
/// Score of a teaser of another article.
const TEASER_SCORE: f32 = -6.0;

/// Decides for each block whether it is kept.
pub(super) fn decide_blocks(
    segmentation: &Segmentation,
    scores: &[f32],
    readability: &Readability,
    metadata: &PageMetadata<'_>,
) -> Vec<bool> {
    let is_teaser = teasers::find_teasers(segmentation, scores, metadata);
    let without_teaser = |(score, is_teaser): (&f32, bool)| if is_teaser { score.min(TEASER_SCORE) } else { *score };
    let scores: &[f32] = &scores.iter().zip(is_teaser).map(without_teaser).collect::<Vec<f32>>();
    let mut kept = apply_threshold(segmentation, scores);
    trust_readability_fallback(segmentation, scores, readability, &mut kept);
    keep_deliberate_repeats(segmentation, &mut kept);
    section_labels::drop_labelled_blocks(segmentation, metadata, &mut kept);
    keep_sibling_paragraphs(segmentation, scores, &mut kept);
    keep_similar_posts(segmentation, scores, metadata, &mut kept);
    lists::keep_lists_after_colon(segmentation, scores, &mut kept);
    headings::keep_headings_above_kept(segmentation, scores, &mut kept);
    headings::keep_similar_headings(segmentation, scores, &mut kept);
    keep_preformatted(segmentation, scores, &mut kept);
    lists::complete_mostly_kept(segmentation, &mut kept);
    parts_of_text::keep_parts_of_text(segmentation, &mut kept);
    section_labels::keep_introduction(segmentation, metadata, &mut kept);
    drop_hidden(segmentation, &mut kept);
    keep_footnotes(segmentation, &mut kept);
    kept
}

/// Keeps the blocks that reach the threshold.
///
/// A page of an unfamiliar kind may leave next to nothing, or only headings. Then the best blocks and the best prose
/// are kept, since a reader who asked for the page wants something to read.
fn apply_threshold(segmentation: &Segmentation, scores: &[f32]) -> Vec<bool> {
    if segmentation.elements[0].words <= MIN_WORDS {
        return vec![true; scores.len()];
    }
    let words_above = |min: f32| -> u32 {
        segmentation.blocks.iter().zip(scores).filter(|(_, score)| **score >= min).map(|(block, _)| block.words).sum()
    };
    let max_score = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let threshold = if words_above(KEEP_THRESHOLD) >= MIN_WORDS {
        threshold_for_best_f1(segmentation, scores)
    } else {
        (max_score - 1.0).min(KEEP_THRESHOLD)
    };
    let mut kept: Vec<bool> = scores.iter().map(|score| *score >= threshold).collect();
    let is_long = |block: &Block| block.words >= MIN_WORDS && block.link_density() < 0.5;
    let is_text = |block: &Block| block.is_prose() || is_long(block);
    let text_blocks = || segmentation.blocks.iter().zip(scores).enumerate().filter(|(_, (block, _))| is_text(block));
    let best = text_blocks().map(|(_, (_, score))| *score).fold(f32::NEG_INFINITY, f32::max);
    if best > HOPELESS_SCORE && !text_blocks().any(|(at, _)| kept[at]) {
        text_blocks().filter(|(_, (_, score))| **score >= best - 1.0).for_each(|(at, _)| kept[at] = true);
    }
    kept
}

/// Returns the score from which blocks are kept.
///
/// If the best expected F1 over all words is low, the threshold drops to the one that reaches it: keeping what is
/// slightly less likely than not then loses less than it gains. See Lipton, Elkan and Naryanaswamy, "Optimal
/// thresholding of classifiers to maximize F1 measure", 2014.
fn threshold_for_best_f1(segmentation: &Segmentation, scores: &[f32]) -> f32 {
    let mut blocks: Vec<(f32, f32)> =
        segmentation.blocks.iter().zip(scores).map(|(block, score)| (*score, block.words as f32)).collect();
    blocks.sort_by(|a, b| b.0.total_cmp(&a.0));
    let expected_words = |(score, words): (f32, f32)| words / (1.0 + (-score).exp());
    let expected_total: f32 = blocks.iter().copied().map(expected_words).sum();
    let (mut expected_kept, mut kept_words) = (0.0, 0.0);
    let (mut best_f1, mut threshold) = (0.0, KEEP_THRESHOLD);
    for block in blocks {
        expected_kept += expected_words(block);
        kept_words += block.1;
        let f1 = 2.0 * expected_kept / (kept_words + expected_total).max(1.0);
        if f1 > best_f1 {
            (best_f1, threshold) = (f1, block.0);
        }
    }
    if best_f1 < CLEAR_F1 { threshold.min(KEEP_THRESHOLD) } else { KEEP_THRESHOLD }
}

/// Trusts Readability where it would keep much more than the trees, and these still expect a tenth of its words to be
/// article. On very long texts of an unfamiliar kind they score every block a little too low.
fn trust_readability_fallback(
    segmentation: &Segmentation,
    scores: &[f32],
    readability: &Readability,
    kept: &mut [bool],
) {
    let (mut kept_words, mut readability_words, mut expected_words) = (0.0, 1.0, 0.0);
    for (at, block) in segmentation.blocks.iter().enumerate().filter(|(_, block)| readability.keeps(block.element)) {
        let words = block.words as f32;
        readability_words += words;
        expected_words += words / (1.0 + (-scores[at]).exp());
        kept_words += if kept[at] { words } else { 0.0 };
    }
    if readability_words > 200.0 && kept_words < 0.7 * readability_words && expected_words > 0.1 * readability_words {
        for (at, block) in segmentation.blocks.iter().enumerate() {
            kept[at] |= readability.keeps(block.element) && scores[at] > MIN_DOUBTFUL_SCORE;
        }
    }
}

/// Keeps all copies of a paragraph among similar siblings if one is kept: the page repeats it on purpose.
fn keep_deliberate_repeats(segmentation: &Segmentation, kept: &mut [bool]) {
    for repeats in find_repeated_siblings(segmentation).into_values() {
        if repeats.iter().any(|at| kept[*at]) {
            repeats.iter().for_each(|at| kept[*at] = true);
        }
    }
}

/// Groups blocks of prose with the same text whose elements are siblings with the same signature; groups of at least
/// two.
pub(super) fn find_repeated_siblings(segmentation: &Segmentation) -> HashMap<(&str, usize, u64), Vec<usize>> {
    let mut repeats: HashMap<(&str, usize, u64), Vec<usize>> = HashMap::default();
    for (at, block) in segmentation.blocks.iter().enumerate().filter(|(_, block)| block.is_prose()) {
        let element = &segmentation.elements[block.element];
        repeats.entry((&block.text, element.parent, element.signature)).or_default().push(at);
    }
    repeats.retain(|_, blocks| blocks.len() > 1);
    repeats
}

/// Finds the blocks that a text repeats as a poem its refrain: the same words in siblings that look alike, or in the
/// same place of such siblings. Headings, captions and lines with links repeat for other reasons.
pub(super) fn find_refrains(segmentation: &Segmentation) -> Vec<usize> {
    let mut repeats: HashMap<(&str, usize, u64, Option<u64>), Vec<usize>> = HashMap::default();
    for (at, block) in segmentation.blocks.iter().enumerate().filter(|(_, block)| block.link_density() == 0.0) {
        let element = &segmentation.elements[block.element];
        let parent = &segmentation.elements[element.parent];
        let is_set_apart = |tag: Tag| {
            matches!(
                tag,
                Tag::Heading1
                    | Tag::Heading2
                    | Tag::MinorHeading
                    | Tag::ListItem
                    | Tag::Figure
                    | Tag::Caption
                    | Tag::Button
            )
        };
        if is_set_apart(element.tag) || is_set_apart(parent.tag) || element.media_count > 0 {
            continue;
        }
        repeats.entry((&block.text, element.parent, element.signature, None)).or_default().push(at);
        if !block.is_prose() && parent.media_count == 0 && parent.linked_bytes == 0 {
            let place = (block.text.as_str(), parent.parent, element.signature, Some(parent.signature));
            repeats.entry(place).or_default().push(at);
        }
    }
    repeats.into_values().filter(|blocks| blocks.len() > 1).flatten().collect()
}

/// Keeps prose between kept siblings with the same signature, if enough of their words are kept.
fn keep_sibling_paragraphs(segmentation: &Segmentation, scores: &[f32], kept: &mut [bool]) {
    let mut groups: HashMap<(usize, u64), Vec<usize>> = HashMap::default();
    for (at, block) in segmentation.blocks.iter().enumerate().filter(|(_, block)| block.is_prose()) {
        let element = &segmentation.elements[block.element];
        groups.entry((element.parent, element.signature)).or_default().push(at);
    }
    for group in groups.into_values().filter(|group| group.len() >= MIN_SIBLING_PARAGRAPHS) {
        let words = |at: &&usize| segmentation.blocks[**at].words;
        let total_words: u32 = group.iter().map(|at| words(&at)).sum();
        let kept_words: u32 = group.iter().filter(|at| kept[**at]).map(|at| words(&at)).sum();
        let (first, last) = (group.iter().find(|at| kept[**at]), group.iter().rfind(|at| kept[**at]));
        let Some((first, last)) = first.zip(last).filter(|_| kept_words as f32 >= MIN_KEPT_SHARE * total_words as f32)
        else {
            continue;
        };
        for at in group.iter().copied().filter(|at| (first..last).contains(&at)) {
            kept[at] |= scores[at] > MIN_DOUBTFUL_SCORE;
        }
    }
}

/// In a thread, keeps prose in elements with the signature of those that are mostly kept: it is another post.
fn keep_similar_posts(segmentation: &Segmentation, scores: &[f32], metadata: &PageMetadata<'_>, kept: &mut [bool]) {
    if !metadata.is_thread {
        return;
    }
    let mut groups: HashMap<(u64, u64), Vec<usize>> = HashMap::default();
    for (at, block) in segmentation.blocks.iter().enumerate().filter(|(_, block)| block.is_prose()) {
        let element = &segmentation.elements[block.element];
        groups.entry((element.signature, segmentation.elements[element.parent].signature)).or_default().push(at);
    }
    for group in groups.into_values() {
        let kept_count = group.iter().filter(|at| kept[**at]).count();
        if kept_count * 2 > group.len() {
            group.iter().for_each(|at| kept[*at] |= scores[*at] > HOPELESS_SCORE);
        }
    }
}

/// Keeps code between the first and the last kept block.
fn keep_preformatted(segmentation: &Segmentation, scores: &[f32], kept: &mut [bool]) {
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    let last = kept.iter().rposition(|kept| *kept).unwrap_or(0);
    for at in first..last {
        let is_code = || {
            segmentation
                .self_and_ancestors(segmentation.blocks[at].element)
                .take(3)
                .any(|(_, ancestor)| ancestor.tag == Tag::Preformatted)
        };
        kept[at] = kept[at] || (scores[at] > MIN_CODE_SCORE && is_code());
    }
}

/// Drops hidden blocks, unless they are most of the article: then a script would show it.
fn drop_hidden(segmentation: &Segmentation, kept: &mut [bool]) {
    let mut is_hidden: Vec<bool> = Vec::with_capacity(segmentation.elements.len());
    for element in &segmentation.elements {
        is_hidden.push(element.hidden || is_hidden.get(element.parent).copied().unwrap_or(false));
    }
    let (mut all, mut shown) = (0, 0);
    for (block, _) in segmentation.blocks.iter().zip(kept.iter()).filter(|(_, kept)| **kept) {
        all += block.words;
        shown += if is_hidden[block.element] { 0 } else { block.words };
    }
    if shown * 3 >= all {
        kept.iter_mut().zip(&segmentation.blocks).for_each(|(kept, block)| *kept &= !is_hidden[block.element]);
    }
}

/// Keeps the footnotes that kept blocks link to, and the heading directly above them.
fn keep_footnotes(segmentation: &Segmentation, kept: &mut [bool]) {
    let before = kept.to_vec();
    for (block, id) in &segmentation.internal_links {
        let Some(target) = segmentation.elements_by_id.get(id).filter(|_| before.get(*block).is_some_and(|kept| *kept))
        else {
            continue;
        };
        let element = &segmentation.elements[*target];
        let is_below = element.blocks.start > *block;
        if is_below
            && matches!(element.tag, Tag::ListItem | Tag::Paragraph | Tag::Definition | Tag::TableCell | Tag::Div)
            && element.words <= 300
        {
            kept[element.blocks.clone()].fill(true);
        }
    }
    for at in 0..kept.len().saturating_sub(1) {
        kept[at] |= kept[at + 1] && !before[at + 1] && headings::is_subheading(segmentation, at);
    }
}
