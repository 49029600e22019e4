//! Queries on the names that sources give themselves.

use sqlx::SqliteConnection;

use crate::library::sources::names::HostName;

/// A source with more names than this has none: each article gives another.
const MAX_NAMES: i64 = 200;

/// Longer ones are often headlines, so they count from the second time on.
const MAX_CERTAIN_CHARS: i64 = 45;

/// Counts a name that a page of a host gave.
///
/// # Errors
/// The database fails.
pub(in crate::library::sources) async fn count(
    tx: &mut SqliteConnection,
    source: i64,
    host: &str,
    name: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO source_name (source_id, host, name, seen) SELECT ?1, ?2, ?3, 1
         WHERE (SELECT count(*) FROM source_name WHERE source_id = ?1) < ?4
            OR EXISTS (SELECT 1 FROM source_name WHERE source_id = ?1 AND host = ?2 AND name = ?3)
         ON CONFLICT (source_id, host, name) DO UPDATE SET seen = seen + 1",
        source,
        host,
        name,
        MAX_NAMES
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Returns the most frequent name of a source, the earliest of several.
///
/// # Errors
/// The database fails.
pub(in crate::library::sources) async fn find_best(
    tx: &mut SqliteConnection,
    source: i64,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"SELECT name AS "name!: String" FROM source_name WHERE source_id = ?1 GROUP BY name
           HAVING sum(seen) > 1 OR length(name) <= ?2 ORDER BY sum(seen) DESC, min(id) LIMIT 1"#,
        source,
        MAX_CERTAIN_CHARS
    )
    .fetch_optional(tx)
    .await
}

/// Lists the names of a source by host.
///
/// # Errors
/// The database fails.
pub(in crate::library::sources) async fn list(tx: &mut SqliteConnection, source: i64) -> sqlx::Result<Vec<HostName>> {
    sqlx::query_as!(HostName, "SELECT host, name FROM source_name WHERE source_id = ?1", source).fetch_all(tx).await
}

/// Moves the names of a host to another source, as that is now the host's.
///
/// # Errors
/// The database fails.
pub(in crate::library::sources) async fn move_to(
    tx: &mut SqliteConnection,
    (from, host): (i64, &str),
    to: i64,
) -> sqlx::Result<()> {
    sqlx::query!("UPDATE OR REPLACE source_name SET source_id = ?3 WHERE source_id = ?1 AND host = ?2", from, host, to)
        .execute(tx)
        .await
        .map(|_| ())
}
