//! What is known about each block, as numbers for [`super::model::forest`].
//!
//! Nothing is decided here. Each block gets one row of some 220 numbers: what it says, which element it is,
//! how that element and those around are named and filled, where it stands, and what its neighbours are like.
//! The order of the numbers is that of [`Facts::row`]; the learned weights know them by their places, so a change here
//! needs `cargo run --release -p extract --example train` again.

mod block_text;
mod position;

use foldhash::HashMap;

use super::container_candidates::Candidates;
use super::name_hints;
use super::readability::Readable;
use super::segmentation::{Element, Survey, Tag};
use block_text::Own;
use position::Kind;

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
    /// Whether the page is about what many people say, one after the other.
    pub(crate) is_thread: bool,
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
    /// As many rows as asked for, each written by its place.
    pub(crate) fn of(count: usize, mut write: impl FnMut(usize, &mut Vec<f32>)) -> Rows {
        let mut rows = Rows::default();
        for at in 0..count {
            write(at, &mut rows.values);
            if at == 0 {
                rows.width = rows.values.len();
                rows.values.reserve(rows.width * count);
            }
        }
        rows
    }

    /// The row of one block.
    pub(crate) fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.width..(at + 1) * self.width]
    }
}

/// Works out the rows of all blocks.
pub(crate) fn of(survey: &Survey, known: &Known<'_>, readable: &Readable) -> Rows {
    let facts = Facts::of(survey, known, readable);
    Rows::of(survey.blocks.len(), |at, out| facts.row(at, out))
}

/// What is worked out once per page.
struct Facts<'s> {
    survey: &'s Survey,
    own: Vec<Own>,
    candidates: Candidates<'s>,
    readable: &'s Readable,
    /// Words before each block, and of the whole page at the end.
    words_before: Vec<u32>,
    /// Prose blocks before each block.
    prose_before: Vec<u32>,
    /// The block that is the title, where it stands on the page.
    title_at: Option<usize>,
    /// Per block, the heading before it.
    headings: Vec<Option<usize>>,
    /// Per kind of element, what is in its blocks.
    kinds: HashMap<(u64, bool), Kind>,
    /// How each element is filled, and how much each block says: what is asked for of many blocks.
    fillings: Vec<[f32; FILLING]>,
    lengths: Vec<f32>,
    /// Page-wide: share of text in links, articles, blocks per element.
    page: [f32; 6],
}

impl<'s> Facts<'s> {
    fn of(survey: &'s Survey, known: &Known<'_>, readable: &'s Readable) -> Facts<'s> {
        let own = block_text::own(survey, known);
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
        let title_at = block_text::title_at(survey, &own);
        let candidates = Candidates::of(survey, readable);
        let body = &survey.elements[0];
        let articles = survey.elements.iter().filter(|element| element.tag == Tag::Article).count();
        let page = [
            (words as f32).ln_1p(),
            (survey.blocks.len() as f32).ln_1p(),
            body.link_share(),
            (prose as f32).ln_1p(),
            articles.min(20) as f32,
            prose as f32 / survey.blocks.len().max(1) as f32,
        ];
        let headings = position::headings(survey);
        let kinds = position::kinds(survey);
        let fillings = survey.elements.iter().map(filling).collect();
        let lengths = survey.blocks.iter().map(|block| (block.words as f32).ln_1p()).collect();
        Facts {
            headings,
            kinds,
            fillings,
            lengths,
            survey,
            own,
            candidates,
            readable,
            words_before,
            prose_before,
            title_at,
            page,
        }
    }

    fn row(&self, at: usize, out: &mut Vec<f32>) {
        self.words(at, out);
        self.element(at, out);
        self.levels(at, out);
        self.place(at, out);
        self.candidates.numbers(self.survey, self.survey.blocks[at].element, out);
        self.readable.numbers(self.survey, at, out);
        self.neighbours(at, out);
        self.section(at, out);
        self.alike(at, out);
        out.extend(self.page);
    }

    /// What the block says.
    fn words(&self, at: usize, out: &mut Vec<f32>) {
        let block = &self.survey.blocks[at];
        let own = &self.own[at];
        let text = &block.text;
        let bytes = text.len().max(1) as f32;
        let letters = Letters::of(text);
        let first = text.chars().next().unwrap_or(' ');
        let last = text.chars().next_back().unwrap_or(' ');
        out.extend([
            self.lengths[at],
            bytes / block.words.max(1) as f32,
            block.link_share(),
            block.links.min(30) as f32,
            flag(block.ends),
            flag(last == ':' || last == '：'),
            block.commas as f32 / block.words.max(1) as f32,
            letters.numeric as f32 / bytes,
            letters.capital as f32 / letters.all.max(1) as f32,
            flag(first.is_lowercase()),
            flag(first.is_numeric()),
            flag(matches!(first, '"' | '“' | '„' | '«' | '‘' | '»')),
            flag(matches!(first, '©' | '►' | '▶' | '→' | '»' | '>' | '•' | '|' | '#' | '@')),
            flag(matches!(last, '?' | '!')),
            flag(matches!(last, '…' | '»' | '>' | '→' | '›')),
            flag(letters.bars),
            flag(letters.copyright),
            flag(letters.at_sign),
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
                any |= around.hints;
                if level < 3 {
                    near |= around.hints;
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
        for mark in 0..name_hints::COUNT {
            let place = u8::from(any & (1 << mark) != 0) + u8::from(near & (1 << mark) != 0);
            out.push(f32::from(place + u8::from(own.hints & (1 << mark) != 0)));
        }
    }

    /// How the elements around it are filled, level by level.
    fn levels(&self, at: usize, out: &mut Vec<f32>) {
        let start = out.len();
        for (place, _) in self.survey.around(self.survey.blocks[at].element).take(LEVELS) {
            out.extend(self.fillings[place]);
        }
        out.resize(start + LEVELS * FILLING, -1.0);
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
        element.link_share(),
        blocks.ln_1p(),
        element.prose as f32 / blocks.max(1.0),
        element.prose.min(50) as f32,
        element.things.min(20) as f32,
        element.alike.min(30) as f32,
    ]
}

/// What a text is made of.
#[derive(Default)]
struct Letters {
    all: u32,
    capital: u32,
    numeric: u32,
    /// Signs that part the entries of a line.
    bars: bool,
    copyright: bool,
    at_sign: bool,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let mut letters = Letters::default();
        for letter in text.chars() {
            if letter.is_ascii_lowercase() {
                letters.all += 1;
                continue;
            }
            letters.all += u32::from(letter.is_alphabetic());
            letters.capital += u32::from(letter.is_uppercase());
            letters.numeric += u32::from(letter.is_numeric());
            letters.bars |= matches!(letter, '|' | '•' | '·' | '/');
            letters.copyright |= letter == '©';
            letters.at_sign |= letter == '@';
        }
        letters
    }
}

/// A number that may be a year near ours.
fn has_year(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit())
        .any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")))
}
