//! Which blocks of the page are the article.
//!
//! Every block of the page gets a row of numbers ([`crate::features`]), and learned trees ([`crate::forest`]) say how likely it
//! belongs to the article. A second forest sees the same numbers and what the first said of the block, its
//! neighbours and the elements around it, since an article is a place on the page and not a bag of paragraphs. What
//! is kept stays where it stands in the page's own tree; pictures and cards stay with the text around them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use dom_query::{Document, NodeId, NodeRef};

use crate::features::{self, Known, Rows};
use crate::forest::Forest;
use crate::survey::{Survey, Tag, Thing};
use crate::tree;

/// What was learned.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// Judges blocks by their own numbers.
    pub first: Forest,
    /// Judges them again, knowing what the first says of all.
    pub second: Forest,
}

/// What the program was built with.
pub(crate) static MODELS: LazyLock<Models> = LazyLock::new(|| Models {
    first: Forest::from_text(include_str!("content/first.txt")).unwrap_or_default(),
    second: Forest::from_text(include_str!("content/second.txt")).unwrap_or_default(),
});

/// The log odds from which a block is kept.
const KEPT: f32 = 0.0;

/// The share of a list's or table's words from which the rest of it is kept with them.
const WHOLE: f32 = 0.7;

/// An article of fewer words is looked at again.
const FEW: u32 = 25;

/// The blocks of a page, judged.
pub(crate) struct Judged {
    pub(crate) survey: Survey,
    /// Per block, whether it is the article's.
    pub(crate) kept: Vec<bool>,
    /// Per block, whether it is not but is the caption of a picture that is.
    pub(crate) captions: Vec<bool>,
}

impl Judged {
    /// The text nodes that are shown with pictures only.
    pub(crate) fn caption_texts(&self) -> HashSet<NodeId> {
        let blocks = self.survey.blocks.iter().zip(&self.captions).filter(|(_, caption)| **caption);
        blocks.flat_map(|(block, _)| self.survey.texts(block)).copied().collect()
    }
}

/// Judges every block of a page.
pub(crate) fn judge(page: &Document, known: &Known<'_>, models: &Models) -> Judged {
    let survey = Survey::of(page);
    let rows = features::of(&survey, known);
    let first = scores(&models.first, &rows);
    let second = second_rows(&survey, &rows, &first);
    let scores = scores(&models.second, &second);
    let mut kept = enough(&survey, &scores);
    copies(&survey, &mut kept);
    wholes(&survey, &mut kept);
    smooth(&survey, &scores, &mut kept);
    notes(&survey, &mut kept);
    let captions = captions(&survey, &kept);
    Judged { survey, kept, captions }
}

/// Where nearly everything around a block is kept, it is kept as well unless it is very unlikely.
fn smooth(survey: &Survey, scores: &[f32], kept: &mut [bool]) {
    let mut good_before = vec![0_u32];
    for (block, kept) in survey.blocks.iter().zip(kept.iter()) {
        good_before.push(good_before[good_before.len() - 1] + if *kept { block.words } else { 0 });
    }
    for at in 0..kept.len() {
        if kept[at] || scores[at] < -1.5 {
            continue;
        }
        let block = &survey.blocks[at];
        let within = survey.around(block.element).take(3).any(|(_, element)| {
            let good = good_before[element.blocks.end] - good_before[element.blocks.start];
            let others = element.words - block.words;
            others >= 30 && good * 10 >= others * 9
        });
        kept[at] = within;
    }
}

/// A paragraph that says again what a kept one beside it says is said twice on purpose.
fn copies(survey: &Survey, kept: &mut [bool]) {
    let mut said: HashMap<(&str, usize), bool> = HashMap::new();
    let parent = |at: usize| survey.elements[survey.blocks[at].element].parent;
    for at in (0..kept.len()).filter(|at| survey.blocks[*at].is_prose()) {
        *said.entry((&survey.blocks[at].text, parent(at))).or_default() |= kept[at];
    }
    for at in (0..kept.len()).filter(|at| survey.blocks[*at].is_prose()) {
        kept[at] |= said.get(&(survey.blocks[at].text.as_str(), parent(at))).is_some_and(|kept| *kept);
    }
}

/// A note that a kept block refers to stays with it.
fn notes(survey: &Survey, kept: &mut [bool]) {
    let before = kept.to_vec();
    for (block, id) in &survey.notes {
        let Some(place) = survey.ids.get(id).filter(|_| before.get(*block).is_some_and(|kept| *kept)) else { continue };
        let element = &survey.elements[*place];
        let after = element.blocks.start > *block;
        if after
            && matches!(element.tag, Tag::Item | Tag::Paragraph | Tag::Definition | Tag::Cell)
            && element.words <= 300
        {
            kept[element.blocks.clone()].fill(true);
        }
    }
}

