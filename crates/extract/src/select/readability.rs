//! A reader mode after Arc90's Readability (Apache-2.0), whose decisions are features for the model.
//!
//! The algorithm: skip elements with unlikely names; let paragraphs add points to their ancestors; take the best
//! element as the article, together with those siblings that read like it; remove boxes inside it that have little
//! prose or many links. This is a new implementation on a [`Segmentation`], where all sums are at hand.

use super::name_hints::{self, NameHints};
use super::segmentation::{Element, Segmentation, Tag};

/// What Readability would keep.
#[derive(Debug, Default)]
pub(crate) struct Readability {
    /// One per element.
    elements: Vec<ElementState>,
    /// Content score per element; 0 where no paragraph adds points.
    pub(super) content_scores: Vec<f32>,
    top_candidate: usize,
}

/// The decisions about an element and its content.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct ElementState {
    /// It or an ancestor has an unlikely name.
    unlikely: bool,
    /// It is in the top candidate.
    in_top_candidate: bool,
    /// It is in a sibling that joins the top candidate.
    joined: bool,
    /// It or an ancestor is removed as boilerplate.
    cleaned: bool,
    /// It is in a figure, code or a data table, inside which nothing is removed conditionally.
    is_exempt: bool,
}

/// Least bytes of text; with less, another pass admits unlikely elements.
const MIN_BYTES: u32 = 500;

/// Names of elements that are unlikely to hold the article, and names that outweigh them.
const UNLIKELY_HINTS: NameHints =
    name_hints::hint_bits(&["ad", "nav", "comment", "footer", "header", "related", "sidebar", "share", "cookie"]);
const MAYBE_HINTS: NameHints = name_hints::hint_bits(&["article", "body", "content", "main"]);
/// Names that count for and against an element.
const POSITIVE_HINTS: NameHints =
    name_hints::hint_bits(&["article", "body", "content", "entry", "main", "post", "text", "blog", "story"]);
const NEGATIVE_HINTS: NameHints = name_hints::hint_bits(&[
    "hidden", "comment", "footer", "promo", "related", "share", "sidebar", "ad", "meta", "tags", "cookie",
]);

impl Readability {
    /// Runs Readability on a page.
    pub(crate) fn new(segmentation: &Segmentation) -> Readability {
        let strict = Readability::run_pass(segmentation, true);
        if strict.kept_bytes(segmentation) >= MIN_BYTES { strict } else { Readability::run_pass(segmentation, false) }
    }

    fn run_pass(segmentation: &Segmentation, strip_unlikely: bool) -> Readability {
        let mut elements = vec![ElementState::default(); segmentation.elements.len()];
        for at in 1..elements.len() {
            let element = &segmentation.elements[at];
            let has_unlikely_name = element.hints & UNLIKELY_HINTS != 0 && element.hints & MAYBE_HINTS == 0;
            let is_protected = matches!(element.tag, Tag::Article | Tag::Table | Tag::TableCell | Tag::Preformatted);
            elements[at].unlikely = strip_unlikely
                && (elements[element.parent].unlikely || (has_unlikely_name && !is_protected) || element.hidden);
        }
        let scores = compute_content_scores(segmentation, &elements);
        let top_candidate = find_top_candidate(segmentation, &scores);
        let joined = find_joined_siblings(segmentation, &scores, top_candidate);
        let list_bytes = count_list_bytes(segmentation);
        for at in 0..elements.len() {
            let element = &segmentation.elements[at];
            let parent = elements[element.parent];
            elements[at].in_top_candidate = at == top_candidate || (at != 0 && parent.in_top_candidate);
            elements[at].joined = joined[at] || (at != 0 && parent.joined);
            let inside = at != top_candidate && (elements[at].in_top_candidate || elements[at].joined);
            elements[at].is_exempt = (at != 0 && parent.is_exempt) || is_exempt_from_cleaning(element);
            let is_list = list_bytes[at] * 10 >= element.bytes * 9;
            let cleans = inside && is_cleaned_conditionally(element, is_list, elements[at].is_exempt);
            elements[at].cleaned = (at != 0 && parent.cleaned && inside) || cleans;
        }
        let content_scores = scores.into_iter().map(|score| if score.is_nan() { 0.0 } else { score }).collect();
        Readability { elements, content_scores, top_candidate }
    }

