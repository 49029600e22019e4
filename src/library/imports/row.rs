//! Converts rows of the queue to imports.

use extract::Verdict;
use jiff::Timestamp;

use crate::library::imports::{Failure, Import, ImportOutcome, ImportState};

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
    pub(super) waits_until: i64,
    pub(super) postponed_since: Option<i64>,
    pub(super) postponements: i64,
    pub(super) renewed_article_id: Option<i64>,
    pub(super) renewal: Option<String>,
    pub(super) has_restored: bool,
    pub(super) is_from_archive: bool,
    pub(super) archived_on: Option<String>,
    pub(super) feed_url: Option<String>,
    /// Verdict of the article; `NULL` if the reader has dismissed the notice about it.
    pub(super) verdict: Option<String>,
}

impl From<Row> for Import {
    fn from(row: Row) -> Self {
        let time = |seconds| Timestamp::from_second(seconds).unwrap_or_default();
        let is_waiting = row.state == "waiting";
        let (message, code) =
            (row.error_message.clone().unwrap_or_default(), row.error_code.clone().unwrap_or_default());
        let state = match row.state.as_str() {
            "waiting" => ImportState::Waiting,
            "running" => ImportState::Running,
            "done" => ImportState::Done {
                article_id: row.article_id,
                title: row.title,
                outcome: row
                    .outcome
                    .as_deref()
                    .map_or(ImportOutcome::Existing, |outcome| ImportOutcome::parse(outcome, row.renewal.as_deref())),
                kept_because: row.error_message,
                verdict: row.verdict.and_then(|word| Verdict::parse(&word)).unwrap_or_default(),
            },
            _ => ImportState::Failed { message: message.clone(), code: code.clone() },
        };
        Self {
            id: row.id,
            url: row.url,
            file_name: row.file_name,
            snapshot_id: row.snapshot_id,
            state,
            attempts: row.attempts,
            waits_for_room: row.waits_for_room,
            waits_until: (is_waiting && row.waits_until > 0).then(|| time(row.waits_until)),
            wait_reason: (is_waiting && !message.is_empty()).then_some(Failure { code, message }),
            postponed_since: row.postponed_since.map(time),
            postponements: row.postponements,
            renews: row.renewed_article_id,
            restores: row.has_restored,
            feed_url: row.feed_url,
            is_from_archive: row.is_from_archive,
            archived_on: row.archived_on.and_then(|day| day.parse().ok()),
            unfinished_reads: row.unfinished_reads,
            accepted_at: time(row.accepted_at),
            updated_at: time(row.updated_at),
        }
    }
}
