//! The features of an article: its words, folded and hashed. The same for every language.

use std::collections::HashSet;

use crate::normalize;

/// Features of an article at most. Those of the title come first.
const MAX_FEATURES: usize = 120;

/// Words of the text that are read: what an article is about stands at its beginning.
const MAX_WORDS: usize = 250;

/// Characters of a word that tell its script, and bytes of a word at most.
const MAX_CHARS: usize = 40;
const MAX_BYTES: usize = 120;

/// The features of an article, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Stable over versions and machines, less than 2²⁴: the database stores them.
    pub hashes: Vec<u32>,
    /// The word of each feature, as first written.
    pub words: Vec<String>,
}

impl Features {
    /// Reads the features of an article.
    pub fn of(title: &str, text: &str) -> Self {
        let mut features = Self::default();
        let mut seen = HashSet::new();
        let title_words = normalize::word_spans(title);
        let text_words = normalize::word_spans(text).take(MAX_WORDS);
        for (_, word) in title_words.chain(text_words) {
            for part in parts(word) {
                features.add(part, &mut seen);
                if features.hashes.len() == MAX_FEATURES {
                    return features;
                }
            }
        }
        features
    }

    fn add(&mut self, written: &str, seen: &mut HashSet<u32>) {
        let folded = normalize::fold(written);
        if is_telling(&folded) {
            let hash = hash(&folded);
            if seen.insert(hash) {
                self.hashes.push(hash);
                self.words.push(written.to_owned());
            }
        }
    }

    /// Returns the hashes as four bytes each, for the database.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
    }
}

/// Reads back what [`Features::to_bytes`] wrote.
pub fn hashes_from_bytes(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect()
}

/// Returns a word, or each pair of characters where a script does not separate words. Too long a word says nothing.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let is_unspaced = word.chars().take(MAX_CHARS).any(words::is_unspaced_script);
    let whole = (!is_unspaced && word.len() <= MAX_BYTES).then_some(word);
    let pairs = word.char_indices().zip(word.char_indices().skip(1)).filter(move |_| is_unspaced);
    whole.into_iter().chain(pairs.map(|((start, _), (last, letter))| &word[start..last + letter.len_utf8()]))
}

/// Returns whether a word can say something: no number, and no Latin word of one or two letters.
fn is_telling(folded: &str) -> bool {
    let is_short = folded.is_ascii() && folded.len() < 3;
    !is_short && !folded.is_empty() && !folded.chars().all(char::is_numeric)
}

/// FNV-1a. It never changes, unlike the hashes of the standard library.
fn hash(word: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = word.bytes().fold(0x811C_9DC5, step);
    // Three bytes in the database instead of six.
    (hash >> 24) ^ (hash & 0x00FF_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_distinct_words_and_those_of_the_title_come_first() {
        let features = Features::of("The Ferry Élan", "Ferries and the ferry, 2026: élan at 14:30. A harbour");
        assert_eq!(features.words, ["The", "Ferry", "Élan", "Ferries", "and", "harbour"]);
        let long: String = (0..400).map(|number| format!("word{number} ")).collect();
        let features = Features::of("Harbour", &long);
        assert_eq!((features.hashes.len(), features.words[0].as_str()), (MAX_FEATURES, "Harbour"));
    }

    #[test]
    fn scripts_without_spaces_give_pairs_of_characters() {
        assert_eq!(Features::of("東京の天気", "").words, ["東京", "京の", "の天", "天気"]);
        assert_eq!(Features::of("Гавань и паром", "").words, ["Гавань", "и", "паром"]);
    }

    #[test]
    fn hashes_stay_the_same_and_survive_the_database() {
        let features = Features::of("Ferry harbour", "");
        assert_eq!(features.hashes, [hash("ferry"), hash("harbour")]);
        assert_eq!(hash("ferry"), 5_303_697, "libraries hold these numbers");
        assert_eq!(hashes_from_bytes(&features.to_bytes()), features.hashes);
        assert_eq!(hashes_from_bytes(&[1, 2]), Vec::<u32>::new());
    }

    #[test]
    fn a_text_without_spaces_and_a_word_of_megabytes_are_read_at_once() {
        assert_eq!(Features::of("", &"河岸".repeat(1 << 20)).words, ["河岸", "岸河"]);
        assert_eq!(Features::of("", &"ab".repeat(1 << 20)).words, Vec::<String>::new());
    }
}
