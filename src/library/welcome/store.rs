//! Whether anything was ever put into a library. SQLite remembers the highest number it gave, even after its row is gone.

use crate::library::Library;

/// No article and no import has ever been in it.
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
