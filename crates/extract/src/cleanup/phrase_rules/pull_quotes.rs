//! A sentence of the article once more, set large between its paragraphs.

use memchr::memmem;

use super::{Block, Facts, Kind, MOST_LIKENED};
use crate::page::Reason;

/// Words of such a sentence.
const FEWEST: usize = 7;
const MOST: usize = 60;
/// Words that the paragraph has beyond it, so that it is taken from there and is not the same.
const MORE: usize = 4;
/// Paragraphs of an article for each such sentence that is not marked as a quotation.
const PARAGRAPHS: usize = 6;

/// Quotations and paragraphs whose words all stand in one longer paragraph go. What answers a question stays, and where more than
/// a few paragraphs stand in others, the page says things again on purpose.
pub(super) fn pulled(facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let is_source = |at: &usize| {
        verdicts[*at].is_none() && blocks[*at].kind == Kind::Paragraph && facts[*at].words >= FEWEST + MORE
    };
    // All paragraphs in one text, with the place at which each begins.
    let (mut sources, mut said): (Vec<(usize, usize)>, String) = Default::default();
    for at in (0..blocks.len()).filter(is_source) {
        sources.push((said.len(), at));
        said.extend([" ", &facts[at].key, " \n"]);
    }
    let mut left = MOST_LIKENED;
    let mut stands_in_another = |at: usize| {
        left = left.saturating_sub(said.len());
        let sentence = format!(" {} ", facts[at].key);
        let mut places = memmem::find_iter(said.as_bytes(), sentence.as_bytes());
        left > 0
            && places.any(|place| {
                let source = sources[sources.partition_point(|(begin, _)| *begin <= place) - 1].1;
                source != at && facts[source].words >= facts[at].words + MORE
            })
    };
    let answers = |at: usize| at > 0 && blocks[at - 1].text.ends_with(['?', '？']);
    let found: Vec<usize> = (0..blocks.len())
        .filter(|at| verdicts[*at].is_none() && may_be_pulled(&blocks[*at], &facts[*at]) && !answers(*at))
        .filter(|at| stands_in_another(*at))
        .collect();
    let plain = found.iter().filter(|at| !blocks[**at].quoted).count();
    for at in found {
        if blocks[at].quoted || plain * PARAGRAPHS <= sources.len() {
            verdicts[at] = Some(Reason::RepeatedText);
        }
    }
}

fn may_be_pulled(block: &Block, facts: &Facts) -> bool {
    let is_kind = block.kind == Kind::Paragraph || (block.kind == Kind::Other && block.quoted);
    let announces = block.text.ends_with([':', '：']);
    is_kind && !announces && !block.meant && block.links < 0.5 && (FEWEST..=MOST).contains(&facts.words)
}
