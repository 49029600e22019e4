//! Finds repeated text.

use foldhash::{HashMap, HashSet};

use super::{BlockFacts, BlockKind, MAX_COMPARED_BYTES, TextBlock};
use crate::dom::{urls, words};
use crate::page::Reason;

/// The maximum number of blocks compared, since each is compared with all that begin alike.
const MAX_COMPARED_BLOCKS: usize = 1_500;
/// Shorter texts recur in any article.
const MIN_WORDS: usize = 5;
/// The maximum number of words in a label.
const MAX_LABEL_WORDS: usize = 11;
/// The maximum number of captions with the same words whose pictures are compared.
const MAX_SAME_CAPTIONS: usize = 50;
/// The maximum number of pairs of differing words compared for two texts.
const MAX_WORD_PAIRS: usize = 10_000;

/// Marks all but one of several blocks with the same text. The one in the running text is kept, else the first.
pub(super) fn mark_repeats(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let judged: Vec<usize> = (0..blocks.len())
        .filter(|index| {
            reasons[*index].is_none() && facts[*index].words >= MIN_WORDS && blocks[*index].kind != BlockKind::Other
        })
        .take(MAX_COMPARED_BLOCKS)
        .collect();
    let starts = BlocksByStart::new(facts, &judged);
    let mut seen = vec![false; blocks.len()];
    let mut twins: Vec<Option<usize>> = vec![None; blocks.len()];
    let mut left = MAX_COMPARED_BYTES;
    let mut is_repeat = |first: &str, second: &str| {
        left = left.saturating_sub(first.len() + second.len());
        if left == 0 { first == second } else { is_same_or_beginning(first, second) }
    };
    for &index in &judged {
        if seen[index] {
            continue;
        }
        let same: Vec<usize> = starts
            .with_start_of(facts, index)
            .into_iter()
            .filter(|other| !seen[*other] && !is_contents_entry(&blocks[index], &blocks[*other]))
            .filter(|other| is_repeat(&facts[index].key, &facts[*other].key))
            .collect();
        if same.len() < 2 {
            continue;
        }
        let kept = choose_kept(&same, facts, blocks, reasons);
        for &other in &same {
            seen[other] = true;
            let short_item = blocks[other].kind == BlockKind::Item && facts[other].words < 8;
            if other == kept
                || blocks[other].is_deliberate_repeat
                || is_label(kept, other, facts, blocks)
                || is_caption_of_its_own(kept, other, &same, blocks)
            {
                continue;
            }
            twins[other] = Some(kept);
            if !short_item {
                reasons[other] = Some(repeat_reason(&blocks[other], &facts[other]));
            }
        }
    }
    apply_to_whole_lists(facts, blocks, &twins, reasons);
}

/// Returns whether a block is the first caption with these words under its picture. Two pictures may well show the same.
fn is_caption_of_its_own(kept: usize, other: usize, same: &[usize], blocks: &[TextBlock]) -> bool {
    let Some(picture) = &blocks[other].picture else { return false };
    let has_other_picture =
        |before: &usize| blocks[*before].picture.as_ref().is_some_and(|known| !urls::is_same_image(known, picture));
    blocks[kept].picture.is_some()
        && same.iter().take(MAX_SAME_CAPTIONS).filter(|before| **before < other).all(has_other_picture)
}

/// Returns whether two equal short lines are labels in two sections.
fn is_label(first: usize, second: usize, facts: &[BlockFacts], blocks: &[TextBlock]) -> bool {
    let mut between = blocks[first.min(second)..first.max(second)].iter();
    blocks[second].kind == BlockKind::Paragraph
        && !facts[second].ends_sentence
        && facts[second].words <= MAX_LABEL_WORDS
        && between.any(|block| block.kind == BlockKind::Heading)
}

/// Removes lists as a whole or not at all. `twins` has the block kept instead of each repeated one.
fn apply_to_whole_lists(
    facts: &[BlockFacts],
    blocks: &[TextBlock],
    twins: &[Option<usize>],
    reasons: &mut [Option<Reason>],
) {
    let mut start = 0;
    while start < blocks.len() {
        let items = blocks[start..].iter().take_while(|block| block.kind == BlockKind::Item).count();
        let list = start..start + items;
        let is_elsewhere = |index: &usize| twins[*index].is_some_and(|twin| !list.contains(&twin));
        let (again, new): (Vec<usize>, Vec<usize>) =
            list.clone().filter(|index| facts[*index].words >= MIN_WORDS).partition(is_elsewhere);
        if !again.is_empty() && new.is_empty() && again.len() * 2 >= items {
            for index in list {
                reasons[index].get_or_insert(Reason::RepeatedText);
            }
        } else {
            again.into_iter().for_each(|index| reasons[index] = None);
        }
        start += items.max(1);
    }
}

/// Keeps repeated headings over prose of their own, except those that end in the title, as forum posts do ("Re: …").
pub(super) fn restore_section_headings(
    title: &str,
    facts: &[BlockFacts],
    blocks: &[TextBlock],
    reasons: &mut [Option<Reason>],
) {
    let title = words::match_key(title);
    let first = (0..blocks.len()).find(|index| facts[*index].is_prose(&blocks[*index])).unwrap_or(0);
    for (index, next) in (first..blocks.len()).zip(first + 1..blocks.len()) {
        let is_reply =
            || facts[index].key.len() > title.len() && facts[index].key.ends_with(&title) && !title.is_empty();
        let repeats = [Reason::RepeatedText, Reason::RepeatedCaption];
        if blocks[index].kind == BlockKind::Heading
            && reasons[index].is_some_and(|reason| repeats.contains(&reason))
            && reasons[next].is_none()
            && facts[next].is_prose(&blocks[next])
            && !is_reply()
        {
            reasons[index] = None;
        }
    }
}

