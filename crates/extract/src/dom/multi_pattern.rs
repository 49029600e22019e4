//! Many short texts, looked for together in one pass.

/// Short texts to look for.
pub(crate) struct AnyOf {
    /// A bit for each pair of bytes that one of them may begin with. Two small letters have a bit of their own, so that most
    /// places in a text are told by it alone.
    pairs: [u32; 32],
    /// By their second byte: many begin alike, as with the space before a word. Those of one byte stand at each.
    by_second: Vec<Vec<&'static [u8]>>,
}

impl AnyOf {
    /// Gets ready to look for these; an empty one stands nowhere.
    pub(crate) fn new(all: &[&'static str]) -> AnyOf {
        let (mut pairs, mut by_second) = ([0; 32], vec![Vec::new(); 256]);
        for one in all.iter().map(|one| one.as_bytes()) {
            match one {
                [] => {}
                [only] => {
                    by_second.iter_mut().for_each(|those| those.push(one));
                    pairs[low_bits(*only)] = u32::MAX;
                }
                [first, second, ..] => {
                    by_second[usize::from(*second)].push(one);
                    pairs[low_bits(*first)] |= 1 << low_bits(*second);
                }
            }
        }
        AnyOf { pairs, by_second }
    }

    /// Whether one of them stands in a text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let stands =
            |at: usize, second: u8| self.by_second[usize::from(second)].iter().any(|one| bytes[at..].starts_with(one));
        let may_begin = |first: u8, second: u8| self.pairs[low_bits(first)] >> low_bits(second) & 1 == 1;
        let found = |(at, pair): (usize, &[u8])| may_begin(pair[0], pair[1]) && stands(at, pair[1]);
        // After the last byte nothing follows, whatever is looked up.
        bytes.windows(2).enumerate().any(found)
            || bytes.last().is_some_and(|last| may_begin(*last, 0) && stands(bytes.len() - 1, 0))
    }
}

/// What tells small letters apart.
fn low_bits(byte: u8) -> usize {
    usize::from(byte & 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_is_found_wherever_it_stands() {
        let any = AnyOf::new(&["rain", "rains", "ütze", "§", "?", ""]);
        let texts = [("it rains", true), ("rai n", false), ("Pfütze", true), ("", false), ("trai", false)];
        for (text, found) in texts.into_iter().chain([("§", true), ("when?", true), ("? it is", true)]) {
            assert_eq!(any.is_in(text), found, "{text}");
        }
    }
}
