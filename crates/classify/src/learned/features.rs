//! The features of an article: its words, folded and hashed. The same for every language.

use std::collections::HashSet;

use crate::normalize;

/// Features of an article at most. Those of the title come first.
const MAX_FEATURES: usize = 120;

/// Words of the text that are read: what an article is about stands at its beginning.
const MAX_WORDS: usize = 250;

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
            for_each_part(word, |part| features.add(part, &mut seen));
            if features.hashes.len() >= MAX_FEATURES {
                features.hashes.truncate(MAX_FEATURES);
                features.words.truncate(MAX_FEATURES);
                break;
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

/// Calls `part` with a word, or with each pair of characters where a script does not separate words.
fn for_each_part(word: &str, mut part: impl FnMut(&str)) {
    if !word.chars().any(is_unspaced) {
        return part(word);
    }
    let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    for pair in starts.windows(3) {
        part(&word[pair[0]..pair[2]]);
    }
}

/// Returns whether a letter belongs to a script without spaces between words: Han, kana, Thai, Lao, Myanmar, Khmer.
const fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Returns whether a word can say something: no number, and in alphabets no word of one or two letters.
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
}
