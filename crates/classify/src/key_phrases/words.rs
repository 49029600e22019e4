//! Reads the words of a text.

use foldhash::HashMap;

use crate::key_phrases::languages::PhraseRules;
use crate::normalize;

/// Letters of the shortest word that names something; two if all are capitals.
const MIN_LETTERS: usize = 3;

/// Bytes of the longest word that names something. Longer ones are data, such as an image within the text.
const MAX_WORD_BYTES: usize = 320;

/// Share of capitals in a headline that writes most words so.
const TITLE_CASE_SHARE: f32 = 0.6;

/// The words of an article. Each is looked at once, however often it occurs.
pub(super) struct Words<'a> {
    pub(super) rules: &'static PhraseRules,
    positions: HashMap<&'a str, usize>,
    words: Vec<Word>,
    stem_ids: HashMap<String, u32>,
    stems: Vec<String>,
}

/// A word, as written.
pub(super) struct Word {
    pub(super) folded: String,
    /// The position of its stem.
    pub(super) stem: u32,
    /// It names nothing.
    pub(super) is_function: bool,
    /// It names nothing by itself, but may stand inside a name.
    pub(super) is_connector: bool,
    pub(super) is_capital: bool,
    pub(super) is_number: bool,
    /// It is too short to name something.
    pub(super) is_short: bool,
}

/// A place in a text where a word stands.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// Byte offsets in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The position of the word.
    pub(super) word: usize,
    /// Only a space, hyphen or apostrophe stands between it and the word before.
    pub(super) follows: bool,
    pub(super) starts_sentence: bool,
}

impl<'a> Words<'a> {
    pub(super) fn new(rules: &'static PhraseRules) -> Self {
        Self {
            rules,
            positions: HashMap::default(),
            words: Vec::new(),
            stem_ids: HashMap::default(),
            stems: Vec::new(),
        }
    }

    /// Returns the first words of a text.
    pub(super) fn read(&mut self, text: &'a str, max_words: usize) -> Vec<Token<'a>> {
        let mut tokens: Vec<Token<'a>> = Vec::new();
        for (start, written) in normalize::word_spans(text).take(max_words) {
            let between = tokens.last().map_or("\n", |last: &Token| &text[last.end..start]);
            tokens.push(Token {
                text,
                start,
                end: start + written.len(),
                word: self.position(written),
                follows: matches!(between, " " | "-" | "‑" | "\u{a0}" | "'" | "’"),
                starts_sentence: between.contains(is_sentence_end),
            });
        }
        tokens
    }

    fn position(&mut self, written: &'a str) -> usize {
        if let Some(position) = self.positions.get(written) {
            return *position;
        }
        let is_long = written.len() > MAX_WORD_BYTES;
        let named = if is_long { "" } else { written };
        let folded = normalize::fold(named);
        let stem = self.rules.language.stem(named);
        let next = u32::try_from(self.stems.len()).unwrap_or(u32::MAX);
        let id = *self.stem_ids.entry(stem).or_insert_with_key(|stem| {
            self.stems.push(stem.clone());
            next
        });
        let letters = named.chars().count();
        let is_number = letters > 0 && named.chars().all(|letter| letter.is_numeric());
        let is_acronym =
            letters > 1 && !is_number && named.chars().all(|letter| letter.is_uppercase() || letter.is_numeric());
        self.words.push(Word {
            is_function: is_long || !is_acronym && self.rules.is_function_word(&folded) || letters == 1 && !is_number,
            is_connector: self.rules.is_connector(&folded),
            is_capital: named.chars().next().is_some_and(char::is_uppercase),
            is_number,
            is_short: letters < MIN_LETTERS && !is_acronym,
            stem: id,
            folded,
        });
        self.positions.insert(written, self.words.len() - 1);
        self.words.len() - 1
    }

    pub(super) fn word(&self, token: &Token) -> &Word {
        &self.words[token.word]
    }

    pub(super) fn stem(&self, id: u32) -> &str {
        &self.stems[id as usize]
    }

    /// Returns whether a headline writes most of its words with a capital, so that they tell nothing.
    pub(super) fn is_title_case(&self, title: &[Token]) -> bool {
        let long = title.iter().skip(1).map(|token| self.word(token)).filter(|word| word.folded.len() > 3);
        let (capitals, all) =
            long.fold((0.0, 0.0), |(capitals, all), word| (capitals + f32::from(u8::from(word.is_capital)), all + 1.0));
        !self.rules.has_capital_nouns && all > 1.0 && capitals / all > TITLE_CASE_SHARE
    }
}

fn is_sentence_end(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '\n' | ':' | '…' | '“' | '„' | '«' | '"' | '‘' | '(' | '•' | '।' | '؟')
}
