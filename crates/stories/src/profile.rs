//! The profile of an article: what it is compared by. Made once, when the article arrives, and independent of all others.

use classify::word_forms::WordForms;
use foldhash::{HashMap, HashSet};

use crate::Article;
use crate::lists::{ConceptKind, Lists};
use crate::series::{self, Series};
use crate::titles::{self, TitleWord};
use crate::tokens::{self, Kind, Token};

/// Words of the text that are read: what happened stands at the beginning.
const MAX_WORDS: usize = 200;
/// Words of a title that are read.
const MAX_TITLE_WORDS: usize = 30;
/// A word of the title counts as often as so many of the text.
const TITLE_FACTOR: f32 = 3.0;
/// What names and numbers weigh compared with other words.
const NAME_FACTOR: f32 = 1.5;
const NUMBER_FACTOR: f32 = 1.2;
/// Terms of a profile at most; those that weigh most stay.
const MAX_TERMS: usize = 96;
/// Words in a row by which copies are told.
const SHINGLE_WORDS: usize = 4;
/// Letters of the shortest word whose consonants are compared with those of another language, and how many consonants.
const MIN_COGNATE_LETTERS: usize = 6;
const COGNATE_CONSONANTS: usize = 5;
const MIN_COGNATE_CONSONANTS: usize = 4;

/// How frequent terms of a kind are before anything of the library is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// In news of all kinds.
    Common,
    /// In the news of one topic: fire, court.
    Topical,
    /// A date, a small number or a year.
    Usual,
    /// A number of three digits or more, or with a fraction.
    Number,
    /// A word of no list.
    Plain,
    /// Written with a capital.
    Name,
}

impl Class {
    /// Returns how many of a thousand articles have a term of this class.
    pub(crate) const fn per_thousand(self) -> f32 {
        match self {
            Self::Common => 120.0,
            Self::Usual => 60.0,
            Self::Topical => 25.0,
            Self::Number => 4.0,
            Self::Plain => 5.0,
            Self::Name => 2.5,
        }
    }

    /// Returns whether terms of this class can tell an event.
    pub(crate) const fn can_be_rare(self) -> bool {
        matches!(self, Self::Number | Self::Plain | Self::Name)
    }
}

/// A word, name or number of an article.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    pub(crate) key: u32,
    /// How much the article has of it, before how rare it is.
    pub(crate) weight: f32,
    pub(crate) class: Class,
    /// The name just before, of which this one is a part; 0 if none.
    pub(crate) name_before: u32,
}

/// What an article is compared by.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Seconds since 1970.
    pub(crate) published: i64,
    /// The two-letter code of its language; empty if unknown.
    pub(crate) language: &'static str,
    /// By key. Names and numbers have the same keys in every language.
    pub(crate) terms: Vec<Term>,
    /// What can be compared with other languages, by key: names, numbers, concepts and cognates.
    pub(crate) across: Vec<Term>,
    pub(crate) title: Vec<TitleWord>,
    /// Hashes of words in a row, sorted.
    pub(crate) shingles: Vec<u32>,
    pub(crate) series: Option<Series>,
    /// The terms as they are written first.
    pub(crate) words: Vec<(u32, Box<str>)>,
}

impl Profile {
    /// Reads what an article is compared by.
    #[must_use]
    pub fn of(article: &Article) -> Self {
        let forms = WordForms::of(article.language, article.title, article.text);
        let lists = Lists::of(forms.code());
        let title = tokens::read(article.title, MAX_TITLE_WORDS);
        let text = tokens::read(article.text, MAX_WORDS);
        let mut reader = Reader::new(&forms, lists, &title, &text);
        reader.read(&title, TITLE_FACTOR);
        reader.read(&text, 1.0);
        let title_words = titles::read(&title, |token| reader.describe(token));
        let (terms, words) = reader.terms();
        Self {
            published: article.published,
            language: forms.code(),
            across: reader.across(&terms),
            terms,
            title: title_words,
            shingles: shingles(&text),
            series: series::find(article.title, &title, article.text),
            words,
        }
    }

