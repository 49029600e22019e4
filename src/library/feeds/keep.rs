//! How long articles stay, and how the tables of feeds and folders say it.

/// How long articles stay, as the reader has set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For ever.
    Forever,
    /// The newest of each feed, so many.
    Newest(u32),
    /// So many days after their arrival.
    Days(u32),
}

impl Keep {
    /// Returns what the columns `keep_kind` and `keep_count` have.
    pub(in crate::library::feeds) const fn to_columns(keep: Option<Self>) -> (Option<&'static str>, Option<u32>) {
        match keep {
            None => (None, None),
            Some(Self::Forever) => (Some("forever"), None),
            Some(Self::Newest(articles)) => (Some("newest"), Some(articles)),
            Some(Self::Days(days)) => (Some("days"), Some(days)),
        }
    }

    /// Reads the columns. What this version does not know is for ever.
    pub(in crate::library::feeds) fn from_columns(kind: Option<&str>, count: Option<i64>) -> Option<Self> {
        let count = count.and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0);
        Some(match (kind?, count) {
            ("newest", Some(articles)) => Self::Newest(articles),
            ("days", Some(days)) => Self::Days(days),
            _ => Self::Forever,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_columns_have_is_read_back() {
        for keep in [None, Some(Keep::Forever), Some(Keep::Newest(200)), Some(Keep::Days(30))] {
            let (kind, count) = Keep::to_columns(keep);
            assert_eq!(Keep::from_columns(kind, count.map(i64::from)), keep);
        }
        assert_eq!(Keep::from_columns(Some("newest"), None), Some(Keep::Forever), "a damaged limit removes nothing");
        assert_eq!(Keep::from_columns(Some("days"), Some(-4)), Some(Keep::Forever));
    }
}
