//! Builds a vocabulary from its lists.

use crate::language::Language;
use crate::lexicon::{Lexicon, Phrase, PhraseWord};
use crate::{Topic, normalize};

impl Lexicon {
    /// Parses lists; see the [module](crate::lexicon) for their format. Lines that can't be read are left out.
    pub(super) fn parse(language: &'static Language, lists: &[&str]) -> Self {
        let mut lexicon = Self {
            language,
            terms: Vec::new(),
            words: foldhash::HashMap::default(),
            stems: foldhash::HashMap::default(),
            beginnings: foldhash::HashMap::default(),
            max_beginning_bytes: 0,
            max_term_chars: 0,
            phrases: foldhash::HashMap::default(),
        };
        for (topic, weight, term) in lists.iter().flat_map(|list| parse_list(list)) {
            lexicon.add(term, (topic, weight));
        }
        lexicon.max_beginning_bytes = lexicon.beginnings.keys().map(String::len).max().unwrap_or_default();
        lexicon.max_term_chars = lexicon.words.keys().map(|term| term.chars().count()).max().unwrap_or_default();
        for phrases in lexicon.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
        lexicon
    }

    fn add(&mut self, term: &str, topic_weight: (Topic, f32)) {
        let beginning = term.strip_suffix('*');
        let plain = beginning.unwrap_or(term);
        if plain.contains('_') {
            self.add_phrase(plain, beginning.is_some(), topic_weight);
            return;
        }
        if beginning.is_some() {
            let index = *self.beginnings.entry(normalize::fold(plain)).or_insert(self.terms.len());
            self.add_topic(index, topic_weight);
            return;
        }
        let word = self.read_word(plain);
        let index = *self.words.entry(word.folded.clone()).or_insert(self.terms.len());
        if self.language.has_stems() && index == self.terms.len() {
            self.stems.entry(word.stem).or_default().push(word.folded);
        }
        self.add_topic(index, topic_weight);
    }

    fn add_phrase(&mut self, phrase: &str, ends_in_beginning: bool, topic_weight: (Topic, f32)) {
        let mut words: Vec<PhraseWord> =
            phrase.split('_').map(|word| PhraseWord::Stem(self.read_word(word).stem)).collect();
        if let Some(last) = words.last_mut().filter(|_| ends_in_beginning) {
            *last = PhraseWord::Beginning(normalize::fold(phrase.rsplit('_').next().unwrap_or_default()));
        }
        let PhraseWord::Stem(first) = words.remove(0) else { return };
        let phrases = self.phrases.entry(first).or_default();
        let term = match phrases.iter().find(|known| known.rest == words) {
            Some(known) => known.term,
            None => {
                phrases.push(Phrase { rest: words, term: self.terms.len() });
                self.terms.len()
            }
        };
        self.add_topic(term, topic_weight);
    }

    fn add_topic(&mut self, index: usize, (topic, weight): (Topic, f32)) {
        if index == self.terms.len() {
            self.terms.push(Vec::new());
        }
        match self.terms[index].iter_mut().find(|(known, _)| *known == topic) {
            Some((_, known)) => *known = known.max(weight),
            None => self.terms[index].push((topic, weight)),
        }
    }
}

/// Parses a list; lines that begin with `#` are comments.
pub(super) fn parse_list(list: &str) -> impl Iterator<Item = (Topic, f32, &str)> {
    list.lines().filter(|line| !line.starts_with('#')).filter_map(parse_line).flatten()
}

pub(super) fn parse_line(line: &str) -> Option<impl Iterator<Item = (Topic, f32, &str)>> {
    let mut fields = line.split('\t');
    let topic = Topic::from_slug(fields.next()?)?;
    let weight = fields.next()?.parse().ok()?;
    Some(fields.next()?.split(' ').filter(|term| !term.is_empty()).map(move |term| (topic, weight, term)))
}