    /// Returns when it was published, in seconds since 1970.
    #[must_use]
    pub const fn published(&self) -> i64 {
        self.published
    }
}

/// Collects the terms of an article.
struct Reader<'a> {
    forms: &'a WordForms,
    lists: &'static Lists,
    /// Folded words that stand with a small letter somewhere.
    small: HashSet<String>,
    terms: HashMap<u32, (Term, f32)>,
    across: HashMap<u32, (Term, f32)>,
    words: HashMap<u32, Box<str>>,
}

/// What is known of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Description {
    pub(crate) key: u32,
    pub(crate) class: Class,
    pub(crate) concept: Option<crate::lists::Concept>,
}

impl<'a> Reader<'a> {
    fn new(forms: &'a WordForms, lists: &'static Lists, title: &[Token], text: &[Token]) -> Self {
        let is_title_case = tokens::is_title_case(title, forms);
        let mut small = HashSet::default();
        let title_words = title.iter().filter(|_| !is_title_case);
        for token in title_words.chain(text).filter(|token| token.kind == Kind::Word) {
            if !token.is_capital() {
                small.insert(token.folded.clone());
            }
        }
        Self { forms, lists, small, terms: HashMap::default(), across: HashMap::default(), words: HashMap::default() }
    }

    fn read(&mut self, tokens: &[Token], factor: f32) {
        let mut name_before = 0;
        for token in tokens {
            let Some(Description { key, class, concept }) = self.describe(token) else {
                name_before = 0;
                continue;
            };
            let before = if token.follows && class == Class::Name { name_before } else { 0 };
            name_before = if class == Class::Name { key } else { 0 };
            let term = Term { key, weight: 0.0, class, name_before: before };
            let known = self.terms.entry(key).or_insert((term, 0.0));
            known.1 += factor;
            // Told in full once, a name is a part of it everywhere.
            if known.0.name_before == 0 {
                known.0.name_before = before;
            }
            self.words.entry(key).or_insert_with(|| token.written.into());
            if class == Class::Name {
                self.add_across(hash('n', &token.folded), class, factor);
            } else if let Some(concept) = concept {
                let class = if concept.kind == ConceptKind::Word { Class::Topical } else { Class::Usual };
                self.add_across(hash('c', &concept.number.to_string()), class, factor);
            } else if matches!(class, Class::Plain | Class::Topical)
                && let Some(consonants) = consonants(&token.folded)
            {
                self.add_across(hash('k', &consonants), Class::Topical, factor);
            }
        }
    }

    fn add_across(&mut self, key: u32, class: Class, factor: f32) {
        let term = Term { key, weight: 0.0, class, name_before: 0 };
        self.across.entry(key).or_insert((term, 0.0)).1 += factor;
    }

    /// Returns the key and class of a token, unless it names nothing.
    fn describe(&self, token: &Token) -> Option<Description> {
        let plain = |key, class| Some(Description { key, class, concept: None });
        match token.kind {
            Kind::Score => return plain(hash('s', &token.folded), Class::Usual),
            Kind::Number => return plain(hash('n', &token.folded), number_class(&token.folded)),
            Kind::Word => {}
        }
        let folded = token.folded.as_str();
        let concept = self.lists.concept(folded);
        // Third and Thursday name nothing, but tell one event from another. Some months are other words with a small letter.
        let is_place_in_order = concept.is_some_and(|concept| match concept.kind {
            ConceptKind::Ordinal => true,
            ConceptKind::Date => token.is_capital(),
            ConceptKind::Word => false,
        });
        if self.forms.is_function_word(folded) && !is_place_in_order || folded.chars().count() < 2 {
            return None;
        }
        let stem = self.forms.stem(token.written);
        let is_common = self.lists.is_common(folded, &stem);
        let class = if concept.is_some_and(|concept| concept.kind != ConceptKind::Word) {
            Class::Usual
        } else if concept.is_some() {
            Class::Topical
        } else if is_common {
            Class::Common
        } else if self.is_name(token) {
            return plain(hash('w', &stem), Class::Name);
        } else if self.forms.is_in_vocabulary(folded, &stem) {
            Class::Topical
        } else {
            Class::Plain
        };
        // Words for one thing are one term: blaze and fire, layoffs and job cuts.
        let key = match concept {
            Some(concept) => hash('c', &concept.number.to_string()),
            None => hash('w', &stem),
        };
        Some(Description { key, class, concept })
    }

