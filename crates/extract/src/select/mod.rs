//! Chooses the blocks of a page that are the article.
//!
//! - `segmentation` lists the page's elements and blocks of text.
//! - `features` gives each block a row of numbers, from `name_hints` (class names), `container_candidates` (elements that may hold the
//!   article) and `readability` (what a reader mode would keep).
//! - `model` holds the learned trees. Its first forests score each block; `context_features` adds these scores of the
//!   block, its neighbours and the elements around it, and the second forests score it again, since an article is a place
//!   on the page and not a bag of paragraphs.
//! - `decide` turns scores into a decision, `region` keeps the images and cards beside the text.
//! - `thread_posts` writes above each post of a forum thread who wrote it and when.
//!
//! What is kept stays where it stands in the page's own tree. `examples/learn` grows the trees from pages with known texts.

mod container_candidates;
mod context_features;
mod decide;
pub(crate) mod features;
pub(crate) mod model;
mod name_hints;
pub(crate) mod readability;
mod region;
pub(crate) mod segmentation;
pub(crate) mod thread_posts;

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashSet;

use crate::dom::tree;
use crate::prepare::images;

pub(crate) use context_features::second_rows;
pub(crate) use features::Known;
use features::Rows;
use model::Models;
use model::ensemble::Ensemble;
use readability::Readable;
use region::Region;
use segmentation::{Survey, Thing};

/// Log odds from which a block stays though its place might be that of a menu, or its words those of the title.
const CERTAIN: f32 = 2.0;
/// Least log odds of lists, tables and headings that are shown though they are no running text.
const SHOWN: f32 = -4.0;

/// A page of more blocks is longer than a novel; what a reader mode would keep of it is kept, since numbers for each block would
/// take more memory than the page.
const MOST_JUDGED: usize = 12_000;
/// Log odds of what is not in doubt.
const SURE: f32 = 5.0;

/// The part of a page that is its article.
pub(crate) struct Chosen {
    /// The smallest element around it.
    pub(crate) root: NodeId,
    /// Texts that are shown with the article without being part of its running text: captions of its pictures, lists of notes,
    /// tables at the side.
    pub(crate) beside: HashSet<NodeId>,
    /// Texts that are said more than once on purpose.
    pub(crate) meant: HashSet<NodeId>,
    /// Texts of which the trees are certain.
    pub(crate) certain: HashSet<NodeId>,
}

impl Chosen {
    /// Everything on a page, for one that is too large or too deep to be judged.
    pub(crate) fn whole(page: &Document) -> Chosen {
        let none = HashSet::default;
        Chosen { root: tree::body(page).id, beside: none(), meant: none(), certain: none() }
    }
}

/// Chooses the article on a page and takes everything else out of it.
pub(crate) fn choose(page: &Document, known: &Known<'_>, models: &Models) -> Chosen {
    let survey = Survey::of(page);
    let readable = Readable::of(&survey);
    let scores = judged(&survey, known, &readable, models);
    let kept = decide::settle(&survey, &scores, &readable, known);
    let region = Region::of(&survey, &kept, &readable);
    let is_shown = |thing: &&Thing| region.keeps(thing) && !images::is_avatar(&NodeRef::new(thing.id, &page.tree));
    let (shown, hidden): (Vec<&Thing>, Vec<&Thing>) = survey.things.iter().partition(is_shown);
    let beside = beside(&survey, &scores, &region, &shown, known.is_thread);
    for thing in hidden {
        remove(page, thing.id);
    }
    let gone = (0..kept.len()).filter(|at| !kept[*at] && !beside[*at]);
    for text in gone.flat_map(|at| survey.texts(&survey.blocks[at])) {
        remove(page, *text);
    }
    let is_judged = survey.blocks.len() <= MOST_JUDGED;
    let texts = |places: &mut dyn Iterator<Item = usize>| {
        places.flat_map(|at| survey.texts(&survey.blocks[at])).copied().collect::<HashSet<NodeId>>()
    };
    Chosen {
        root: survey.elements[region.root].id,
        beside: texts(&mut (0..kept.len()).filter(|at| beside[*at])),
        meant: texts(&mut decide::said_twice(&survey).into_values().flatten()),
        certain: texts(&mut (0..kept.len()).filter(|at| is_judged && kept[*at] && scores[*at] >= CERTAIN)),
    }
}

/// Log odds of each block.
fn judged(survey: &Survey, known: &Known<'_>, readable: &Readable, models: &Models) -> Vec<f32> {
    if survey.blocks.len() > MOST_JUDGED {
        return survey.blocks.iter().map(|block| if readable.keeps(block.element) { SURE } else { -SURE }).collect();
    }
    let rows = features::of(survey, known, readable);
    let first = scores(&models.first, &rows);
    scores(&models.second, &second_rows(survey, &rows, &first))
}

/// What the forests say of each row.
pub(crate) fn scores(forests: &Ensemble, rows: &Rows) -> Vec<f32> {
    if rows.width != forests.width() {
        return vec![0.0; rows.values.len() / rows.width.max(1)];
    }
    forests.scores(&rows.values)
}

/// Of the blocks that are not kept, those that are shown: captions of pictures that stay, and what a reader mode would keep of
/// lists, tables, code and headings unless the trees are sure that it does not belong here; but not in a thread, where each post
/// has a list of its writer's merits.
fn beside(survey: &Survey, scores: &[f32], region: &Region<'_>, shown: &[&Thing], is_thread: bool) -> Vec<bool> {
    let mut beside = vec![false; scores.len()];
    for thing in shown {
        beside[region.caption(thing)].fill(true);
    }
    for (at, block) in survey.blocks.iter().enumerate() {
        let has_form = || survey.around(block.element).take(6).any(|(_, around)| around.tag.is_form());
        beside[at] |= !is_thread && scores[at] > SHOWN && region.readable.keeps(block.element) && has_form();
        beside[at] &= !region.kept[at];
    }
    beside
}

fn remove(page: &Document, id: NodeId) {
    NodeRef::new(id, &page.tree).remove_from_parent();
}

#[cfg(test)]
mod tests {
    use super::model::MODELS;
    use super::*;

    #[test]
    fn what_was_learned_fits_the_numbers_that_are_worked_out() {
        let survey = Survey::of(&crate::parse::parse_page("<p>Rain").tree);
        let rows = features::of(&survey, &Known::default(), &Readable::of(&survey));
        let second = second_rows(&survey, &rows, &scores(&MODELS.first, &rows));
        assert_eq!((MODELS.first.width(), MODELS.second.width()), (rows.width, second.width));
    }
}
