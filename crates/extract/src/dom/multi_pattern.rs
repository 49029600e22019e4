//! Many short texts, looked for together in one pass.

/// Short texts to look for.
pub(crate) struct MultiPattern {
    /// A bit for each pair of bytes that one of them may begin with. Two small letters have a bit of their own, so that most
    /// places in a text are told by it alone.
    first_pairs: [u32; 32],
    /// By their second byte: many begin alike, as with the space before a word. Those of one byte stand at each.
    by_second: Vec<Vec<&'static [u8]>>,
}

impl MultiPattern {
    /// Gets ready to look for these; an empty one stands nowhere.
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

    /// Whether one of them stands in a text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let matches_at = |at: usize, second: u8| {
            self.by_second[usize::from(second)].iter().any(|pattern| bytes[at..].starts_with(pattern))
        };
        let may_begin =
            |first: u8, second: u8| self.first_pairs[low_five_bits(first)] >> low_five_bits(second) & 1 == 1;
        let found = |(at, pair): (usize, &[u8])| may_begin(pair[0], pair[1]) && matches_at(at, pair[1]);
        // After the last byte nothing follows, whatever is looked up.
        bytes.windows(2).enumerate().any(found)
            || bytes.last().is_some_and(|last| may_begin(*last, 0) && matches_at(bytes.len() - 1, 0))
    }
}

/// What tells small letters apart.
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
