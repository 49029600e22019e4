//! The difference between two texts, for display.

use crate::ingest::text_diff::{self, DiffPart};

/// The difference between two texts.
pub(crate) struct TextChanges {
    pub lines: Vec<DiffLine>,
    /// Paragraphs of the old text only.
    pub removed_count: usize,
    /// Paragraphs of the new text only.
    pub added_count: usize,
}

/// A changed paragraph, or a run of unchanged ones.
pub(crate) enum DiffLine {
    Unchanged(String),
    Removed(String),
    Added(String),
}

impl TextChanges {
    /// Compares two texts by paragraph.
    pub fn between(before: &str, after: &str) -> Self {
        let lines: Vec<DiffLine> = text_diff::diff_paragraphs(before, after).into_iter().map(DiffLine::from).collect();
        Self {
            removed_count: lines.iter().filter(|line| matches!(line, DiffLine::Removed(_))).count(),
            added_count: lines.iter().filter(|line| matches!(line, DiffLine::Added(_))).count(),
            lines,
        }
    }

    /// Returns whether both texts have the same words.
    pub const fn is_empty(&self) -> bool {
        self.removed_count == 0 && self.added_count == 0
    }
}

impl From<DiffPart<'_>> for DiffLine {
    fn from(part: DiffPart<'_>) -> Self {
        match part {
            DiffPart::Same(1) => Self::Unchanged("1 unchanged paragraph".to_owned()),
            DiffPart::Same(count) => Self::Unchanged(format!("{count} unchanged paragraphs")),
            DiffPart::Removed(text) => Self::Removed(text.to_owned()),
            DiffPart::Added(text) => Self::Added(text.to_owned()),
        }
    }
}
