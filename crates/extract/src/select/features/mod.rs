//! Features of each block, for [`super::model::forest`].
//!
//! Each block gets a row of some 220 numbers: its text, its element, the names and totals of its ancestors, its
//! position, its neighbours. [`FeatureExtractor::write_row`] defines their order. The trees refer to features by index,
//! so a change here requires `cargo run --release -p extract --example train`.

mod block_text;
mod position;

use foldhash::HashMap;

use super::container_candidates::ContainerCandidates;
use super::name_hints;
use super::readability::Readability;
use super::segmentation::{Element, Segmentation, Tag};
use block_text::TextFeatures;
use position::SignatureStats;

/// Number of ancestors whose totals are features.
const ANCESTOR_LEVELS: usize = 4;

/// Metadata that helps to find the article.
#[derive(Debug, Default)]
pub(crate) struct PageMetadata<'k> {
    pub(crate) title: &'k str,
    pub(crate) byline: Option<&'k str>,
    pub(crate) description: Option<&'k str>,
    /// `articleBody` of the JSON-LD.
    pub(crate) body: Option<&'k str>,
    /// Whether the page is a forum thread or the like.
    pub(crate) is_thread: bool,
}

/// One row of features per block.
#[derive(Debug, Default)]
pub(crate) struct FeatureMatrix {
    /// Features per row.
    pub(crate) width: usize,
    /// The rows, one after the other.
    pub(crate) values: Vec<f32>,
}

impl FeatureMatrix {
    /// Builds `count` rows; `write` appends the features of the row with a given index.
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

    /// Returns the row of a block.
    pub(crate) fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.width..(at + 1) * self.width]
    }
}

/// Computes the features of all blocks.
pub(crate) fn compute_features(
    segmentation: &Segmentation,
    metadata: &PageMetadata<'_>,
    readability: &Readability,
) -> FeatureMatrix {
    let extractor = FeatureExtractor::new(segmentation, metadata, readability);
    FeatureMatrix::build(segmentation.blocks.len(), |at, out| extractor.write_row(at, out))
}

/// What is computed once per page.
struct FeatureExtractor<'s> {
    segmentation: &'s Segmentation,
    text_features: Vec<TextFeatures>,
    candidates: ContainerCandidates<'s>,
    readability: &'s Readability,
    /// Words before each block; the last entry is the total.
    words_before: Vec<u32>,
    /// Prose blocks before each block; the last entry is the total.
    prose_before: Vec<u32>,
    /// The block that shows the title.
    title_block: Option<usize>,
    /// Per block, the nearest heading before it.
    preceding_headings: Vec<Option<usize>>,
    /// Totals of the blocks with the same signature.
    signature_stats: HashMap<(u64, bool), SignatureStats>,
    /// Features of each element and the length of each block, which many rows share.
    element_stats: Vec<[f32; STATS_PER_ELEMENT]>,
    log_words: Vec<f32>,
    /// Features of the page as a whole.
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

    /// Appends features of the block's text.
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

    /// Appends features of the block's element, and the names of its ancestors.
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
            // The names of the body describe the whole page.
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

    /// Appends the totals of the block's element and its nearest ancestors.
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

/// Elements whose presence among the ancestors is a feature.
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

/// Number of features from [`compute_element_stats`].
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

/// Counts of characters in a text.
#[derive(Default)]
struct LetterCounts {
    all: u32,
    capital: u32,
    numeric: u32,
    /// Characters that separate entries of a line.
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

/// Whether a text contains a year of the 20th or 21st century.
fn has_year(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit())
        .any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")))
}
