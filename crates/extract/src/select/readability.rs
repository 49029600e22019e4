//! What a reader mode in the manner of Arc90's Readability (Apache-2.0) would keep, as numbers among others.
//!
//! The idea in short: elements with unlikely names are passed over; paragraphs give points to the elements around them;
//! the best element is the article, joined by those of its neighbours that read like it; and inside, boxes with little
//! prose or many links are taken out. Written anew on the [`Survey`], where all the sums are known already.

use super::name_hints::{self, Hints};
use super::segmentation::{Element, Survey, Tag};

/// What would be kept.
#[derive(Debug, Default)]
pub(crate) struct Readable {
    /// Per element.
    elements: Vec<Verdict>,
    /// Points per element; 0 where no paragraph gave any.
    pub(super) scores: Vec<f32>,
    top: usize,
}

/// What becomes of an element and everything in it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Verdict {
    /// It or one around it has an unlikely name.
    unlikely: bool,
    /// It is in the best element.
    in_top: bool,
    /// It joins the best element.
    joined: bool,
    /// It or one around it is a box that would be taken out.
    cleaned: bool,
    /// It is or stands in a figure, code or a table of facts, which are not looked at box by box.
    framed: bool,
}

/// An answer with less text than this is tried again with unlikely elements.
const ENOUGH: u32 = 500;

/// Names of elements that are no article, and those that may be one for all that.
const UNLIKELY: Hints =
    name_hints::bits(&["ad", "nav", "comment", "footer", "header", "related", "sidebar", "share", "cookie"]);
const MAYBE: Hints = name_hints::bits(&["article", "body", "content", "main"]);
/// Names that count for and against an element.
const GOOD: Hints = name_hints::bits(&["article", "body", "content", "entry", "main", "post", "text", "blog", "story"]);
const BAD: Hints = name_hints::bits(&[
    "hidden", "comment", "footer", "promo", "related", "share", "sidebar", "ad", "meta", "tags", "cookie",
]);

impl Readable {
    /// Works out what would be kept of a page.
    pub(crate) fn of(survey: &Survey) -> Readable {
        let strict = Readable::with(survey, true);
        if strict.kept_bytes(survey) >= ENOUGH { strict } else { Readable::with(survey, false) }
    }

    fn with(survey: &Survey, strips: bool) -> Readable {
        let mut elements = vec![Verdict::default(); survey.elements.len()];
        for at in 1..elements.len() {
            let element = &survey.elements[at];
            let named = element.hints & UNLIKELY != 0 && element.hints & MAYBE == 0;
            let stays = matches!(element.tag, Tag::Article | Tag::Table | Tag::Cell | Tag::Code);
            elements[at].unlikely =
                strips && (elements[element.parent].unlikely || (named && !stays) || element.hidden);
        }
        let scores = scores(survey, &elements);
        let top = top(survey, &scores);
        let joined = joined(survey, &scores, top);
        let listed = listed(survey);
        for at in 0..elements.len() {
            let element = &survey.elements[at];
            let above = elements[element.parent];
            elements[at].in_top = at == top || (at != 0 && above.in_top);
            elements[at].joined = joined[at] || (at != 0 && above.joined);
            let inside = at != top && (elements[at].in_top || elements[at].joined);
            elements[at].framed = (at != 0 && above.framed) || is_frame(element);
            let is_list = listed[at] * 10 >= element.bytes * 9;
            let clutter = inside && is_clutter(element, is_list, elements[at].framed);
            elements[at].cleaned = (at != 0 && above.cleaned && inside) || clutter;
        }
        let scores = scores.into_iter().map(|score| if score.is_nan() { 0.0 } else { score }).collect();
        Readable { elements, scores, top }
    }

    pub(crate) fn keeps(&self, element: usize) -> bool {
        let verdict = self.elements[element];
        (verdict.in_top || verdict.joined) && !verdict.cleaned && !verdict.unlikely
    }

    fn kept_bytes(&self, survey: &Survey) -> u32 {
        survey.blocks.iter().filter(|block| self.keeps(block.element)).map(|block| block.text.len() as u32).sum()
    }

    /// What would become of a block.
    pub(crate) fn numbers(&self, survey: &Survey, at: usize, out: &mut Vec<f32>) {
        let element = survey.blocks[at].element;
        let verdict = self.elements[element];
        let is = |is: bool| f32::from(u8::from(is));
        let depth = f32::from(survey.elements[element].depth) - f32::from(survey.elements[self.top].depth);
        out.extend([
            is(self.keeps(element)),
            is(verdict.in_top),
            is(verdict.joined),
            is(verdict.cleaned),
            is(verdict.unlikely),
            depth.clamp(-10.0, 10.0),
        ]);
    }
}

fn by_name(element: &Element) -> f32 {
    let plus = if element.hints & GOOD != 0 { 25.0 } else { 0.0 };
    let minus = if element.hints & BAD != 0 { -25.0 } else { 0.0 };
    plus + minus
}

