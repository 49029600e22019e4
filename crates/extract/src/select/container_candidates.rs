//! Elements that may hold the article, proposed in several ways: by the prose in and around them ([`Readable`]), by names
//! and roles, and by the density of text. None of them decides; what each says of a block are numbers among
//! others.

use super::name_hints::{self, Hints};
use super::readability::Readable;
use super::segmentation::{Element, Survey, Tag};

/// What was proposed.
#[derive(Debug)]
pub(crate) struct Candidates<'r> {
    /// A score per element by the prose in it, and the best of them.
    scores: &'r [f32],
    best: usize,
    /// The innermost element that holds most of the page's text outside links.
    dense: usize,
    /// The named element (article, main, `articleBody`, …) with the most prose.
    named: usize,
}

/// What elements that hold articles are called.
const WANTED: Hints =
    name_hints::bits(&["article", "content", "body", "entry", "post", "text", "story", "main", "blog"]);

/// What elements are called that do not.
pub(super) const UNWANTED: Hints = name_hints::bits(&[
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

impl<'r> Candidates<'r> {
    /// Proposes elements of a page.
    pub(crate) fn of(survey: &Survey, readable: &'r Readable) -> Candidates<'r> {
        let scores = &readable.scores;
        let best = (0..scores.len()).max_by(|one, other| scores[*one].total_cmp(&scores[*other])).unwrap_or(0);
        Candidates { best, dense: dense(survey), named: named(survey), scores }
    }

    /// What the candidates say of a block in an element.
    pub(crate) fn numbers(&self, survey: &Survey, element: usize, out: &mut Vec<f32>) {
        let top = self.scores[self.best].max(0.01);
        let mut inside = [0.0_f32; 3];
        let mut best_around = 0.0_f32;
        let mut best_level = 0.0_f32;
        let mut article_words = 0.0_f32;
        let mut named_depth = -1.0_f32;
        let whole = survey.elements[0].words.max(1) as f32;
        for (level, (at, around)) in survey.around(element).enumerate() {
            for (inside, candidate) in inside.iter_mut().zip([self.best, self.dense, self.named]) {
                if at == candidate {
                    *inside = 1.0 + (level as f32).min(10.0);
                }
            }
            let score = self.scores[at] / top;
            if score > best_around {
                (best_around, best_level) = (score, level as f32);
            }
            if around.tag == Tag::Article && article_words == 0.0 {
                article_words = around.words as f32 / whole;
            }
            if around.hints & WANTED != 0 && at != 0 && named_depth < 0.0 {
                named_depth = level as f32;
            }
        }
        let parent_of_best = survey.elements[self.best].parent;
        out.extend([
            inside[0],
            inside[1],
            inside[2],
            f32::from(u8::from(survey.around(element).any(|(at, _)| at == parent_of_best))),
            self.scores[element] / top,
            best_around,
            best_level.min(10.0),
            article_words,
            named_depth.min(10.0),
            survey.elements[self.best].words as f32 / whole,
            survey.elements[self.dense].words as f32 / whole,
            survey.elements[self.named].words as f32 / whole,
            (self.scores[self.best].max(0.0)).ln_1p(),
        ]);
    }
}

/// From the body inwards as long as one child holds most of the text that is not links.
fn dense(survey: &Survey) -> usize {
    let plain = |at: usize| {
        let element = &survey.elements[at];
        let frame = matches!(element.tag, Tag::Nav | Tag::Footer | Tag::Aside | Tag::Form | Tag::Header | Tag::Button);
        if frame { 0 } else { element.bytes.saturating_sub(element.linked) }
    };
    let mut at = 0;
    // Children stand after their parents, so one look at what follows finds the way in.
    for inner in 1..survey.elements.len() {
        if survey.elements[inner].parent == at && plain(inner) * 10 >= plain(at) * 7 && survey.elements[inner].prose > 1
        {
            at = inner;
        }
    }
    at
}

/// The element with a name or role for articles that has the most prose outside links; the innermost of equals.
fn named(survey: &Survey) -> usize {
    let is_named = |element: &Element| {
        matches!(element.tag, Tag::Article | Tag::Main) || (element.hints & WANTED).count_ones() >= 2
    };
    (1..survey.elements.len())
        .filter(|at| is_named(&survey.elements[*at]))
        .max_by_key(|at| {
            let element = &survey.elements[*at];
            (u64::from(element.prose) * 100).saturating_sub(u64::from(element.linked / 20)) * 1000
                + u64::from(element.depth)
        })
        .unwrap_or(0)
}
