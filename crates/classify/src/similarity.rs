//! Detects whether two texts are the same article, for canonical links and duplicates.
//!
//! Both texts are cut into overlapping shingles of three words. Small edits, reordered paragraphs or a missing end
//! leave most shingles unchanged, while two articles on one event share few. Scripts without spaces are cut by
//! character.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::normalize;

/// Words per shingle. With two, common phrases make different texts similar; with four, every changed word costs too
/// much.
const SHINGLE_WORDS: usize = 3;

/// Words that are compared, from the start. Limits the time to a few milliseconds.
const MAX_WORDS: usize = 20_000;

/// Jaccard similarity of near-duplicates: shared shingles by all shingles.
const MIN_SIMILARITY: f64 = 0.5;

/// A text is also a near-duplicate if the longer one contains this share of its shingles, it has at least so many of
/// them, and the longer text is at most five times as long. A first page or an updated article is then a
/// near-duplicate, one quoted paragraph is not.
const MIN_CONTAINMENT: f64 = 0.8;
const MIN_CONTAINED_SHINGLES: usize = 30;
const MAX_LENGTH_RATIO: usize = 5;

/// Returns whether two texts are near-duplicates: mostly the same words in the same order, or one is a large part of
/// the other. Ignores case, accents, punctuation and spacing. A text without words is never a near-duplicate.
pub fn is_near_duplicate(a: &str, b: &str) -> bool {
    let (a, b) = (shingles(a), shingles(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.is_empty() {
        return false;
    }
    let shared = short.iter().filter(|shingle| long.contains(shingle)).count();
    let all = short.len() + long.len() - shared;
    let is_part = short.len() >= MIN_CONTAINED_SHINGLES && short.len() * MAX_LENGTH_RATIO >= long.len();
    ratio(shared, all) >= MIN_SIMILARITY || (is_part && ratio(shared, short.len()) >= MIN_CONTAINMENT)
}

#[expect(clippy::cast_precision_loss, reason = "at most 40,000 runs, exact in a float")]
fn ratio(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}

/// Returns the hashes of all shingles; a text shorter than a shingle has one.
fn shingles(text: &str) -> HashSet<u64> {
    let hash = |words: &[u64]| {
        let mut hasher = DefaultHasher::new();
        words.hash(&mut hasher);
        hasher.finish()
    };
    let words: Vec<u64> = normalize::folded_words(text).flat_map(|word| tokens(&word)).take(MAX_WORDS).collect();
    match words.len() {
        0 => HashSet::new(),
        1..SHINGLE_WORDS => HashSet::from([hash(&words)]),
        _ => words.windows(SHINGLE_WORDS).map(hash).collect(),
    }
}

/// Hashes a word, or each character if its script has no spaces.
fn tokens(word: &str) -> Vec<u64> {
    let hash = |token: &str| {
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        hasher.finish()
    };
    if !word.chars().any(words::is_unspaced_script) {
        return vec![hash(word)];
    }
    word.chars().take(MAX_WORDS).map(|letter| hash(letter.encode_utf8(&mut [0; 4]))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns `count` different words that begin with `name`.
    fn text(name: &str, count: usize) -> String {
        (0..count).map(|at| format!("{name}{at} ")).collect()
    }

    #[test]
    fn case_accents_and_punctuation_are_ignored() {
        assert!(is_near_duplicate("The ferry to Ambry was late again.", "the FERRY to Ambry — was late, again"));
        assert!(is_near_duplicate("Été", "ete"));
    }

    #[test]
    fn lightly_edited_text_is_a_near_duplicate() {
        let before = text("word", 100);
        let after = before.replace("word20 ", "other ").replace("word70 ", "");
        assert!(is_near_duplicate(&before, &after));
    }

    #[test]
    fn excerpt_and_update_are_near_duplicates_but_a_quote_is_not() {
        let article = text("word", 400);
        assert!(is_near_duplicate(&article, &text("word", 150)), "its first page");
        assert!(is_near_duplicate(&(text("news", 200) + &article), &article), "an update on top of it");
        assert!(!is_near_duplicate(&article, &text("word", 40)), "too small a part");
        let quoting = text("own", 100) + &text("word", 60);
        assert!(!is_near_duplicate(&article, &quoting), "too much other text");
    }

    #[test]
    fn different_articles_on_one_event_are_not_near_duplicates() {
        let one = "The bridge at Ambry was closed on Monday after engineers found cracks in two of \
                   its piers, the town council said. Buses take another road.";
        let other = "Cracks in the piers have forced Ambry to close its bridge. According to the \
                     council, buses will be diverted from Monday until the end of the month.";
        assert!(!is_near_duplicate(one, other));
    }

    #[test]
    fn unspaced_scripts_are_compared_by_character() {
        let one = "市议会周一表示，工程师在两座桥墩上发现裂缝后，大桥已经关闭，公交车改道行驶。";
        assert!(is_near_duplicate(one, &one.replace("周一", "周二")));
        assert!(!is_near_duplicate(one, "今天的天气很好，孩子们在公园里玩耍，老人们在树下下棋聊天喝茶。"));
        let thai = "สภาเมืองประกาศปิดสะพานหลังพบรอยร้าวที่เสาสองต้น";
        assert!(is_near_duplicate(thai, &thai.replace("สอง", "สาม")));
    }

    #[test]
    fn empty_texts_are_not_near_duplicates() {
        assert!(!is_near_duplicate("", ""));
        assert!(!is_near_duplicate("…", "!"));
        assert!(!is_near_duplicate("", "word"));
    }

    proptest! {
        #[test]
        fn near_duplicate_is_symmetric_and_reflexive(a in "\\PC{0,80}", b in "\\PC{0,80}") {
            prop_assert_eq!(is_near_duplicate(&a, &b), is_near_duplicate(&b, &a));
            prop_assert_eq!(is_near_duplicate(&a, &a), normalize::folded_words(&a).next().is_some());
        }
    }
}
