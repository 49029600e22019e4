//! Selects the blocks of a page that make up the article.
//!
//! - `segmentation` splits the page into elements and blocks of text.
//! - `features` computes a row of numbers for each block, using `name_hints` (class names), `container_candidates`
//!   (elements that may hold the article) and `readability` (what a reader mode would keep).
//! - `model` holds the gradient-boosted trees. The block forests score each block by its features; `context_features`
//!   adds the scores of its neighbours and ancestors, and the context forests score it again, since an article is a
//!   region of the page rather than a bag of paragraphs.
//! - `decide` turns scores into decisions; `article_region` keeps images and embeds near the text.
//! - `threads` finds the posts of a thread by their shape and puts author and date above each.
//!
//! Selected content stays in the page's own tree. `examples/train` trains the forests on pages with known texts.

mod article_region;
mod container_candidates;
mod context_features;
mod decide;
pub(crate) mod features;
pub(crate) mod model;
mod name_hints;
pub(crate) mod readability;
pub(crate) mod segmentation;
pub(crate) mod threads;

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashSet;

use crate::dom::tree;
use crate::prepare::images;

use article_region::ArticleRegion;
pub(crate) use context_features::add_context_features;
use features::FeatureMatrix;
pub(crate) use features::PageMetadata;
use model::Models;
use model::ensemble::Ensemble;
use readability::Readability;
use segmentation::{MediaItem, Segmentation};

/// Least score of a block that cleanup must not remove for being placed like a menu or repeating the title.
const MIN_CERTAIN_SCORE: f32 = 2.0;
/// Least score of lists, tables and headings that are shown without being running text.
const MIN_SUPPLEMENTARY_SCORE: f32 = -4.0;

/// Most blocks that are scored. A larger page is longer than a novel, and its features would take more memory than the
/// page; there Readability decides.
const MAX_SCORED_BLOCKS: usize = 12_000;
/// Score given to blocks that Readability decides.
const CONFIDENT_SCORE: f32 = 5.0;

/// The part of a page that is its article.
pub(crate) struct SelectedContent {
    /// The smallest container that holds it.
    pub(crate) root: NodeId,
    /// Text nodes that are shown but are no running text: captions, footnotes, tables at the side.
    pub(crate) supplementary: HashSet<NodeId>,
    /// Text nodes of paragraphs that the page repeats on purpose.
    pub(crate) deliberate_repeats: HashSet<NodeId>,
    /// Text nodes of blocks with a score of at least [`MIN_CERTAIN_SCORE`].
    pub(crate) certain: HashSet<NodeId>,
}

impl SelectedContent {
    /// Selects everything, on a page that is too large or too deep to be scored.
    pub(crate) fn entire_page(page: &Document) -> SelectedContent {
        Self::entire_element(tree::body(page).id)
    }

    /// Selects everything in an element.
    pub(crate) fn entire_element(root: NodeId) -> SelectedContent {
        let none = HashSet::default;
        SelectedContent { root, supplementary: none(), deliberate_repeats: none(), certain: none() }
    }

    /// Selects the posts in the element of a thread. All their `texts` belong to it, whatever they say again, unless one
    /// post has them twice.
    pub(crate) fn every_post(root: NodeId, texts: HashSet<NodeId>, single: HashSet<NodeId>) -> SelectedContent {
        SelectedContent { deliberate_repeats: single, certain: texts, ..Self::entire_element(root) }
    }

    /// Selects nothing: a new element without content.
    pub(crate) fn nothing(page: &Document) -> SelectedContent {
        let empty = page.tree.new_element("div");
        tree::body(page).append_child(&empty);
        Self::entire_element(empty.id)
    }
}

