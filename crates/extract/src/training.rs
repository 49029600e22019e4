//! For `examples/train`, which grows the forests of [`crate::select`]: the rows that the extractor scores, and the extractor
//! with other forests. Not for other uses; may change at any time.

use crate::page::{Article, Page, Source};
pub use crate::select::model::Models;
pub use crate::select::model::ensemble::Ensemble;
pub use crate::select::model::forest::{Forest, Node};
use crate::select::segmentation::Segmentation;
use crate::select::{self, features::FeatureMatrix};
use crate::{pipeline, text};

/// The blocks of a page and their numbers.
pub struct PageSample {
    segmentation: Segmentation,
    features: FeatureMatrix,
}

impl PageSample {
    /// Surveys a page.
    pub fn new(html: &str, page: &Page<'_>) -> PageSample {
        let (segmentation, features) = pipeline::compute_block_features(html, page);
        PageSample { segmentation, features }
    }

    /// The blocks' texts, in page order.
    pub fn block_texts(&self) -> Vec<&str> {
        self.segmentation.blocks.iter().map(|block| block.text.as_str()).collect()
    }

    /// The first forest's rows, one after the other, and how many numbers each has.
    pub fn block_features(&self) -> (usize, &[f32]) {
        (self.features.width, &self.features.values)
    }

    /// The second forest's rows, given what the first says of each block.
    pub fn context_features(&self, scores: &[f32]) -> (usize, Vec<f32>) {
        let features = select::add_context_features(&self.segmentation, &self.features, scores);
        (features.width, features.values)
    }
}

/// [`crate::article`] with other forests.
pub fn extract_with_models(page: &Page<'_>, models: &Models) -> Article {
    match page.source {
        Source::Html(source) => pipeline::extract_article(source, page, models),
        Source::Text(source) => text::article(source, page),
    }
}
