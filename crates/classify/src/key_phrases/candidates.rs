//! Counts the phrases of a text and ranks them.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt as _};

use crate::key_phrases::words::{Token, Words};
use crate::key_phrases::{KeyPhrase, MAX_NAMES, MAX_PHRASES};

/// Words of a phrase at most.
const MAX_PHRASE_WORDS: usize = 4;

/// Words of a phrase that is no name.
const MAX_COMMON_WORDS: usize = 3;

/// Words in a row that may connect names, as in Afrique de l’Ouest.
const MAX_CONNECTORS: usize = 2;

/// Words in which news says what it is about.
const LEAD_WORDS: u16 = 80;

/// How often a single common word of the title must occur to be a good name for a tag.
const MIN_COMMON_MENTIONS: u16 = 3;

/// A position after which the place of the first mention counts half.
const HALF_WAY: f32 = 40.0;

/// How much more a phrase counts that is a name, or in the title.
const NAME_FACTOR: f32 = 1.5;
const TITLE_FACTOR: f32 = 1.8;

/// How much less a single word counts that is no name: it says little by itself.
const COMMON_WORD_FACTOR: f32 = 0.6;

/// How much more a phrase counts, by its number of words.
const LENGTH_FACTORS: [f32; MAX_PHRASE_WORDS] = [1.0, 1.4, 1.3, 1.1];

/// The stems of a phrase.
type Stems = [u32; MAX_PHRASE_WORDS];

const NO_STEM: u32 = u32::MAX;

/// The phrases of an article.
pub(super) struct Candidates<'t, 'a> {
    words: &'t Words<'a>,
    positions: HashMap<Stems, usize>,
    all: Vec<Candidate<'t, 'a>>,
    /// Words read so far.
    read: u16,
}

struct Candidate<'t, 'a> {
    stems: Stems,
    length: usize,
    count: u16,
    /// Mentions with capitals that are no matter of the sentence.
    names: u16,
    /// How many words stand before its first mention.
    first: u16,
    /// The mention whose words it is written with: most mentions have these, of those that do not start a sentence.
    tokens: &'t [Token<'a>],
    /// How many more mentions have these words than others.
    votes: u16,
    /// The mention stands at the start of a sentence.
    is_from_start: bool,
    in_title: bool,
    /// Another name, which is longer, ends with it and stands for both.
    is_joined: bool,
}

impl<'t, 'a> Candidates<'t, 'a> {
    pub(super) fn new(words: &'t Words<'a>) -> Self {
        Self { words, positions: HashMap::with_capacity(1024), all: Vec::with_capacity(1024), read: 0 }
    }