    /// Returns whether a word is a name: it never stands with a small letter.
    fn is_name(&self, token: &Token) -> bool {
        let is_small = self.small.contains(&token.folded);
        token.is_capital() && !is_small
    }

    /// Returns the terms by key, and how they are written.
    fn terms(&self) -> (Vec<Term>, Vec<(u32, Box<str>)>) {
        let mut terms: Vec<Term> = self.terms.values().map(weigh).collect();
        // Of many terms those stay that may tell most.
        terms.sort_by(|a, b| guess(b).total_cmp(&guess(a)).then(a.key.cmp(&b.key)));
        terms.truncate(MAX_TERMS);
        terms.sort_by_key(|term| term.key);
        let words = terms.iter().filter(|term| term.class.can_be_rare() || term.class == Class::Topical);
        let words = words.filter_map(|term| Some((term.key, self.words.get(&term.key)?.clone()))).collect();
        (terms, words)
    }

    fn across(&self, terms: &[Term]) -> Vec<Term> {
        let is_shared = |term: &&Term| term.class == Class::Number;
        let usual = terms.iter().filter(is_shared).copied();
        let mut across: Vec<Term> = self.across.values().map(weigh).chain(usual).collect();
        across.sort_by(|a, b| guess(b).total_cmp(&guess(a)).then(a.key.cmp(&b.key)));
        across.truncate(MAX_TERMS);
        across.sort_by_key(|term| term.key);
        across
    }
}

fn weigh((term, count): &(Term, f32)) -> Term {
    let factor = match term.class {
        Class::Name => NAME_FACTOR,
        Class::Number | Class::Usual => NUMBER_FACTOR,
        _ => 1.0,
    };
    Term { weight: (1.0 + count.ln()) * factor, ..*term }
}

/// Returns about what a term will weigh.
fn guess(term: &Term) -> f32 {
    term.weight * (1000.0 / term.class.per_thousand()).ln()
}

fn number_class(number: &str) -> Class {
    let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    if is_year || (number.len() < 3 && !number.contains('.')) { Class::Usual } else { Class::Number }
}

/// Returns the first consonants of a word, as they are written in no language: `catastrophe` and `Katastrophe` are one.
fn consonants(folded: &str) -> Option<String> {
    if !folded.is_ascii() || folded.len() < MIN_COGNATE_LETTERS {
        return None;
    }
    let spelled = folded.replace("ph", "f").replace("ch", "k");
    let mut found = String::new();
    for letter in spelled.chars() {
        let letter = match letter {
            'c' | 'q' => 'k',
            'z' => 's',
            'v' | 'w' => 'v',
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'j' => continue,
            other => other,
        };
        if !found.ends_with(letter) {
            found.push(letter);
        }
        if found.len() == COGNATE_CONSONANTS {
            break;
        }
    }
    (found.len() >= MIN_COGNATE_CONSONANTS).then_some(found)
}

/// Returns the hashes of all words in a row, sorted.
fn shingles(text: &[Token]) -> Vec<u32> {
    let hashes: Vec<u32> = text.iter().map(|token| hash('t', &token.folded)).collect();
    let join = |window: &[u32]| window.iter().fold(17_u32, |all, hash| all.wrapping_mul(0x0100_0193) ^ hash);
    let mut shingles: Vec<u32> = hashes.windows(SHINGLE_WORDS).map(join).collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// FNV-1a of a space of keys and a word. The same in every run, so that a restart finds the same stories.
pub(crate) fn hash(space: char, word: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let start = step(0x811C_9DC5, u8::try_from(space).unwrap_or(0));
    word.bytes().fold(start, step).max(1)
}
