//! The best of several statements of the same thing.

/// Keeps the first value of the lowest rank.
#[derive(Debug, Clone)]
pub(super) struct Best<T>(Option<(u8, T)>);

impl<T> Default for Best<T> {
    fn default() -> Self {
        Best(None)
    }
}

impl<T> Best<T> {
    /// Offers a value, if there is one. Lower ranks are better.
    pub(super) fn offer(&mut self, rank: u8, value: Option<T>) {
        if let Some(value) = value
            && self.0.as_ref().is_none_or(|(best, _)| rank < *best)
        {
            self.0 = Some((rank, value));
        }
    }

    pub(super) fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// Adds a text to a list that has none twice.
pub(super) fn push_new(list: &mut Vec<String>, text: Option<String>) {
    /// No item has more categories or authors that anybody would read.
    const MAX_ENTRIES: usize = 100;
    if let Some(text) = text
        && list.len() < MAX_ENTRIES
        && !list.contains(&text)
    {
        list.push(text);
    }
}
