//! Many short texts, looked for together in one pass.

/// Short texts to look for.
pub(crate) struct AnyOf {
    /// By the byte they begin with.
    by_first: Vec<Vec<&'static [u8]>>,
}

impl AnyOf {
    /// Gets ready to look for these; an empty one stands nowhere.
    pub(crate) fn new(all: &[&'static str]) -> AnyOf {
        let mut by_first = vec![Vec::new(); 256];
        for one in all.iter().map(|one| one.as_bytes()) {
            if let Some(first) = one.first() {
                by_first[usize::from(*first)].push(one);
            }
        }
        AnyOf { by_first }
    }

    /// Whether one of them stands in a text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes
            .iter()
            .enumerate()
            .any(|(at, first)| self.by_first[usize::from(*first)].iter().any(|one| bytes[at..].starts_with(one)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_is_found_wherever_it_stands() {
        let any = AnyOf::new(&["rain", "rains", "ütze", ""]);
        for (text, found) in [("it rains", true), ("rai n", false), ("Pfütze", true), ("", false), ("trai", false)] {
            assert_eq!(any.is_in(text), found, "{text}");
        }
    }
}
