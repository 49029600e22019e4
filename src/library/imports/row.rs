//! Converts rows of the queue to imports.

use extract::Verdict;
use jiff::Timestamp;

use crate::library::imports::{Import, ImportOutcome, ImportState};

/// The columns that queries on imports select.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) url: Option<String>,
    pub(super) file_name: Option<String>,
    pub(super) snapshot_id: Option<i64>,
    pub(super) state: String,
    pub(super) article_id: Option<i64>,
    pub(super) title: Option<String>,
    pub(super) outcome: Option<String>,
    pub(super) error_message: Option<String>,
    pub(super) error_code: Option<String>,
    pub(super) attempts: i64,
    pub(super) unfinished_reads: i64,
    pub(super) accepted_at: i64,
    pub(super) updated_at: i64,
    pub(super) waits_for_room: bool,
    /// Verdict of the article; `NULL` if the reader has dismissed the notice about it.
    pub(super) verdict: Option<String>,
}

impl From<Row> for Import {
    fn from(row: Row) -> Self {
        let time = |seconds| Timestamp::from_second(seconds).unwrap_or_default();
        let state = match row.state.as_str() {
            "waiting" => ImportState::Waiting,
            "running" => ImportState::Running,
            "done" => ImportState::Done {
                article_id: row.article_id,
                title: row.title,
                outcome: row.outcome.as_deref().map_or(ImportOutcome::Existing, ImportOutcome::parse),
                verdict: row.verdict.and_then(|word| Verdict::parse(&word)).unwrap_or_default(),
            },
            _ => ImportState::Failed {
                message: row.error_message.unwrap_or_default(),
                code: row.error_code.unwrap_or_default(),
            },
        };
        Self {
            id: row.id,
            url: row.url,
            file_name: row.file_name,
            snapshot_id: row.snapshot_id,
            state,
            attempts: row.attempts,
            waits_for_room: row.waits_for_room,
            unfinished_reads: row.unfinished_reads,
            accepted_at: time(row.accepted_at),
            updated_at: time(row.updated_at),
        }
    }
}
