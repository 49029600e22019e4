//! What is said more than once.

use foldhash::{HashMap, HashSet};

use super::{Block, Facts, Kind, MOST_LIKENED};
use crate::dom::words;
use crate::page::Reason;

/// Repeats are looked for in this many blocks at most, since each is compared with all that begin alike.
const MOST_COMPARED: usize = 1_500;
/// Shorter texts are said more than once in any article.
const COMPARED: usize = 5;
/// A label has few words.
const LONGEST_LABEL: usize = 11;
/// So many pairs of words by which two texts differ are compared.
const MOST_PAIRS: usize = 10_000;

/// Of blocks that say the same, one stays: the one that stands among the prose, else the first.
pub(super) fn leave_one(facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let judged: Vec<usize> = (0..blocks.len())
        .filter(|at| verdicts[*at].is_none() && facts[*at].words >= COMPARED && blocks[*at].kind != Kind::Other)
        .take(MOST_COMPARED)
        .collect();
    let starts = Starts::of(facts, &judged);
    let mut seen = vec![false; blocks.len()];
    let mut twins: Vec<Option<usize>> = vec![None; blocks.len()];
    let mut left = MOST_LIKENED;
    let mut says_same = |one: &str, other: &str| {
        left = left.saturating_sub(one.len() + other.len());
        if left == 0 { one == other } else { says_again(one, other) }
    };
    for &at in &judged {
        if seen[at] {
            continue;
        }
        let same: Vec<usize> = starts
            .like(facts, at)
            .into_iter()
            .filter(|other| !seen[*other] && !leads_to(&blocks[at], &blocks[*other]))
            .filter(|other| says_same(&facts[at].key, &facts[*other].key))
            .collect();
        if same.len() < 2 {
            continue;
        }
        let kept = kept_of(&same, facts, blocks, verdicts);
        for &other in &same {
            seen[other] = true;
            let short_item = blocks[other].kind == Kind::Item && facts[other].words < 8;
            if other == kept || blocks[other].meant || is_label(kept, other, facts, blocks) {
                continue;
            }
            twins[other] = Some(kept);
            if !short_item {
                verdicts[other] = Some(again(&blocks[other], &facts[other]));
            }
        }
    }
    whole_lists(facts, blocks, &twins, verdicts);
}

/// Whether two short lines that say the same label something in two sections.
fn is_label(one: usize, other: usize, facts: &[Facts], blocks: &[Block]) -> bool {
    let mut between = blocks[one.min(other)..one.max(other)].iter();
    blocks[other].kind == Kind::Paragraph
        && !facts[other].ends
        && facts[other].words <= LONGEST_LABEL
        && between.any(|block| block.kind == Kind::Heading)
}

/// Of a list either all is said again or nothing. `twins` are what stays in place of each block.
fn whole_lists(facts: &[Facts], blocks: &[Block], twins: &[Option<usize>], verdicts: &mut [Option<Reason>]) {
    let mut start = 0;
    while start < blocks.len() {
        let items = blocks[start..].iter().take_while(|block| block.kind == Kind::Item).count();
        let list = start..start + items;
        let is_elsewhere = |at: &usize| twins[*at].is_some_and(|twin| !list.contains(&twin));
        let (again, new): (Vec<usize>, Vec<usize>) =
            list.clone().filter(|at| facts[*at].words >= COMPARED).partition(is_elsewhere);
        if !again.is_empty() && new.is_empty() && again.len() * 2 >= items {
            for at in list {
                verdicts[at].get_or_insert(Reason::RepeatedText);
            }
        } else {
            again.into_iter().for_each(|at| verdicts[at] = None);
        }
        start += items.max(1);
    }
}

/// A heading stays over prose of its own, whatever else says the same, but not one that says the title and something before it, as
/// posts in a forum do.
pub(super) fn sections(title: &str, facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let title = words::match_key(title);
    let first = (0..blocks.len()).find(|at| facts[*at].is_prose(&blocks[*at])).unwrap_or(0);
    for (at, next) in (first..blocks.len()).zip(first + 1..blocks.len()) {
        let is_reply = || facts[at].key.len() > title.len() && facts[at].key.ends_with(&title) && !title.is_empty();
        let repeats = [Reason::RepeatedText, Reason::RepeatedCaption];
        if blocks[at].kind == Kind::Heading
            && verdicts[at].is_some_and(|reason| repeats.contains(&reason))
            && verdicts[next].is_none()
            && facts[next].is_prose(&blocks[next])
            && !is_reply()
        {
            verdicts[at] = None;
        }
    }
}