    /// Counts the phrases of a text.
    pub(super) fn count(&mut self, tokens: &'t [Token<'a>]) {
        let mut start = 0;
        while start < tokens.len() {
            let end = self.end_of_run(tokens, start);
            if end > start {
                self.count_run(&tokens[start..end], start);
            }
            start = end.max(start + 1);
        }
        self.read = self.read.saturating_add(u16::try_from(tokens.len()).unwrap_or(u16::MAX));
    }

    /// Returns where the words in a row end that begin here: before a function word that connects no names, or punctuation.
    fn end_of_run(&self, tokens: &[Token<'a>], start: usize) -> usize {
        let mut end = start;
        while let Some(token) = tokens.get(end)
            && (token.follows || end == start)
        {
            let word = self.words.word(token);
            if !word.is_function {
                end += 1;
                continue;
            }
            let connectors = self.count_connectors(&tokens[end..]);
            let connects = end > start
                && (1..=MAX_CONNECTORS).contains(&connectors)
                && self.words.word(&tokens[end - 1]).is_capital
                && tokens.get(end + connectors).is_some_and(|next| next.follows && self.is_name_part(next));
            if !connects {
                break;
            }
            end += connectors;
        }
        end
    }

    fn count_connectors(&self, tokens: &[Token<'a>]) -> usize {
        tokens.iter().take_while(|token| token.follows && self.words.word(token).is_connector).count()
    }

    fn is_name_part(&self, token: &Token) -> bool {
        let word = self.words.word(token);
        word.is_capital && !word.is_function
    }

    /// Counts the phrases of words in a row. None begins or ends inside words with capitals in a row: these are a name.
    fn count_run(&mut self, run: &'t [Token<'a>], at: usize) {
        let names = self.names_in(run);
        let cuts_name = |at: usize| names.iter().any(|name| name.start < at && at < name.end);
        for start in (0..run.len()).filter(|start| !cuts_name(*start)) {
            for end in (start + 1..=run.len().min(start + MAX_PHRASE_WORDS)).filter(|end| !cuts_name(*end)) {
                let is_name = names.contains(&(start..end));
                if is_name || end - start <= MAX_COMMON_WORDS {
                    self.add(
                        &run[start..end],
                        is_name,
                        self.read.saturating_add(u16::try_from(at + start).unwrap_or(u16::MAX)),
                    );
                }
            }
        }
    }

    /// Returns the places of words with capitals in a row, with what connects them.
    fn names_in(&self, run: &[Token<'a>]) -> Vec<Range<usize>> {
        let mut names: Vec<Range<usize>> = Vec::new();
        for (at, token) in run.iter().enumerate() {
            let word = self.words.word(token);
            let goes_on = names.last().is_some_and(|name| name.end == at);
            match names.last_mut() {
                Some(name) if goes_on && (word.is_capital || word.is_connector || word.is_number) => name.end = at + 1,
                _ if word.is_capital => names.push(at..at + 1),
                _ => {}
            }
        }
        names
    }

    fn add(&mut self, tokens: &'t [Token<'a>], is_name: bool, first: u16) {
        let mut stems = [NO_STEM; MAX_PHRASE_WORDS];
        for (stem, token) in stems.iter_mut().zip(tokens) {
            *stem = self.words.word(token).stem;
        }
        let is_from_start = tokens[0].starts_sentence;
        let next = self.all.len();
        let position = *self.positions.entry(stems).or_insert(next);
        if position == next {
            self.all.push(Candidate {
                stems,
                length: tokens.len(),
                count: 0,
                names: 0,
                first,
                tokens,
                votes: 0,
                is_from_start,
                in_title: false,
                is_joined: false,
            });
        }
        let candidate = &mut self.all[position];
        candidate.choose_words(tokens, is_from_start);
        candidate.count = candidate.count.saturating_add(1);
        if is_name && (!is_from_start || tokens.len() > 1) {
            candidate.names += 1;
        }
    }

    /// Marks the phrases that are in the title, however it writes them.
    pub(super) fn mark_title(&mut self, title: &[Token<'a>]) {
        for start in 0..title.len() {
            let mut stems = [NO_STEM; MAX_PHRASE_WORDS];
            for (place, token) in title[start..].iter().take(MAX_PHRASE_WORDS).enumerate() {
                stems[place] = self.words.word(token).stem;
                if let Some(position) = self.positions.get(&stems) {
                    self.all[*position].in_title = true;
                }
            }
        }
    }

    /// Joins the surname that a text goes on with to the full name that it begins with.
    pub(super) fn join_names(&mut self) {
        let mut by_last: HashMap<u32, usize> = HashMap::new();
        for (position, candidate) in self.all.iter().enumerate() {
            let has_connector = candidate.tokens.iter().any(|token| self.words.word(token).is_connector);
            if candidate.length > 1 && candidate.names > 0 && !has_connector {
                by_last.entry(candidate.stems[candidate.length - 1]).or_insert(position);
            }
        }
        for position in 0..self.all.len() {
            let short = &self.all[position];
            let Some(full) = by_last.get(&short.stems[0]).copied() else { continue };
            let (count, in_title) = (short.count, short.in_title);
            if short.length == 1 && short.names > 0 && self.all[full].first <= short.first {
                self.all[position].is_joined = true;
                let full = &mut self.all[full];
                full.count = full.count.saturating_add(count);
                full.in_title |= in_title;
            }
        }
    }

    /// Returns the phrases, best first.
    pub(super) fn rank(self) -> Vec<KeyPhrase> {
        let mut ranking: Vec<(f32, &Candidate<'t, 'a>)> =
            self.all.iter().filter(|one| self.is_telling(one)).map(|one| (self.score(one), one)).collect();
        ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.first.cmp(&b.1.first)).then(b.1.length.cmp(&a.1.length)));
        let mut phrases = Vec::with_capacity(MAX_PHRASES);
        let mut named: Vec<&Candidate<'t, 'a>> = Vec::new();
        for (_, candidate) in ranking {
            if phrases.len() >= MAX_PHRASES {
                break;
            }
            let is_named = named.len() < MAX_NAMES
                && self.is_good_name(candidate)
                && !named.iter().any(|other| other.overlaps(candidate));
            if is_named {
                named.push(candidate);
            }
            let stems = candidate.stems.iter().take(candidate.length).map(|stem| self.words.stem(*stem));
            let key = stems.collect::<Vec<_>>().join("-");
            let plain = candidate.tokens.iter().map(|token| self.words.word(token).folded.as_str());
            let plain = plain.collect::<Vec<_>>().join("-");
            // A tag may come from an article in another language, with other stems.
            let is_other = candidate.names > 0 && plain != key;
            phrases.push(KeyPhrase { key, name: is_named.then(|| candidate.written()) });
            if is_other {
                phrases.push(KeyPhrase { key: plain, name: None });
            }
        }
        phrases
    }

    fn score(&self, candidate: &Candidate<'t, 'a>) -> f32 {
        let is_name = candidate.names > 0 && !(self.words.rules.has_capital_nouns && candidate.length == 1);
        let position = 1.0 + HALF_WAY / (HALF_WAY + f32::from(candidate.first));
        (1.0 + f32::from(candidate.count)).ln()
            * position
            * LENGTH_FACTORS[candidate.length - 1]
            * match (is_name, candidate.length) {
                (true, _) => NAME_FACTOR,
                (false, 1) => COMMON_WORD_FACTOR,
                (false, _) => 1.0,
            }
            * if candidate.in_title { TITLE_FACTOR } else { 1.0 }
    }

    /// Returns whether a phrase is worth comparing with tags.
    fn is_telling(&self, candidate: &Candidate<'t, 'a>) -> bool {
        let is_prominent = candidate.in_title || candidate.count > 1;
        let mut words = candidate.tokens.iter().map(|token| self.words.word(token));
        let names_something = words.any(|word| !word.is_number && !word.is_short && !word.is_function);
        let begins_well = candidate.tokens.first().is_some_and(|token| !self.words.word(token).is_number);
        let is_early = candidate.first < LEAD_WORDS && candidate.length == 1;
        names_something && begins_well && (is_prominent || candidate.names > 0 || is_early)
    }

    /// Returns whether a phrase can be offered as a tag.
    fn is_good_name(&self, candidate: &Candidate<'t, 'a>) -> bool {
        let is_prominent = candidate.in_title || candidate.count > 1 || candidate.first < LEAD_WORDS;
        if candidate.is_joined {
            return false;
        }
        if candidate.length > 1 {
            return if candidate.names > 0 {
                is_prominent
            } else {
                candidate.count >= self.words.rules.common_mentions()
            };
        }
        let is_noun = !self.words.rules.has_capital_nouns || candidate.names > 0;
        if candidate.names > 0 && !self.words.rules.has_capital_nouns {
            // A word that is as often written without a capital is no name.
            return is_prominent && candidate.names * 2 >= candidate.count;
        }
        is_noun
            && self.words.rules.has_list()
            && candidate.in_title
            && candidate.count >= MIN_COMMON_MENTIONS
            && !candidate.is_verb_like()
    }
}

