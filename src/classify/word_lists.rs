//! The word lists, one per language, as they are looked up.
//!
//! A line of `words/<language>.tsv` is `topic weight words`, the words separated by spaces. The
//! weight says how much one of them tells: 3 by itself, 2 with another, 1 as a hint. `parliament*`
//! stands for all words that begin so, `white_house` for two words in a row, and a word may
//! stand under several topics. `words/any.tsv` holds names that are written alike everywhere and
//! belongs to every language. Accents and case are folded when the lists are read.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::classify::{Topic, normalize};

/// What one word says: for which topics, how strongly.
pub(super) type Votes = Vec<(Topic, f32)>;

/// The words of one language.
pub(super) struct Table {
    words: HashMap<String, Votes>,
    stems: HashMap<String, Votes>,
    /// The second words (and whether they are stems) by the first.
    pairs: HashMap<String, Vec<Pair>>,
}

pub(super) struct Pair {
    second: String,
    is_stem: bool,
    pub(super) votes: Votes,
}

impl Pair {
    pub(super) fn continues(&self, word: &str) -> bool {
        if self.is_stem { word.starts_with(&self.second) } else { word == self.second }
    }
}

/// Shorter stems would match by accident.
const SHORTEST_STEM: usize = 3;

impl Table {
    /// The list for a language code such as `en` or `pt-BR`; for other languages the one of names.
    pub(super) fn of(language: &str) -> &'static Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let lists = TABLES.iter().find(|(codes, _)| codes.contains(&primary));
        lists.map_or(&*NAMES, |(_, table)| table)
    }

    /// What a folded word says: the word itself before the longest stem of it.
    pub(super) fn votes(&self, word: &str) -> Option<&Votes> {
        if let Some(votes) = self.words.get(word) {
            return Some(votes);
        }
        let ends = word.char_indices().map(|(at, _)| at).skip(SHORTEST_STEM).chain([word.len()]);
        let stems = ends.filter_map(|end| self.stems.get(&word[..end]));
        stems.last()
    }

    /// What may follow a folded word.
    pub(super) fn pairs(&self, first: &str) -> &[Pair] {
        self.pairs.get(first).map_or(&[], Vec::as_slice)
    }

    fn read(lists: &[&str]) -> Self {
        let mut table = Self { words: HashMap::new(), stems: HashMap::new(), pairs: HashMap::new() };
        for (topic, weight, word) in lists.iter().flat_map(|list| entries(list)) {
            table.add(&normalize::folded(word), (topic, weight));
        }
        table
    }

    fn add(&mut self, word: &str, vote: (Topic, f32)) {
        let stem = word.strip_suffix('*');
        let plain = stem.unwrap_or(word);
        if let Some((first, second)) = plain.split_once('_') {
            let pair = Pair { second: second.to_owned(), is_stem: stem.is_some(), votes: vec![vote] };
            self.pairs.entry(first.to_owned()).or_default().push(pair);
        } else {
            let words = if stem.is_some() { &mut self.stems } else { &mut self.words };
            words.entry(plain.to_owned()).or_default().push(vote);
        }
    }
}

/// The entries of a list; lines that begin with `#` are remarks.
fn entries(list: &str) -> impl Iterator<Item = (Topic, f32, &str)> {
    list.lines().filter(|line| !line.starts_with('#')).filter_map(entry).flatten()
}

fn entry(line: &str) -> Option<impl Iterator<Item = (Topic, f32, &str)>> {
    let mut fields = line.split('\t');
    let topic = Topic::from_slug(fields.next()?)?;
    let weight = fields.next()?.parse().ok()?;
    Some(fields.next()?.split(' ').map(move |word| (topic, weight, word)))
}

const ANY: &str = include_str!("words/any.tsv");

static NAMES: LazyLock<Table> = LazyLock::new(|| Table::read(&[ANY]));

type Codes = &'static [&'static str];

/// Languages by their two-letter and three-letter codes.
static TABLES: [(Codes, LazyLock<Table>); 9] = [
    (&["en", "eng", "pcm"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/en.tsv")]))),
    (&["de", "deu", "ger"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/de.tsv")]))),
    (&["fr", "fra", "fre"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/fr.tsv")]))),
    (&["es", "spa"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/es.tsv")]))),
    (&["it", "ita"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/it.tsv")]))),
    (&["pt", "por"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/pt.tsv")]))),
    (&["nl", "nld", "dut"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/nl.tsv")]))),
    (&["pl", "pol"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/pl.tsv")]))),
    (&["ru", "rus"], LazyLock::new(|| Table::read(&[ANY, include_str!("words/ru.tsv")]))),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_list_is_read_and_every_word_can_be_found() {
        let lists = ["any", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru"];
        for name in lists {
            let path = format!("{}/src/classify/words/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
            let list = std::fs::read_to_string(path).unwrap();
            for line in list.lines().filter(|line| !line.starts_with('#')) {
                let words = entry(line).unwrap_or_else(|| panic!("{name}: not read: {line}"));
                for (_, weight, word) in words {
                    let plain = word.strip_suffix('*').unwrap_or(word);
                    let parts: Vec<&str> = plain.split('_').collect();
                    let found = parts.iter().all(|part| normalize::words(part).eq([normalize::folded(part)]));
                    assert!(found && parts.len() <= 2, "{name}: never found: {word}");
                    let is_stem = word.ends_with('*') && parts.len() == 1;
                    assert!(!is_stem || plain.chars().count() >= SHORTEST_STEM, "{name}: {word}");
                    assert!((1.0..=3.0).contains(&weight), "{name}: {weight} for {word}");
                }
            }
        }
    }

    #[test]
    fn no_word_stands_twice_under_one_topic_of_a_language() {
        for (codes, table) in &TABLES {
            for (word, votes) in table.words.iter().chain(&table.stems) {
                let mut topics: Vec<Topic> = votes.iter().map(|(topic, _)| *topic).collect();
                topics.sort_unstable();
                topics.dedup();
                assert_eq!(topics.len(), votes.len(), "{}: {word}", codes[0]);
            }
        }
    }

    #[test]
    fn a_word_counts_before_its_longest_stem() {
        let list = "politics\t2\tparty parl* parliament* bürger_meister*\nculture\t1\tparl";
        let table = Table::read(&[list]);
        let topics = |word: &str| table.votes(word).map(|votes| votes.iter().map(|v| v.0).collect());
        assert_eq!(topics("parl"), Some(vec![Topic::Culture]));
        assert_eq!(topics("parlour"), Some(vec![Topic::Politics]));
        assert_eq!(topics("parliamentary"), Some(vec![Topic::Politics]));
        assert_eq!(topics("parties"), None::<Vec<Topic>>);
        assert_eq!(topics("é"), None);
        assert!(table.pairs("burger")[0].continues("meisterin"));
        assert!(!table.pairs("burger")[0].continues("könig"));
        assert!(table.pairs("meister").is_empty());
    }
}
