//! Takes articles out of stories, or puts them in, and says so for the log.

use sqlx::SqliteConnection;

use crate::library::articles::changes::{Change, Field};
use crate::library::stories::{self, Decided, Decision};

pub(super) async fn split(tx: &mut SqliteConnection, articles: &[i64]) -> sqlx::Result<Vec<Change>> {
    Ok(stories::split(tx, articles).await?.into_iter().map(to_change).collect())
}

pub(super) async fn join(tx: &mut SqliteConnection, articles: &[i64], with: i64) -> sqlx::Result<Vec<Change>> {
    Ok(stories::join(tx, articles, with).await?.into_iter().map(to_change).collect())
}

/// Returns whether anything still was as the change left it.
pub(super) async fn revert(tx: &mut SqliteConnection, change: &Change) -> sqlx::Result<bool> {
    let read = |json: &Option<String>| json.as_deref().and_then(|json| serde_json::from_str::<Decided>(json).ok());
    match (read(&change.before), read(&change.after)) {
        (Some(before), Some(after)) => stories::revert(tx, change.article, (&before, &after)).await,
        _ => Ok(false),
    }
}

fn to_change(decision: Decision) -> Change {
    Change {
        article: decision.article,
        field: Field::Story,
        before: Some(decision.before.to_json()),
        after: Some(decision.after.to_json()),
    }
}
