//! Many short texts, looked for together in one pass.

/// Short texts to look for.
pub(crate) struct AnyOf {
    /// The bytes that one of them begins with.
    begins: [bool; 256],
    /// By their second byte: many begin alike, as with the space before a word. Those of one byte stand at each.
    by_second: Vec<Vec<&'static [u8]>>,
}

impl AnyOf {
    /// Gets ready to look for these; an empty one stands nowhere.
    pub(crate) fn new(all: &[&'static str]) -> AnyOf {
        let (mut begins, mut by_second) = ([false; 256], vec![Vec::new(); 256]);
        for one in all.iter().map(|one| one.as_bytes()) {
            match one {
                [] => continue,
                [_] => by_second.iter_mut().for_each(|those| those.push(one)),
                [_, second, ..] => by_second[usize::from(*second)].push(one),
            }
            begins[usize::from(one[0])] = true;
        }
        AnyOf { begins, by_second }
    }

    /// Whether one of them stands in a text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let stands = |at: usize| {
            // After the last byte nothing follows, whatever is looked up.
            let second = bytes.get(at + 1).copied().unwrap_or(0);
            self.by_second[usize::from(second)].iter().any(|one| bytes[at..].starts_with(one))
        };
        bytes.iter().enumerate().any(|(at, first)| self.begins[usize::from(*first)] && stands(at))
    }
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
