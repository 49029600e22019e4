//! Fetching the page of an article again: which articles, and what became of their texts.

mod store;

pub(in crate::library) use store::finish_renewal;
pub use store::note_archived;
pub(super) use store::{find_copy, find_url, list, mark};

/// Which articles to fetch again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewable {
    /// All that have a URL.
    All,
    /// Those of one source.
    OfSource(i64),
    /// Those whose page was a check, or only a part of the article.
    Incomplete,
}

/// What became of the text of an article whose page was fetched again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// It was replaced.
    Changed,
    /// It is the same.
    Unchanged,
    /// It was kept, since the page is worse now. Holds the reason, a sentence.
    Worse(String),
}

/// What the library has of a URL that is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SavedCopy {
    /// Nothing.
    None,
    /// This article.
    Good(i64),
    /// This article, whose text may be an apology or a question of the site, so that it is fetched again.
    Doubtful(i64),
    /// This article, in the trash. It is restored, and fetched again.
    Deleted(i64),
}
