//! Imports: the durable jobs that turn an address, a pasted page or a file into an article.
//!
//! Once [`accept`] has answered, the import is in the database and stays there until it is an article or an explained
//! failure, however often the program is killed in between.

mod lists;
mod row;
mod store;

pub use lists::{count_failed, list, list_failed};
pub(super) use store::finish;
pub use store::{
    Accepted, accept, accept_all, claim_next, delete, fail, find, has_waiting, is_pasted, requeue, requeue_interrupted,
    retry, retry_all, set_snapshot,
};

use extract::Verdict;
use jiff::Timestamp;
use url::Url;

/// An import that has begun this often and never ended took the program down with it each time.
pub const MAX_ATTEMPTS: i64 = 20;

/// What a reader hands in.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// Where the article is; `None` when pasted without an address.
    pub url: Option<Url>,
    /// The pasted page, kept already; `None`: fetch it.
    pub snapshot_id: Option<i64>,
    /// The name of the file it came from.
    pub file_name: Option<String>,
    /// The failed import that begins anew with it, where the reader says so.
    pub replaces_id: Option<i64>,
}

/// One import as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The number in its address.
    pub id: i64,
    /// Where the article is.
    pub url: Option<String>,
    /// The name of the file it came from.
    pub file_name: Option<String>,
    /// The page, once it is here.
    pub snapshot_id: Option<i64>,
    /// How far it is.
    pub state: ImportState,
    /// How often it has begun.
    pub attempts: i64,
    /// When it was handed in.
    pub accepted_at: Timestamp,
    /// When it last moved on.
    pub updated_at: Timestamp,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportState {
    /// In the queue.
    Waiting,
    /// Being fetched and read.
    Running,
    /// An article.
    Done {
        /// Its number; `None` when it has been deleted for good since.
        article_id: Option<i64>,
        /// Its title, while it is there.
        title: Option<String>,
        /// Whether it was there before.
        outcome: ImportOutcome,
        /// What kind of page it was, as far as its reader is to be told.
        verdict: Verdict,
    },
    /// No article, and why.
    Failed {
        /// A sentence for the reader.
        message: String,
        /// The same for programs.
        code: String,
    },
}

impl ImportState {
    /// Nothing more will happen by itself.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Failed { .. })
    }
}

/// Whether the article of an import was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It is a new one.
    New,
    /// It was here.
    Existing,
    /// It lay in the trash, and was taken out.
    Restored,
}

impl ImportOutcome {
    /// Returns the word in the column `outcome`.
    const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Existing => "existing",
            Self::Restored => "restored",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "new" => Self::New,
            "restored" => Self::Restored,
            _ => Self::Existing,
        }
    }
}

/// Why an import ended without an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// For programs: `timeout`, `status-404`, ….
    pub code: String,
    /// For the reader: what was wrong with which input, and what to do.
    pub message: String,
}
