//! For `examples/learn`, which grows the forests of `select`: the rows that the extractor scores, and the extractor
//! with other forests. Not for other uses; may change at any time.

use crate::page::{Article, Page, Source};
pub use crate::select::model::Models;
pub use crate::select::model::ensemble::Ensemble;
pub use crate::select::model::forest::{Forest, Node};
use crate::select::segmentation::Survey;
use crate::select::{self, features};
use crate::{pipeline, text};

/// The blocks of a page and their numbers.
pub struct Sample {
    survey: Survey,
    rows: features::Rows,
}

impl Sample {
    /// Surveys a page.
    pub fn of(html: &str, page: &Page<'_>) -> Sample {
        let (survey, rows) = pipeline::sample(html, page);
        Sample { survey, rows }
    }

    /// The blocks' texts, in page order.
    pub fn texts(&self) -> Vec<&str> {
        self.survey.blocks.iter().map(|block| block.text.as_str()).collect()
    }

    /// The first forest's rows, one after the other, and how many numbers each has.
    pub fn rows(&self) -> (usize, &[f32]) {
        (self.rows.width, &self.rows.values)
    }

    /// The second forest's rows, given what the first says of each block.
    pub fn second(&self, scores: &[f32]) -> (usize, Vec<f32>) {
        let rows = select::second_rows(&self.survey, &self.rows, scores);
        (rows.width, rows.values)
    }
}

/// [`crate::article`] with other forests.
pub fn article_with(page: &Page<'_>, models: &Models) -> Article {
    match page.source {
        Source::Html(source) => pipeline::article(source, page, models),
        Source::Text(source) => text::article(source, page),
    }
}
