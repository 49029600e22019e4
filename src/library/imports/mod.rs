//! Imports: the durable jobs that turn an address, a pasted page or a file into an article.
//!
//! Once [`accept`] has answered, the import is in the database and stays there until it is an article or an explained
//! failure, however often the program is killed in between.

mod lists;
mod row;
mod store;

pub use lists::{failed_count, list, list_failed};
pub use store::{
    Accepted, accept, accept_all, again, again_all, claim, fail, find, finish, forget, is_pasted, keep_snapshot,
    put_back, release, waiting,
};

use extract::Verdict;
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
    /// The failed import that begins anew with it, where the reader says so.
    pub replaces: Option<i64>,
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
        /// Whether it was there before.
        before: Before,
        /// What kind of page it was, as far as its reader is to be told.
        verdict: Verdict,
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

/// Whether the article of an import was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// It is a new one.
    Nowhere,
    /// It was here.
    Here,
    /// It lay in the trash, and was taken out.
    InTrash,
}

impl Before {
    /// Returns the word in the column `outcome`.
    const fn word(self) -> &'static str {
        match self {
            Self::Nowhere => "new",
            Self::Here => "existing",
            Self::InTrash => "restored",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "new" => Self::Nowhere,
            "restored" => Self::InTrash,
            _ => Self::Here,
        }
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
