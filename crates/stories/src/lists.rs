//! The lists of words: common words of news, concepts in several languages, and titles of series.

use std::sync::LazyLock;

use classify::word_forms::WordForms;
use foldhash::{HashMap, HashSet};

const COMMON_WORDS: &str = include_str!("common_words.tsv");
const CONCEPTS: &str = include_str!("concepts.tsv");
/// The languages of the columns of concepts.tsv.
const LANGUAGES: [&str; 7] = ["en", "de", "fr", "es", "it", "pt", "nl"];
/// Letters of the shortest beginning that stands for all words that begin with it.
const MIN_BEGINNING: usize = 2;

/// What a concept is besides a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConceptKind {
    /// Any word.
    Word,
    /// A day of the week or a month.
    Date,
    /// A place in an order: first, second.
    Ordinal,
}

/// A concept: its number and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Concept {
    pub(crate) number: u32,
    pub(crate) kind: ConceptKind,
}

/// The lists of one language.
#[derive(Default)]
pub(crate) struct Lists {
    /// Folded words and their stems.
    common: HashSet<String>,
    concepts: HashMap<String, Concept>,
    /// Concepts by the beginning of a word.
    beginnings: HashMap<String, Concept>,
}

impl Lists {
    /// Returns the lists of the language with this two-letter code; empty ones for a language without.
    pub(crate) fn of(code: &str) -> &'static Self {
        LISTS.iter().find(|(known, _)| *known == code).map_or(&*NONE, |(_, lists)| lists)
    }

    /// Returns whether a folded word, or its stem, stands in news of all kinds.
    pub(crate) fn is_common(&self, folded: &str, stem: &str) -> bool {
        self.common.contains(folded) || self.common.contains(stem)
    }

    /// Returns the concept of a folded word.
    pub(crate) fn concept(&self, folded: &str) -> Option<Concept> {
        let by_beginning = || {
            let ends = folded.char_indices().map(|(at, _)| at).skip(MIN_BEGINNING).chain([folded.len()]);
            ends.filter_map(|end| self.beginnings.get(&folded[..end])).last()
        };
        self.concepts.get(folded).or_else(by_beginning).copied()
    }

    fn parse(code: &str) -> Self {
        let forms = WordForms::of(Some(code), "", "");
        let mut lists = Self::default();
        let lines = COMMON_WORDS.lines().filter_map(|line| line.split_once('\t'));
        for word in lines.filter(|(of, _)| *of == code).flat_map(|(_, words)| words.split(' ')) {
            lists.common.insert(words::fold(word));
            lists.common.insert(forms.stem(word));
        }
        let column = LANGUAGES.iter().position(|known| *known == code);
        let rows = CONCEPTS.lines().filter(|line| !line.starts_with('#'));
        for (number, row) in (1..).zip(rows) {
            let mut fields = row.split('\t');
            let kind = read_kind(fields.next().unwrap_or_default());
            let words = column.and_then(|column| fields.nth(column)).unwrap_or_default();
            for word in words.split(' ').filter(|word| !word.is_empty()) {
                lists.add_concept(word, Concept { number, kind });
            }
        }
        lists
    }

    /// The first concept of a word counts.
    fn add_concept(&mut self, word: &str, concept: Concept) {
        match word.strip_suffix('*') {
            Some(beginning) => self.beginnings.entry(words::fold(beginning)).or_insert(concept),
            None => self.concepts.entry(words::fold(word)).or_insert(concept),
        };
    }
}

fn read_kind(field: &str) -> ConceptKind {
    match field.split(':').next() {
        Some("weekday" | "month") => ConceptKind::Date,
        Some("ordinal") => ConceptKind::Ordinal,
        _ => ConceptKind::Word,
    }
}

macro_rules! lists {
    ($($code:literal)+) => {
        /// By two-letter code. Built when first asked for.
        static LISTS: [(&str, LazyLock<Lists>); 7] = [$(($code, LazyLock::new(|| Lists::parse($code)))),+];
    };
}

lists!("en" "de" "fr" "es" "it" "pt" "nl");

/// Any other language.
static NONE: LazyLock<Lists> = LazyLock::new(Lists::default);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_concept_has_words_in_every_language() {
        for row in CONCEPTS.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(row.split('\t').count(), LANGUAGES.len() + 1, "{row}");
            assert!(row.split('\t').all(|field| !field.trim().is_empty()), "{row}");
        }
    }

    #[test]
    fn words_of_several_languages_are_one_concept() {
        let number = |code: &str, word: &str| Lists::of(code).concept(word).map(|concept| concept.number);
        assert!(number("en", "dam").is_some());
        assert_eq!(number("en", "dam"), number("de", "damm"));
        assert_eq!(number("en", "dam"), number("fr", "barrage"));
        assert_eq!(number("en", "firefighters"), number("es", "bomberos"));
        assert_eq!(number("en", "quarrel"), None);
    }

    #[test]
    fn words_of_all_news_are_common_in_any_form() {
        let english = Lists::of("en");
        assert!(english.is_common("announces", "announc") && !english.is_common("battery", "batteri"));
        assert!(!Lists::of("fi").is_common("ja", "ja"));
    }
}
