//! What is known about each block, as numbers for [`crate::forest`].
//!
//! Nothing is decided here. Each block gets one row of [`COUNT`] numbers: what it says, which element it is,
//! how that element and those around are named and filled, where it stands, and what its neighbours are like.
//! The order of the numbers is that of [`Rows::row`]; the learned weights know them by their places, so a change here
//! needs `cargo run --release -p extract --example learn` again.

use std::collections::{HashMap, HashSet};

use crate::candidates::Candidates;
use crate::judge;
use crate::marks;
use crate::readable::Readable;
use crate::survey::{Block, Element, Survey, Tag};
use crate::words;

/// How many levels of ancestors are looked at one by one.
const LEVELS: usize = 4;

/// What the page says of itself that helps to know its article.
#[derive(Debug, Default)]
pub(crate) struct Known<'k> {
    pub(crate) title: &'k str,
    pub(crate) byline: Option<&'k str>,
    pub(crate) description: Option<&'k str>,
    /// The whole text as JSON-LD has it.
    pub(crate) body: Option<&'k str>,
}

/// One row of numbers per block.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Numbers per row.
    pub(crate) width: usize,
    /// The rows, one after the other.
    pub(crate) values: Vec<f32>,
}

impl Rows {
    /// The row of one block.
    pub(crate) fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.width..(at + 1) * self.width]
    }
}

/// Works out the rows of all blocks.
pub(crate) fn of(survey: &Survey, known: &Known<'_>) -> Rows {
    let facts = Facts::of(survey, known);
    let mut rows = Rows::default();
    for at in 0..survey.blocks.len() {
        facts.row(at, &mut rows.values);
        if at == 0 {
            rows.width = rows.values.len();
            rows.values.reserve(rows.width * survey.blocks.len());
        }
    }
    rows
}

/// What is worked out once per page.
struct Facts<'s> {
    survey: &'s Survey,
    own: Vec<Own>,
    candidates: Candidates,
    readable: Readable,
    /// Words before each block, and of the whole page at the end.
    words_before: Vec<u32>,
    /// Prose blocks before each block.
    prose_before: Vec<u32>,
    /// The block that is the title, where it stands on the page.
    title_at: Option<usize>,
    /// Page-wide: share of text in links, articles, blocks per element.
    page: [f32; 6],
}

/// What a block says by itself.
struct Own {
    title: f32,
    byline: f32,
    description: f32,
    body: f32,
    copies: u32,
    is_first_copy: bool,
    phrase: f32,
    appeals: f32,
}

