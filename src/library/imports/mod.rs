//! Imports: durable jobs that turn a URL, a pasted page or a file into an article.
//!
//! Once [`accept`] has returned, the import is in the database and stays there until it is an article or has failed
//! with a reason, even if the program is killed in between.

mod batches;
mod from_feeds;
mod lists;
mod renewal;
mod row;
mod store;
mod waiting;

pub use batches::{PartlyAccepted, accept_all, renew, renew_all, retry_all};
pub use from_feeds::count_unfinished_of_feed;
pub(super) use from_feeds::{
    Asker, delete_unfinished_of_feed, enqueue_from_feed, find_asker, hand_over, renew_from_feed,
};
pub use lists::{count_by_state, count_failed, find, find_feed_text, find_stored_page, is_pasted, list, list_failed};
pub(super) use renewal::finish_renewal;
pub use renewal::{Renewable, Renewal, note_archived};
pub use store::{
    Accepted, accept, delete, delete_failed, fail, note_read, note_reading, requeue_interrupted, set_snapshot,
};
pub(super) use store::{enqueue, enqueue_renewal, finish};
pub(super) use waiting::pause_host;
pub use waiting::{
    PATIENCE, Postponement, QueuedBy, claim_next, fetch_from_archive, find_next, next_due, postpone, requeue, retry,
    stop, stop_all_postponed, stop_waiting_for_room,
};

use extract::Verdict;
use jiff::Timestamp;
use jiff::civil::Date;
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
    /// Until when it waits for its site, and why. The time may be past.
    pub waits_until: Option<Timestamp>,
    /// What the site said or did when it was last asked in vain.
    pub wait_reason: Option<Failure>,
    /// Since when its site is asked in vain, and how often it was.
    pub postponed_since: Option<Timestamp>,
    /// How often the site was asked in vain.
    pub postponements: i64,
    /// The article that is fetched again.
    pub renews: Option<i64>,
    /// That article was in the trash, from which this import takes it.
    pub restores: bool,
    /// The address of the feed that it comes from.
    pub feed_url: Option<String>,
    /// Its page is taken from a web archive.
    pub is_from_archive: bool,
    /// The day of the copy in the web archive, once fetched.
    pub archived_on: Option<Date>,
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
        /// Why the text that was here is kept, if the page was fetched again and is worse.
        kept_because: Option<String>,
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
    /// The page of the article was fetched again, and its text has changed.
    Renewed,
    /// The same, and nothing has changed.
    RenewedUnchanged,
    /// The same, but the page is worse now, so the text that was here is kept.
    KeptOld,
}

impl ImportOutcome {
    /// Returns the value of the column `outcome`.
    const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Restored => "restored",
            Self::Existing | Self::Renewed | Self::RenewedUnchanged | Self::KeptOld => "existing",
        }
    }

    /// Parses the columns `outcome` and `renewal`.
    fn parse(outcome: &str, renewal: Option<&str>) -> Self {
        match (outcome, renewal) {
            (_, Some("worse")) => Self::KeptOld,
            ("restored", _) => Self::Restored,
            (_, Some("changed")) => Self::Renewed,
            (_, Some(_)) => Self::RenewedUnchanged,
            ("new", None) => Self::New,
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
