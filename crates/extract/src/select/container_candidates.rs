//! Candidates for the container of the article, found in three ways: by Readability's content score, by name and role,
//! and by text density. None of them decides; each contributes features.

use super::name_hints::{self, NameHints};
use super::readability::Readability;
use super::segmentation::{Element, Segmentation, Tag};

/// The candidates of a page, as indexes of elements.
#[derive(Debug)]
pub(crate) struct ContainerCandidates<'r> {
    /// Readability's content score of each element, and the index of the best.
    content_scores: &'r [f32],
    best: usize,
    /// The innermost element that holds most unlinked text of the page.
    densest: usize,
    /// The element named for an article (`article`, `main`, `articleBody`, …) that has the most prose.
    named: usize,
}

/// Names of elements that hold articles.
const ARTICLE_HINTS: NameHints =
    name_hints::hint_bits(&["article", "content", "body", "entry", "post", "text", "story", "main", "blog"]);

/// Names of elements that do not.
pub(super) const NON_ARTICLE_HINTS: NameHints = name_hints::hint_bits(&[
    "comment",
    "related",
    "share",
    "nav",
    "footer",
    "sidebar",
    "promo",
    "ad",
    "cookie",
    "newsletter",
    "meta",
    "tags",
    "account",
    "button",
    "toc",
]);

impl<'r> ContainerCandidates<'r> {
    /// Finds the candidates of a page.
    pub(crate) fn find(segmentation: &Segmentation, readability: &'r Readability) -> ContainerCandidates<'r> {
        let content_scores = &readability.content_scores;
        let best =
            (0..content_scores.len()).max_by(|a, b| content_scores[*a].total_cmp(&content_scores[*b])).unwrap_or(0);
        ContainerCandidates {
            best,
            densest: find_densest_element(segmentation),
            named: find_named_element(segmentation),
            content_scores,
        }
    }

    /// Appends the features that relate an element to the candidates.
    pub(crate) fn write_features(&self, segmentation: &Segmentation, element: usize, out: &mut Vec<f32>) {
        let best_score = self.content_scores[self.best].max(0.01);
        let mut inside = [0.0_f32; 3];
        let mut best_ancestor_score = 0.0_f32;
        let mut best_ancestor_level = 0.0_f32;
        let mut article_words = 0.0_f32;
        let mut named_depth = -1.0_f32;
        let page_words = segmentation.elements[0].words.max(1) as f32;
        for (level, (at, ancestor)) in segmentation.self_and_ancestors(element).enumerate() {
            for (inside, candidate) in inside.iter_mut().zip([self.best, self.densest, self.named]) {
                if at == candidate {
                    *inside = 1.0 + (level as f32).min(10.0);
                }
            }
            let score = self.content_scores[at] / best_score;
            if score > best_ancestor_score {
                (best_ancestor_score, best_ancestor_level) = (score, level as f32);
            }
            if ancestor.tag == Tag::Article && article_words == 0.0 {
                article_words = ancestor.words as f32 / page_words;
            }
            if ancestor.hints & ARTICLE_HINTS != 0 && at != 0 && named_depth < 0.0 {
                named_depth = level as f32;
            }
        }
        let parent_of_best = segmentation.elements[self.best].parent;
        out.extend([
            inside[0],
            inside[1],
            inside[2],
            f32::from(u8::from(segmentation.self_and_ancestors(element).any(|(at, _)| at == parent_of_best))),
            self.content_scores[element] / best_score,
            best_ancestor_score,
            best_ancestor_level.min(10.0),
            article_words,
            named_depth.min(10.0),
            segmentation.elements[self.best].words as f32 / page_words,
            segmentation.elements[self.densest].words as f32 / page_words,
            segmentation.elements[self.named].words as f32 / page_words,
            (self.content_scores[self.best].max(0.0)).ln_1p(),
        ]);
    }
}

/// Descends from the body as long as one child holds at least 70 % of the unlinked text.
fn find_densest_element(segmentation: &Segmentation) -> usize {
    let unlinked_bytes = |at: usize| {
        let element = &segmentation.elements[at];
        let is_boilerplate =
            matches!(element.tag, Tag::Nav | Tag::Footer | Tag::Aside | Tag::Form | Tag::Header | Tag::Button);
        if is_boilerplate { 0 } else { element.bytes.saturating_sub(element.linked_bytes) }
    };
    let mut at = 0;
    // Children follow their parents in page order, so one pass is enough.
    for inner in 1..segmentation.elements.len() {
        if segmentation.elements[inner].parent == at
            && unlinked_bytes(inner) * 10 >= unlinked_bytes(at) * 7
            && segmentation.elements[inner].prose_blocks > 1
        {
            at = inner;
        }
    }
    at
}

/// Finds the element with the name or role of an article that has the most prose; the innermost of equals.
fn find_named_element(segmentation: &Segmentation) -> usize {
    let is_named = |element: &Element| {
        matches!(element.tag, Tag::Article | Tag::Main) || (element.hints & ARTICLE_HINTS).count_ones() >= 2
    };
    (1..segmentation.elements.len())
        .filter(|at| is_named(&segmentation.elements[*at]))
        .max_by_key(|at| {
            let element = &segmentation.elements[*at];
            (u64::from(element.prose_blocks) * 100).saturating_sub(u64::from(element.linked_bytes / 20)) * 1000
                + u64::from(element.depth)
        })
        .unwrap_or(0)
}
