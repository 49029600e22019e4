//! Teasers of other articles around the text of this one.
//!
//! A short article on a page full of headlines is hard to score: the trees know that its paragraphs are text, and are
//! in doubt about everything else. But three or more lines that look alike and lead to other pages, away from the
//! paragraphs that are certain, are headlines of other articles, each with what stands below it.

use std::ops::Range;

use foldhash::{HashMap, HashSet};

use crate::dom::words;
use crate::select::PageMetadata;
use crate::select::segmentation::{Block, Segmentation, Tag};

/// Least score of prose that is certainly text, and how far it may be below the best.
const MIN_TEXT_SCORE: f32 = 1.5;
const MAX_BELOW_BEST: f32 = 1.3;
/// Least words of such prose on a page, and the share of them that must stand in one container.
const MIN_TEXT_WORDS: u32 = 50;
const MIN_TEXT_SHARE: f32 = 0.8;
/// Least number of headlines that look alike, least share of their text in links, and least words of one.
const MIN_HEADLINES: usize = 3;
const MIN_LINK_DENSITY: f32 = 0.7;
const MIN_HEADLINE_WORDS: u32 = 3;
/// Highest mean score of headlines that are taken for those of others.
const MAX_HEADLINE_SCORE: f32 = 1.0;
/// Most words of a teaser, its headline included.
const MAX_TEASER_WORDS: u32 = 120;
/// Most levels from a headline to the element around its teaser.
const MAX_UNIT_DEPTH: usize = 5;

/// Marks the blocks of teasers. A thread has none: each post may have a linked heading.
pub(super) fn find_teasers(segmentation: &Segmentation, scores: &[f32], metadata: &PageMetadata<'_>) -> Vec<bool> {
    let mut is_teaser = vec![false; scores.len()];
    let text = (!metadata.is_thread).then(|| find_text_container(segmentation, scores, metadata)).flatten();
    let Some(text) = text else { return is_teaser };
    let text_blocks = &segmentation.elements[text].blocks;
    for headlines in group_headlines(segmentation, text_blocks).into_values() {
        let mean = headlines.iter().map(|at| scores[*at]).sum::<f32>() / headlines.len() as f32;
        let texts: HashSet<&str> = headlines.iter().map(|at| segmentation.blocks[*at].text.as_str()).collect();
        if texts.len() < MIN_HEADLINES || mean > MAX_HEADLINE_SCORE {
            continue;
        }
        let teasers = find_units(segmentation, &headlines, text_blocks);
        // A list of items with text each: the certain paragraphs belong to one of them.
        if teasers.iter().any(|(unit, _)| looks_like_an_ancestor(segmentation, *unit, text)) {
            continue;
        }
        for (_, blocks) in teasers {
            let words: u32 = segmentation.blocks[blocks.clone()].iter().map(|block| block.words).sum();
            if words <= MAX_TEASER_WORDS {
                is_teaser[blocks].fill(true);
            }
        }
    }
    is_teaser
}

/// Finds the innermost element around the first paragraph that is certainly text which holds most of such text: where
/// certain text is all over the page, as on a list with a paragraph each, that is the page.
fn find_text_container(segmentation: &Segmentation, scores: &[f32], metadata: &PageMetadata<'_>) -> Option<usize> {
    let title = words::match_key(metadata.title);
    let is_headline = |block: &Block| {
        segmentation.elements[block.element].tag == Tag::Heading1
            || (!title.is_empty() && words::match_key(&block.text) == title)
    };
    let is_prose = |at: &usize| segmentation.blocks[*at].is_prose() && segmentation.blocks[*at].link_density() < 0.3;
    let best = (0..scores.len()).filter(is_prose).map(|at| scores[at]).fold(f32::NEG_INFINITY, f32::max);
    let is_text = |at: &usize| scores[*at] >= MIN_TEXT_SCORE.max(best - MAX_BELOW_BEST) && is_prose(at);
    let words_in =
        |blocks: Range<usize>| -> u32 { blocks.filter(is_text).map(|at| segmentation.blocks[at].words).sum() };
    let total_words = words_in(0..scores.len());
    let headline = segmentation.blocks.iter().position(is_headline).unwrap_or(0);
    let first = (headline..scores.len()).find(is_text).or_else(|| (0..scores.len()).find(is_text))?;
    let holds_the_text = |blocks: Range<usize>| words_in(blocks) as f32 >= MIN_TEXT_SHARE * total_words as f32;
    segmentation
        .self_and_ancestors(segmentation.blocks[first].element)
        .find(|(_, element)| holds_the_text(element.blocks.clone()))
        .map(|(at, _)| at)
        .filter(|_| total_words >= MIN_TEXT_WORDS)
}

/// Groups the linked lines outside the text by the look of their element and its parent.
fn group_headlines(segmentation: &Segmentation, text: &Range<usize>) -> HashMap<u64, Vec<usize>> {
    let mut groups: HashMap<u64, Vec<usize>> = HashMap::default();
    let internal: HashSet<usize> = segmentation.internal_links.iter().map(|(block, _)| *block).collect();
    for (at, block) in segmentation.blocks.iter().enumerate().filter(|(at, _)| !internal.contains(at)) {
        if !text.contains(&at) && block.link_density() >= MIN_LINK_DENSITY && block.words >= MIN_HEADLINE_WORDS {
            let element = &segmentation.elements[block.element];
            groups.entry(element.signature).or_default().push(at);
        }
    }
    groups.retain(|_, headlines| headlines.len() >= MIN_HEADLINES);
    groups
}

/// Returns the outermost element around each headline that holds no other of them, and the blocks of its teaser.
///
/// Where headlines and their texts are siblings, a teaser ends before the next headline.
fn find_units(segmentation: &Segmentation, headlines: &[usize], text: &Range<usize>) -> Vec<(usize, Range<usize>)> {
    let mut units: Vec<(usize, Range<usize>)> = Vec::with_capacity(headlines.len());
    for (order, at) in headlines.iter().enumerate() {
        let before = order.checked_sub(1).map(|before| headlines[before]);
        let after = headlines.get(order + 1).copied();
        let holds_more = |blocks: &Range<usize>| {
            before.is_some_and(|before| blocks.contains(&before))
                || after.is_some_and(|after| blocks.contains(&after))
                || (blocks.start < text.end && text.start < blocks.end)
        };
        let own = segmentation.blocks[*at].element;
        let unit = segmentation
            .self_and_ancestors(own)
            .take(MAX_UNIT_DEPTH)
            .take_while(|(_, element)| !holds_more(&element.blocks))
            .last();
        let (unit, mut blocks) = unit.map_or((own, *at..*at + 1), |(unit, element)| (unit, element.blocks.clone()));
        let siblings = &segmentation.elements[segmentation.elements[unit].parent].blocks;
        if let Some(after) = after.filter(|after| siblings.contains(after) && !holds_more(&(blocks.start..*after))) {
            blocks.end = blocks.end.max(after);
        } else if let Some((_, previous)) = units.last().filter(|_| after.is_none()) {
            // Nothing says where the last one ends.
            let end = (at + previous.len()).min(siblings.end);
            blocks.end = if holds_more(&(blocks.start..end)) { blocks.end } else { blocks.end.max(end) };
        }
        units.push((unit, blocks));
    }
    units
}

/// Returns whether an element has the look and depth of one that holds another.
fn looks_like_an_ancestor(segmentation: &Segmentation, unit: usize, of: usize) -> bool {
    let key = |at: usize| {
        let element = &segmentation.elements[at];
        (element.signature, element.depth)
    };
    segmentation.self_and_ancestors(of).any(|(at, _)| key(at) == key(unit))
}