impl<'s> Facts<'s> {
    fn of(survey: &'s Survey, known: &Known<'_>) -> Facts<'s> {
        let own = own(survey, known);
        let (mut words, mut prose) = (0, 0);
        let mut words_before = Vec::with_capacity(survey.blocks.len() + 1);
        let mut prose_before = Vec::with_capacity(survey.blocks.len() + 1);
        for block in &survey.blocks {
            words_before.push(words);
            prose_before.push(prose);
            words += block.words;
            prose += u32::from(block.is_prose());
        }
        words_before.push(words);
        prose_before.push(prose);
        let title_at = title_at(survey, &own);
        let candidates = Candidates::of(survey);
        let body = &survey.elements[0];
        let articles = survey.elements.iter().filter(|element| element.tag == Tag::Article).count();
        let page = [
            (words as f32).ln_1p(),
            (survey.blocks.len() as f32).ln_1p(),
            body.linked as f32 / body.bytes.max(1) as f32,
            (prose as f32).ln_1p(),
            articles.min(20) as f32,
            prose as f32 / survey.blocks.len().max(1) as f32,
        ];
        let readable = Readable::of(survey);
        Facts { survey, own, candidates, readable, words_before, prose_before, title_at, page }
    }

    fn row(&self, at: usize, out: &mut Vec<f32>) {
        self.words(at, out);
        self.element(at, out);
        self.levels(at, out);
        self.place(at, out);
        self.candidates.numbers(self.survey, self.survey.blocks[at].element, out);
        self.readable.numbers(self.survey, at, out);
        self.neighbours(at, out);
        out.extend(self.page);
    }

    /// What the block says.
    fn words(&self, at: usize, out: &mut Vec<f32>) {
        let block = &self.survey.blocks[at];
        let own = &self.own[at];
        let text = &block.text;
        let bytes = text.len().max(1) as f32;
        let count = |wanted: fn(char) -> bool| text.chars().filter(|letter| wanted(*letter)).count() as f32;
        let letters = count(char::is_alphabetic).max(1.0);
        let first = text.chars().next().unwrap_or(' ');
        let last = text.chars().next_back().unwrap_or(' ');
        out.extend([
            (block.words as f32).ln_1p(),
            bytes / block.words.max(1) as f32,
            block.link_share(),
            block.links.min(30) as f32,
            flag(block.ends),
            flag(last == ':' || last == '：'),
            block.commas as f32 / block.words.max(1) as f32,
            count(char::is_numeric) / bytes,
            count(char::is_uppercase) / letters,
            flag(first.is_lowercase()),
            flag(first.is_numeric()),
            flag(matches!(first, '"' | '“' | '„' | '«' | '‘' | '»')),
            flag(matches!(first, '©' | '►' | '▶' | '→' | '»' | '>' | '•' | '|' | '#' | '@')),
            flag(matches!(last, '?' | '!')),
            flag(matches!(last, '…' | '»' | '>' | '→' | '›')),
            flag(text.contains(['|', '•', '·', '/'])),
            flag(text.contains('©')),
            flag(text.contains('@')),
            flag(block.words <= 12 && has_year(text)),
            block.bold as f32 / bytes,
            own.title,
            own.byline,
            own.description,
            own.body,
            own.copies.min(5) as f32,
            flag(own.is_first_copy),
            own.phrase,
            own.appeals,
        ]);
    }

    /// Which element it is and which are around it.
    fn element(&self, at: usize, out: &mut Vec<f32>) {
        let element = self.survey.blocks[at].element;
        let own = &self.survey.elements[element];
        let (mut near, mut any) = (0, 0);
        let mut tags = 0_u32;
        let mut hidden = false;
        let mut alike = 1;
        for (level, (place, around)) in self.survey.around(element).enumerate() {
            tags |= 1 << around.tag as u8;
            hidden |= around.hidden;
            // The body's own words tell of the whole page.
            if place != 0 {
                any |= around.marks;
                if level < 3 {
                    near |= around.marks;
                }
                if level < 6 {
                    alike = alike.max(around.alike);
                }
            }
        }
        out.push(f32::from(own.tag as u8));
        out.push(f32::from(own.depth));
        out.push(flag(hidden));
        out.push(alike.min(50) as f32);
        for tag in AROUND {
            out.push(flag(tags & (1 << *tag as u8) != 0));
        }
        for mark in 0..marks::COUNT {
            let place = u8::from(any & (1 << mark) != 0) + u8::from(near & (1 << mark) != 0);
            out.push(f32::from(place + u8::from(own.marks & (1 << mark) != 0)));
        }
    }

    /// How the elements around it are filled, level by level.
    fn levels(&self, at: usize, out: &mut Vec<f32>) {
        let start = out.len();
        for (_, element) in self.survey.around(self.survey.blocks[at].element).take(LEVELS) {
            out.extend(filling(element));
        }
        out.resize(start + LEVELS * FILLING, -1.0);
    }

    /// Where on the page it stands.
    fn place(&self, at: usize, out: &mut Vec<f32>) {
        let blocks = self.survey.blocks.len();
        let words = self.words_before[blocks].max(1) as f32;
        let prose = self.prose_before[blocks].max(1) as f32;
        let title = self.title_at.map_or(-100.0, |title| at as f32 - title as f32).clamp(-100.0, 200.0);
        let title_words =
            self.title_at.map_or(-1.0, |title| self.words_before[at] as f32 - self.words_before[title] as f32);
        out.extend([
            at as f32 / blocks as f32,
            self.words_before[at] as f32 / words,
            self.prose_before[at] as f32 / prose,
            self.prose_before[at].min(30) as f32,
            (self.prose_before[blocks] - self.prose_before[at]).min(30) as f32,
            (blocks - at).min(300) as f32,
            title,
            title_words.signum() * title_words.abs().ln_1p(),
        ]);
    }

    /// What stands before and after it.
    fn neighbours(&self, at: usize, out: &mut Vec<f32>) {
        let blocks = &self.survey.blocks;
        let own = &blocks[at];
        for step in [-2_isize, -1, 1, 2] {
            let other = at.checked_add_signed(step).and_then(|other| blocks.get(other).map(|block| (other, block)));
            let Some((other, block)) = other else {
                out.extend([-1.0; 7]);
                continue;
            };
            out.extend([
                (block.words as f32).ln_1p(),
                block.link_share(),
                flag(block.ends),
                f32::from(self.survey.elements[block.element].tag as u8),
                self.distance(own, block),
                self.own[other].phrase,
                flag(self.survey.elements[block.element].kind == self.survey.elements[own.element].kind),
            ]);
        }
        for reach in [3, 8] {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(blocks.len()));
            let bytes: usize = blocks[from..to].iter().map(|block| block.text.len()).sum();
            let linked: u32 = blocks[from..to].iter().map(|block| block.linked).sum();
            out.extend([
                ((self.words_before[to] - self.words_before[from]) as f32).ln_1p(),
                linked as f32 / bytes.max(1) as f32,
                (self.prose_before[to] - self.prose_before[from]) as f32 / (to - from) as f32,
            ]);
        }
    }

    /// Steps up to the element that holds both blocks, as seen from the first.
    fn distance(&self, one: &Block, other: &Block) -> f32 {
        let elements = &self.survey.elements;
        let (mut one, mut other) = (one.element, other.element);
        let from = elements[one].depth;
        while one != other {
            if elements[one].depth >= elements[other].depth {
                one = elements[one].parent;
            } else {
                other = elements[other].parent;
            }
        }
        f32::from(from - elements[one].depth).min(20.0)
    }
}

