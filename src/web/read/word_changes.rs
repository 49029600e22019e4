//! The difference between two texts word by word, for display.

use crate::ingest::word_diff::{Block, Span, WordDiff};

/// A longer run of unchanged paragraphs is folded.
const MAX_UNFOLDED: usize = 2;

/// Unchanged text of more bytes is not part of the page.
const MAX_UNCHANGED: usize = 500_000;

/// The difference between two texts.
#[derive(Default)]
pub(crate) struct WordChanges {
    pub blocks: Vec<DiffBlock>,
    /// What was changed, in words; empty if both have the same words.
    pub summary: String,
    /// So much was changed that some paragraphs were only compared as wholes.
    pub is_coarse: bool,
}

/// A part of it.
pub(crate) enum DiffBlock {
    Unchanged(Vec<String>),
    /// What the fold says, and the paragraphs in it; none, if they are too long for the page.
    Folded(String, Vec<String>),
    Removed(String),
    Added(String),
    Changed(Vec<DiffSpan>),
}

/// A part of a changed paragraph.
pub(crate) enum DiffSpan {
    Unchanged(String),
    Removed(String),
    Added(String),
}

impl WordChanges {
    /// Compares two texts.
    pub async fn between(before: String, after: String) -> Self {
        // Large texts take a while, in which requests would wait.
        let compare = move || Self::from(&WordDiff::between(&before, &after));
        tokio::task::spawn_blocking(compare).await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }
}

impl From<&WordDiff<'_>> for WordChanges {
    fn from(diff: &WordDiff<'_>) -> Self {
        let mut room = MAX_UNCHANGED;
        let blocks = diff.blocks.iter().map(|block| DiffBlock::new(block, &mut room)).collect();
        Self { blocks, summary: summarize(diff), is_coarse: diff.is_coarse }
    }
}

impl DiffBlock {
    fn new(block: &Block<'_>, room: &mut usize) -> Self {
        match block {
            Block::Removed(text) => Self::Removed((*text).to_owned()),
            Block::Added(text) => Self::Added((*text).to_owned()),
            Block::Changed(spans) => Self::Changed(spans.iter().map(DiffSpan::from).collect()),
            Block::Same(paragraphs) => {
                let size = paragraphs.iter().map(|text| text.len()).sum();
                let fits = room.checked_sub(size);
                *room = fits.unwrap_or(*room);
                let shown = if fits.is_some() { paragraphs.as_slice() } else { &[] };
                let texts = shown.iter().map(|text| (*text).to_owned()).collect();
                match paragraphs.len() {
                    ..=MAX_UNFOLDED if fits.is_some() => Self::Unchanged(texts),
                    1 => Self::Folded("1 unchanged paragraph".to_owned(), texts),
                    count => Self::Folded(format!("{count} unchanged paragraphs"), texts),
                }
            }
        }
    }
}

impl From<&Span<'_>> for DiffSpan {
    fn from(span: &Span<'_>) -> Self {
        match span {
            Span::Same(text) => Self::Unchanged((*text).to_owned()),
            Span::Removed(text) => Self::Removed((*text).to_owned()),
            Span::Added(text) => Self::Added((*text).to_owned()),
        }
    }
}

/// Says what was changed: "2 paragraphs changed, 1 added".
fn summarize(diff: &WordDiff<'_>) -> String {
    let count = |is_such: fn(&Block<'_>) -> bool| diff.blocks.iter().filter(|block| is_such(block)).count();
    let counts = [
        (count(|block| matches!(block, Block::Changed(_))), "changed"),
        (count(|block| matches!(block, Block::Added(_))), "added"),
        (count(|block| matches!(block, Block::Removed(_))), "removed"),
    ];
    let mut words: Vec<String> = Vec::new();
    for (count, verb) in counts.into_iter().filter(|(count, _)| *count > 0) {
        words.push(match (words.is_empty(), count) {
            (true, 1) => format!("1 paragraph {verb}"),
            (true, _) => format!("{count} paragraphs {verb}"),
            (false, _) => format!("{count} {verb}"),
        });
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(before: &str, after: &str) -> WordChanges {
        WordChanges::from(&WordDiff::between(before, after))
    }

    #[test]
    fn the_summary_counts_paragraphs() {
        for (before, after, summary) in [
            ("The mill stands.", "The mill stands.", ""),
            ("The mill stands.", "The mill turns.", "1 paragraph changed"),
            ("One.\n\nThe mill stands.", "One.\n\nThe mill turns.\n\nTwo.\n\nThree.", "1 paragraph changed, 2 added"),
            ("One.\n\nTwo.", "One.", "1 paragraph removed"),
            ("One.\n\nTwo.\n\nThree.", "Two.", "2 paragraphs removed"),
        ] {
            assert_eq!(changes(before, after).summary, summary);
        }
    }

    #[test]
    fn long_unchanged_stretches_are_folded_and_very_long_ones_left_out() {
        let text = |end: &str| format!("One.\n\nTwo.\n\nThree.\n\n{end}\n\nFour.");
        let shown = changes(&text("It stands."), &text("It turns."));
        let [DiffBlock::Folded(label, folded), DiffBlock::Changed(_), DiffBlock::Unchanged(last)] = &shown.blocks[..]
        else {
            panic!("{}", shown.blocks.len())
        };
        assert_eq!((label.as_str(), folded.len(), last.len()), ("3 unchanged paragraphs", 3, 1));
        let long = |end: &str| format!("{}\n\n{end}", "mill ".repeat(120_000));
        let shown = changes(&long("It stands."), &long("It turns."));
        assert!(
            matches!(&shown.blocks[0], DiffBlock::Folded(label, texts) if label == "1 unchanged paragraph" && texts.is_empty())
        );
    }
}
