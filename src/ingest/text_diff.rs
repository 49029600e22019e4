//! Compares two texts by paragraph. Pure.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// A part of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffPart<'a> {
    /// This many unchanged paragraphs.
    Same(usize),
    /// A paragraph of the old text only.
    Removed(&'a str),
    /// A paragraph of the new text only.
    Added(&'a str),
}

/// Compares two texts whose paragraphs are separated by empty lines.
#[must_use]
pub fn diff_paragraphs<'a>(before: &'a str, after: &'a str) -> Vec<DiffPart<'a>> {
    let (before, after) = (paragraphs(before), paragraphs(after));
    let mut parts = Vec::new();
    let mut position = 0;
    for Hunk { old, new } in find_hunks(&before, &after) {
        push_same(&mut parts, old.start - position);
        position = old.end;
        parts.extend(before[old].iter().map(|text| DiffPart::Removed(text)));
        parts.extend(after[new].iter().map(|text| DiffPart::Added(text)));
    }
    push_same(&mut parts, before.len() - position);
    parts
}

/// Two stretches that differ; either may be empty. Between them, both lists are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Returns where two lists differ, in order. Its time grows with their lengths alone, however little they have in common.
pub(super) fn find_hunks(before: &[&str], after: &[&str]) -> Vec<Hunk> {
    let mut input = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    let place = |range: Range<u32>| range.start as usize..range.end as usize;
    let diff = Diff::compute(Algorithm::Histogram, &input);
    diff.hunks().map(|hunk| Hunk { old: place(hunk.before), new: place(hunk.after) }).collect()
}

pub(super) fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn push_same(parts: &mut Vec<DiffPart<'_>>, count: usize) {
    if count > 0 {
        parts.push(DiffPart::Same(count));
    }
}

#[cfg(test)]
mod tests {
    use super::DiffPart::{Added, Removed, Same};
    use super::*;

    #[test]
    fn unchanged_paragraphs_are_counted_and_changes_listed_in_order() {
        for (before, after, expected) in [
            ("a\n\nb", "a\n\nb", vec![Same(2)]),
            ("a\n\nad\n\nb\n\nc", "a\n\nb\n\nc", vec![Same(1), Removed("ad"), Same(2)]),
            ("a\n\nc", "a\n\nb\n\nc\n\nd", vec![Same(1), Added("b"), Same(1), Added("d")]),
            ("a\n\nb\n\nc", "x\n\nb\n\ny", vec![Removed("a"), Added("x"), Same(1), Removed("c"), Added("y")]),
            ("", "a", vec![Added("a")]),
            ("a\n\na", "a", vec![Same(1), Removed("a")]),
        ] {
            assert_eq!(diff_paragraphs(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_ticker_with_a_new_entry_has_one_change() {
        let text = |entries: std::ops::Range<u32>| {
            entries.rev().map(|n| format!("At {n} o'clock")).collect::<Vec<_>>().join("\n\n")
        };
        let (before, after) = (text(0..9_000), text(1_000..9_001));
        let parts = diff_paragraphs(&before, &after);
        assert_eq!(parts[..2], [Added("At 9000 o'clock"), Same(8_000)]);
        assert_eq!(parts.len(), 1_002);
    }

    #[test]
    fn very_long_texts_are_replaced_as_a_whole() {
        let text = |word: &str| (0..3_000).map(|n| format!("{word} {n}")).collect::<Vec<_>>().join("\n\n");
        let (before, after) = (text("one"), text("two"));
        assert_eq!(diff_paragraphs(&before, &after).len(), 6_000);
    }
}
