//! What is known about each block, as numbers for [`super::model::forest`].
//!
//! Nothing is decided here. Each block gets one row of some 220 numbers: what it says, which element it is,
//! how that element and those around are named and filled, where it stands, and what its neighbours are like.
//! The order of the numbers is that of [`FeatureExtractor::row`]; the learned weights know them by their places, so a change here
//! needs `cargo run --release -p extract --example train` again.

mod block_text;
mod position;

use foldhash::HashMap;

use super::container_candidates::ContainerCandidates;
use super::name_hints;
use super::readability::Readability;
use super::segmentation::{Element, Segmentation, Tag};
use block_text::TextFeatures;
use position::SignatureStats;

/// How many levels of ancestors are looked at one by one.
const ANCESTOR_LEVELS: usize = 4;

/// What the page says of itself that helps to know its article.
#[derive(Debug, Default)]
pub(crate) struct PageMetadata<'k> {
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
pub(crate) struct FeatureMatrix {
    /// Numbers per row.
    pub(crate) width: usize,
    /// The rows, one after the other.
    pub(crate) values: Vec<f32>,
}

impl FeatureMatrix {
    /// As many rows as asked for, each written by its place.
    pub(crate) fn build(count: usize, mut write: impl FnMut(usize, &mut Vec<f32>)) -> FeatureMatrix {
        let mut matrix = FeatureMatrix::default();
        for at in 0..count {
            write(at, &mut matrix.values);
            if at == 0 {
                matrix.width = matrix.values.len();
                matrix.values.reserve(matrix.width * count);
            }
        }
        matrix
    }

    /// The row of one block.
    pub(crate) fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.width..(at + 1) * self.width]
    }
}

/// Works out the rows of all blocks.
pub(crate) fn compute_features(
    segmentation: &Segmentation,
    metadata: &PageMetadata<'_>,
    readability: &Readability,
) -> FeatureMatrix {
    let extractor = FeatureExtractor::new(segmentation, metadata, readability);
    FeatureMatrix::build(segmentation.blocks.len(), |at, out| extractor.write_row(at, out))
}

/// What is worked out once per page.
struct FeatureExtractor<'s> {
    segmentation: &'s Segmentation,
    text_features: Vec<TextFeatures>,
    candidates: ContainerCandidates<'s>,
    readability: &'s Readability,
    /// Words before each block, and of the whole page at the end.
    words_before: Vec<u32>,
    /// Prose blocks before each block.
    prose_before: Vec<u32>,
    /// The block that is the title, where it stands on the page.
    title_block: Option<usize>,
    /// Per block, the heading before it.
    preceding_headings: Vec<Option<usize>>,
    /// Per kind of element, what is in its blocks.
    signature_stats: HashMap<(u64, bool), SignatureStats>,
    /// How each element is filled, and how much each block says: what is asked for of many blocks.
    element_stats: Vec<[f32; STATS_PER_ELEMENT]>,
    log_words: Vec<f32>,
    /// Page-wide: share of text in links, articles, blocks per element.
    page_features: [f32; 6],
}

