//! Which blocks of the page are the article.
//!
//! Every block of the page gets a row of numbers ([`features`]), and learned trees ([`forest`]) say how likely it
//! belongs to the article. A second forest sees the same numbers and what the first said of the block, its
//! neighbours and the elements around it ([`around`]), since an article is a place on the page and not a bag of
//! paragraphs. [`settle`] makes a decision of that. What is kept stays where it stands in the page's own tree;
//! pictures and cards stay with the text around them ([`region`]).
//!
//! The trees are grown by `examples/learn` from pages with known texts.

mod around;
mod candidates;
pub(crate) mod features;
pub(crate) mod forest;
mod hints;
pub(crate) mod readable;
mod region;
mod settle;
pub(crate) mod survey;

use std::collections::HashSet;
use std::sync::LazyLock;

use dom_query::{Document, NodeId, NodeRef};

use crate::rules::Marks;
pub(crate) use around::second_rows;
pub(crate) use features::Known;
use features::Rows;
use forest::Forest;
use readable::Readable;
use region::Region;
use survey::Survey;

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

/// Least log odds of lists, tables and headings that are shown though they are no running text.
const SHOWN: f32 = -4.0;

/// The blocks of a page, judged.
pub(crate) struct Judged {
    survey: Survey,
    readable: Readable,
    /// Per block, whether it is the article's.
    kept: Vec<bool>,
    /// Per block, whether it is shown with the article without being part of its running text: captions of its pictures,
    /// lists of notes, tables at the side.
    beside: Vec<bool>,
}

impl Judged {
    /// The text nodes of what is said twice on purpose.
    pub(crate) fn texts_said_twice(&self) -> HashSet<NodeId> {
        let blocks = settle::said_twice(&self.survey).into_values().flatten().map(|at| &self.survey.blocks[at]);
        blocks.flat_map(|block| self.survey.texts(block)).copied().collect()
    }

    /// The text nodes that are shown and are no running text.
    pub(crate) fn texts_beside(&self) -> HashSet<NodeId> {
        let blocks = self.survey.blocks.iter().zip(&self.beside).filter(|(_, beside)| **beside);
        blocks.flat_map(|(block, _)| self.survey.texts(block)).copied().collect()
    }
}

/// Judges every block of a page. What `marks` say is kept whatever the trees think.
pub(crate) fn judge(page: &Document, known: &Known<'_>, marks: &Marks, models: &Models) -> Judged {
    let survey = Survey::of(page);
    let readable = Readable::of(&survey);
    let rows = features::of(&survey, known, &readable);
    let first = scores(&models.first, &rows);
    let scores = scores(&models.second, &second_rows(&survey, &rows, &first));
    let mut kept = settle::settle(&survey, &scores, &readable);
    for (block, kept) in survey.blocks.iter().zip(&mut kept).filter(|_| !marks.kept.is_empty()) {
        *kept |= survey.texts(block).iter().any(|text| marks.kept.contains(text));
    }
    let beside = beside(&survey, &scores, &readable, &kept);
    Judged { survey, readable, kept, beside }
}

/// What a forest says of each row.
pub(crate) fn scores(forest: &Forest, rows: &Rows) -> Vec<f32> {
    if rows.width != forest.width {
        return vec![0.0; rows.values.len() / rows.width.max(1)];
    }
    rows.values.chunks_exact(rows.width).map(|row| forest.score(row)).collect()
}

/// Of the blocks that are not kept, those that are shown: captions of pictures that stay, and what a reader mode would keep of
/// lists, tables, code and headings unless the trees are sure that it does not belong here.
fn beside(survey: &Survey, scores: &[f32], readable: &Readable, kept: &[bool]) -> Vec<bool> {
    let mut beside = vec![false; kept.len()];
    let region = Region::of(survey, kept, readable);
    for thing in survey.things.iter().filter(|thing| region.keeps(thing)) {
        beside[region.caption(thing)].fill(true);
    }
    for (at, block) in survey.blocks.iter().enumerate() {
        let has_form = || survey.around(block.element).take(6).any(|(_, around)| around.tag.is_form());
        beside[at] |= scores[at] > SHOWN && readable.keeps(block.element) && has_form();
        beside[at] &= !kept[at];
    }
    beside
}

/// Takes everything that was not kept out of the tree and answers the smallest element around what was.
pub(crate) fn reduce<'p>(page: &'p Document, judged: &Judged, marks: &Marks) -> NodeRef<'p> {
    let survey = &judged.survey;
    let region = Region::of(survey, &judged.kept, &judged.readable);
    for thing in survey.things.iter().filter(|thing| !marks.kept.contains(&thing.id) && !region.keeps(thing)) {
        remove(page, thing.id);
    }
    for (at, block) in survey.blocks.iter().enumerate() {
        if !judged.kept[at] && !judged.beside[at] {
            survey.texts(block).iter().for_each(|text| remove(page, *text));
        }
    }
    NodeRef::new(survey.elements[region.root].id, &page.tree)
}

fn remove(page: &Document, id: NodeId) {
    NodeRef::new(id, &page.tree).remove_from_parent();
}