    pub(crate) fn keeps(&self, element: usize) -> bool {
        let state = self.elements[element];
        (state.in_top_candidate || state.joined) && !state.cleaned && !state.unlikely
    }

    fn kept_bytes(&self, segmentation: &Segmentation) -> u32 {
        segmentation.blocks.iter().filter(|block| self.keeps(block.element)).map(|block| block.text.len() as u32).sum()
    }

    /// Appends the decisions about a block as features.
    pub(crate) fn write_features(&self, segmentation: &Segmentation, at: usize, out: &mut Vec<f32>) {
        let element = segmentation.blocks[at].element;
        let state = self.elements[element];
        let flag = |is: bool| f32::from(u8::from(is));
        let depth = f32::from(segmentation.elements[element].depth)
            - f32::from(segmentation.elements[self.top_candidate].depth);
        out.extend([
            flag(self.keeps(element)),
            flag(state.in_top_candidate),
            flag(state.joined),
            flag(state.cleaned),
            flag(state.unlikely),
            depth.clamp(-10.0, 10.0),
        ]);
    }
}

fn class_weight(element: &Element) -> f32 {
    let bonus = if element.hints & POSITIVE_HINTS != 0 { 25.0 } else { 0.0 };
    let penalty = if element.hints & NEGATIVE_HINTS != 0 { -25.0 } else { 0.0 };
    bonus + penalty
}

/// Computes the content score of each element; `NaN` where no paragraph adds points.
fn compute_content_scores(segmentation: &Segmentation, states: &[ElementState]) -> Vec<f32> {
    let mut scores = vec![f32::NAN; segmentation.elements.len()];
    for block in segmentation.blocks.iter().filter(|block| block.text.len() >= 25 && !states[block.element].unlikely) {
        let points = 1.0 + block.commas as f32 + (block.text.len() as f32 / 100.0).floor().min(3.0);
        let tag = segmentation.elements[block.element].tag;
        // Text directly in a container counts as a paragraph, so its own element gets the points.
        let skip = usize::from(matches!(
            tag,
            Tag::Paragraph | Tag::TableCell | Tag::Preformatted | Tag::Heading2 | Tag::MinorHeading
        ));
        for (level, (at, element)) in segmentation.self_and_ancestors(block.element).skip(skip).take(5).enumerate() {
            if scores[at].is_nan() {
                scores[at] = class_weight(element) + element.tag.initial_score();
            }
            scores[at] += points / score_divisor(level);
        }
    }
    for (score, element) in scores.iter_mut().zip(&segmentation.elements) {
        *score *= 1.0 - element.link_density();
    }
    scores
}

/// Returns the divisor of a paragraph's points for its ancestor at this level, 0 being the nearest.
fn score_divisor(level: usize) -> f32 {
    match level {
        0 => 1.0,
        1 => 2.0,
        level => level as f32 * 3.0,
    }
}

/// Finds the element with the best score, then moves outwards as long as the score rises.
fn find_top_candidate(segmentation: &Segmentation, scores: &[f32]) -> usize {
    let score = |at: usize| if scores[at].is_nan() { f32::NEG_INFINITY } else { scores[at] };
    let mut order: Vec<usize> = (0..scores.len()).filter(|at| !scores[*at].is_nan()).collect();
    order.sort_by(|a, b| score(*b).total_cmp(&score(*a)));
    order.truncate(5);
    let Some(&best) = order.first() else { return 0 };
    let rivals: Vec<usize> =
        order[1..].iter().copied().filter(|at| score(*at) / score(best).max(0.01) >= 0.75).collect();
    let mut top_candidate = best;
    if rivals.len() >= 3 {
        let holds =
            |outer: usize, inner: usize| segmentation.self_and_ancestors(inner).skip(1).any(|(at, _)| at == outer);
        let common = segmentation
            .self_and_ancestors(best)
            .skip(1)
            .map(|(at, _)| at)
            .find(|outer| *outer != 0 && rivals.iter().filter(|rival| holds(*outer, **rival)).count() >= 3);
        top_candidate = common.unwrap_or(best);
    }
    let mut last = score(top_candidate);
    let min_score = last / 3.0;
    for (at, _) in segmentation.self_and_ancestors(top_candidate).skip(1).filter(|(at, _)| *at != 0) {
        if scores[at].is_nan() {
            continue;
        }
        if score(at) < min_score {
            break;
        }
        if score(at) > last {
            top_candidate = at;
            break;
        }
        last = score(at);
    }
    // An only child has no siblings that could join it, but its parent may have.
    let mut children = vec![0_u32; scores.len()];
    segmentation.elements.iter().skip(1).for_each(|element| children[element.parent] += 1);
    while top_candidate != 0
        && segmentation.elements[top_candidate].parent != 0
        && children[segmentation.elements[top_candidate].parent] == 1
    {
        top_candidate = segmentation.elements[top_candidate].parent;
    }
    top_candidate
}