/// Whether each block is kept, by its log odds. A page of a kind that was never seen may leave next to nothing; then the most
/// likely blocks are kept, since a reader who asked for the page wants something to read.
fn enough(survey: &Survey, scores: &[f32]) -> Vec<bool> {
    let words = |least: f32| -> u32 {
        survey.blocks.iter().zip(scores).filter(|(_, score)| **score >= least).map(|(block, _)| block.words).sum()
    };
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let least = if words(KEPT) >= FEW { KEPT } else { (most - 1.0).min(KEPT) };
    scores.iter().map(|score| *score >= least).collect()
}

/// Tables of facts and lists are not cut into pieces: they stay or go as most of their words do.
fn wholes(survey: &Survey, kept: &mut [bool]) {
    for element in survey.elements.iter().filter(|element| matches!(element.tag, Tag::Table | Tag::List | Tag::Code)) {
        let blocks = element.blocks.clone();
        let few_words_each = element.words as usize <= 25 * blocks.len().max(1) || element.tag != Tag::Table;
        if !few_words_each {
            continue;
        }
        let good: u32 = blocks.clone().filter(|at| kept[*at]).map(|at| survey.blocks[at].words).sum();
        let share = good as f32 / element.words.max(1) as f32;
        if share >= WHOLE {
            kept[blocks].fill(true);
        } else if element.tag != Tag::List && share < 0.5 {
            kept[blocks].fill(false);
        }
    }
}

/// The captions of pictures that stay, of those that were not kept for themselves: they are shown with the picture and are no
/// part of the running text.
fn captions(survey: &Survey, kept: &[bool]) -> Vec<bool> {
    let mut captions = vec![false; kept.len()];
    let region = Region::of(survey, kept);
    for thing in survey.things.iter().filter(|thing| region.keeps(thing)) {
        let figure = survey.around(thing.element).take(4).find(|(_, element)| element.tag == Tag::Figure);
        let Some((_, figure)) = figure.filter(|(_, figure)| figure.words <= 120) else { continue };
        for at in figure.blocks.clone() {
            captions[at] = !kept[at];
        }
    }
    captions
}

/// What a forest says of each row.
pub(crate) fn scores(forest: &Forest, rows: &Rows) -> Vec<f32> {
    if rows.width != forest.width {
        return vec![0.0; rows.values.len() / rows.width.max(1)];
    }
    rows.values.chunks_exact(rows.width).map(|row| forest.score(row)).collect()
}

/// The rows for the second forest: the first rows, and what the first forest says around each block.
pub(crate) fn second_rows(survey: &Survey, rows: &Rows, scores: &[f32]) -> Rows {
    let likely: Vec<f32> = scores.iter().map(|score| 1.0 / (1.0 + (-score).exp())).collect();
    let around = Around::of(survey, &likely);
    let mut second = Rows::default();
    for at in 0..survey.blocks.len() {
        second.values.extend(rows.row(at));
        around.numbers(at, &mut second.values);
        if at == 0 {
            second.width = second.values.len();
            second.values.reserve(second.width * survey.blocks.len());
        }
    }
    second
}

/// What the first forest says of a page.
struct Around<'s> {
    survey: &'s Survey,
    likely: &'s [f32],
    /// Likely words before each block, and words before each block.
    good_before: Vec<f32>,
    words_before: Vec<f32>,
    /// The first and the last block that is likely and prose.
    first: usize,
    last: usize,
}

