//! Writes down what limits move to the trash by themselves.

use jiff::{SignedDuration, Timestamp};

use crate::library::Library;
use crate::library::articles::changes::BulkAction;
use crate::library::operations::{RETENTION, store as operations};

/// How long articles are added to an operation that was begun by itself.
const ONE_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Writes down what is to be done to more articles: by the operation of this kind that began in the last day, or by a new one. Returns
/// its id.
///
/// # Errors
/// The database fails; nothing is done then.
pub(super) async fn write_for_today(
    library: &Library,
    action: &BulkAction,
    articles: &[i64],
    now: Timestamp,
) -> sqlx::Result<i64> {
    let (kind, _) = action.to_columns();
    let (since, expires_at) = ((now - ONE_DAY).as_second(), (now + RETENTION).as_second());
    // It was last added to since then, and so expires after this.
    let recent = (now + RETENTION - ONE_DAY).as_second();
    let mut tx = library.begin_write().await?;
    let begun = sqlx::query_scalar!(
        r#"SELECT max(id) AS "id: i64" FROM operation
           WHERE expires_at > ?1 AND kind = ?2 AND created_at > ?3 AND place IS NULL AND is_undoing = 0"#,
        recent,
        kind,
        since
    )
    .fetch_one(&mut *tx)
    .await?;
    let id = match begun {
        None => operations::write(&mut tx, action, None, articles, now).await?,
        Some(id) => {
            sqlx::query!("UPDATE operation SET finished_at = NULL, expires_at = ?2 WHERE id = ?1", id, expires_at)
                .execute(&mut *tx)
                .await?;
            operations::add_batches(&mut tx, id, articles).await?;
            id
        }
    };
    tx.commit().await?;
    Ok(id)
}
