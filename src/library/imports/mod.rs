//! Imports: durable jobs that turn a URL, a pasted page or a file into an article.
//!
//! Once [`accept`] has returned, the import is in the database and stays there until it is an article or has failed
//! with a reason, even if the program is killed in between.

mod batches;
mod lists;
mod row;
mod store;

pub use batches::{PartlyAccepted, accept_all, retry_all};
pub use lists::{count_failed, find, list, list_failed};
pub use store::{
    Accepted, accept, claim_next, delete, fail, has_waiting, is_pasted, note_read, note_reading, requeue,
    requeue_interrupted, retry, set_snapshot, stop_waiting_for_room,
};
pub(super) use store::{enqueue, finish};

use extract::Verdict;
use jiff::Timestamp;
use url::Url;

/// An import that has started this often without finishing is assumed to crash the program.
pub const MAX_ATTEMPTS: i64 = 20;

/// An import to accept.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// URL of the article; `None` if pasted without one.
    pub url: Option<Url>,
    /// The pasted page, saved already; `None`: fetch the page.
    pub snapshot_id: Option<i64>,
    /// Name of the file it came from.
    pub file_name: Option<String>,
    /// The failed import that this one restarts, if the reader chose one.
    pub replaces_id: Option<i64>,
}

/// An import in the queue, or one that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Id, as in `/import/{id}`.
    pub id: i64,
    /// URL of the article.
    pub url: Option<String>,
    /// Name of the file it came from.
    pub file_name: Option<String>,
    /// The page, once saved.
    pub snapshot_id: Option<i64>,
    /// Its progress.
    pub state: ImportState,
    /// How often it has started.
    pub attempts: i64,
    /// Its page is large, and it waits until the disk has room.
    pub waits_for_room: bool,
    /// How often the program ended while it read the page.
    pub unfinished_reads: i64,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When its state last changed.
    pub updated_at: Timestamp,
}

/// The progress of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportState {
    /// In the queue.
    Waiting,
    /// Being fetched and extracted.
    Running,
    /// Finished with an article.
    Done {
        /// Id of the article; `None` if it has been purged since.
        article_id: Option<i64>,
        /// Title of the article, while it exists.
        title: Option<String>,
        /// Whether the article is new.
        outcome: ImportOutcome,
        /// The kind of page; `Article` if the reader has dismissed the notice about it.
        verdict: Verdict,
    },
    /// Ended without an article.
    Failed {
        /// A sentence for the reader.
        message: String,
        /// The same for programs.
        code: String,
    },
}

impl ImportState {
    /// Returns whether the state changes only if the reader does something.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Failed { .. })
    }
}

/// Whether the article of an import is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The article was added.
    New,
    /// The article existed.
    Existing,
    /// The article was in the trash and has been restored.
    Restored,
}

impl ImportOutcome {
    /// Returns the value of the column `outcome`.
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

/// When a requeued import runs again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunAgain {
    /// In its turn.
    InTurn,
    /// After [`stop_waiting_for_room`]: its page is large. One that was pasted meanwhile is read in its turn.
    WhenThereIsRoom,
}

/// Why an import ended without an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// For programs: `timeout`, `status-404`, ….
    pub code: String,
    /// For the reader: what went wrong with which input, and what to do.
    pub message: String,
}
