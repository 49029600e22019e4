//! Compares two texts word by word. Pure.
//!
//! Paragraphs are compared first. Of those that differ, each is compared by its words with the one in the other text that it
//! resembles most, in their order; a paragraph that resembles none was added or removed as a whole.

use std::collections::HashMap;

use crate::ingest::text_diff::{Hunk, find_hunks, paragraphs};

/// Share of its words that a paragraph has in common with the one it was made from.
const MIN_LIKENESS: f64 = 0.35;

/// Most pairs of paragraphs between two unchanged ones that are weighed.
const MAX_PAIRS: usize = 10_000;

/// Most words that are looked up while those pairs are weighed, one for each different word of the shorter paragraph: a tenth of a
/// second.
const MAX_LOOK_UPS: usize = 2_000_000;

/// Most bytes of changed paragraphs that are compared by words.
const MAX_BYTES: usize = 1_000_000;

/// The difference between two texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordDiff<'a> {
    /// In the order of the texts.
    pub blocks: Vec<Block<'a>>,
    /// So much was changed that some paragraphs were only compared as wholes.
    pub is_coarse: bool,
}

/// A stretch of two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block<'a> {
    /// Unchanged paragraphs.
    Same(Vec<&'a str>),
    /// A paragraph of the old text only.
    Removed(&'a str),
    /// A paragraph of the new text only.
    Added(&'a str),
    /// A paragraph with changed words.
    Changed(Vec<Span<'a>>),
}

/// A stretch of a changed paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span<'a> {
    /// In both texts.
    Same(&'a str),
    /// In the old text only.
    Removed(&'a str),
    /// In the new text only.
    Added(&'a str),
}

impl<'a> WordDiff<'a> {
    /// Compares two texts whose paragraphs are separated by empty lines.
    #[must_use]
    pub fn between(before: &'a str, after: &'a str) -> Self {
        let (before, after) = (paragraphs(before), paragraphs(after));
        let hunks = find_hunks(&before, &after);
        let size = |texts: &[&str]| texts.iter().map(|text| text.len()).sum::<usize>();
        let changed: usize =
            hunks.iter().map(|hunk| size(&before[hunk.old.clone()]) + size(&after[hunk.new.clone()])).sum();
        let max_pairs = if changed > MAX_BYTES { 0 } else { MAX_PAIRS };
        let mut diff = Self::default();
        let mut position = 0;
        for Hunk { old, new } in hunks {
            diff.push_same(&before[position..old.start]);
            position = old.end;
            diff.push_changed(&before[old], &after[new], max_pairs);
        }
        diff.push_same(&before[position..]);
        diff
    }

    /// Returns whether both texts have the same words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(|block| matches!(block, Block::Same(_)))
    }

    fn push_same(&mut self, paragraphs: &[&'a str]) {
        if !paragraphs.is_empty() {
            self.blocks.push(Block::Same(paragraphs.to_vec()));
        }
    }

    fn push_changed(&mut self, old: &[&'a str], new: &[&'a str], max_pairs: usize) {
        let pairs = match old.len().saturating_mul(new.len()) {
            count if count > max_pairs => None,
            _ => pair_paragraphs(old, new),
        };
        self.is_coarse |= pairs.is_none();
        let pairs = pairs.unwrap_or_default();
        let (mut i, mut j) = (0, 0);
        for (one, other) in pairs.into_iter().chain([(old.len(), new.len())]) {
            self.blocks.extend(old[i..one].iter().map(|text| Block::Removed(text)));
            self.blocks.extend(new[j..other].iter().map(|text| Block::Added(text)));
            if let (Some(before), Some(after)) = (old.get(one), new.get(other)) {
                self.blocks.push(Block::Changed(compare_words(before, after)));
            }
            (i, j) = (one + 1, other + 1);
        }
    }
}

/// Pairs paragraphs that resemble each other, in their order, so that as much as possible is alike. `None` if that takes too
/// long.
fn pair_paragraphs(old: &[&str], new: &[&str]) -> Option<Vec<(usize, usize)>> {
    let (old_words, new_words): (Vec<_>, Vec<_>) =
        (old.iter().map(|text| Words::of(text)).collect(), new.iter().map(|text| Words::of(text)).collect());
    let look_ups =
        |one: &Words<'_>| new_words.iter().map(|other| other.counts.len().min(one.counts.len())).sum::<usize>();
    if old_words.iter().map(look_ups).sum::<usize>() > MAX_LOOK_UPS {
        return None;
    }
    let width = new.len() + 1;
    let mut likeness = vec![0.0_f64; old.len() * new.len()];
    let mut best = vec![0.0_f64; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let alike = old_words[i].compare(&new_words[j]);
            likeness[i * new.len() + j] = alike;
            let paired = if alike >= MIN_LIKENESS { alike + best[(i + 1) * width + j + 1] } else { 0.0 };
            best[i * width + j] = paired.max(best[(i + 1) * width + j]).max(best[i * width + j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        let here = best[i * width + j];
        if best[(i + 1) * width + j] >= here {
            i += 1;
        } else if best[i * width + j + 1] >= here {
            j += 1;
        } else {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        }
    }
    Some(pairs)
}

/// The words of a paragraph.
struct Words<'a> {
    /// How often each stands there.
    counts: HashMap<&'a str, usize>,
    /// How many there are.
    total: usize,
}

impl<'a> Words<'a> {
    fn of(paragraph: &'a str) -> Self {
        let mut counts = HashMap::new();
        for token in split_tokens(paragraph).into_iter().filter(|token| is_word(token)) {
            *counts.entry(token).or_default() += 1;
        }
        Self { total: counts.values().sum(), counts }
    }

    /// Returns which share of the words two paragraphs have in common: 0 to 1.
    fn compare(&self, other: &Self) -> f64 {
        let (few, many) = if self.counts.len() <= other.counts.len() { (self, other) } else { (other, self) };
        let in_both = |(word, count): (&&str, &usize)| (*count).min(many.counts.get(word).copied().unwrap_or_default());
        let (common, all) = (few.counts.iter().map(in_both).sum::<usize>(), self.total + other.total);
        if all == 0 { 0.0 } else { 2.0 * common as f64 / all as f64 }
    }
}

/// Compares two paragraphs by their words. What stands between two changed words and is no word itself belongs to the change,
/// so that "two weeks" that became "nine days" is one change.
fn compare_words<'a>(before: &'a str, after: &'a str) -> Vec<Span<'a>> {
    let (old, new) = (split_tokens(before), split_tokens(after));
    let mut hunks: Vec<Hunk> = Vec::new();
    for hunk in find_hunks(&old, &new) {
        match hunks.last_mut() {
            Some(last) if old[last.old.end..hunk.old.start].iter().all(|token| !is_word(token)) => {
                (last.old.end, last.new.end) = (hunk.old.end, hunk.new.end);
            }
            _ => hunks.push(hunk),
        }
    }
    let (old_ends, new_ends) = (ends(&old), ends(&new));
    let (mut spans, mut position) = (Vec::new(), 0);
    let mut push = |span: fn(&'a str) -> Span<'a>, text: &'a str| {
        if !text.is_empty() {
            spans.push(span(text));
        }
    };
    for Hunk { old, new } in hunks {
        push(Span::Same, &before[position..old_ends[old.start]]);
        position = old_ends[old.end];
        push(Span::Removed, &before[old_ends[old.start]..position]);
        push(Span::Added, &after[new_ends[new.start]..new_ends[new.end]]);
    }
    push(Span::Same, &before[position..]);
    spans
}

/// Returns where the first token begins and where each ends, in bytes.
fn ends(tokens: &[&str]) -> Vec<usize> {
    let mut end = 0;
    let ends = tokens.iter().map(|token| {
        end += token.len();
        end
    });
    std::iter::once(0).chain(ends).collect()
}

fn is_word(token: &str) -> bool {
    token.chars().any(words::is_in_word)
}

/// Splits a paragraph into words, white space and other letters, losing nothing. In scripts without spaces each letter is a word.
fn split_tokens(paragraph: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Word,
        Space,
        Single,
    }
    let kind = |letter: char| match letter {
        letter if words::is_unspaced_script(letter) => Kind::Single,
        letter if words::is_in_word(letter) => Kind::Word,
        letter if letter.is_whitespace() => Kind::Space,
        _ => Kind::Single,
    };
    let (mut tokens, mut start, mut before) = (Vec::new(), 0, None);
    for (position, letter) in paragraph.char_indices() {
        let this = kind(letter);
        if before.is_some_and(|before| before != this || this == Kind::Single) {
            tokens.push(&paragraph[start..position]);
            start = position;
        }
        before = Some(this);
    }
    if start < paragraph.len() {
        tokens.push(&paragraph[start..]);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a difference in short: `[-old-]{+new+}`, unchanged paragraphs as their number.
    fn write(before: &str, after: &str) -> String {
        let block = |block: &Block<'_>| match block {
            Block::Same(paragraphs) => paragraphs.len().to_string(),
            Block::Removed(text) => format!("--{text}"),
            Block::Added(text) => format!("++{text}"),
            Block::Changed(spans) => spans
                .iter()
                .map(|span| match span {
                    Span::Same(text) => (*text).to_owned(),
                    Span::Removed(text) => format!("[-{text}-]"),
                    Span::Added(text) => format!("{{+{text}+}}"),
                })
                .collect(),
        };
        WordDiff::between(before, after).blocks.iter().map(block).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn the_words_that_changed_are_found_in_their_paragraphs() {
        for (before, after, expected) in [
            ("The mill stands still.", "The mill stands still.", "1"),
            ("", "", ""),
            ("", "The mill stands.", "++The mill stands."),
            (
                "The mill stands for two weeks.",
                "The mill stands for nine long days.",
                "The mill stands for [-two weeks-]{+nine long days+}.",
            ),
            ("It cost 4.50 at noon.", "It cost 4.80 at noon.", "It cost 4.[-50-]{+80+} at noon."),
            ("The mill, they say, turns.", "The mill turns.", "The mill[-, they say,-] turns."),
            ("She said yes.", "She said yes to the miller and his son.", "She said yes{+ to the miller and his son+}."),
            ("水车今天停了", "水车昨天停了", "水车[-今-]{+昨+}天停了"),
            ("نام او علی است و آمد", "نام او رضا است و آمد", "نام او [-علی-]{+رضا+} است و آمد"),
            ("Grüße aus Köln an alle", "Grüße aus Bonn an alle", "Grüße aus [-Köln-]{+Bonn+} an alle"),
            (
                "One.\n\nThe wheel turns slowly now.\n\nThree.",
                "One.\n\nThe wheel turns quickly now.\n\nThree.",
                "1 | The wheel turns [-slowly-]{+quickly+} now. | 1",
            ),
            (
                "A b c.\n\nThe end of it.",
                "Quite new words here.\n\nThe end of it.",
                "--A b c. | ++Quite new words here. | 1",
            ),
        ] {
            assert_eq!(write(before, after), expected);
        }
    }

    #[test]
    fn a_paragraph_is_compared_with_the_one_it_was_made_from() {
        let before = "The wheel turns slowly in the morning.\n\nNobody knows the miller.";
        let after =
            "Rain fell all night long.\n\nThe wheel turns slowly in the evening.\n\nNobody knows the young miller.";
        assert_eq!(
            write(before, after),
            "++Rain fell all night long. | The wheel turns slowly in the [-morning-]{+evening+}. | Nobody knows the {+young +}miller."
        );
    }

    #[test]
    fn both_texts_can_be_read_from_their_difference() {
        let words = ["the", "mill", "wheel,", "turns", "water", "no", "more.", "水车", "é"];
        let mut state = 11_u32;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state as usize / 65_536 % below
        };
        for _ in 0..300 {
            let mut text = || {
                let count = next(5);
                let paragraph = |length: usize, next: &mut dyn FnMut(usize) -> usize| {
                    (0..=length).map(|_| words[next(words.len())]).collect::<Vec<_>>().join(" ")
                };
                (0..count).map(|_| paragraph(next(9), &mut next)).collect::<Vec<_>>().join("\n\n")
            };
            let (before, after) = (text(), text());
            let (mut old, mut new) = (Vec::new(), Vec::new());
            for block in WordDiff::between(&before, &after).blocks {
                match block {
                    Block::Same(paragraphs) => paragraphs.iter().for_each(|text| {
                        old.push((*text).to_owned());
                        new.push((*text).to_owned());
                    }),
                    Block::Removed(text) => old.push(text.to_owned()),
                    Block::Added(text) => new.push(text.to_owned()),
                    Block::Changed(spans) => {
                        let read = |skipped: fn(&Span<'_>) -> bool| {
                            let kept = spans.iter().filter(|span| !skipped(span));
                            kept.map(|(Span::Same(text) | Span::Removed(text) | Span::Added(text))| *text)
                                .collect::<String>()
                        };
                        old.push(read(|span| matches!(span, Span::Added(_))));
                        new.push(read(|span| matches!(span, Span::Removed(_))));
                    }
                }
            }
            assert_eq!((old.join("\n\n"), new.join("\n\n")), (before, after));
        }
    }

    #[test]
    fn huge_texts_are_compared_by_paragraph() {
        let text =
            |word: &str, count: usize| (0..count).map(|n| format!("{word} {n}")).collect::<Vec<_>>().join("\n\n");
        let (before, after) = (text("one", 2_000), text("two", 2_000));
        let diff = WordDiff::between(&before, &after);
        assert!(diff.is_coarse && diff.blocks.len() == 4_000);
        let ends = |text: &str, word: &str| format!("{text}\n\nThe middle.\n\nThe mill {word} still.");
        let (before, after) = (ends(&before, "stands"), ends(&after, "turns"));
        let diff = WordDiff::between(&before, &after);
        assert!(
            diff.is_coarse && matches!(diff.blocks.last(), Some(Block::Changed(_))),
            "the rest is compared by words"
        );
        let (before, after) = ("mill ".repeat(200_000), "wheel mill ".repeat(100_000));
        let diff = WordDiff::between(&before, &after);
        assert!(diff.is_coarse && diff.blocks.len() == 2);
        let paragraph = |part: usize| (0..500).map(|n| format!("{part}x{n} ")).collect::<String>();
        let many = |parts: std::ops::Range<usize>| parts.map(paragraph).collect::<Vec<_>>().join("\n\n");
        let (before, after) = (many(0..70), many(100..170));
        let diff = WordDiff::between(&before, &after);
        assert!(diff.is_coarse && diff.blocks.len() == 140, "each with each would take too long");
        let (long, short) = (many(0..70).replace("\n\n", ""), text("one", 5_000));
        assert!(!WordDiff::between(&long, &short).is_coarse, "short ones with a long one would not");
        let small = WordDiff::between("The mill stands.", "The mill turns.");
        assert!(!small.is_coarse && !small.is_empty());
    }
}