/// Points of each element; `NaN` where no paragraph gave any.
fn scores(survey: &Survey, verdicts: &[Verdict]) -> Vec<f32> {
    let mut scores = vec![f32::NAN; survey.elements.len()];
    for block in survey.blocks.iter().filter(|block| block.text.len() >= 25 && !verdicts[block.element].unlikely) {
        let points = 1.0 + block.commas as f32 + (block.text.len() as f32 / 100.0).floor().min(3.0);
        let own = survey.elements[block.element].tag;
        // A text that stands in a group itself is a paragraph without the tag, so the group is what is around it.
        let skip = usize::from(matches!(own, Tag::Paragraph | Tag::Cell | Tag::Code | Tag::Heading2 | Tag::Heading));
        for (level, (at, element)) in survey.around(block.element).skip(skip).take(5).enumerate() {
            if scores[at].is_nan() {
                scores[at] = by_name(element) + element.tag.points();
            }
            scores[at] += points / part(level);
        }
    }
    for (score, element) in scores.iter_mut().zip(&survey.elements) {
        *score *= 1.0 - element.link_share();
    }
    scores
}

/// What the points of a text are divided by for the elements around it, the nearest first.
fn part(level: usize) -> f32 {
    match level {
        0 => 1.0,
        1 => 2.0,
        level => level as f32 * 3.0,
    }
}

/// The best element, then further out as long as that gains.
fn top(survey: &Survey, scores: &[f32]) -> usize {
    let score = |at: usize| if scores[at].is_nan() { f32::NEG_INFINITY } else { scores[at] };
    let mut order: Vec<usize> = (0..scores.len()).filter(|at| !scores[*at].is_nan()).collect();
    order.sort_by(|one, other| score(*other).total_cmp(&score(*one)));
    order.truncate(5);
    let Some(&best) = order.first() else { return 0 };
    let rivals: Vec<usize> =
        order[1..].iter().copied().filter(|at| score(*at) / score(best).max(0.01) >= 0.75).collect();
    let mut top = best;
    if rivals.len() >= 3 {
        let holds = |outer: usize, inner: usize| survey.around(inner).skip(1).any(|(at, _)| at == outer);
        let shared = survey
            .around(best)
            .skip(1)
            .map(|(at, _)| at)
            .find(|outer| *outer != 0 && rivals.iter().filter(|rival| holds(*outer, **rival)).count() >= 3);
        top = shared.unwrap_or(best);
    }
    let mut last = score(top);
    let least = last / 3.0;
    for (at, _) in survey.around(top).skip(1).filter(|(at, _)| *at != 0) {
        if scores[at].is_nan() {
            continue;
        }
        if score(at) < least {
            break;
        }
        if score(at) > last {
            top = at;
            break;
        }
        last = score(at);
    }
    // An only child has no neighbours that could join it, but the element around it may have.
    let mut children = vec![0_u32; scores.len()];
    survey.elements.iter().skip(1).for_each(|element| children[element.parent] += 1);
    while top != 0 && survey.elements[top].parent != 0 && children[survey.elements[top].parent] == 1 {
        top = survey.elements[top].parent;
    }
    top
}

/// The neighbours of the best element that read like it.
fn joined(survey: &Survey, scores: &[f32], top: usize) -> Vec<bool> {
    let parent = survey.elements[top].parent;
    let best = if scores[top].is_nan() { 0.0 } else { scores[top] };
    let least = (best * 0.2).max(10.0);
    let joins = |at: usize| {
        let element = &survey.elements[at];
        let bonus = if element.kind == survey.elements[top].kind { best * 0.2 } else { 0.0 };
        let by_score = !scores[at].is_nan() && scores[at] + bonus >= least;
        let ends = || element.blocks.clone().last().is_some_and(|last| survey.blocks[last].ends);
        let by_text = element.tag == Tag::Paragraph
            && ((element.bytes > 80 && element.link_share() < 0.25)
                || (element.bytes > 0 && element.bytes <= 80 && element.linked == 0 && ends()));
        by_score || by_text
    };
    let is_neighbour = |at: usize| at != 0 && at != top && survey.elements[at].parent == parent;
    (0..survey.elements.len()).map(|at| is_neighbour(at) && joins(at)).collect()
}

/// Whether a box inside the article would be taken out: by its name, or for having little prose and many links.
fn is_clutter(element: &Element, is_list: bool, framed: bool) -> bool {
    if matches!(element.tag, Tag::Footer | Tag::Aside | Tag::Nav | Tag::Button) {
        return true;
    }
    if framed || !matches!(element.tag, Tag::Form | Tag::Table | Tag::List | Tag::Division) {
        return false;
    }
    let weight = by_name(element);
    if weight < 0.0 {
        return true;
    }
    if element.commas >= 10 {
        return false;
    }
    let (paragraphs, pictures) = (element.paragraphs, element.things);
    (pictures > 1 && paragraphs * 2 < pictures)
        || (!is_list && element.items > paragraphs + 100)
        || (!is_list && element.bytes < 25 && (pictures == 0 || pictures > 2) && element.linked > 0)
        || (!is_list && weight < 25.0 && element.link_share() > 0.2)
        || (weight >= 25.0 && element.link_share() > 0.5)
}

/// Figures, code, and tables with many short cells.
fn is_frame(element: &Element) -> bool {
    match element.tag {
        Tag::Figure | Tag::Code => true,
        Tag::Table => element.blocks.len() >= 10 && element.words as usize <= 20 * element.blocks.len(),
        _ => false,
    }
}

/// Bytes of text in lists inside each element.
fn listed(survey: &Survey) -> Vec<u32> {
    let mut listed = vec![0; survey.elements.len()];
    for at in (1..survey.elements.len()).rev() {
        let element = &survey.elements[at];
        if element.tag == Tag::List {
            listed[at] = element.bytes;
        }
        listed[element.parent] += listed[at];
    }
    listed
}
