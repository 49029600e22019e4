//! How the words of a language are read, for others that compare texts: stems, words that name nothing, known words.

use crate::key_phrases::PhraseRules;
use crate::language::{self, Language};
use crate::lexicon::Lexicon;

/// The rules by which the words of one language are read.
#[derive(Clone, Copy)]
pub struct WordForms {
    language: &'static Language,
    rules: &'static PhraseRules,
    lexicon: &'static Lexicon,
}

impl WordForms {
    /// Returns the rules for the language that is known (a tag such as `en-GB`), else for the one that is detected.
    #[must_use]
    pub fn of(known: Option<&str>, title: &str, text: &str) -> Self {
        let tag = language::known_or_detected(known, title, text);
        Self { language: Language::of(&tag), rules: PhraseRules::of(&tag), lexicon: Lexicon::for_language(&tag) }
    }

    /// Returns the two-letter code of the language; empty if it is not known.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.language.code()
    }

    /// Returns the folded stem of a word as it is written.
    #[must_use]
    pub fn stem(&self, word: &str) -> String {
        self.language.stem(word)
    }

    /// Returns whether a folded word names nothing, such as `the`.
    #[must_use]
    pub fn is_function_word(&self, folded: &str) -> bool {
        self.rules.is_function_word(folded)
    }

    /// Returns whether a word is in the vocabulary of topics, so that many articles have it.
    #[must_use]
    pub fn is_in_vocabulary(&self, folded: &str, stem: &str) -> bool {
        self.lexicon.knows(folded, stem)
    }

    /// Returns whether all nouns have a capital, as in German.
    #[must_use]
    pub fn has_capital_nouns(&self) -> bool {
        self.rules.has_capital_nouns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_by_the_rules_of_their_language() {
        let english = WordForms::of(Some("en-GB"), "", "");
        assert_eq!((english.code(), english.stem("ferries").as_str()), ("en", "ferri"));
        assert!(english.is_function_word("the") && !english.is_function_word("ferry"));
        assert!(english.is_in_vocabulary("election", "elect") && !english.is_in_vocabulary("ambry", "ambri"));
        let german = WordForms::of(None, "Der Damm ist gebrochen", "In der Nacht zum Montag ist der Damm gebrochen.");
        assert!(german.has_capital_nouns() && german.code() == "de");
    }
}