impl<'s> FeatureExtractor<'s> {
    fn new(
        segmentation: &'s Segmentation,
        metadata: &PageMetadata<'_>,
        readability: &'s Readability,
    ) -> FeatureExtractor<'s> {
        let text_features = block_text::compute_text_features(segmentation, metadata);
        let (mut words, mut prose) = (0, 0);
        let mut words_before = Vec::with_capacity(segmentation.blocks.len() + 1);
        let mut prose_before = Vec::with_capacity(segmentation.blocks.len() + 1);
        for block in &segmentation.blocks {
            words_before.push(words);
            prose_before.push(prose);
            words += block.words;
            prose += u32::from(block.is_prose());
        }
        words_before.push(words);
        prose_before.push(prose);
        let title_block = block_text::find_title(segmentation, &text_features);
        let candidates = ContainerCandidates::find(segmentation, readability);
        let body = &segmentation.elements[0];
        let articles = segmentation.elements.iter().filter(|element| element.tag == Tag::Article).count();
        let page_features = [
            (words as f32).ln_1p(),
            (segmentation.blocks.len() as f32).ln_1p(),
            body.link_density(),
            (prose as f32).ln_1p(),
            articles.min(20) as f32,
            prose as f32 / segmentation.blocks.len().max(1) as f32,
        ];
        let preceding_headings = position::find_preceding_headings(segmentation);
        let signature_stats = position::compute_signature_stats(segmentation);
        let element_stats = segmentation.elements.iter().map(compute_element_stats).collect();
        let log_words = segmentation.blocks.iter().map(|block| (block.words as f32).ln_1p()).collect();
        FeatureExtractor {
            preceding_headings,
            signature_stats,
            element_stats,
            log_words,
            segmentation,
            text_features,
            candidates,
            readability,
            words_before,
            prose_before,
            title_block,
            page_features,
        }
    }

    fn write_row(&self, at: usize, out: &mut Vec<f32>) {
        self.write_text(at, out);
        self.write_element(at, out);
        self.write_ancestors(at, out);
        self.write_position(at, out);
        self.candidates.write_features(self.segmentation, self.segmentation.blocks[at].element, out);
        self.readability.write_features(self.segmentation, at, out);
        self.write_neighbours(at, out);
        self.write_section(at, out);
        self.write_similar_blocks(at, out);
        out.extend(self.page_features);
    }

    /// What the block says.
    fn write_text(&self, at: usize, out: &mut Vec<f32>) {
        let block = &self.segmentation.blocks[at];
        let features = &self.text_features[at];
        let text = &block.text;
        let bytes = text.len().max(1) as f32;
        let letters = LetterCounts::count(text);
        let first = text.chars().next().unwrap_or(' ');
        let last = text.chars().next_back().unwrap_or(' ');
        out.extend([
            self.log_words[at],
            bytes / block.words.max(1) as f32,
            block.link_density(),
            block.links.min(30) as f32,
            flag(block.ends_sentence),
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
            flag(letters.has_separator),
            flag(letters.has_copyright),
            flag(letters.has_at_sign),
            flag(block.words <= 12 && has_year(text)),
            block.bold_bytes as f32 / bytes,
            features.title_similarity,
            features.has_byline,
            features.description_similarity,
            features.json_ld_overlap,
            features.repeats.min(5) as f32,
            flag(features.is_first_occurrence),
            features.phrase_score,
            features.appeal_score,
        ]);
    }

    /// Which element it is and which are around it.
    fn write_element(&self, at: usize, out: &mut Vec<f32>) {
        let element = self.segmentation.blocks[at].element;
        let own = &self.segmentation.elements[element];
        let (mut near, mut any) = (0, 0);
        let mut tags = 0_u32;
        let mut hidden = false;
        let mut similar_siblings = 1;
        for (level, (index, ancestor)) in self.segmentation.self_and_ancestors(element).enumerate() {
            tags |= 1 << ancestor.tag as u8;
            hidden |= ancestor.hidden;
            // The body's own words tell of the whole page.
            if index != 0 {
                any |= ancestor.hints;
                if level < 3 {
                    near |= ancestor.hints;
                }
                if level < 6 {
                    similar_siblings = similar_siblings.max(ancestor.similar_siblings);
                }
            }
        }
        out.push(f32::from(own.tag as u8));
        out.push(f32::from(own.depth));
        out.push(flag(hidden));
        out.push(similar_siblings.min(50) as f32);
        for tag in ANCESTOR_TAGS {
            out.push(flag(tags & (1 << *tag as u8) != 0));
        }
        for group in 0..name_hints::GROUP_COUNT {
            let reach = u8::from(any & (1 << group) != 0) + u8::from(near & (1 << group) != 0);
            out.push(f32::from(reach + u8::from(own.hints & (1 << group) != 0)));
        }
    }

    /// How the elements around it are filled, level by level.
    fn write_ancestors(&self, at: usize, out: &mut Vec<f32>) {
        let start = out.len();
        for (index, _) in
            self.segmentation.self_and_ancestors(self.segmentation.blocks[at].element).take(ANCESTOR_LEVELS)
        {
            out.extend(self.element_stats[index]);
        }
        out.resize(start + ANCESTOR_LEVELS * STATS_PER_ELEMENT, -1.0);
    }
}

/// The elements that are asked for around a block.
const ANCESTOR_TAGS: &[Tag] = &[
    Tag::ListItem,
    Tag::List,
    Tag::TableCell,
    Tag::Table,
    Tag::Blockquote,
    Tag::Preformatted,
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
const STATS_PER_ELEMENT: usize = 7;

fn compute_element_stats(element: &Element) -> [f32; STATS_PER_ELEMENT] {
    let blocks = element.blocks.len() as f32;
    [
        (element.words as f32).ln_1p(),
        element.link_density(),
        blocks.ln_1p(),
        element.prose_blocks as f32 / blocks.max(1.0),
        element.prose_blocks.min(50) as f32,
        element.media_count.min(20) as f32,
        element.similar_siblings.min(30) as f32,
    ]
}

/// What a text is made of.
#[derive(Default)]
struct LetterCounts {
    all: u32,
    capital: u32,
    numeric: u32,
    /// Signs that part the entries of a line.
    has_separator: bool,
    has_copyright: bool,
    has_at_sign: bool,
}

impl LetterCounts {
    fn count(text: &str) -> LetterCounts {
        let mut letters = LetterCounts::default();
        for letter in text.chars() {
            if letter.is_ascii_lowercase() {
                letters.all += 1;
                continue;
            }
            letters.all += u32::from(letter.is_alphabetic());
            letters.capital += u32::from(letter.is_uppercase());
            letters.numeric += u32::from(letter.is_numeric());
            letters.has_separator |= matches!(letter, '|' | '•' | '·' | '/');
            letters.has_copyright |= letter == '©';
            letters.has_at_sign |= letter == '@';
        }
        letters
    }
}

/// A number that may be a year near ours.
fn has_year(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit())
        .any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")))
}
