//! Finds references to snapshots.

use crate::library::Library;

/// Returns those of the snapshots that an article or an import refers to.
///
/// # Errors
/// The database fails.
pub async fn find_referenced_snapshots(library: &Library, ids: &[i64]) -> sqlx::Result<Vec<i64>> {
    let mut referenced = Vec::new();
    for id in ids {
        let is_referenced = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM article WHERE snapshot_id = ?1)
                   OR EXISTS (SELECT 1 FROM article_previous_version WHERE snapshot_id = ?1)
                   OR EXISTS (SELECT 1 FROM import WHERE snapshot_id = ?1)
                   OR EXISTS (SELECT 1 FROM import WHERE pasted_snapshot_id = ?1)
                   OR EXISTS (SELECT 1 FROM import WHERE stored_snapshot_id = ?1)
                   OR EXISTS (SELECT 1 FROM exported_link WHERE snapshot_id = ?1) AS "is_referenced!: bool""#,
            id
        )
        .fetch_one(library.readers())
        .await?;
        if is_referenced {
            referenced.push(*id);
        }
    }
    Ok(referenced)
}
