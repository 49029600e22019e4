//! What of a query could not be read.

use std::ops::Range;

/// A part of a query that was not understood: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The part, as bytes of what was typed.
    pub at: Range<usize>,
    /// What was wrong and what to do: one or two sentences.
    pub sentence: String,
}

impl Problem {
    pub(crate) fn new(at: Range<usize>, sentence: impl Into<String>) -> Self {
        Self { at, sentence: sentence.into() }
    }
}

/// Returns a part of what was typed for a sentence, shortened.
pub fn shorten(text: &str) -> String {
    const MAX_CHARS: usize = 40;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
