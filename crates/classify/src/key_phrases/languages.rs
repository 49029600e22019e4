//! What key phrases need to know of a language: its function words, and stems.

use std::sync::LazyLock;

use foldhash::HashSet;
use frostem::{Algorithm, Stemmer};

use crate::normalize;

const FUNCTION_WORDS: &str = include_str!("function_words.tsv");

/// Longer words have no stem.
const MAX_STEMMED_BYTES: usize = 60;

/// Words with fewer letters name nothing in a language without a list.
const MIN_LETTERS_WITHOUT_LIST: usize = 4;

/// How a language is written and which of its words name nothing.
pub(super) struct Language {
    stemmer: Option<Stemmer>,
    /// Folded.
    function_words: HashSet<String>,
    /// Those that may stand inside a name.
    connectors: HashSet<String>,
    /// Words are not separated, as in Chinese and Japanese.
    pub(super) is_unspaced: bool,
    /// All nouns have a capital, as in German.
    pub(super) has_capital_nouns: bool,
}

impl Language {
    /// Returns the language with a code such as `en`, `eng` or `pt-BR`.
    pub(super) fn for_code(code: &str) -> &'static Self {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        let known = LANGUAGES.iter().find(|(codes, _)| codes.contains(&primary));
        known.map_or(&*OTHER, |(_, language)| language)
    }

    /// Parses the list of a language, by its first code.
    fn parse(code: &str, stemmer: Option<Stemmer>) -> Self {
        let lines = FUNCTION_WORDS.lines().filter_map(|line| line.split_once('\t'));
        let words = lines.filter(|(of, _)| *of == code).flat_map(|(_, words)| words.split(' '));
        let (connectors, others): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('+'));
        let connectors: HashSet<String> = connectors.iter().map(|word| normalize::fold(&word[1..])).collect();
        let mut function_words: HashSet<String> = others.into_iter().map(normalize::fold).collect();
        function_words.extend(connectors.iter().cloned());
        Self {
            stemmer,
            function_words,
            connectors,
            is_unspaced: matches!(code, "zh" | "ja"),
            has_capital_nouns: code == "de",
        }
    }

    /// Returns the folded stem of a word.
    pub(super) fn stem(&self, word: &str) -> String {
        match &self.stemmer {
            Some(stemmer) if word.len() <= MAX_STEMMED_BYTES => {
                normalize::fold(&stemmer.stem(&normalize::lowercase(word)))
            }
            _ => normalize::fold(word),
        }
    }

    /// Returns whether a folded word names nothing.
    pub(super) fn is_function_word(&self, folded: &str) -> bool {
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
        match (self.has_list(), &self.stemmer) {
            (true, Some(_)) => 2,
            (true, None) => 3,
            (false, _) => u16::MAX,
        }
    }

    /// Returns whether a folded word may stand inside a name.
    pub(super) fn is_connector(&self, folded: &str) -> bool {
        self.connectors.contains(folded)
    }
}

/// Two-letter and three-letter codes of a language.
type LanguageCodes = &'static [&'static str];

macro_rules! language {
    ($codes:expr, $code:literal) => {
        ($codes, LazyLock::new(|| Language::parse($code, None)))
    };
    ($codes:expr, $code:literal, $algorithm:ident) => {
        ($codes, LazyLock::new(|| Language::parse($code, Some(Stemmer::new(Algorithm::$algorithm)))))
    };
}

static LANGUAGES: [(LanguageCodes, LazyLock<Language>); 17] = [
    language!(&["en", "eng", "pcm"], "en", English),
    language!(&["de", "deu", "ger"], "de", German),
    language!(&["fr", "fra", "fre"], "fr", French),
    language!(&["es", "spa"], "es", Spanish),
    language!(&["pt", "por"], "pt", Portuguese),
    language!(&["it", "ita"], "it", Italian),
    language!(&["nl", "nld", "dut"], "nl", Dutch),
    language!(&["pl", "pol"], "pl", Polish),
    language!(&["ru", "rus"], "ru", Russian),
    language!(&["ar", "ara", "arb"], "ar", Arabic),
    language!(&["hi", "hin"], "hi", Hindi),
    language!(&["sw", "swa", "swh"], "sw"),
    language!(&["ha", "hau"], "ha"),
    language!(&["yo", "yor"], "yo"),
    language!(&["ig", "ibo"], "ig"),
    language!(&["zh", "cmn", "chi", "zho"], "zh"),
    language!(&["ja", "jpn"], "ja"),
];

/// Any other language.
static OTHER: LazyLock<Language> = LazyLock::new(|| Language::parse("", None));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_function_words() {
        for (codes, language) in &LANGUAGES {
            assert!(language.function_words.len() > 50 || language.is_unspaced, "{codes:?}");
            assert!(!language.is_function_word("kyiv"), "{codes:?}");
        }
        for (code, word) in [("en-GB", "the"), ("fra", "été"), ("de", "für"), ("ru", "это"), ("yo", "àti"), ("hi", "के")]
        {
            assert!(Language::for_code(code).is_function_word(&normalize::fold(word)), "{word}");
        }
        let swedish = Language::for_code("sv");
        assert!(swedish.is_function_word("och") && !swedish.is_function_word("riksdag"));
    }
}
