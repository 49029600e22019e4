//! The trained model: ensembles of gradient-boosted trees.
//!
//! `block_forests.txt` scores each block by its own features, `context_forests.txt` in the context of all scores.
//! `examples/train` writes both.

pub(crate) mod ensemble;
pub(crate) mod forest;

use std::sync::LazyLock;

use ensemble::Ensemble;

/// A trained model.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// Scores a block by its own features.
    pub block_forests: Ensemble,
    /// Scores it again, given the scores of the block forests.
    pub context_forests: Ensemble,
}

/// The model that the program is built with.
pub(crate) static TRAINED_MODELS: LazyLock<Models> = LazyLock::new(|| Models {
    block_forests: Ensemble::from_text(include_str!("block_forests.txt")).unwrap_or_default(),
    context_forests: Ensemble::from_text(include_str!("context_forests.txt")).unwrap_or_default(),
});
