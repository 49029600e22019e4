//! Compares two texts by paragraph. Pure.

/// Most pairs of paragraphs, or of words, that are compared. With more, everything between the first and the last difference counts
/// as replaced.
pub(super) const MAX_PAIRS: usize = 4_000_000;

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
    let Middle { start, old, new, end } = find_middle(&before, &after);
    let mut parts = Vec::new();
    push_same(&mut parts, start);
    diff_by_lcs(old, new, &mut parts);
    push_same(&mut parts, end);
    parts
}

/// What is between the common beginning and the common end of two lists.
pub(super) struct Middle<'a, T> {
    /// Length of the common beginning.
    pub start: usize,
    pub old: &'a [T],
    pub new: &'a [T],
    /// Length of the common end.
    pub end: usize,
}

pub(super) fn find_middle<'a, T: PartialEq>(before: &'a [T], after: &'a [T]) -> Middle<'a, T> {
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (old, new) = (&before[start..], &after[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    Middle { start, old: &old[..old.len() - end], new: &new[..new.len() - end], end }
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn push_same(parts: &mut Vec<DiffPart<'_>>, count: usize) {
    match parts.last_mut() {
        _ if count == 0 => {}
        Some(DiffPart::Same(before)) => *before += count,
        _ => parts.push(DiffPart::Same(count)),
    }
}

/// Compares by the longest common subsequence; whatever is not in it is removed or added.
fn diff_by_lcs<'a>(old: &[&'a str], new: &[&'a str], parts: &mut Vec<DiffPart<'a>>) {
    if old.len().saturating_mul(new.len()) > MAX_PAIRS {
        parts.extend(old.iter().map(|text| DiffPart::Removed(text)));
        parts.extend(new.iter().map(|text| DiffPart::Added(text)));
        return;
    }
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            common[i * width + j] = if one == other {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push_same(parts, 1);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            parts.push(DiffPart::Removed(old[i]));
            i += 1;
        } else {
            parts.push(DiffPart::Added(new[j]));
            j += 1;
        }
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
    fn very_long_texts_are_replaced_as_a_whole() {
        let text = |word: &str| (0..3_000).map(|n| format!("{word} {n}")).collect::<Vec<_>>().join("\n\n");
        let (before, after) = (text("one"), text("two"));
        assert_eq!(diff_paragraphs(&before, &after).len(), 6_000);
    }
}
