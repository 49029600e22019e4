//! Numbers of articles.

/// A number of articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many were counted.
    pub articles: i64,
    /// There may be more: counting all of them would have taken too long.
    pub may_be_more: bool,
}

impl Count {
    /// All of them.
    #[must_use]
    pub const fn exact(articles: i64) -> Self {
        Self { articles, may_be_more: false }
    }

    /// Returns whether there are certainly none.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.articles == 0 && !self.may_be_more
    }

    /// Returns the count of a list of which at least this many articles are shown.
    #[must_use]
    pub fn at_least(self, shown: usize) -> Self {
        Self { articles: self.articles.max(i64::try_from(shown).unwrap_or(i64::MAX)), ..self }
    }
}

impl std::ops::Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { articles: self.articles + other.articles, may_be_more: self.may_be_more || other.may_be_more }
    }
}

/// As `1,234` or `120+`; nothing if it says nothing.
impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.articles == 0 && self.may_be_more {
            return Ok(());
        }
        let digits = self.articles.to_string();
        for (index, digit) in digits.chars().enumerate() {
            let separator = if index > 0 && (digits.len() - index).is_multiple_of(3) { "," } else { "" };
            write!(formatter, "{separator}{digit}")?;
        }
        formatter.write_str(if self.may_be_more { "+" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_says_when_there_may_be_more() {
        let more = |articles| Count { articles, may_be_more: true };
        assert_eq!(Count::exact(0).to_string(), "0");
        assert_eq!(Count::exact(1_234_567).to_string(), "1,234,567");
        assert_eq!(more(200).to_string(), "200+");
        assert_eq!(more(0).to_string(), "", "“0+” would say nothing");
        assert_eq!((Count::exact(3) + more(2)).to_string(), "5+");
        assert_eq!(more(3).at_least(50).to_string(), "50+");
    }
}
