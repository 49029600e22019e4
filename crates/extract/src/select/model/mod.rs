//! The learned model: gradient-boosted trees in several forests, whose mean is the score of a block.
//!
//! `block_forests.txt` scores blocks by themselves, `context_forests.txt` among the others. `examples/train` writes both.

pub(crate) mod ensemble;
pub(crate) mod forest;

use std::sync::LazyLock;

use ensemble::Ensemble;

/// What was learned.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// Judge blocks by their own numbers.
    pub block_forests: Ensemble,
    /// Judge them again, knowing what the first say of all.
    pub context_forests: Ensemble,
}

/// What the program was built with.
pub(crate) static TRAINED_MODELS: LazyLock<Models> = LazyLock::new(|| Models {
    block_forests: Ensemble::from_text(include_str!("block_forests.txt")).unwrap_or_default(),
    context_forests: Ensemble::from_text(include_str!("context_forests.txt")).unwrap_or_default(),
});