/// Whether two texts say the same: equal, or long and nearly equal.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    short > 30 && short * 10 >= long * 8 && words::similarity(one, other) > 0.85 && differ_in_spelling(one, other)
}

/// Whether two nearly equal texts differ as copies do, in an ending or a slip of the pen, and not in what they say: another
/// number, another name. Words that only one of them has are no difference of meaning; a pair that replaces another is.
fn differ_in_spelling(one: &str, other: &str) -> bool {
    let only = |one: &str, other: &str| {
        let known: HashSet<&str> = other.split(' ').collect();
        one.split(' ').filter(|word| !known.contains(word)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (left, right) = (only(one, other), only(other, one));
    // Copies differ in a few words, and each is compared with each.
    if left.len() * right.len() > MOST_PAIRS {
        return false;
    }
    let numbered = |words: &[String]| words.iter().any(|word| word.contains(|letter: char| letter.is_numeric()));
    !numbered(&left)
        && !numbered(&right)
        && (right.is_empty() || left.iter().all(|word| right.iter().any(|like| is_spelled_like(word, like))))
}

fn is_spelled_like(one: &str, other: &str) -> bool {
    let shared = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    shared * 3 >= one.chars().count().max(other.chars().count()) * 2
}

/// Whether the shorter text is the beginning of the longer, as a teaser is, or they are the same.
fn says_again(one: &str, other: &str) -> bool {
    if is_same(one, other) {
        return true;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.split(' ').count() >= 8 && long.starts_with(short)
}

/// Whether one of two may be the entry of a table of contents, and the other the heading that it leads to.
fn leads_to(one: &Block, other: &Block) -> bool {
    let is_entry = |block: &Block| block.kind == Kind::Item || (block.kind != Kind::Heading && block.links > 0.5);
    (one.kind == Kind::Heading && is_entry(other)) || (other.kind == Kind::Heading && is_entry(one))
}

fn again(block: &Block, fact: &Facts) -> Reason {
    if block.kind == Kind::Caption || !fact.ends { Reason::RepeatedCaption } else { Reason::RepeatedText }
}

/// Blocks by the words they begin with, so that only likely pairs are compared.
struct Starts(HashMap<String, Vec<usize>>);

impl Starts {
    fn of(facts: &[Facts], judged: &[usize]) -> Starts {
        let mut starts = HashMap::<String, Vec<usize>>::default();
        for &at in judged {
            starts.entry(Starts::key(&facts[at].key)).or_default().push(at);
        }
        Starts(starts)
    }

    fn key(key: &str) -> String {
        if key.chars().next().is_some_and(words::is_unspaced_script) {
            return key.chars().take(4).collect();
        }
        key.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    fn like(&self, facts: &[Facts], at: usize) -> Vec<usize> {
        self.0.get(&Starts::key(&facts[at].key)).cloned().unwrap_or_default()
    }
}

/// Which of the same texts stands in its place: the first that is a finished sentence after other
/// prose has begun; a teaser or caption stands before or has no end.
fn kept_of(same: &[usize], facts: &[Facts], blocks: &[Block], verdicts: &[Option<Reason>]) -> usize {
    let first_prose = (0..blocks.len()).find(|at| {
        !same.contains(at)
            && verdicts[*at].is_none()
            && facts[*at].ends
            && facts[*at].words >= 8
            && blocks[*at].kind == Kind::Paragraph
    });
    let in_place = |at: &&usize| {
        first_prose.is_some_and(|prose| **at > prose)
            && facts[**at].ends
            && matches!(blocks[**at].kind, Kind::Paragraph | Kind::Item)
    };
    let longest = same.iter().map(|at| facts[*at].words).max().unwrap_or(0);
    let whole = |at: &&usize| facts[**at].words * 10 >= longest * 9 && blocks[**at].kind != Kind::Caption;
    same.iter()
        .find(|at| in_place(at) && whole(at))
        .or_else(|| same.iter().find(|at| whole(at) && facts[**at].ends))
        .or_else(|| same.iter().find(whole))
        .copied()
        .unwrap_or(same[0])
}
