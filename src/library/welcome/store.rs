//! Detects unused libraries. SQLite remembers the highest id it assigned, even after the row is deleted.

use crate::library::Library;

/// Returns whether the library has never had an article or an import.
///
/// # Errors
/// The database fails.
pub(super) async fn is_new(library: &Library) -> sqlx::Result<bool> {
    let is_used = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name IN ('article', 'import')) AS "is_used!: bool""#
    )
    .fetch_one(library.readers())
    .await?;
    Ok(!is_used)
}
