//! The vocabulary of a language: terms with the topics they are telling for.
//!
//! A line of `words/<language>.tsv` is `topic weight terms`, the terms separated by spaces. The weight says how telling
//! a term is: 3 by itself, 2 with another, 1 as a hint. `parliament*` matches all words that begin with it,
//! `interest_rate` words in a row. A term may have several topics. `words/any.tsv` holds names that are written alike
//! everywhere and is part of every language. Accents and case are folded when the lists are parsed.
//!
//! A word is looked up as it is written, then by its stem, then by its beginning. Chinese and Japanese don't separate
//! words, so their terms are looked up at every character.

mod lists;
mod parse;
mod terms_in_text;
#[cfg(test)]
mod tests;

use foldhash::HashMap;

pub(crate) use terms_in_text::TermsInText;

use crate::Topic;
use crate::language::Language;
use crate::normalize;

/// The topics of a term, with weights from 1 to 3.
pub(crate) type TopicWeights = Vec<(Topic, f32)>;

/// Words are looked up in a list by this index.
type TermIndex = usize;

/// The vocabulary of one language.
pub(crate) struct Lexicon {
    language: &'static Language,
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

/// Two to four words in a row.
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
/// Bytes of a word that are read. No term is as long.
const MAX_WORD_BYTES: usize = 256;
/// What a word counts that is only of the same origin as a term.
const SAME_ORIGIN: f32 = 0.3;

impl Lexicon {
    /// Returns the vocabulary for a language code such as `en` or `pt-BR`; only names for other languages.
    pub(crate) fn for_language(language: &str) -> &'static Self {
        lists::lexicon_of(Language::of(language))
    }

    /// Returns whether a folded word or its stem is a term of its own.
    pub(crate) fn knows(&self, folded: &str, stem: &str) -> bool {
        self.words.contains_key(folded) || self.stems.contains_key(stem)
    }

    /// Returns the topics of a term.
    pub(crate) fn topic_weights(&self, term: TermIndex) -> &TopicWeights {
        &self.terms[term]
    }

    fn read_word(&self, word: &str) -> Word {
        let word = &word[..word.floor_char_boundary(MAX_WORD_BYTES)];
        Word { folded: normalize::fold(word), stem: self.language.stem(word) }
    }

    /// Returns the term of a single word, and how well it matches, from 0 to 1: by the whole word, else by the most alike
    /// word with its stem, else by its longest beginning.
    fn find_word(&self, word: &Word) -> Option<(TermIndex, f32)> {
        let whole = self.words.get(&word.folded).map(|term| (*term, 1.0));
        whole.or_else(|| self.find_by_stem(word)).or_else(|| self.find_beginning(&word.folded).map(|term| (*term, 1.0)))
    }

    fn find_by_stem(&self, word: &Word) -> Option<(TermIndex, f32)> {
        let known = self.stems.get(&word.stem)?;
        let form = known.iter().find(|known| self.language.are_forms_of_one_word(known, &word.folded));
        let likeness = if form.is_some() { 1.0 } else { SAME_ORIGIN };
        Some((*self.words.get(form.or(known.first())?)?, likeness))
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

impl PhraseWord {
    fn matches(&self, word: &Word) -> bool {
        match self {
            Self::Stem(stem) => word.stem == *stem,
            Self::Beginning(beginning) => word.folded.starts_with(beginning.as_str()),
        }
    }
}