/// Returns whether two texts are equal, or long and nearly equal.
pub(super) fn is_same_text(first: &str, second: &str) -> bool {
    if first == second {
        return true;
    }
    let (short, long) = (first.len().min(second.len()), first.len().max(second.len()));
    short > 30
        && short * 10 >= long * 8
        && words::similarity(first, second) > 0.85
        && differ_only_in_spelling(first, second)
}

/// Returns whether two nearly equal texts differ like copies, in an ending or a typo, and not in meaning, like another
/// number or name. Additional words in one of them do not change the meaning; replaced words do.
fn differ_only_in_spelling(first: &str, second: &str) -> bool {
    let only = |first: &str, second: &str| {
        let known: HashSet<&str> = second.split(' ').collect();
        first.split(' ').filter(|word| !known.contains(word)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (left, right) = (only(first, second), only(second, first));
    // Each differing word is compared with each; copies have few.
    if left.len() * right.len() > MAX_WORD_PAIRS {
        return false;
    }
    let numbered = |words: &[String]| words.iter().any(|word| word.contains(|letter: char| letter.is_numeric()));
    !numbered(&left)
        && !numbered(&right)
        && (right.is_empty() || left.iter().all(|word| right.iter().any(|like| is_spelled_like(word, like))))
}

fn is_spelled_like(first: &str, second: &str) -> bool {
    let shared = first.chars().zip(second.chars()).take_while(|(a, b)| a == b).count();
    shared * 3 >= first.chars().count().max(second.chars().count()) * 2
}

/// Returns whether two texts are the same, or the shorter one begins the longer one, as teasers do.
fn is_same_or_beginning(first: &str, second: &str) -> bool {
    if is_same_text(first, second) {
        return true;
    }
    let (short, long) = if first.len() <= second.len() { (first, second) } else { (second, first) };
    short.split(' ').count() >= 8 && long.starts_with(short)
}

/// Returns whether one block may be an entry in a table of contents, and the other its heading.
fn is_contents_entry(first: &TextBlock, second: &TextBlock) -> bool {
    let is_entry = |block: &TextBlock| {
        block.kind == BlockKind::Item || (block.kind != BlockKind::Heading && block.link_share > 0.5)
    };
    (first.kind == BlockKind::Heading && is_entry(second)) || (second.kind == BlockKind::Heading && is_entry(first))
}

fn repeat_reason(block: &TextBlock, fact: &BlockFacts) -> Reason {
    if block.kind == BlockKind::Caption || !fact.ends_sentence { Reason::RepeatedCaption } else { Reason::RepeatedText }
}

/// Blocks by their first words, so that only likely pairs are compared.
struct BlocksByStart(HashMap<String, Vec<usize>>);

impl BlocksByStart {
    fn new(facts: &[BlockFacts], judged: &[usize]) -> BlocksByStart {
        let mut starts = HashMap::<String, Vec<usize>>::default();
        for &index in judged {
            starts.entry(BlocksByStart::first_words(&facts[index].key)).or_default().push(index);
        }
        BlocksByStart(starts)
    }

    fn first_words(key: &str) -> String {
        if key.chars().next().is_some_and(words::is_unspaced_script) {
            return key.chars().take(4).collect();
        }
        key.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    fn with_start_of(&self, facts: &[BlockFacts], index: usize) -> Vec<usize> {
        self.0.get(&BlocksByStart::first_words(&facts[index].key)).cloned().unwrap_or_default()
    }
}

/// Chooses which of several equal texts to keep: the first finished sentence after other prose has begun. Teasers and
/// captions come earlier or do not end like sentences.
fn choose_kept(same: &[usize], facts: &[BlockFacts], blocks: &[TextBlock], reasons: &[Option<Reason>]) -> usize {
    // A paragraph right below a caption that says the same is its copy.
    let is_copied = |pair: &&[usize]| {
        blocks[pair[0]].kind == BlockKind::Caption && pair[1] == pair[0] + 1 && facts[pair[0]].key == facts[pair[1]].key
    };
    if let Some(pair) = same.windows(2).find(is_copied) {
        return pair[0];
    }
    let first_prose = (0..blocks.len()).find(|index| {
        !same.contains(index)
            && reasons[*index].is_none()
            && facts[*index].ends_sentence
            && facts[*index].words >= 8
            && blocks[*index].kind == BlockKind::Paragraph
    });
    let in_place = |index: &&usize| {
        first_prose.is_some_and(|prose| **index > prose)
            && facts[**index].ends_sentence
            && matches!(blocks[**index].kind, BlockKind::Paragraph | BlockKind::Item)
    };
    let longest = same.iter().map(|index| facts[*index].words).max().unwrap_or(0);
    let whole = |index: &&usize| facts[**index].words * 10 >= longest * 9 && blocks[**index].kind != BlockKind::Caption;
    same.iter()
        .find(|index| in_place(index) && whole(index))
        .or_else(|| same.iter().find(|index| whole(index) && facts[**index].ends_sentence))
        .or_else(|| same.iter().find(whole))
        .copied()
        .unwrap_or(same[0])
}