impl<'s> Around<'s> {
    fn of(survey: &'s Survey, likely: &'s [f32]) -> Around<'s> {
        let (mut good, mut words) = (0.0, 0.0);
        let mut good_before = vec![0.0];
        let mut words_before = vec![0.0];
        for (block, likely) in survey.blocks.iter().zip(likely) {
            good += block.words as f32 * likely;
            words += block.words as f32;
            good_before.push(good);
            words_before.push(words);
        }
        let sure = |at: &usize| likely[*at] > 0.5 && survey.blocks[*at].words >= 8;
        let blocks = likely.len();
        let first = (0..blocks).find(sure).unwrap_or(0);
        let last = (0..blocks).rev().find(sure).unwrap_or(blocks.saturating_sub(1));
        Around { survey, likely, good_before, words_before, first, last }
    }

    fn numbers(&self, at: usize, out: &mut Vec<f32>) {
        let likely =
            |step: isize| at.checked_add_signed(step).and_then(|at| self.likely.get(at)).copied().unwrap_or(-0.1);
        out.extend([-4, -3, -2, -1, 0, 1, 2, 3, 4].map(likely));
        let all = self.good_before.last().copied().unwrap_or(0.0).max(1.0);
        out.extend([
            all.ln_1p(),
            self.good_before[at] / all,
            (at as f32 - self.first as f32).clamp(-50.0, 200.0),
            (at as f32 - self.last as f32).clamp(-200.0, 50.0),
            self.share(at.saturating_sub(5), at),
            self.share(at + 1, (at + 6).min(self.likely.len())),
            self.share(at.saturating_sub(15), at),
            self.share(at + 1, (at + 16).min(self.likely.len())),
        ]);
        let start = out.len();
        for (_, element) in self.survey.around(self.survey.blocks[at].element).take(6) {
            out.push(self.share(element.blocks.start, element.blocks.end));
            out.push((self.good_before[element.blocks.end] - self.good_before[element.blocks.start]) / all);
        }
        out.resize(start + 12, -1.0);
    }

    /// How much of the words in a range of blocks is likely.
    fn share(&self, from: usize, to: usize) -> f32 {
        if from >= to {
            return -1.0;
        }
        let words = self.words_before[to] - self.words_before[from];
        (self.good_before[to] - self.good_before[from]) / words.max(1.0)
    }
}

/// Takes everything that was not kept out of the tree and answers the smallest element around what was.
pub(crate) fn reduce<'p>(page: &'p Document, judged: &Judged) -> NodeRef<'p> {
    let survey = &judged.survey;
    let region = Region::of(survey, &judged.kept);
    for thing in survey.things.iter().filter(|thing| !region.keeps(thing)) {
        remove(page, thing.id);
    }
    for (at, block) in survey.blocks.iter().enumerate() {
        if !judged.kept[at] && !judged.captions[at] {
            survey.texts(block).iter().for_each(|text| remove(page, *text));
        }
    }
    NodeRef::new(survey.elements[region.root].id, &page.tree)
}

fn remove(page: &Document, id: NodeId) {
    NodeRef::new(id, &page.tree).remove_from_parent();
}

/// Where the article stands.
struct Region<'s> {
    survey: &'s Survey,
    kept: &'s [bool],
    /// The smallest group that holds all kept blocks; lists and tables are not cut open.
    root: usize,
    /// The first and the last kept block.
    first: usize,
    last: usize,
}

impl<'s> Region<'s> {
    fn of(survey: &'s Survey, kept: &'s [bool]) -> Region<'s> {
        let mut places = (0..kept.len()).filter(|at| kept[*at]);
        let first = places.next().unwrap_or(0);
        let last = kept.iter().rposition(|kept| *kept).unwrap_or(0);
        let mut root = survey.blocks.get(first).map_or(0, |block| block.element);
        for mut element in places.map(|at| survey.blocks[at].element) {
            while root != element {
                if survey.elements[root].depth >= survey.elements[element].depth {
                    root = survey.elements[root].parent;
                } else {
                    element = survey.elements[element].parent;
                }
            }
        }
        let group = |at: &usize| {
            matches!(
                survey.elements[*at].tag,
                Tag::Division | Tag::Article | Tag::Main | Tag::Section | Tag::Header | Tag::Other | Tag::Aside
            )
        };
        let root = survey.around(root).map(|(at, _)| at).find(group).unwrap_or(0);
        Region { survey, kept, root, first, last }
    }

    /// Whether a picture or card belongs to the article: it stands between kept blocks (or just before the first), and no
    /// element around it holds only text that was not kept.
    fn keeps(&self, thing: &Thing) -> bool {
        if !self.survey.around(thing.element).any(|(at, _)| at == self.root) {
            return false;
        }
        for (at, element) in self.survey.around(thing.element) {
            if at == self.root {
                break;
            }
            let words = |wanted: &dyn Fn(usize) -> bool| -> u32 {
                element.blocks.clone().filter(|at| wanted(*at)).map(|at| self.survey.blocks[at].words).sum()
            };
            if element.words > 0 && element.tag != Tag::Figure {
                return words(&|at| self.kept[at]) * 2 >= words(&|_| true);
            }
        }
        (self.first.saturating_sub(3)..=self.last + 2).contains(&thing.after)
    }
}

/// Everything on the page, for pages that are not judged: nested without end or too large.
pub(crate) fn whole(page: &Document) -> NodeRef<'_> {
    tree::body(page)
}
