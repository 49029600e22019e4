//! The order of a list, and positions in it.

use crate::library::articles::lists::Filter;

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By date, newest first.
    #[default]
    Newest,
    /// By date, oldest first.
    Oldest,
    /// By number of words, shortest first.
    Shortest,
    /// By number of words, longest first.
    Longest,
    /// By time of archiving, last first. Only for the archive.
    RecentlyArchived,
    /// Shuffled: the order is fixed, and the number says where in it the list begins.
    Random(u32),
}

impl Sort {
    /// Parses the form used in URLs. A random order without a number begins at `random_start`.
    #[must_use]
    pub fn parse(text: &str, random_start: u32) -> Option<Self> {
        Some(match text {
            "newest" => Self::Newest,
            "oldest" => Self::Oldest,
            "shortest" => Self::Shortest,
            "longest" => Self::Longest,
            "archived" => Self::RecentlyArchived,
            "random" => Self::Random(random_start),
            _ => Self::Random(text.strip_prefix("random-")?.parse().ok()?),
        })
    }

    /// Returns the word used in URLs, without the number of a random order.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Shortest => "shortest",
            Self::Longest => "longest",
            Self::RecentlyArchived => "archived",
            Self::Random(_) => "random",
        }
    }

    /// Returns the order for a list: only the archive knows when an article was archived.
    #[must_use]
    pub const fn within(self, filter: &Filter) -> Self {
        match self {
            Self::RecentlyArchived if !filter.archived => Self::Newest,
            sort => sort,
        }
    }

    /// Returns the position before the first article.
    #[must_use]
    pub fn start(self) -> Position {
        match self {
            Self::Newest | Self::Longest | Self::RecentlyArchived => Position::START,
            Self::Oldest | Self::Shortest => Position::MIN,
            Self::Random(start) => Position { key: i64::from(start), id: i64::MIN },
        }
    }
}

/// A position in a list: the article after which the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// What the list is sorted by: a date in Unix seconds, a number of words, …
    pub key: i64,
    /// The article's id.
    pub id: i64,
}

impl Position {
    /// Before the newest article.
    pub const START: Self = Self { key: i64::MAX, id: i64::MAX };

    /// Before the first article of an ascending list.
    pub(super) const MIN: Self = Self { key: i64::MIN, id: i64::MIN };

    /// Parses the form used in URLs: `1700000000-42`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (key, id) = text.rsplit_once('-')?;
        Some(Self { key: key.parse().ok()?, id: id.parse().ok()? })
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}-{}", self.key, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_a_word() {
        for sort in [Sort::Newest, Sort::Oldest, Sort::Shortest, Sort::Longest, Sort::RecentlyArchived, Sort::Random(7)]
        {
            assert_eq!(Sort::parse(sort.as_str(), 7), Some(sort));
        }
        assert_eq!(Sort::parse("random-4294967295", 7), Some(Sort::Random(u32::MAX)));
        for unknown in ["", "random-", "random-4294967296", "random--1", "Newest", "newest "] {
            assert_eq!(Sort::parse(unknown, 7), None, "{unknown:?}");
        }
    }

    #[test]
    fn only_the_archive_is_sorted_by_the_time_of_archiving() {
        let archive = Filter { archived: true, ..Filter::default() };
        assert_eq!(Sort::RecentlyArchived.within(&archive), Sort::RecentlyArchived);
        assert_eq!(Sort::RecentlyArchived.within(&Filter::default()), Sort::Newest);
        assert_eq!(Sort::Random(3).within(&Filter::default()), Sort::Random(3));
    }
}
