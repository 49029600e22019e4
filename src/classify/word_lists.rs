//! The word lists, one per language.
//!
//! A line of `words/<language>.tsv` is `topic weight words`, the words separated by spaces. The weight says how telling
//! a word is: 3 by itself, 2 with another, 1 as a hint. `parliament*` matches all words that begin with it,
//! `white_house` two words in a row. A word may have several topics. `words/any.tsv` holds names that are written alike
//! everywhere and is part of every language. Accents and case are folded when the lists are parsed.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::classify::{Topic, normalize};

/// The topics of a word, with weights.
pub(super) type TopicWeights = Vec<(Topic, f32)>;

/// The words of one language.
pub(super) struct Lexicon {
    words: HashMap<String, TopicWeights>,
    stems: HashMap<String, TopicWeights>,
    /// Bytes of the longest stem.
    max_stem_bytes: usize,
    /// Pairs of words by the first one.
    pairs: HashMap<String, Vec<WordPair>>,
}

pub(super) struct WordPair {
    second: String,
    is_stem: bool,
    pub(super) topic_weights: TopicWeights,
}

impl WordPair {
    pub(super) fn matches_second(&self, word: &str) -> bool {
        if self.is_stem { word.starts_with(&self.second) } else { word == self.second }
    }
}

/// Shorter stems would match by accident.
const MIN_STEM_CHARS: usize = 3;

impl Lexicon {
    /// Returns the words for a language code such as `en` or `pt-BR`; only names for other languages.
    pub(super) fn for_language(language: &str) -> &'static Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let lists = LEXICONS.iter().find(|(codes, _)| codes.contains(&primary));
        lists.map_or(&*NAMES_LEXICON, |(_, lexicon)| lexicon)
    }

    /// Returns the weights of a folded word: by the whole word, else by its longest stem.
    pub(super) fn topic_weights(&self, word: &str) -> Option<&TopicWeights> {
        if let Some(topic_weights) = self.words.get(word) {
            return Some(topic_weights);
        }
        let ends = word.char_indices().map(|(at, _)| at).skip(MIN_STEM_CHARS).chain([word.len()]);
        let stems = ends.take_while(|end| *end <= self.max_stem_bytes).filter_map(|end| self.stems.get(&word[..end]));
        stems.last()
    }

    /// Returns the pairs that begin with a folded word.
    pub(super) fn pairs_starting_with(&self, first: &str) -> &[WordPair] {
        self.pairs.get(first).map_or(&[], Vec::as_slice)
    }

    fn parse(lists: &[&str]) -> Self {
        let mut lexicon =
            Self { words: HashMap::new(), stems: HashMap::new(), max_stem_bytes: 0, pairs: HashMap::new() };
        for (topic, weight, word) in lists.iter().flat_map(|list| parse_list(list)) {
            lexicon.add(&normalize::fold(word), (topic, weight));
        }
        lexicon.max_stem_bytes = lexicon.stems.keys().map(String::len).max().unwrap_or_default();
        lexicon
    }

    fn add(&mut self, word: &str, topic_weight: (Topic, f32)) {
        let stem = word.strip_suffix('*');
        let plain = stem.unwrap_or(word);
        if let Some((first, second)) = plain.split_once('_') {
            let pair =
                WordPair { second: second.to_owned(), is_stem: stem.is_some(), topic_weights: vec![topic_weight] };
            self.pairs.entry(first.to_owned()).or_default().push(pair);
        } else {
            let words = if stem.is_some() { &mut self.stems } else { &mut self.words };
            words.entry(plain.to_owned()).or_default().push(topic_weight);
        }
    }
}

/// Parses a list; lines that begin with `#` are comments.
fn parse_list(list: &str) -> impl Iterator<Item = (Topic, f32, &str)> {
    list.lines().filter(|line| !line.starts_with('#')).filter_map(parse_line).flatten()
}

fn parse_line(line: &str) -> Option<impl Iterator<Item = (Topic, f32, &str)>> {
    let mut fields = line.split('\t');
    let topic = Topic::from_slug(fields.next()?)?;
    let weight = fields.next()?.parse().ok()?;
    Some(fields.next()?.split(' ').map(move |word| (topic, weight, word)))
}

