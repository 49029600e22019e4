//! Writes, runs, lists and undoes operations.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::changes::{self, BulkAction, Change};
use crate::library::operations::setup::{self, Setup};
use crate::library::operations::{BATCH_SIZE, Operation, OperationState, Progress, RETENTION};
use crate::library::tags::{self, TagChanges};
use crate::library::topics::learning;

/// Writes an operation down, to be done by [`run_batch`]. Returns its id.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn start(
    library: &Library,
    action: &BulkAction,
    place: Option<&str>,
    articles: &[i64],
    now: Timestamp,
) -> sqlx::Result<i64> {
    let mut tx = library.begin_write().await?;
    let id = write(&mut tx, action, place, articles, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Moves an article to a topic and changes its tags, both or neither. The topic alone is an operation, whose id is returned.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn move_to_topic(
    library: &Library,
    article: i64,
    topic: &str,
    tag_changes: &TagChanges,
    now: Timestamp,
) -> sqlx::Result<i64> {
    let action = BulkAction::Topic(topic.to_owned());
    let mut tx = library.begin_write().await?;
    let id = write(&mut tx, &action, None, &[article], now).await?;
    do_batch(&mut tx, id, &action, now).await?;
    finish(&mut tx, id, now).await?;
    tags::change_for_article(&mut tx, article, tag_changes).await?;
    tx.commit().await?;
    Ok(id)
}

async fn finish(tx: &mut SqliteConnection, id: i64, now: Timestamp) -> sqlx::Result<()> {
    let now = now.as_second();
    sqlx::query!("UPDATE operation SET finished_at = ?2 WHERE id = ?1", id, now).execute(tx).await.map(|_| ())
}

/// Writes an operation down, in the transaction that begins it.
pub(super) async fn write(
    tx: &mut SqliteConnection,
    action: &BulkAction,
    place: Option<&str>,
    articles: &[i64],
    now: Timestamp,
) -> sqlx::Result<i64> {
    let (kind, value) = action.to_columns();
    let (created_at, expires_at) = (now.as_second(), (now + RETENTION).as_second());
    let id = sqlx::query_scalar!(
        r#"INSERT INTO operation (kind, value, place, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
           RETURNING id AS "id!""#,
        kind,
        value,
        place,
        created_at,
        expires_at
    )
    .fetch_one(&mut *tx)
    .await?;
    add_batches(tx, id, articles).await?;
    Ok(id)
}

/// Adds articles to those that an operation or its undo is still to change.
pub(super) async fn add_batches(tx: &mut SqliteConnection, id: i64, articles: &[i64]) -> sqlx::Result<()> {
    let batches = serde_json::json!(articles.chunks(BATCH_SIZE).collect::<Vec<_>>()).to_string();
    sqlx::query!(
        "INSERT INTO operation_batch (operation_id, article_ids) SELECT ?1, value FROM json_each(?2) ORDER BY key",
        id,
        batches
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Takes the next articles that an operation or its undo is to change.
async fn take_batch(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<Vec<i64>>> {
    let taken = sqlx::query_scalar!(
        "DELETE FROM operation_batch
         WHERE id = (SELECT id FROM operation_batch WHERE operation_id = ?1 ORDER BY id LIMIT 1) RETURNING article_ids",
        id
    );
    let articles = taken.fetch_optional(tx).await?;
    Ok(articles.map(|articles| serde_json::from_str(&articles).unwrap_or_default()))
}

/// Logs what an operation changed of a source, tag or topic itself. It has no article, and is the first in the log.
pub(super) async fn log_setup(tx: &mut SqliteConnection, id: i64, setup: &Setup) -> sqlx::Result<()> {
    let change = serde_json::json!(setup).to_string();
    sqlx::query!(
        "INSERT INTO operation_change (operation_id, article_id, field, after) VALUES (?1, 0, 'setup', ?2)",
        id,
        change
    )
    .execute(&mut *tx)
    .await?;
    // There is one thing to undo.
    let has_one = setup.is_all();
    sqlx::query!("UPDATE operation SET articles = ?2 WHERE id = ?1", id, has_one).execute(tx).await.map(|_| ())
}

/// Does the next batch of an operation or of its undo. Several may call it at once.
///
/// # Errors
/// The database fails; the batch is still to be done then.
pub async fn run_batch(library: &Library, id: i64, now: Timestamp) -> sqlx::Result<Progress> {
    let mut tx = library.begin_write().await?;
    let row = sqlx::query!(
        r#"SELECT kind, value, is_undoing AS "is_undoing: bool", created_at FROM operation
           WHERE id = ?1 AND finished_at IS NULL"#,
        id
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(Progress::Finished) };
    let action = BulkAction::from_columns(&row.kind, row.value.as_deref());
    let began_at = match action {
        // It goes on for a day, and the trash has all its days all the same.
        Some(BulkAction::Limit) => now,
        _ => Timestamp::from_second(row.created_at).unwrap_or(now),
    };
    let has_more = match &action {
        Some(action) if row.is_undoing => undo_batch(&mut tx, id).await? || go_back_batch(&mut tx, id, action).await?,
        Some(action) => do_batch(&mut tx, id, action, began_at).await?,
        None if row.is_undoing => undo_batch(&mut tx, id).await?,
        // Another version of the program knows how to go on.
        None => false,
    };
    if !has_more {
        if let Some(action) = &action {
            setup::finish(&mut tx, action).await?;
        }
        finish(&mut tx, id, now).await?;
    }
    tx.commit().await?;
    Ok(if has_more { Progress::Unfinished } else { Progress::Finished })
}

/// Returns whether another batch is left. All articles get the time at which the operation began, also after an
/// interruption.
async fn do_batch(tx: &mut SqliteConnection, id: i64, action: &BulkAction, began_at: Timestamp) -> sqlx::Result<bool> {
    let Some(articles) = take_batch(tx, id).await? else {
        return match action {
            BulkAction::MergeSource(_) => add_left(tx, id, action).await,
            _ => Ok(false),
        };
    };
    let changes = changes::apply(tx, action, &articles, began_at).await?;
    if *action != BulkAction::Purge {
        log(tx, id, &changes).await?;
    }
    // A tagged article may have several changes, which follow each other.
    let mut changed: Vec<i64> = changes.iter().map(|change| change.article).collect();
    changed.dedup();
    learning::learn(tx, &changed).await?;
    let changed = i64::try_from(changed.len()).unwrap_or(i64::MAX);
    sqlx::query!("UPDATE operation SET articles = articles + ?2 WHERE id = ?1", id, changed).execute(&mut *tx).await?;
    let has_more = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM operation_batch WHERE operation_id = ?1) AS "has_more!: bool""#,
        id
    )
    .fetch_one(&mut *tx)
    .await?;
    match action {
        BulkAction::MergeSource(_) if !has_more => add_left(tx, id, action).await,
        _ => Ok(has_more),
    }
}

/// Has a merge take what earlier operations still bring to its source. Returns whether there is or may be any.
async fn add_left(tx: &mut SqliteConnection, id: i64, action: &BulkAction) -> sqlx::Result<bool> {
    let waits = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM operation WHERE finished_at IS NULL AND id < ?1 AND is_undoing = 0
                          AND kind IN ('merge-source', 'split-source')) AS "waits!: bool""#,
        id
    )
    .fetch_one(&mut *tx)
    .await?;
    let left = setup::list_left(tx, action).await?;
    add_batches(tx, id, &left).await?;
    Ok(waits || !left.is_empty())
}

/// Logs changes, in the transaction that makes them.
async fn log(tx: &mut SqliteConnection, id: i64, changes: &[Change]) -> sqlx::Result<()> {
    let changes = serde_json::json!(changes).to_string();
    sqlx::query!(
        "INSERT INTO operation_change (operation_id, article_id, field, before, after)
         SELECT ?1, value ->> 'article', value ->> 'field', value ->> 'before', value ->> 'after'
         FROM json_each(?2) ORDER BY key",
        id,
        changes
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Takes back the last changes that are left. Returns whether there are more.
async fn undo_batch(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<bool> {
    let limit = i64::try_from(BATCH_SIZE).unwrap_or(i64::MAX);
    let rows = sqlx::query!(
        "SELECT id, article_id, field, before, after FROM operation_change WHERE operation_id = ?1
         ORDER BY id DESC LIMIT +?2",
        id,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    let Some(first) = rows.last().map(|row| row.id) else { return Ok(false) };
    let mut restored = Vec::new();
    for row in rows {
        if row.article_id == 0 {
            let reverted = setup::revert_logged(tx, id, row.after.as_deref()).await?;
            restored.extend(reverted.is_restored.then_some(0));
            add_batches(tx, id, &reverted.arrivals).await?;
            continue;
        }
        // A field that this version does not know stays as it is.
        let Ok(field) = serde_json::from_value(row.field.into()) else { continue };
        let change = Change { article: row.article_id, field, before: row.before, after: row.after };
        if changes::revert(tx, &change).await? {
            restored.push(change.article);
        }
    }
    restored.dedup();
    learning::learn(tx, &restored).await?;
    let restored = i64::try_from(restored.len()).unwrap_or(i64::MAX);
    sqlx::query!("UPDATE operation SET restored = min(articles, restored + ?2) WHERE id = ?1", id, restored)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("DELETE FROM operation_change WHERE operation_id = ?1 AND id >= ?2", id, first)
        .execute(&mut *tx)
        .await?;
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM operation_change WHERE operation_id = ?1) AS "has_more!: bool""#,
        id
    )
    .fetch_one(tx)
    .await
}

/// Moves articles that arrived in the meantime, once all changes are undone. Returns whether there may be more.
async fn go_back_batch(tx: &mut SqliteConnection, id: i64, action: &BulkAction) -> sqlx::Result<bool> {
    if let Some(articles) = take_batch(tx, id).await? {
        setup::move_back(tx, action, &articles).await?;
        return Ok(true);
    }
    setup::sweep(tx, action).await
}

/// Begins to undo an operation, to be done by [`run_batch`]; what it had not reached yet is not done any more. A feed is
/// followed again at once, before its articles come back. Returns `false` if it is gone, undone already, or cannot be undone.
///
/// # Errors
/// The database fails.
pub async fn undo(library: &Library, id: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let begun = sqlx::query_scalar!(
        "UPDATE operation SET is_undoing = 1, finished_at = NULL WHERE id = ?1 AND is_undoing = 0 AND kind <> 'purge'
         RETURNING kind",
        id
    );
    let Some(kind) = begun.fetch_optional(&mut *tx).await? else { return Ok(false) };
    sqlx::query!("DELETE FROM operation_batch WHERE operation_id = ?1", id).execute(&mut *tx).await?;
    if kind == "unfollow" {
        let logged = sqlx::query_scalar!(
            "DELETE FROM operation_change WHERE operation_id = ?1 AND article_id = 0 RETURNING after",
            id
        );
        let logged = logged.fetch_optional(&mut *tx).await?.flatten();
        setup::revert_logged(&mut tx, id, logged.as_deref()).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Converts a row to an [`Operation`].
macro_rules! operation {
    ($row:ident) => {
        Operation {
            id: $row.id,
            action: BulkAction::from_columns(&$row.kind, $row.value.as_deref()),
            place: $row.place,
            articles: $row.articles,
            restored: $row.restored,
            state: match ($row.is_undoing, $row.finished_at) {
                (false, None) => OperationState::Running,
                (false, Some(_)) => OperationState::Done,
                (true, None) => OperationState::Undoing,
                (true, Some(_)) => OperationState::Undone,
            },
            created_at: Timestamp::from_second($row.created_at).unwrap_or_default(),
            expires_at: Timestamp::from_second($row.expires_at).unwrap_or_default(),
        }
    };
}

/// Finds an operation.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<Option<Operation>> {
    let row = sqlx::query!(
        r#"SELECT id, kind, value, place, articles, restored, is_undoing AS "is_undoing: bool", created_at, finished_at,
                  expires_at FROM operation WHERE id = ?1"#,
        id
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(row.map(|row| operation!(row)))
}

/// Lists operations that changed anything or are still running, last first: at most `limit` with ids less than
/// `before_id`.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, before_id: i64, limit: i64) -> sqlx::Result<Vec<Operation>> {
    let rows = sqlx::query!(
        r#"SELECT id, kind, value, place, articles, restored, is_undoing AS "is_undoing: bool", created_at, finished_at,
                  expires_at FROM operation
           WHERE id < ?1 AND (articles > 0 OR finished_at IS NULL OR kind IN ('merge-source', 'split-source', 'change-topic', 'unfollow')) ORDER BY id DESC LIMIT +?2"#,
        before_id,
        limit
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(|row| operation!(row)).collect())
}

/// Finds the first operation that is not finished.
///
/// # Errors
/// The database fails.
pub async fn find_unfinished(library: &Library) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("SELECT id FROM operation WHERE finished_at IS NULL ORDER BY id LIMIT 1")
        .fetch_optional(library.readers())
        .await
}

/// Deletes operations that cannot be undone any more, a part at a time. Returns whether there is more to delete.
///
/// # Errors
/// The database fails.
pub async fn delete_old(library: &Library, now: Timestamp) -> sqlx::Result<bool> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    let old =
        sqlx::query_scalar!("SELECT id FROM operation WHERE expires_at < ?1 AND finished_at IS NOT NULL LIMIT 1", now)
            .fetch_optional(&mut *tx)
            .await?;
    let Some(id) = old else { return Ok(false) };
    let deleted = sqlx::query!(
        "DELETE FROM operation_change WHERE id IN
             (SELECT id FROM operation_change WHERE operation_id = ?1 LIMIT 1000)",
        id
    );
    if deleted.execute(&mut *tx).await?.rows_affected() == 0 {
        sqlx::query!("DELETE FROM operation WHERE id = ?1", id).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Gives all operations their whole time again, after a wrong clock.
///
/// # Errors
/// The database fails.
pub async fn renew(library: &Library, now: Timestamp) -> sqlx::Result<()> {
    let expires_at = (now + RETENTION).as_second();
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE operation SET expires_at = ?1", expires_at).execute(&mut *tx).await?;
    tx.commit().await
}
