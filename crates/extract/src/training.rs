//! For `examples/train`, which trains the forests of `select`: block features, and extraction with other
//! forests. Not a stable interface.

use crate::page::{Article, Page, Source};
pub use crate::select::model::Models;
pub use crate::select::model::ensemble::Ensemble;
pub use crate::select::model::forest::{Forest, Node};
use crate::select::segmentation::Segmentation;
use crate::select::{self, features::FeatureMatrix};
use crate::{pipeline, text};

/// The blocks of a page and their features.
pub struct PageSample {
    segmentation: Segmentation,
    features: FeatureMatrix,
}

impl PageSample {
    /// Segments a page and computes the features of its blocks.
    pub fn new(html: &str, page: &Page<'_>) -> PageSample {
        let (segmentation, features) = pipeline::compute_block_features(html, page);
        PageSample { segmentation, features }
    }

    /// Returns the text of each block, in page order.
    pub fn block_texts(&self) -> Vec<&str> {
        self.segmentation.blocks.iter().map(|block| block.text.as_str()).collect()
    }

    /// Returns the number of features per block, and the rows of the block forests one after the other.
    pub fn block_features(&self) -> (usize, &[f32]) {
        (self.features.width, &self.features.values)
    }

    /// Returns the same for the context forests, given the scores of the block forests.
    pub fn context_features(&self, scores: &[f32]) -> (usize, Vec<f32>) {
        let features = select::add_context_features(&self.segmentation, &self.features, scores);
        (features.width, features.values)
    }
}

/// Extracts an article with other forests; otherwise the same as [`crate::article`].
pub fn extract_with_models(page: &Page<'_>, models: &Models) -> Article {
    match page.source {
        Source::Html(source) => pipeline::extract_article(source, page, models),
        Source::Text(source) => text::article(source, page),
        Source::Markup(markup, source) => text::markup_article(source, markup, page),
    }
}
