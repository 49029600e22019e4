//! Finds pull quotes: sentences of the article repeated in large type.

use memchr::memmem;

use super::{BlockFacts, BlockKind, MAX_COMPARED_BYTES, TextBlock};
use crate::page::Reason;

/// The minimum and maximum number of words in a pull quote.
const MIN_WORDS: usize = 7;
const MAX_WORDS: usize = 60;
/// How many words longer the source paragraph must be, so that the quote is taken from it and not a copy of it.
const MIN_EXTRA_WORDS: usize = 4;
/// How many paragraphs an article must have for each pull quote that is not marked as a quotation.
const MIN_PARAGRAPHS_PER_QUOTE: usize = 6;

/// Marks quotations and paragraphs that are contained in a longer paragraph. Answers to questions stay. So do all plain
/// paragraphs if more than a few are contained in others: then the page repeats them on purpose.
pub(super) fn mark_pull_quotes(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let is_source = |index: &usize| {
        reasons[*index].is_none()
            && blocks[*index].kind == BlockKind::Paragraph
            && facts[*index].words >= MIN_WORDS + MIN_EXTRA_WORDS
    };
    // All paragraphs in one text, with the start of each.
    let (mut sources, mut all_text): (Vec<(usize, usize)>, String) = Default::default();
    for index in (0..blocks.len()).filter(is_source) {
        sources.push((all_text.len(), index));
        all_text.extend([" ", &facts[index].key, " \n"]);
    }
    let mut bytes_left = MAX_COMPARED_BYTES;
    let mut is_part_of_another = |index: usize| {
        bytes_left = bytes_left.saturating_sub(all_text.len());
        let sentence = format!(" {} ", facts[index].key);
        let mut places = memmem::find_iter(all_text.as_bytes(), sentence.as_bytes());
        bytes_left > 0
            && places.any(|place| {
                let source = sources[sources.partition_point(|(begin, _)| *begin <= place) - 1].1;
                source != index && facts[source].words >= facts[index].words + MIN_EXTRA_WORDS
            })
    };
    let is_answer = |index: usize| index > 0 && blocks[index - 1].text.ends_with(['?', '？']);
    let found: Vec<usize> = (0..blocks.len())
        .filter(|index| {
            reasons[*index].is_none() && may_be_pull_quote(&blocks[*index], &facts[*index]) && !is_answer(*index)
        })
        .filter(|index| is_part_of_another(*index))
        .collect();
    let plain_count = found.iter().filter(|index| !blocks[**index].is_quoted).count();
    for index in found {
        if blocks[index].is_quoted || plain_count * MIN_PARAGRAPHS_PER_QUOTE <= sources.len() {
            reasons[index] = Some(Reason::RepeatedText);
        }
    }
}

fn may_be_pull_quote(block: &TextBlock, facts: &BlockFacts) -> bool {
    let is_kind = block.kind == BlockKind::Paragraph || (block.kind == BlockKind::Other && block.is_quoted);
    let is_announcement = block.text.ends_with([':', '：']);
    is_kind
        && !is_announcement
        && !block.is_deliberate_repeat
        && block.link_share < 0.5
        && (MIN_WORDS..=MAX_WORDS).contains(&facts.words)
}
