//! Queries on folders.

use sqlx::SqliteConnection;
use sqlx::types::Json;

use crate::library::Library;
use crate::library::feeds::folders::Folder;

/// Lists all folders, by name.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library) -> sqlx::Result<Vec<Folder>> {
    let rows = sqlx::query!(
        r#"SELECT d.id AS "id!", d.parent_id, d.name AS "name!",
                  (SELECT json_group_array(feed_id) FROM feed_folder WHERE folder_id = d.id) AS "feeds!: Json<Vec<i64>>"
           FROM folder d ORDER BY d.name COLLATE NOCASE, d.id"#
    );
    let folder = |id, parent_id, name, feeds: Json<Vec<i64>>| Folder { id, parent_id, name, feeds: feeds.0 };
    let rows = rows.fetch_all(library.readers()).await?;
    Ok(rows.into_iter().map(|row| folder(row.id, row.parent_id, row.name, row.feeds)).collect())
}

/// Finds or adds a folder in another, or in none. Returns its id.
///
/// # Errors
/// The database fails.
pub async fn add(library: &Library, parent: Option<i64>, name: &str) -> sqlx::Result<i64> {
    let mut tx = library.begin_write().await?;
    let id = add_in(&mut tx, parent, name).await?;
    tx.commit().await?;
    Ok(id)
}

/// Finds or adds a folder in a transaction.
pub(in crate::library::feeds) async fn add_in(
    tx: &mut SqliteConnection,
    parent: Option<i64>,
    name: &str,
) -> sqlx::Result<i64> {
    sqlx::query!("INSERT INTO folder (parent_id, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING", parent, name)
        .execute(&mut *tx)
        .await?;
    sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM folder WHERE ifnull(parent_id, 0) = ifnull(?1, 0) AND name = ?2"#,
        parent,
        name
    )
    .fetch_one(tx)
    .await
}

/// Renames a folder. Returns `false` if there is no such folder, or another one beside it has that name.
///
/// # Errors
/// The database fails.
pub async fn rename(library: &Library, id: i64, name: &str) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let renamed =
        sqlx::query!("UPDATE OR IGNORE folder SET name = ?2 WHERE id = ?1", id, name).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(renamed.rows_affected() > 0)
}

/// Deletes a folder with those in it. Their feeds are still followed. Returns `false` if there is no such folder.
///
/// # Errors
/// The database fails.
pub async fn delete(library: &Library, id: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let deleted = sqlx::query!("DELETE FROM folder WHERE id = ?1", id).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(deleted.rows_affected() > 0)
}

/// Puts a feed into a folder, too, in a transaction.
pub(in crate::library::feeds) async fn put_feed_in(
    tx: &mut SqliteConnection,
    folder: i64,
    feed: i64,
) -> sqlx::Result<()> {
    sqlx::query!("INSERT INTO feed_folder (folder_id, feed_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", folder, feed)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Puts a feed into these folders and no others.
///
/// # Errors
/// The database fails.
pub async fn move_feed(library: &Library, feed: i64, folders: &[i64]) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("DELETE FROM feed_folder WHERE feed_id = ?1", feed).execute(&mut *tx).await?;
    put_feed_in_all(&mut tx, folders, feed).await?;
    tx.commit().await
}

/// Puts a feed into those of these folders that are still there.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn put_feed_in_all(
    tx: &mut SqliteConnection,
    folders: &[i64],
    feed: i64,
) -> sqlx::Result<()> {
    let folders = serde_json::json!(folders).to_string();
    sqlx::query!(
        "INSERT INTO feed_folder (folder_id, feed_id) SELECT d.id, ?1 FROM json_each(?2) j CROSS JOIN folder d ON d.id = j.value
         WHERE true ON CONFLICT DO NOTHING",
        feed,
        folders
    )
    .execute(tx)
    .await
    .map(|_| ())
}
