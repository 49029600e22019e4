//! Imports: the durable jobs that turn an address, a pasted page or a file into an article.
//!
//! Once [`accept`] has answered, the import is in the database and stays there until it is an article or an explained
//! failure, however often the program is killed in between.

pub mod intake;
mod row;
mod store;

pub use store::{
    Accepted, accept, accept_all, again, again_all, article_of, claim, fail, failed_count, find, finish, forget,
    is_pasted, keep_snapshot, list, list_failed, put_back, release, waiting,
};

use jiff::Timestamp;
use url::Url;

/// An import that has begun this often and never ended took the program down with it each time.
pub const MOST_TRIES: i64 = 20;

/// What a reader hands in.
#[derive(Debug, Clone)]
pub struct Input {
    /// Where the article is; `None` when pasted without an address.
    pub address: Option<Url>,
    /// The pasted page, kept already; `None`: fetch it.
    pub snapshot: Option<i64>,
    /// The name of the file it came from.
    pub name: Option<String>,
}

/// One import as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The number in its address.
    pub id: i64,
    /// Where the article is.
    pub address: Option<String>,
    /// The name of the file it came from.
    pub name: Option<String>,
    /// The page, once it is here.
    pub snapshot: Option<i64>,
    /// How far it is.
    pub state: State,
    /// How often it has begun.
    pub tries: i64,
    /// When it was handed in.
    pub accepted: Timestamp,
    /// When it last moved on.
    pub changed: Timestamp,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// In the queue.
    Waiting,
    /// Being fetched and read.
    Running,
    /// An article.
    Done {
        /// Its number; `None` when it has been deleted for good since.
        article: Option<i64>,
        /// Its title, while it is there.
        title: Option<String>,
        /// It was there before.
        already: bool,
    },
    /// No article, and why.
    Failed {
        /// A sentence for the reader.
        problem: String,
        /// The same for programs.
        code: String,
    },
}

impl State {
    /// Nothing more will happen by itself.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Failed { .. })
    }
}

/// Why an import ended without an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// For programs: `timeout`, `status-404`, ….
    pub code: String,
    /// For the reader: what was wrong with which input, and what to do.
    pub problem: String,
}