impl<'t, 'a> Candidate<'t, 'a> {
    /// Has the words win that most mentions have (Boyer and Moore: MJRTY, 1991).
    fn choose_words(&mut self, tokens: &'t [Token<'a>], is_from_start: bool) {
        let is_same = self.tokens.iter().map(|token| token.word).eq(tokens.iter().map(|token| token.word));
        if is_same {
            self.votes += 1;
        } else if self.is_from_start && !is_from_start || self.votes == 0 {
            (self.tokens, self.is_from_start, self.votes) = (tokens, is_from_start, 1);
        } else if !is_from_start {
            self.votes -= 1;
        }
    }

    /// Returns the phrase as the text writes it, on one line.
    fn written(&self) -> String {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else { return String::new() };
        first.text[first.start..last.end].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns whether one of two phrases has all words of the other.
    fn overlaps(&self, other: &Self) -> bool {
        let (short, long) = if self.length < other.length { (self, other) } else { (other, self) };
        let long = &long.stems[..long.length];
        short.stems[..short.length].iter().all(|stem| long.contains(stem))
    }

    /// Returns whether it ends as English verbs and adverbs do.
    fn is_verb_like(&self) -> bool {
        let written = self.written();
        ["ed", "ing", "ly"].iter().any(|end| written.ends_with(end))
    }
}
