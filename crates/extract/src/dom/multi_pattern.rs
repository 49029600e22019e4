//! Searches a text for many short patterns in one pass.

/// A set of short patterns to search for.
pub(crate) struct MultiPattern {
    /// One bit for each pair of bytes that a pattern can begin with, indexed by the low five bits of each byte. Pairs
    /// of lower-case letters never collide, so this table alone rejects most positions.
    first_pairs: [u32; 32],
    /// Patterns by their second byte, which is more selective than the first: many patterns begin with a space.
    /// Patterns of one byte are in every bucket.
    by_second: Vec<Vec<&'static [u8]>>,
}

impl MultiPattern {
    /// Creates a set. An empty pattern matches nowhere.
    pub(crate) fn new(patterns: &[&'static str]) -> MultiPattern {
        let (mut first_pairs, mut by_second) = ([0; 32], vec![Vec::new(); 256]);
        for pattern in patterns.iter().map(|pattern| pattern.as_bytes()) {
            match pattern {
                [] => {}
                [byte] => {
                    by_second.iter_mut().for_each(|bucket| bucket.push(pattern));
                    first_pairs[low_five_bits(*byte)] = u32::MAX;
                }
                [first, second, ..] => {
                    by_second[usize::from(*second)].push(pattern);
                    first_pairs[low_five_bits(*first)] |= 1 << low_five_bits(*second);
                }
            }
        }
        MultiPattern { first_pairs, by_second }
    }

    /// Returns whether the text contains at least one of the patterns.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let matches_at = |at: usize, second: u8| {
            self.by_second[usize::from(second)].iter().any(|pattern| bytes[at..].starts_with(pattern))
        };
        let may_begin =
            |first: u8, second: u8| self.first_pairs[low_five_bits(first)] >> low_five_bits(second) & 1 == 1;
        let found = |(at, pair): (usize, &[u8])| may_begin(pair[0], pair[1]) && matches_at(at, pair[1]);
        // Nothing follows the last byte, so its second byte can be any.
        bytes.windows(2).enumerate().any(found)
            || bytes.last().is_some_and(|last| may_begin(*last, 0) && matches_at(bytes.len() - 1, 0))
    }
}

fn low_five_bits(byte: u8) -> usize {
    usize::from(byte & 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_any_pattern_at_any_position() {
        let any = MultiPattern::new(&["rain", "rains", "ütze", "§", "?", ""]);
        let texts = [("it rains", true), ("rai n", false), ("Pfütze", true), ("", false), ("trai", false)];
        for (text, found) in texts.into_iter().chain([("§", true), ("when?", true), ("? it is", true)]) {
            assert_eq!(any.is_match(text), found, "{text}");
        }
    }
}