/// The elements that are asked for around a block.
const AROUND: &[Tag] = &[
    Tag::Item,
    Tag::List,
    Tag::Cell,
    Tag::Table,
    Tag::Quote,
    Tag::Code,
    Tag::Caption,
    Tag::Figure,
    Tag::Article,
    Tag::Main,
    Tag::Section,
    Tag::Header,
    Tag::Footer,
    Tag::Aside,
    Tag::Nav,
    Tag::Form,
    Tag::Button,
    Tag::Definition,
    Tag::Details,
    Tag::Address,
];

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// Numbers that [`filling`] gives.
const FILLING: usize = 7;

fn filling(element: &Element) -> [f32; FILLING] {
    let blocks = element.blocks.len() as f32;
    [
        (element.words as f32).ln_1p(),
        element.linked as f32 / element.bytes.max(1) as f32,
        blocks.ln_1p(),
        element.prose as f32 / blocks.max(1.0),
        element.prose.min(50) as f32,
        element.things.min(20) as f32,
        element.alike.min(30) as f32,
    ]
}

/// A number that may be a year near ours.
fn has_year(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit())
        .any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")))
}

fn own(survey: &Survey, known: &Known<'_>) -> Vec<Own> {
    let title = words::key(known.title);
    let byline = known.byline.map(words::key).unwrap_or_default();
    let description = known.description.map(words::key).unwrap_or_default();
    let keys: Vec<String> = survey.blocks.iter().map(|block| words::key(&block.text)).collect();
    let mut copies: HashMap<&str, u32> = HashMap::new();
    for key in &keys {
        *copies.entry(key).or_default() += 1;
    }
    let body = known.body.map(words::key);
    let body: Option<HashSet<u64>> =
        body.as_deref().filter(|body| body.len() > 200).map(|body| shingles(body).collect());
    let mut seen = HashSet::new();
    survey
        .blocks
        .iter()
        .zip(&keys)
        .map(|(block, key)| Own {
            title: likeness(key, &title),
            byline: flag(!byline.is_empty() && block.words <= 25 && key.contains(&byline)),
            description: likeness(key, &description),
            body: body.as_ref().map_or(-1.0, |body| share(key, body)),
            copies: copies[key.as_str()],
            is_first_copy: seen.insert(key.as_str()),
            phrase: judge::alone_as_number(&block.text, block.link_share()),
            appeals: judge::appeals(key),
        })
        .collect()
}

/// 1 when the same, else how much of the shorter stands in the longer; 0 when they are not alike at all.
fn likeness(key: &str, other: &str) -> f32 {
    if key.is_empty() || other.is_empty() {
        return 0.0;
    }
    if key == other {
        return 1.0;
    }
    let (short, long) = if key.len() < other.len() { (key, other) } else { (other, key) };
    if short.len() < 8 || short.len() * 8 < long.len() {
        return 0.0;
    }
    if long.contains(short) {
        return 0.5 + 0.5 * short.len() as f32 / long.len() as f32;
    }
    0.5 * words::likeness(short, long) as f32
}

/// Hashes of each three words in a row.
fn shingles(key: &str) -> impl Iterator<Item = u64> + '_ {
    let words: Vec<&str> = key.split(' ').collect();
    let width = words.len().clamp(1, 3);
    (0..=words.len() - width).map(move |at| {
        words[at..at + width]
            .iter()
            .flat_map(|word| word.bytes().chain([b' ']))
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    })
}

/// How much of a block stands in the text that JSON-LD gives.
fn share(key: &str, body: &HashSet<u64>) -> f32 {
    let (mut all, mut there) = (0, 0);
    for shingle in shingles(key) {
        all += 1;
        there += u32::from(body.contains(&shingle));
    }
    there as f32 / all.max(1) as f32
}

/// The block that is the title: the last heading of the first level that says it, else the first block that does.
fn title_at(survey: &Survey, own: &[Own]) -> Option<usize> {
    let says = |at: &usize| own[*at].title >= 0.75;
    let heading = |at: &usize| {
        survey
            .around(survey.blocks[*at].element)
            .take(2)
            .any(|(_, element)| matches!(element.tag, Tag::Heading1 | Tag::Heading2))
    };
    (0..own.len()).filter(says).find(heading).or_else(|| (0..own.len()).find(says))
}