/// Selects the article on a page and removes everything else.
pub(crate) fn select_content(page: &Document, metadata: &PageMetadata<'_>, models: &Models) -> SelectedContent {
    let segmentation = Segmentation::new(page);
    let readability = Readability::new(&segmentation);
    let scores = score_blocks(&segmentation, metadata, &readability, models);
    let mut kept = decide::decide_blocks(&segmentation, &scores, &readability, metadata);
    decide::boxes::keep(page, &segmentation, &scores, &mut kept);
    let text_start = kept.iter().position(|kept| *kept).unwrap_or(0);
    let headline = decide::standfirst::keep(&segmentation, &scores, metadata, &mut kept);
    let mut region = ArticleRegion::new(&segmentation, &kept, &readability);
    if let Some(headline) = headline {
        region.begin_below(headline, text_start);
    }
    let is_shown = |item: &&MediaItem| region.contains(item) && !images::is_avatar(&NodeRef::new(item.id, &page.tree));
    let (shown, hidden): (Vec<&MediaItem>, Vec<&MediaItem>) = segmentation.media.iter().partition(is_shown);
    let supplementary = find_supplementary(&segmentation, &scores, &region, &shown, metadata.is_thread);
    for item in hidden {
        remove_node(page, item.id);
    }
    let dropped = (0..kept.len()).filter(|at| !kept[*at] && !supplementary[*at]);
    for text in dropped.flat_map(|at| segmentation.text_nodes(&segmentation.blocks[at])) {
        remove_node(page, *text);
    }
    let is_scored = segmentation.blocks.len() <= MAX_SCORED_BLOCKS;
    let text_nodes = |blocks: &mut dyn Iterator<Item = usize>| {
        blocks.flat_map(|at| segmentation.text_nodes(&segmentation.blocks[at])).copied().collect::<HashSet<NodeId>>()
    };
    SelectedContent {
        root: segmentation.elements[region.root].id,
        supplementary: text_nodes(&mut (0..kept.len()).filter(|at| supplementary[*at])),
        deliberate_repeats: text_nodes(
            &mut decide::find_repeated_siblings(&segmentation)
                .into_values()
                .flatten()
                .chain(decide::find_refrains(&segmentation)),
        ),
        certain: text_nodes(
            &mut (0..kept.len()).filter(|at| is_scored && kept[*at] && scores[*at] >= MIN_CERTAIN_SCORE),
        ),
    }
}

/// Scores each block, as log-odds of being part of the article.
fn score_blocks(
    segmentation: &Segmentation,
    metadata: &PageMetadata<'_>,
    readability: &Readability,
    models: &Models,
) -> Vec<f32> {
    if segmentation.blocks.len() > MAX_SCORED_BLOCKS {
        return segmentation
            .blocks
            .iter()
            .map(|block| if readability.keeps(block.element) { CONFIDENT_SCORE } else { -CONFIDENT_SCORE })
            .collect();
    }
    let rows = features::compute_features(segmentation, metadata, readability);
    let block_scores = score_rows(&models.block_forests, &rows);
    score_rows(&models.context_forests, &add_context_features(segmentation, &rows, &block_scores))
}

/// Scores each row; all zero if the rows do not fit the forests.
pub(crate) fn score_rows(forests: &Ensemble, rows: &FeatureMatrix) -> Vec<f32> {
    if rows.width != forests.width() {
        return vec![0.0; rows.values.len() / rows.width.max(1)];
    }
    forests.score_rows(&rows.values)
}

/// Marks dropped blocks that are shown all the same: captions of shown images, and the lists, tables, code and headings
/// that Readability would keep, unless their score is very low.
///
/// The latter does not apply to threads, where each post has a list of its author's merits.
fn find_supplementary(
    segmentation: &Segmentation,
    scores: &[f32],
    region: &ArticleRegion<'_>,
    shown: &[&MediaItem],
    is_thread: bool,
) -> Vec<bool> {
    let mut supplementary = vec![false; scores.len()];
    for item in shown {
        supplementary[region.find_caption(item)].fill(true);
    }
    for (at, block) in segmentation.blocks.iter().enumerate() {
        let is_in_structure =
            || segmentation.self_and_ancestors(block.element).take(6).any(|(_, ancestor)| ancestor.tag.is_structured());
        supplementary[at] |= !is_thread
            && scores[at] > MIN_SUPPLEMENTARY_SCORE
            && region.readability.keeps(block.element)
            && is_in_structure();
        supplementary[at] &= !region.kept[at];
    }
    supplementary
}

fn remove_node(page: &Document, id: NodeId) {
    NodeRef::new(id, &page.tree).remove_from_parent();
}

#[cfg(test)]
mod tests {
    use super::model::TRAINED_MODELS;
    use super::*;

    #[test]
    fn the_forests_fit_the_feature_matrix() {
        let segmentation = Segmentation::new(&crate::parse::parse_page("<p>Rain").tree);
        let rows =
            features::compute_features(&segmentation, &PageMetadata::default(), &Readability::new(&segmentation));
        let context = add_context_features(&segmentation, &rows, &score_rows(&TRAINED_MODELS.block_forests, &rows));
        assert_eq!(
            (TRAINED_MODELS.block_forests.width(), TRAINED_MODELS.context_forests.width()),
            (rows.width, context.width)
        );
    }
}
