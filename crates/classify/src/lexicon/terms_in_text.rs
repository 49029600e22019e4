//! Finds the terms of a vocabulary in a text.

use foldhash::HashMap;

use crate::lexicon::{Lexicon, TermIndex, Word};
use crate::normalize;

/// A term in a text.
#[derive(Debug, PartialEq)]
pub(crate) struct TermInText<'a> {
    /// How many words stand before it.
    pub(crate) at: usize,
    pub(crate) term: TermIndex,
    /// How well it matches, from 0 to 1.
    pub(crate) likeness: f32,
    /// The term as the text writes it.
    pub(crate) written: &'a str,
}

/// Finds terms in texts of one language. Words that were read before are not read again.
pub(crate) struct TermsInText<'a> {
    lexicon: &'static Lexicon,
    words: HashMap<&'a str, KnownWord>,
}

struct KnownWord {
    word: Word,
    term: Option<(TermIndex, f32)>,
    starts_phrase: bool,
}

impl<'a> TermsInText<'a> {
    pub(crate) fn new(lexicon: &'static Lexicon) -> Self {
        Self { lexicon, words: HashMap::default() }
    }

    /// Calls `found` with each term in the first `max_words` words of `text`, the longest where several begin at one
    /// word. Returns how many words were read; in unspaced languages two characters count as a word.
    pub(crate) fn find(&mut self, text: &'a str, max_words: usize, found: impl FnMut(TermInText<'a>)) -> usize {
        if self.lexicon.language.is_unspaced() {
            self.find_unspaced(text, max_words, found)
        } else {
            self.find_words(text, max_words, found)
        }
    }

    fn find_words(&mut self, text: &'a str, max_words: usize, mut found: impl FnMut(TermInText<'a>)) -> usize {
        let spans: Vec<(usize, &'a str)> = normalize::word_spans(text).take(max_words).collect();
        let mut at = 0;
        while let Some((start, word)) = spans.get(at).copied() {
            let (term, starts_phrase) = {
                let known = self.know(word);
                (known.term, known.starts_phrase)
            };
            let phrase = if starts_phrase { self.find_phrase(&spans[at..]) } else { None };
            if let Some((term, words)) = phrase {
                let (last_start, last) = spans[at + words - 1];
                found(TermInText { at, term, likeness: 1.0, written: &text[start..last_start + last.len()] });
                at += words;
                continue;
            }
            if let Some((term, likeness)) = term {
                found(TermInText { at, term, likeness, written: word });
            }
            at += 1;
        }
        spans.len()
    }

    /// Returns the longest phrase that begins at the first word, and how many words it has.
    fn find_phrase(&mut self, words: &[(usize, &'a str)]) -> Option<(TermIndex, usize)> {
        let lexicon = self.lexicon;
        let phrases = lexicon.phrases_starting_with(&self.know(words[0].1).word);
        phrases.iter().find_map(|phrase| {
            let rest = words.get(1..=phrase.rest.len())?;
            let matches = phrase.rest.iter().zip(rest).all(|(part, (_, word))| part.matches(&self.know(word).word));
            matches.then_some((phrase.term, 1 + rest.len()))
        })
    }

    fn know(&mut self, word: &'a str) -> &KnownWord {
        let lexicon = self.lexicon;
        self.words.entry(word).or_insert_with(|| {
            let word = lexicon.read_word(word);
            let term = lexicon.find_word(&word);
            let starts_phrase = !lexicon.phrases_starting_with(&word).is_empty();
            KnownWord { word, term, starts_phrase }
        })
    }

    fn find_unspaced(&self, text: &'a str, max_words: usize, mut found: impl FnMut(TermInText<'a>)) -> usize {
        let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).take(2 * max_words + 1).collect();
        if starts.len() <= 2 * max_words {
            starts.push(text.len());
        }
        let mut at = 0;
        while at + 1 < starts.len() {
            let longest = self.lexicon.max_term_chars.min(starts.len() - 1 - at);
            let term = (2..=longest).rev().find_map(|chars| {
                let written = &text[starts[at]..starts[at + chars]];
                let term = self.lexicon.words.get(&normalize::fold(written))?;
                Some((*term, written, chars))
            });
            match term {
                Some((term, written, chars)) => {
                    found(TermInText { at: at / 2, term, likeness: 1.0, written });
                    at += chars;
                }
                None => at += 1,
            }
        }
        starts.len().saturating_sub(1) / 2
    }
}
