//! What an operation changes of a source or a tag itself, apart from its articles: first of all,
//! and undone last.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::library::articles::changes::{BulkAction, SourceMove, TagMove};
use crate::library::{rules, sources, tags};

/// Such a change, as the log stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Setup {
    /// New articles of a source go to another source, or no more; its rules, by id, have gone from one to the other.
    Filing { source: i64, before: Option<i64>, after: Option<i64>, rules: Vec<i64> },
    /// A tag has another name.
    TagName { tag: i64, names: TagMove },
}

/// Merges a source into another: its rules and its new articles go there from now on.
pub(super) async fn merge(tx: &mut SqliteConnection, way: &SourceMove) -> sqlx::Result<Setup> {
    sources::set_merged(tx, way.from, None, Some(way.to)).await?;
    // Its articles are read again with all rules once they have moved.
    rules::jobs::end(tx, way.from).await?;
    let rules = rules::move_to_source(tx, (way.from, None), way.to).await?;
    Ok(Setup::Filing { source: way.from, before: None, after: Some(way.to), rules })
}

/// Undoes what was changed, if it still is as it was left. Returns whether it was and the reader is to hear of it.
pub(super) async fn revert(tx: &mut SqliteConnection, setup: &Setup) -> sqlx::Result<bool> {
    match setup {
        Setup::Filing { source, before, after, rules } => {
            // Merged into this one meanwhile: they would lead to each other.
            if let Some(before) = before
                && sources::find_root(tx, *before).await? == *source
            {
                return Ok(false);
            }
            if sources::set_merged(tx, *source, *after, *before).await?
                && let Some(to) = after
            {
                rules::move_to_source(tx, (*to, Some(rules)), *source).await?;
            }
            Ok(false)
        }
        Setup::TagName { tag, names } => tags::rename(tx, *tag, &names.to, &names.from).await,
    }
}

/// Has the articles of two sources read again by their rules, once an operation or its undo has moved them.
pub(super) async fn finish(tx: &mut SqliteConnection, action: Option<&BulkAction>) -> sqlx::Result<()> {
    let Some(BulkAction::MergeSource(way) | BulkAction::SplitSource(way)) = action else { return Ok(()) };
    let count = rules::count_for_source(tx, way.from).await? + rules::count_for_source(tx, way.to).await?;
    if count > 0 {
        rules::jobs::queue_for_source(tx, way.from).await?;
        rules::jobs::queue_for_source(tx, way.to).await?;
    }
    Ok(())
}
