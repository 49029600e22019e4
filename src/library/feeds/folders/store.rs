//! Queries on folders.

use sqlx::SqliteConnection;
use sqlx::types::Json;

use crate::library::Library;
use crate::library::feeds::Keep;
use crate::library::feeds::folders::Folder;

/// Selects folders; the rest of the statement follows.
macro_rules! folder_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT d.id AS "id!", d.parent_id, d.name AS "name!", d.keep_kind, d.keep_count, d.articles AS "articles!",
                      d.unread AS "unread!",
                      (SELECT json_group_array(feed_id) FROM feed_folder WHERE folder_id = d.id) AS "feeds!: Json<Vec<i64>>" "# + $rest $(, $argument)*
        )
    };
}

/// Lists all folders, by name.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library) -> sqlx::Result<Vec<Folder>> {
    let rows = folder_rows!("FROM folder d ORDER BY d.name COLLATE NOCASE, d.id");
    Ok(rows.fetch_all(library.readers()).await?.into_iter().map(Folder::from).collect())
}

/// Finds a folder.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<Option<Folder>> {
    let row = folder_rows!("FROM folder d WHERE d.id = ?1", id);
    Ok(row.fetch_optional(library.readers()).await?.map(Folder::from))
}

/// A folder, as it stands in the table.
struct Row {
    id: i64,
    parent_id: Option<i64>,
    name: String,
    feeds: Json<Vec<i64>>,
    keep_kind: Option<String>,
    keep_count: Option<i64>,
    articles: i64,
    unread: i64,
}

impl From<Row> for Folder {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            parent_id: row.parent_id,
            name: row.name,
            feeds: row.feeds.0,
            keep: Keep::from_columns(row.keep_kind.as_deref(), row.keep_count),
            articles: row.articles,
            unread: row.unread,
        }
    }
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

/// Changes how long the articles of each feed in a folder stay. Returns `false` if there is no such folder.
///
/// # Errors
/// The database fails.
pub async fn change_keep(library: &Library, id: i64, keep: Option<Keep>) -> sqlx::Result<bool> {
    let (kind, count) = Keep::to_columns(keep);
    let mut tx = library.begin_write().await?;
    let changed = sqlx::query!("UPDATE folder SET keep_kind = ?2, keep_count = ?3 WHERE id = ?1", id, kind, count)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(changed.rows_affected() > 0)
}

/// Deletes a folder with those in it. Their feeds are still followed. Returns `false` if there is no such folder.
///
/// # Errors
/// The database fails.
pub async fn delete(library: &Library, id: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    // The feeds first: the folders around it still know what is in them.
    sqlx::query!(
        "DELETE FROM feed_folder WHERE folder_id IN (SELECT inner_id FROM folder_inside WHERE folder_id = ?1)",
        id
    )
    .execute(&mut *tx)
    .await?;
    let deleted = sqlx::query!("DELETE FROM folder WHERE id = ?1", id).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(deleted.rows_affected() > 0)
}

/// Has the articles of a feed that is in no folder stay for ever, if one that it is put into has a limit.
pub(in crate::library::feeds) async fn keep_despite_folder(
    tx: &mut SqliteConnection,
    folder: i64,
    feed: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE feed SET keep_kind = 'forever', keep_count = NULL
         WHERE id = ?2 AND keep_kind IS NULL AND NOT EXISTS (SELECT 1 FROM feed_folder WHERE feed_id = ?2)
           AND EXISTS (SELECT 1 FROM folder_inside i CROSS JOIN folder d ON d.id = i.folder_id
                       WHERE i.inner_id = ?1 AND d.keep_kind IN ('newest', 'days'))",
        folder,
        feed
    )
    .execute(tx)
    .await
    .map(|_| ())
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
    // Its articles go along, so what stays is left alone.
    let chosen = serde_json::json!(folders).to_string();
    sqlx::query!(
        "DELETE FROM feed_folder WHERE feed_id = ?1 AND folder_id NOT IN (SELECT value FROM json_each(?2))",
        feed,
        chosen
    )
    .execute(&mut *tx)
    .await?;
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
