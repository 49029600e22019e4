//! What is different between two texts, paragraph by paragraph. Pure.

/// Pairs of paragraphs that are compared; beyond that, all between the first and the last difference counts as replaced.
const MOST_PAIRS: usize = 4_000_000;

/// A stretch of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// So many paragraphs are in both.
    Same(usize),
    /// Only in the text before.
    Gone(&'a str),
    /// Only in the text after.
    New(&'a str),
}

/// Compares two texts whose paragraphs are separated by empty lines.
#[must_use]
pub fn between<'a>(before: &'a str, after: &'a str) -> Vec<Piece<'a>> {
    let (before, after) = (paragraphs(before), paragraphs(after));
    let first = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let (old, new) = (&before[first..], &after[first..]);
    let last = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let mut pieces = Vec::new();
    same(&mut pieces, first);
    middle(&old[..old.len() - last], &new[..new.len() - last], &mut pieces);
    same(&mut pieces, last);
    pieces
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn same(pieces: &mut Vec<Piece<'_>>, count: usize) {
    match pieces.last_mut() {
        _ if count == 0 => {}
        Some(Piece::Same(before)) => *before += count,
        _ => pieces.push(Piece::Same(count)),
    }
}

/// By the longest common subsequence: what stays in its order is the same, the rest is gone or new.
fn middle<'a>(old: &[&'a str], new: &[&'a str], pieces: &mut Vec<Piece<'a>>) {
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        pieces.extend(old.iter().map(|text| Piece::Gone(text)));
        pieces.extend(new.iter().map(|text| Piece::New(text)));
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
            same(pieces, 1);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            pieces.push(Piece::Gone(old[i]));
            i += 1;
        } else {
            pieces.push(Piece::New(new[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{Gone, New, Same};
    use super::*;

    #[test]
    fn what_stays_is_counted_and_what_goes_and_comes_is_shown_in_place() {
        for (before, after, expected) in [
            ("a\n\nb", "a\n\nb", vec![Same(2)]),
            ("a\n\nad\n\nb\n\nc", "a\n\nb\n\nc", vec![Same(1), Gone("ad"), Same(2)]),
            ("a\n\nc", "a\n\nb\n\nc\n\nd", vec![Same(1), New("b"), Same(1), New("d")]),
            ("a\n\nb\n\nc", "x\n\nb\n\ny", vec![Gone("a"), New("x"), Same(1), Gone("c"), New("y")]),
            ("", "a", vec![New("a")]),
            ("a\n\na", "a", vec![Same(1), Gone("a")]),
        ] {
            assert_eq!(between(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn very_long_texts_are_not_compared_pair_by_pair() {
        let text = |word: &str| (0..3_000).map(|n| format!("{word} {n}")).collect::<Vec<_>>().join("\n\n");
        let (before, after) = (text("one"), text("two"));
        assert_eq!(between(&before, &after).len(), 6_000);
    }
}
