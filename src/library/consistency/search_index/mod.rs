//! The search index against the texts. The index holds no texts to compare with, so all texts are indexed again, in a
//! file beside the library that is deleted afterwards; then both indexes must have the same articles of the same length,
//! and each word as often.

mod store;

use anyhow::Context as _;

use crate::library::{Library, consistency, search};

/// Articles indexed in one transaction.
const BATCH: i64 = 200;

/// Begins the name of the file that the texts are indexed in.
pub const SCRATCH_PREFIX: &str = ".doctor-";

/// Returns the number of articles whose words differ from the index; 1 if it cannot be told which, all if the index cannot
/// be read, none while the index is being built.
///
/// # Errors
/// The database fails, or the disk is full.
pub async fn check_search_index(library: &Library) -> anyhow::Result<i64> {
    if search::is_indexing(library).await? {
        return Ok(0);
    }
    let scratch = tempfile::Builder::new()
        .prefix(SCRATCH_PREFIX)
        .tempfile_in(library.folder())
        .context("creating a file to index the texts in")?;
    match store::count_differences(library, scratch.path()).await {
        // The index cannot even be read.
        Err(error) if is_damage(&error) => Ok(consistency::count_articles(library).await?.max(1)),
        compared => Ok(compared?),
    }
}

fn is_damage(error: &sqlx::Error) -> bool {
    const SQLITE_CORRUPT: i32 = 11;
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    // The low byte of an extended code is the code itself.
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == SQLITE_CORRUPT)
}

/// Indexes all texts again. If that is interrupted, the server goes on with it.
///
/// # Errors
/// The database fails. The index is then incomplete, and can be built again.
pub async fn rebuild_search_index(library: &Library) -> anyhow::Result<()> {
    search::clear_index(library).await?;
    while search::index_next(library, BATCH).await? {}
    Ok(())
}