const NAMES_LIST: &str = include_str!("words/any.tsv");

static NAMES_LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(&[NAMES_LIST]));

type LanguageCodes = &'static [&'static str];

/// Languages by their two-letter and three-letter codes.
static LEXICONS: [(LanguageCodes, LazyLock<Lexicon>); 9] = [
    (&["en", "eng", "pcm"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/en.tsv")]))),
    (&["de", "deu", "ger"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/de.tsv")]))),
    (&["fr", "fra", "fre"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/fr.tsv")]))),
    (&["es", "spa"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/es.tsv")]))),
    (&["it", "ita"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/it.tsv")]))),
    (&["pt", "por"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/pt.tsv")]))),
    (&["nl", "nld", "dut"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/nl.tsv")]))),
    (&["pl", "pol"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/pl.tsv")]))),
    (&["ru", "rus"], LazyLock::new(|| Lexicon::parse(&[NAMES_LIST, include_str!("words/ru.tsv")]))),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_parses_and_every_word_can_match() {
        let lists = ["any", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru"];
        for name in lists {
            let path = format!("{}/src/classify/words/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
            let list = std::fs::read_to_string(path).unwrap();
            for line in list.lines().filter(|line| !line.starts_with('#')) {
                let words = parse_line(line).unwrap_or_else(|| panic!("{name}: does not parse: {line}"));
                for (_, weight, word) in words {
                    let plain = word.strip_suffix('*').unwrap_or(word);
                    let parts: Vec<&str> = plain.split('_').collect();
                    let found = parts.iter().all(|part| normalize::folded_words(part).eq([normalize::fold(part)]));
                    assert!(found && parts.len() <= 2, "{name}: can never match: {word}");
                    let is_stem = word.ends_with('*') && parts.len() == 1;
                    assert!(!is_stem || plain.chars().count() >= MIN_STEM_CHARS, "{name}: {word}");
                    assert!((1.0..=3.0).contains(&weight), "{name}: {weight} for {word}");
                }
            }
        }
    }

    #[test]
    fn no_word_repeats_within_a_topic() {
        for (codes, lexicon) in &LEXICONS {
            for (word, topic_weights) in lexicon.words.iter().chain(&lexicon.stems) {
                let mut topics: Vec<Topic> = topic_weights.iter().map(|(topic, _)| *topic).collect();
                topics.sort_unstable();
                topics.dedup();
                assert_eq!(topics.len(), topic_weights.len(), "{}: {word}", codes[0]);
            }
        }
    }

    #[test]
    fn whole_words_precede_stems_and_longer_stems_shorter_ones() {
        let list = "politics\t2\tparty parl* parliament* bürger_meister*\nculture\t1\tparl";
        let lexicon = Lexicon::parse(&[list]);
        let topics =
            |word: &str| lexicon.topic_weights(word).map(|topic_weights| topic_weights.iter().map(|v| v.0).collect());
        assert_eq!(topics("parl"), Some(vec![Topic::Culture]));
        assert_eq!(topics("parlour"), Some(vec![Topic::Politics]));
        assert_eq!(topics("parliament"), Some(vec![Topic::Politics]));
        assert_eq!(topics("parliamentary"), Some(vec![Topic::Politics]));
        assert_eq!(topics("parties"), None::<Vec<Topic>>);
        assert_eq!(topics("é"), None);
        assert!(lexicon.pairs_starting_with("burger")[0].matches_second("meisterin"));
        assert!(!lexicon.pairs_starting_with("burger")[0].matches_second("könig"));
        assert!(lexicon.pairs_starting_with("meister").is_empty());
    }

    /// Trying every beginning of such a word would take hours.
    #[test]
    fn a_word_of_megabytes_is_looked_up_at_once() {
        let endless = format!("parliament{}", "a".repeat(8 << 20));
        assert_eq!(Lexicon::for_language("en").topic_weights(&endless).unwrap()[0].0, Topic::Politics);
        assert!(Lexicon::for_language("de").topic_weights(&"ﷺ".repeat(3 << 20)).is_none());
    }
}
