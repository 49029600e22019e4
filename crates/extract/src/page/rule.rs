//! What a reader has decided about the pages of a site.

use super::removed_block::Reason;
use crate::dom::selector::Selector;

/// A reader's decision about a part of the pages of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which elements are meant.
    pub selector: Selector,
    /// What becomes of them.
    pub action: Action,
}

/// What becomes of the elements a rule points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// They are part of the article, whatever the extractor would think of them.
    Keep,
    /// They are no part of it, for this reason.
    TakeOut(Reason),
}
