//! The vocabulary of a language: terms with the topics they are telling for.
//!
//! A line of `words/<language>.tsv` is `topic weight terms`, the terms separated by spaces. The weight says how telling
//! a term is: 3 by itself, 2 with another, 1 as a hint. `parliament*` matches all words that begin with it,
//! `interest_rate` words in a row. A term may have several topics. `words/any.tsv` holds names that are written alike
//! everywhere and is part of every language. Accents and case are folded when the lists are parsed.
//!
//! A word is looked up as it is written, then by its stem, then by its beginning. Chinese and Japanese don't separate
//! words, so their terms are looked up at every character.

mod languages;
mod parse;
mod terms_in_text;
#[cfg(test)]
mod tests;

use foldhash::HashMap;
use frostem::Stemmer;

pub(crate) use languages::two_letter_code;
pub(crate) use terms_in_text::TermsInText;

use crate::{Topic, normalize};

/// The topics of a term, with weights from 1 to 3.
pub(crate) type TopicWeights = Vec<(Topic, f32)>;

/// Words are looked up in a list by this index.
type TermIndex = usize;

/// The vocabulary of one language.
pub(crate) struct Lexicon {
    stemmer: Option<Stemmer>,
    /// Terms may begin at every character.
    is_unspaced: bool,
    terms: Vec<TopicWeights>,
    /// Positions in `terms`, by folded word; in unspaced languages by folded term.
    words: HashMap<String, TermIndex>,
    /// Words that are in `words`, by their folded stem.
    stems: HashMap<String, Vec<String>>,
    /// Positions in `terms`, by the beginning of the word.
    beginnings: HashMap<String, TermIndex>,
    /// Bytes of the longest beginning.
    max_beginning_bytes: usize,
    /// Characters of the longest term of an unspaced language.
    max_term_chars: usize,
    /// Phrases by the folded stem of their first word, longest first.
    phrases: HashMap<String, Vec<Phrase>>,
}

/// Two or three words in a row.
pub(crate) struct Phrase {
    /// The words after the first one.
    rest: Vec<PhraseWord>,
    term: TermIndex,
}

#[derive(PartialEq, Eq)]
enum PhraseWord {
    /// The folded stem of a word.
    Stem(String),
    /// The folded beginning of a word.
    Beginning(String),
}

/// A word of a text, folded, and its folded stem.
pub(crate) struct Word {
    folded: String,
    stem: String,
}

/// Shorter beginnings would match by accident.
const MIN_BEGINNING_CHARS: usize = 3;
/// Most letters of an ending that inflects a word.
const MAX_ENDING_LETTERS: usize = 2;
/// What a word counts that is only of the same origin as a term.
const SAME_ORIGIN: f32 = 0.3;
/// Stems of longer words are not looked for.
const MAX_STEMMED_BYTES: usize = 60;

impl Lexicon {
    /// Returns the vocabulary for a language code such as `en` or `pt-BR`; only names for other languages.
    pub(crate) fn for_language(language: &str) -> &'static Self {
        languages::lexicon_for(language)
    }

    /// Returns the topics of a term.
    pub(crate) fn topic_weights(&self, term: TermIndex) -> &TopicWeights {
        &self.terms[term]
    }

    /// Folds a word and finds its stem.
    fn read_word(&self, word: &str) -> Word {
        let folded = normalize::fold(word);
        let stem = match &self.stemmer {
            Some(stemmer) if word.len() <= MAX_STEMMED_BYTES => {
                normalize::fold(&stemmer.stem(&normalize::lowercase(word)))
            }
            _ => folded.clone(),
        };
        Word { folded, stem }
    }

    /// Returns the term of a single word, and how well it matches, from 0 to 1: by the whole word, else by the most alike
    /// word with its stem, else by its longest beginning.
    fn find_word(&self, word: &Word) -> Option<(TermIndex, f32)> {
        let whole = self.words.get(&word.folded).map(|term| (*term, 1.0));
        whole.or_else(|| self.find_by_stem(word)).or_else(|| self.find_beginning(&word.folded).map(|term| (*term, 1.0)))
    }

    fn find_by_stem(&self, word: &Word) -> Option<(TermIndex, f32)> {
        let alike =
            self.stems.get(&word.stem)?.iter().min_by_key(|known| count_different_letters(known, &word.folded))?;
        // A stemmer finds words of one origin that have parted: wellness and well, boxing and box.
        let is_inflected = count_different_letters(alike, &word.folded) <= MAX_ENDING_LETTERS;
        Some((*self.words.get(alike)?, if is_inflected { 1.0 } else { SAME_ORIGIN }))
    }

    fn find_beginning(&self, word: &str) -> Option<&TermIndex> {
        let ends = word.char_indices().map(|(at, _)| at).skip(MIN_BEGINNING_CHARS).chain([word.len()]);
        let found =
            ends.take_while(|end| *end <= self.max_beginning_bytes).filter_map(|end| self.beginnings.get(&word[..end]));
        found.last()
    }

    fn phrases_starting_with(&self, first: &Word) -> &[Phrase] {
        self.phrases.get(&first.stem).map_or(&[], Vec::as_slice)
    }
}

/// Counts the letters after what two words begin with alike.
fn count_different_letters(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    a.chars().count().max(b.chars().count()) - same
}

impl PhraseWord {
    fn matches(&self, word: &Word) -> bool {
        match self {
            Self::Stem(stem) => word.stem == *stem,
            Self::Beginning(beginning) => word.folded.starts_with(beginning.as_str()),
        }
    }
}
