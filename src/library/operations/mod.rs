//! The operation log: what was done to many articles at once, and undoing it.
//!
//! An operation is first written down whole, with the articles it is for, and then done a batch at a time, each in a short
//! transaction of its own. So others can write in between, and an interruption loses nothing: [`run_batch`] goes on where
//! it ended. Each change is logged with what was before; an undo reverts the changes, last first, in the same way.
//! An article that was changed again since keeps its newer state.

mod limits;
mod reorganization;
mod setup;
mod store;
mod topic_setup;
mod topics;
mod unfollowing;
#[cfg(test)]
mod tests;

pub use limits::{apply_limits, limit_feeds};
pub use reorganization::{
    Merged, TooManyNames, delete_tags, merge_sources, merge_tags, rename_tag, set_aliases, split_source,
};
pub use store::{delete_old, find, find_unfinished, list, move_to_topic, renew, run_batch, start, undo};
pub use topics::{begin_section, change_topic, merge_topics};
pub use unfollowing::{follow_again, follow_all, unfollow};

use jiff::{SignedDuration, Timestamp};

use crate::library::articles::changes::BulkAction;

/// How long an operation can be undone.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Articles changed in one transaction: some milliseconds, which nobody waits for.
pub const BATCH_SIZE: usize = 100;

/// An operation, as shown to readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Id, as in URLs.
    pub id: i64,
    /// What was done; `None` if another version of the program did it.
    pub action: Option<BulkAction>,
    /// The name of the list; `None` for articles that were chosen one by one.
    pub place: Option<String>,
    /// How many articles it has changed so far.
    pub articles: i64,
    /// How many of them an undo has restored so far.
    pub restored: i64,
    /// How far it is.
    pub state: OperationState,
    /// When it began.
    pub created_at: Timestamp,
    /// Until when it can be undone.
    pub expires_at: Timestamp,
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationState {
    /// Some articles are still to be changed.
    Running,
    /// All are changed.
    Done,
    /// Some articles are still to be restored.
    Undoing,
    /// All are restored, except those that were changed again since.
    Undone,
}

impl Operation {
    /// Returns whether it can be undone.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        let is_there = matches!(self.state, OperationState::Running | OperationState::Done);
        let has_changes = self.articles > 0 || self.action.as_ref().is_some_and(BulkAction::changes_more_than_articles);
        is_there && has_changes && self.action != Some(BulkAction::Purge)
    }
}

/// Whether an operation needs another batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It does.
    Unfinished,
    /// It does not.
    Finished,
}