/// Finds the siblings of the top candidate that read like it.
fn find_joined_siblings(segmentation: &Segmentation, scores: &[f32], top_candidate: usize) -> Vec<bool> {
    let parent = segmentation.elements[top_candidate].parent;
    let best = if scores[top_candidate].is_nan() { 0.0 } else { scores[top_candidate] };
    let min_score = (best * 0.2).max(10.0);
    let joins = |at: usize| {
        let element = &segmentation.elements[at];
        let bonus = if element.signature == segmentation.elements[top_candidate].signature { best * 0.2 } else { 0.0 };
        let by_score = !scores[at].is_nan() && scores[at] + bonus >= min_score;
        let ends = || element.blocks.clone().last().is_some_and(|last| segmentation.blocks[last].ends_sentence);
        let by_text = element.tag == Tag::Paragraph
            && ((element.bytes > 80 && element.link_density() < 0.25)
                || (element.bytes > 0 && element.bytes <= 80 && element.linked_bytes == 0 && ends()));
        by_score || by_text
    };
    let is_sibling = |at: usize| at != 0 && at != top_candidate && segmentation.elements[at].parent == parent;
    (0..segmentation.elements.len()).map(|at| is_sibling(at) && joins(at)).collect()
}

/// Whether a box inside the article is removed: for its name, or for little prose and many links.
fn is_cleaned_conditionally(element: &Element, is_list: bool, is_exempt: bool) -> bool {
    if matches!(element.tag, Tag::Footer | Tag::Aside | Tag::Nav | Tag::Button) {
        return true;
    }
    if is_exempt || !matches!(element.tag, Tag::Form | Tag::Table | Tag::List | Tag::Div) {
        return false;
    }
    let weight = class_weight(element);
    if weight < 0.0 {
        return true;
    }
    if element.commas >= 10 {
        return false;
    }
    let (paragraphs, images) = (element.paragraphs, element.media_count);
    (images > 1 && paragraphs * 2 < images)
        || (!is_list && element.list_items > paragraphs + 100)
        || (!is_list && element.bytes < 25 && (images == 0 || images > 2) && element.linked_bytes > 0)
        || (!is_list && weight < 25.0 && element.link_density() > 0.2)
        || (weight >= 25.0 && element.link_density() > 0.5)
}

/// Whether nothing inside an element is removed conditionally: figures, code, and tables with many short cells.
fn is_exempt_from_cleaning(element: &Element) -> bool {
    match element.tag {
        Tag::Figure | Tag::Preformatted => true,
        Tag::Table => element.blocks.len() >= 10 && element.words as usize <= 20 * element.blocks.len(),
        _ => false,
    }
}

/// Sums up, per element, the bytes of text in lists inside it.
fn count_list_bytes(segmentation: &Segmentation) -> Vec<u32> {
    let mut list_bytes = vec![0; segmentation.elements.len()];
    for at in (1..segmentation.elements.len()).rev() {
        let element = &segmentation.elements[at];
        if element.tag == Tag::List {
            list_bytes[at] = element.bytes;
        }
        list_bytes[element.parent] += list_bytes[at];
    }
    list_bytes
}
