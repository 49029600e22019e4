//! What key phrases need to know of a language: which words name nothing.

use std::sync::LazyLock;

use crate::language::Language;
use crate::normalize;
use foldhash::HashSet;

const FUNCTION_WORDS: &str = include_str!("function_words.tsv");

/// Words with fewer letters name nothing in a language without a list.
const MIN_LETTERS_WITHOUT_LIST: usize = 4;

/// How a language is written and which of its words name nothing.
pub(crate) struct PhraseRules {
    pub(super) language: &'static Language,
    /// Folded.
    function_words: HashSet<String>,
    /// Those that may stand inside a name.
    connectors: HashSet<String>,
    /// All nouns have a capital, as in German.
    pub(crate) has_capital_nouns: bool,
}

impl PhraseRules {
    /// Returns the rules for the language of a tag such as `en`, `eng` or `pt-BR`.
    pub(crate) fn of(tag: &str) -> &'static Self {
        let code = Language::of(tag).code();
        RULES.iter().find(|(known, _)| *known == code).map_or(&*OTHER, |(_, rules)| rules)
    }

    /// Parses the list of a language.
    fn parse(code: &str) -> Self {
        let lines = FUNCTION_WORDS.lines().filter_map(|line| line.split_once('\t'));
        let words = lines.filter(|(of, _)| *of == code).flat_map(|(_, words)| words.split(' '));
        let (connectors, others): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('+'));
        let connectors: HashSet<String> = connectors.iter().map(|word| normalize::fold(&word[1..])).collect();
        let mut function_words: HashSet<String> = others.into_iter().map(normalize::fold).collect();
        function_words.extend(connectors.iter().cloned());
        Self { language: Language::of(code), function_words, connectors, has_capital_nouns: code == "de" }
    }

    /// Returns whether a folded word names nothing.
    pub(crate) fn is_function_word(&self, folded: &str) -> bool {
        if self.function_words.is_empty() {
            return folded.chars().count() < MIN_LETTERS_WITHOUT_LIST;
        }
        self.function_words.contains(folded)
    }

    /// Returns whether its function words are known.
    pub(super) fn has_list(&self) -> bool {
        !self.function_words.is_empty()
    }

    /// Returns how often words in a row must occur to be a phrase. Without stems and function words, more are in a row by chance.
    pub(super) fn common_mentions(&self) -> u16 {
        match (self.has_list(), self.language.has_stems()) {
            (true, true) => 2,
            (true, false) => 3,
            (false, _) => u16::MAX,
        }
    }

    /// Returns whether a folded word may stand inside a name.
    pub(super) fn is_connector(&self, folded: &str) -> bool {
        self.connectors.contains(folded)
    }
}

macro_rules! rules {
    ($($code:literal)+) => {
        /// By two-letter code. Built when first asked for.
        static RULES: [(&str, LazyLock<PhraseRules>); 17] = [$(($code, LazyLock::new(|| PhraseRules::parse($code)))),+];
    };
}

rules!("ar" "de" "en" "es" "fr" "ha" "hi" "ig" "it" "ja" "nl" "pl" "pt" "ru" "sw" "yo" "zh");

/// Any other language.
static OTHER: LazyLock<PhraseRules> = LazyLock::new(|| PhraseRules::parse(""));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_function_words() {
        for (code, rules) in &RULES {
            assert!(rules.function_words.len() > 50 || rules.language.is_unspaced(), "{code}");
            assert!(!rules.is_function_word("kyiv"), "{code}");
        }
        for (code, word) in [("en-GB", "the"), ("fra", "été"), ("de", "für"), ("ru", "это"), ("yo", "àti"), ("hi", "के")]
        {
            assert!(PhraseRules::of(code).is_function_word(&normalize::fold(word)), "{word}");
        }
        let swedish = PhraseRules::of("sv");
        assert!(swedish.is_function_word("och") && !swedish.is_function_word("riksdag"));
    }
}
